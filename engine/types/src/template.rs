//! The template of one instance, of whatever modality.

use crate::{FingerTemplate, IrisTemplate, Modality, Quality};

/// What recognition keeps of one instance: one finger or one eye.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Template {
    /// Of a finger.
    Finger(FingerTemplate),
    /// Of an eye.
    Iris(IrisTemplate),
}

impl Template {
    /// The characteristic that it was made of.
    #[must_use]
    pub fn modality(&self) -> Modality {
        match self {
            Self::Finger(_) => Modality::Fingerprint,
            Self::Iris(_) => Modality::Iris,
        }
    }

    /// The worth of its sample.
    #[must_use]
    pub fn quality(&self) -> Quality {
        match self {
            Self::Finger(finger) => finger.quality(),
            Self::Iris(iris) => iris.quality(),
        }
    }

    /// The template, if it is of a finger.
    #[must_use]
    pub fn as_finger(&self) -> Option<&FingerTemplate> {
        match self {
            Self::Finger(finger) => Some(finger),
            Self::Iris(_) => None,
        }
    }

    /// The template, if it is of an eye.
    #[must_use]
    pub fn as_iris(&self) -> Option<&IrisTemplate> {
        match self {
            Self::Finger(_) => None,
            Self::Iris(iris) => Some(iris),
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
