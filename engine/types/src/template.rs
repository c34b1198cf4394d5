//! The template of one instance, of whatever modality.

use crate::{FaceTemplate, FingerTemplate, IrisTemplate, Modality, Quality};

/// What recognition keeps of one instance: one finger, one eye or the face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Template {
    /// Of a finger.
    Finger(FingerTemplate),
    /// Of an eye.
    Iris(IrisTemplate),
    /// Of a face.
    Face(FaceTemplate),
}

impl Template {
    /// The characteristic that it was made of.
    #[must_use]
    pub fn modality(&self) -> Modality {
        match self {
            Self::Finger(_) => Modality::Fingerprint,
            Self::Iris(_) => Modality::Iris,
            Self::Face(_) => Modality::Face,
        }
    }

    /// The worth of its sample.
    #[must_use]
    pub fn quality(&self) -> Quality {
        match self {
            Self::Finger(finger) => finger.quality(),
            Self::Iris(iris) => iris.quality(),
            Self::Face(face) => face.quality(),
        }
    }

    /// The template, if it is of a finger.
    #[must_use]
    pub fn as_finger(&self) -> Option<&FingerTemplate> {
        match self {
            Self::Finger(finger) => Some(finger),
            Self::Iris(_) | Self::Face(_) => None,
        }
    }

    /// The template, if it is of an eye.
    #[must_use]
    pub fn as_iris(&self) -> Option<&IrisTemplate> {
        match self {
            Self::Iris(iris) => Some(iris),
            Self::Finger(_) | Self::Face(_) => None,
        }
    }

    /// The template, if it is of a face.
    #[must_use]
    pub fn as_face(&self) -> Option<&FaceTemplate> {
        match self {
            Self::Face(face) => Some(face),
            Self::Finger(_) | Self::Iris(_) => None,
        }
    }
}

impl From<FingerTemplate> for Template {
    fn from(finger: FingerTemplate) -> Self {
        Self::Finger(finger)
    }
}

impl From<IrisTemplate> for Template {
    fn from(iris: IrisTemplate) -> Self {
        Self::Iris(iris)
    }
}

impl From<FaceTemplate> for Template {
    fn from(face: FaceTemplate) -> Self {
        Self::Face(face)
    }
}
