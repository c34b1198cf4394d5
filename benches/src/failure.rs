//! Why a run gave no figures.

use thiserror::Error;
use tonic::Status;
use whorl_api::server::ServeError;
use whorl_index::{GalleryError, SearchError};
use whorl_kernels::IsaError;
use whorl_service::{EngineError, IdentifyError};

/// Why a run gave no figures.
#[derive(Debug, Error)]
pub enum RunError {
    /// A number that no run can have.
    #[error("{what} must be 1 to {most}, not {found}")]
    Bound {
        /// Which.
        what: &'static str,
        /// Given.
        found: usize,
        /// At most.
        most: usize,
    },
    /// The instruction set cannot be had.
    #[error(transparent)]
    Isa(#[from] IsaError),
    /// The gallery failed.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    /// The search failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// No place for the gallery, or no threads.
    #[error("cannot prepare the run: {0}")]
    System(#[from] std::io::Error),
    /// A gallery that is there holds somebody else.
    #[error(
        "the gallery in \"{place}\" has {found} persons with {templates} templates, not what this run would build: ask for \
         as many, or name another folder"
    )]
    OtherGallery {
        /// Where it is.
        place: String,
        /// References in it.
        found: u64,
        /// Templates in it.
        templates: u64,
    },
    /// There is no engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The library cannot search.
    #[error(transparent)]
    Identify(#[from] IdentifyError),
    /// The server cannot serve.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The server refused what a client asked.
    #[error("the server refused a request: {}", .0.message())]
    Refused(#[from] Status),
    /// A client cannot reach the server.
    #[error("a client cannot reach the server of the run: {0}")]
    Unreached(#[from] tonic::transport::Error),
    /// No certificate can be made for the server.
    #[error("no certificate can be made for the server of the run: {0}")]
    Certificate(#[from] rcgen::Error),
    /// A thread of the run broke off.
    #[error("a thread of the run broke off; what it printed before says why")]
    Broken,
}

/// Whether a number is 1 to `most`.
pub(crate) fn check(what: &'static str, found: usize, most: usize) -> Result<(), RunError> {
    if (1..=most).contains(&found) { Ok(()) } else { Err(RunError::Bound { what, found, most }) }
}
