//! Why a file gives no template.

use thiserror::Error;
use whorl_formats::image::ImageFormatError;
use whorl_formats::minutiae::{ConvertError, MinutiaeError};
use whorl_formats::sample as pixels;
use whorl_formats::template::TemplateError;
use whorl_types::{FingerTemplateError, Modality, Position, Refusal};

use super::MAX_FILE_BYTES;

/// Why a file gives no template.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SampleError {
    /// The operating system says no.
    #[error("it cannot be read: {reason}")]
    Unreadable {
        /// What it says.
        reason: String,
    },
    /// A folder, a device or a pipe, which a reader might wait on for ever.
    #[error("it is no regular file")]
    NoFile,
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// More than any sample has.
    #[error("the file has more than {MAX_FILE_BYTES} bytes, the most that are read")]
    TooLarge,
    /// Neither a picture nor a finger image record, or a damaged one.
    #[error(transparent)]
    Pixels(#[from] pixels::SampleError),
    /// A template of Whorl's own that cannot be read.
    #[error(transparent)]
    Own(#[from] TemplateError),
    /// A minutiae record that cannot be read.
    #[error(transparent)]
    Minutiae(#[from] MinutiaeError),
    /// A minutiae record whose units make no sense.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// A minutiae record that makes no template.
    #[error("its minutiae make no template: {0}")]
    Template(#[from] FingerTemplateError),
    /// The file says itself that it holds something else than was stated.
    #[error("it is of modality {found}, and was said to be of modality {stated}: state {found}, or give another file")]
    OtherModality {
        /// By its first bytes.
        found: Modality,
        /// By the caller.
        stated: Modality,
    },
    /// No instance of that modality is there.
    #[error("position {position} is none of modality {modality}")]
    Position {
        /// As stated.
        position: Position,
        /// As stated, or as the file says.
        modality: Modality,
    },
    /// A readable sample that yields no template.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// One of several in a record, of which the others may be well.
    #[error("picture {number} of {of} in the record: {reason}")]
    OneOf {
        /// Which, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// What is wrong with it.
        reason: Box<SampleError>,
    },
}

impl SampleError {
    /// A short name to count by, such as `unreadable` or `too-few-minutiae`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::NoFile => "unreadable",
            Self::Empty => "empty",
            Self::TooLarge => "too-large",
            Self::Pixels(error) => name_of(error),
            Self::Own(_) | Self::Minutiae(_) | Self::Convert(_) | Self::Template(_) => "damaged",
            Self::OtherModality { .. } | Self::Position { .. } => "other-modality",
            Self::Refused(refusal) => refusal.name(),
            Self::OneOf { reason, .. } => reason.name(),
        }
    }

    /// Why the extractor refused the sample, where it could be read and that is the reason.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused(refusal) => Some(*refusal),
            Self::OneOf { reason, .. } => reason.refusal(),
            Self::Unreadable { .. }
            | Self::NoFile
            | Self::Empty
            | Self::TooLarge
            | Self::Pixels(_)
            | Self::Own(_)
            | Self::Minutiae(_)
            | Self::Convert(_)
            | Self::Template(_)
            | Self::OtherModality { .. }
            | Self::Position { .. } => None,
        }
    }
}

fn name_of(error: &pixels::SampleError) -> &'static str {
    match error {
        pixels::SampleError::Image(ImageFormatError::Empty) => "empty",
        pixels::SampleError::Image(ImageFormatError::Unrecognised { .. } | ImageFormatError::Foreign(_)) => {
            "unknown-format"
        }
        pixels::SampleError::Image(ImageFormatError::Animated { .. }) => "animated",
        pixels::SampleError::Image(ImageFormatError::Samples { .. }) => "unsupported-samples",
        pixels::SampleError::Image(ImageFormatError::TooManyBytes(_) | ImageFormatError::Size { .. })
        | pixels::SampleError::TooManySamples => "too-large",
        pixels::SampleError::Image(ImageFormatError::Damaged { .. } | ImageFormatError::Wsq(_))
        | pixels::SampleError::Record(..)
        | pixels::SampleError::Picture { .. }
        | pixels::SampleError::Minutiae => "damaged",
    }
}
