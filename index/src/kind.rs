//! What a gallery keeps templates of.

use whorl_types::{Descriptors, Modality, Position, Template};

/// A modality that is kept. Templates of different kinds are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Finger,
    Iris,
    Face,
}

impl Kind {
    /// All, in the order in which segments list them.
    pub(crate) const ALL: [Self; 3] = [Self::Finger, Self::Iris, Self::Face];

    pub(crate) fn of(template: &Template) -> Self {
        match template {
            Template::Finger(_) => Self::Finger,
            Template::Iris(_) => Self::Iris,
            Template::Face(_) => Self::Face,
        }
    }

    pub(crate) fn modality(self) -> Modality {
        match self {
            Self::Finger => Modality::Fingerprint,
            Self::Iris => Modality::Iris,
            Self::Face => Modality::Face,
        }
    }

    /// What the header of a column says of it.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Finger => 1,
            Self::Iris => 2,
            Self::Face => 3,
        }
    }

    /// Where such a template may come from: its places on the body, or nobody knows.
    pub(crate) fn positions(self) -> impl Iterator<Item = Position> {
        Position::ALL.into_iter().filter(move |&position| self.is_at(position))
    }

    pub(crate) fn is_at(self, position: Position) -> bool {
        position.modality().is_none_or(|modality| modality == self.modality())
    }
}

/// What two templates of a kind must have alike, or comparing them means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    /// How minutiae are described, how an iris is encoded, which model made an embedding.
    pub(crate) number: u32,
    /// Dimensions of an embedding, as a model has them; 0 where there is none.
    pub(crate) dimension: u16,
}

/// The version of what a template says. None where minutiae are not described.
pub(crate) fn version(template: &Template) -> Option<Version> {
    let plain = |number: u32| Version { number, dimension: 0 };
    match template {
        Template::Finger(finger) => finger.descriptors().map(Descriptors::version).map(u32::from).map(plain),
        Template::Iris(iris) => Some(plain(iris.encoding().into())),
        Template::Face(face) => Some(Version { number: face.model().0, dimension: face.dimension() as u16 }),
    }
}
