//! Watching the extraction of whatever a sample shows.

use whorl_extractors::{fingerprint, iris};

pub use whorl_extractors::NoTrace;

/// Sees every stage of the extraction of a finger or of an eye.
pub trait Trace: fingerprint::Trace + iris::Trace {}

impl<T: fingerprint::Trace + iris::Trace> Trace for T {}
