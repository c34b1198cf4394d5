//! Watching the extraction of whatever a sample shows.

use whorl_extractors::{face, fingerprint, iris};

pub use whorl_extractors::NoTrace;

/// Sees every stage of the extraction of a finger, of an eye or of a face.
pub trait Trace: fingerprint::Trace + iris::Trace + face::Trace {}

impl<T: fingerprint::Trace + iris::Trace + face::Trace> Trace for T {}
