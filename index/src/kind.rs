//! What a gallery keeps templates of.

use whorl_types::{Descriptors, Modality, Position, Template};

/// A modality that is kept. Templates of different kinds are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Finger,
    Iris,
}

impl Kind {
    /// All, in the order in which segments list them.
    pub(crate) const ALL: [Self; 2] = [Self::Finger, Self::Iris];

    pub(crate) fn of(template: &Template) -> Self {
        match template {
            Template::Finger(_) => Self::Finger,
            Template::Iris(_) => Self::Iris,
        }
    }

    pub(crate) fn modality(self) -> Modality {
        match self {
            Self::Finger => Modality::Fingerprint,
            Self::Iris => Modality::Iris,
        }
    }

    /// What the header of a column says of it.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Finger => 1,
            Self::Iris => 2,
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

/// The version of what a template says, without which two of a kind cannot be compared: how minutiae are described, how an
/// iris is encoded. None where minutiae are not described.
pub(crate) fn version(template: &Template) -> Option<u32> {
    match template {
        Template::Finger(finger) => finger.descriptors().map(Descriptors::version).map(u32::from),
        Template::Iris(iris) => Some(u32::from(iris.encoding())),
    }
}
