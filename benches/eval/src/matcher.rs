//! What an evaluation asks of a matcher.

use std::time::Duration;

use thiserror::Error;
use whorl_datasets::manifest::Entry;
use whorl_types::{Modality, Quality, Refusal, Similarity};

/// One modality's way from a file to a score. Evaluation knows nothing else of it.
pub trait Matcher: Sync {
    /// What recognition keeps of a sample.
    type Template: Send + Sync;
    /// A template prepared for many comparisons.
    type Probe;

    /// The characteristic it recognises; other rows of a manifest are not its business.
    fn modality(&self) -> Modality;

    /// Name and version of the extractor, as calibrations state it.
    fn extractor(&self) -> String;

    /// Name and version of the comparator, as calibrations state it.
    fn comparator(&self) -> String;

    /// Turns the bytes of a file into a template.
    ///
    /// # Errors
    /// [`Failure`] where there is none to be had.
    fn extract(&self, bytes: &[u8], entry: &Entry) -> Result<Extracted<Self::Template>, Failure>;

    /// Prepares a template once for all its comparisons.
    fn prepare(&self, template: &Self::Template) -> Self::Probe;

    /// Compares; higher is more alike.
    fn compare(&self, probe: &Self::Probe, reference: &Self::Template) -> Similarity;
}

/// A template and what is to be reported of it.
#[derive(Debug, Clone)]
pub struct Extracted<T> {
    /// The template.
    pub template: T,
    /// The worth of the sample.
    pub quality: Quality,
    /// Size of the template as it is stored.
    pub template_bytes: usize,
    /// Time the extractor took, without reading and decoding the file; none where the file held a template.
    pub took: Option<Duration>,
}

/// Why a sample has no template: counted as a failure to acquire, and as a non-match in every comparison.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// The extractor refused what it saw.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    File(String),
    /// The file is no sample that is known here.
    #[error("the file is not understood: {0}")]
    Format(String),
}

impl Failure {
    /// A short name to count by.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.name(),
            Self::File(_) => "unreadable-file",
            Self::Format(_) => "unknown-format",
        }
    }
}
