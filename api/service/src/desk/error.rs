//! Why an open gallery did not do what it was asked.

use thiserror::Error;
use whorl_index::{Flawed, GalleryError};
use whorl_types::{Position, ReferenceId};

use crate::identify::IdentifyError;

/// Why an open gallery did not do what it was asked.
#[derive(Debug, Error)]
pub enum DeskError {
    /// None of the samples gave a template.
    #[error("none of the samples gave a template, so there is nothing to compare or to enrol: capture again")]
    NothingToCompare,
    /// An attack was reported of a sample, and nobody enrols that.
    #[error("a presentation attack was reported of {0} by \"{1}\": it is not enrolled")]
    Attack(Position, String),
    /// Nobody of that id.
    #[error("reference \"{0}\" is not enrolled")]
    NotEnrolled(ReferenceId),
    /// The search failed.
    #[error(transparent)]
    Identify(#[from] IdentifyError),
    /// The gallery failed.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    /// Who led the pass that this was part of broke off.
    #[error("the search broke off: ask again")]
    Broken,
}

impl From<Flawed> for DeskError {
    fn from(flawed: Flawed) -> Self {
        Self::Gallery(flawed.into())
    }
}
