//! Why there is no index.

use std::fmt;

use thiserror::Error;

use crate::flaw::Flawed;
use crate::storage::StorageError;

/// Why an index was not built or not opened.
#[derive(Debug, Error)]
pub enum AnnError {
    /// This program cannot do it.
    #[error(
        "this Whorl was built without the feature `faiss`, which makes indexes over faces: build it with `--features faiss`, or \
         search without an index"
    )]
    Unavailable,
    /// Nothing to open.
    #[error(
        "the gallery \"{0}\" has no index over its faces: build one with `whorl gallery index`, or search without one"
    )]
    Absent(String),
    /// The gallery is not the one that the index was built over.
    #[error(
        "the index over the faces of \"{gallery}\" covers segment {segment}, which the gallery no longer has as it was: build the \
         index again with `whorl gallery index`, or search without it"
    )]
    Stale {
        /// The gallery.
        gallery: String,
        /// The number of the segment.
        segment: u64,
    },
    /// Nothing to index.
    #[error("the gallery \"{0}\" has no faces: an index over them would be empty")]
    NoFaces(String),
    /// A parameter that makes no index.
    #[error("{what} must be {least} to {most} for this gallery, not {found}")]
    Bound {
        /// Which.
        what: &'static str,
        /// Given.
        found: u32,
        /// At least.
        least: u32,
        /// At most.
        most: u32,
    },
    /// The index would have in the clear what the gallery encrypts.
    #[error(
        "the gallery \"{0}\" is encrypted, and an index over its faces would lie on the disk in the clear: search without one, or \
         keep these faces in a gallery whose segments are not encrypted, on an encrypted disk"
    )]
    Encrypted(String),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A file is damaged, or of another version.
    #[error(transparent)]
    Flawed(#[from] Flawed),
    /// The library failed.
    #[error(transparent)]
    Faiss(#[from] FaissError),
}

/// What faiss said when it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaissError(pub(super) String);

impl fmt::Display for FaissError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the index over faces failed: faiss says \"{}\"; build it again, or search without it", self.0)
    }
}

impl std::error::Error for FaissError {}
