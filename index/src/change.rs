//! What is done to a gallery.

use whorl_types::ReferenceId;

use crate::reference::Reference;

/// One change of a gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Adds a reference, whose id nobody has.
    Enrol(Reference),
    /// Takes out the reference of this id.
    Remove(ReferenceId),
    /// Puts a reference in the place of that of the same id.
    Replace(Reference),
}

impl Change {
    /// Whose reference it is.
    #[must_use]
    pub fn id(&self) -> &ReferenceId {
        match self {
            Self::Enrol(reference) | Self::Replace(reference) => &reference.id,
            Self::Remove(id) => id,
        }
    }

    /// The reference that is there afterwards.
    #[must_use]
    pub fn reference(&self) -> Option<&Reference> {
        match self {
            Self::Enrol(reference) | Self::Replace(reference) => Some(reference),
            Self::Remove(_) => None,
        }
    }

    /// Whether a reference of this id must be there before.
    pub(crate) fn takes_away(&self) -> bool {
        matches!(self, Self::Remove(_) | Self::Replace(_))
    }
}
