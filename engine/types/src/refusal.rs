//! Why a readable sample gave no template.

use thiserror::Error;

/// Why a readable sample yields no template. A refusal is a result to count (failure to acquire, failure to enrol), not a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
pub enum Refusal {
    /// Nothing but one shade.
    #[error("the image is blank")]
    Blank,
    /// No friction ridges where a fingerprint should be.
    #[error("no friction ridges were found")]
    NoRidges,
    /// Ridges, but over too small an area to tell fingers apart.
    #[error("the ridge area is too small")]
    TooSmallArea,
    /// Too few minutiae to tell fingers apart.
    #[error("too few minutiae were found")]
    TooFewMinutiae,
    /// The picture is too small, at its resolution, to show a finger.
    #[error("the image is too small for its resolution")]
    ImageTooSmall,
    /// The picture is too large, at its resolution, to show one finger.
    #[error("the image is too large for one finger at its resolution")]
    ImageTooLarge,
}

impl Refusal {
    /// A short name for tables and programs, such as `too-small-area`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::NoRidges => "no-ridges",
            Self::TooSmallArea => "too-small-area",
            Self::TooFewMinutiae => "too-few-minutiae",
            Self::ImageTooSmall => "image-too-small",
            Self::ImageTooLarge => "image-too-large",
        }
    }
}
