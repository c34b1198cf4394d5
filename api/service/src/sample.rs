//! A file of any kind becomes templates, or says why not.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use thiserror::Error;
use whorl_extractors::fingerprint::{self, NoTrace, Trace};
use whorl_formats::image::{self, ImageFormatError};
use whorl_formats::minutiae::{self, ConvertError, MinutiaeError, MinutiaeRecord};
use whorl_formats::sample as pixels;
use whorl_formats::template::{self, TemplateError};
use whorl_types::{Capture, FingerTemplate, FingerTemplateError, Modality, Position, Refusal, Sample};

/// The most bytes of one file that are read: as many as the image decoders look at.
pub const MAX_FILE_BYTES: u64 = image::MAX_ENCODED_BYTES as u64;

/// One finger: where it is on the hand, and its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Which finger.
    pub position: Position,
    /// Its template.
    pub template: FingerTemplate,
}

/// One finger as a file holds it.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A picture, still to be extracted.
    Sample(Sample),
    /// A template, of ours or made of a foreign minutiae record.
    Template(Instance),
}

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
    /// A modality that this version cannot extract.
    #[error("{0} cannot be extracted by this version: only fingerprint can")]
    Modality(Modality),
    /// A readable sample that yields no template.
    #[error(transparent)]
    Refused(#[from] Refusal),
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
            Self::Modality(_) => "other-modality",
            Self::Refused(refusal) => refusal.name(),
        }
    }
}

fn name_of(error: &pixels::SampleError) -> &'static str {
    match error {
        pixels::SampleError::Image(ImageFormatError::Empty) => "empty",
        pixels::SampleError::Image(ImageFormatError::Unrecognised { .. }) => "unknown-format",
        pixels::SampleError::Image(ImageFormatError::TooManyBytes(_) | ImageFormatError::Size { .. })
        | pixels::SampleError::TooManyPixels => "too-large",
        pixels::SampleError::Image(
            ImageFormatError::Samples { .. } | ImageFormatError::Damaged { .. } | ImageFormatError::Wsq(_),
        )
        | pixels::SampleError::Record(..)
        | pixels::SampleError::Picture { .. }
        | pixels::SampleError::Minutiae => "damaged",
    }
}

/// The bytes of the file at `path`, at most [`MAX_FILE_BYTES`].
///
/// # Errors
/// [`SampleError::Unreadable`], [`SampleError::NoFile`], [`SampleError::Empty`] or [`SampleError::TooLarge`].
pub fn read(path: &Path) -> Result<Vec<u8>, SampleError> {
    let unreadable = |error: io::Error| SampleError::Unreadable { reason: error.to_string() };
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(SampleError::NoFile);
    }
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    match bytes.len() as u64 {
        0 => Err(SampleError::Empty),
        length if length > MAX_FILE_BYTES => Err(SampleError::TooLarge),
        _ => Ok(bytes),
    }
}

/// The fingers that `bytes` hold, told by their first bytes: a picture holds one, a record may hold several.
///
/// `capture` says what the caller knows: its sampling rate overrules that of the file, its position holds where the file
/// states none or holds one finger only.
///
/// # Errors
/// [`SampleError`], by the format.
pub fn decode(bytes: &[u8], capture: &Capture) -> Result<Vec<Content>, SampleError> {
    if capture.modality != Modality::Fingerprint {
        return Err(SampleError::Modality(capture.modality));
    }
    if template::finger::sniff(bytes) {
        let template = template::finger::decode(bytes)?;
        return Ok(vec![Content::Template(Instance { position: capture.position, template })]);
    }
    if minutiae::sniff(bytes) {
        return foreign(&minutiae::decode(bytes)?, capture.position);
    }
    let pictures = pixels::read(bytes)?;
    let single = pictures.len() == 1;
    let content = |picture: pixels::Picture| {
        let ppi = capture.ppi.or(picture.ppi);
        let position = position(picture.position, capture.position, single);
        Content::Sample(Sample { image: picture.image, capture: Capture { ppi, position, ..*capture } })
    };
    Ok(pictures.into_iter().map(content).collect())
}

/// The fingers of a minutiae record that somebody else extracted.
fn foreign(record: &MinutiaeRecord, stated: Position) -> Result<Vec<Content>, SampleError> {
    let fingers = record.fingers()?;
    let single = fingers.len() == 1;
    let instance = |finger: minutiae::Finger| {
        let position = position(finger.position, stated, single);
        let template = fingerprint::from_minutiae(finger.width_px, finger.height_px, finger.minutiae)?;
        Ok(Content::Template(Instance { position, template }))
    };
    fingers.into_iter().map(instance).collect()
}

/// The position of one of the fingers in a file: the caller's, where it speaks of that finger alone, else the file's.
fn position(in_file: Position, stated: Position, single: bool) -> Position {
    let callers = single && stated != Position::Unknown || in_file == Position::Unknown;
    if callers { stated } else { in_file }
}

impl Content {
    /// The template of this finger; `trace` sees the extraction where there is one.
    ///
    /// # Errors
    /// [`SampleError::Refused`] where the picture yields no template.
    pub fn extract(self, trace: &mut impl Trace) -> Result<Instance, SampleError> {
        match self {
            Self::Template(instance) => Ok(instance),
            Self::Sample(Sample { image, capture }) => {
                let template = fingerprint::extract(&image, capture.ppi, trace)?;
                Ok(Instance { position: capture.position, template })
            }
        }
    }

    /// Which finger it is said to be.
    #[must_use]
    pub fn position(&self) -> Position {
        match self {
            Self::Sample(sample) => sample.capture.position,
            Self::Template(instance) => instance.position,
        }
    }
}

/// All fingers that `bytes` hold as templates.
///
/// # Errors
/// [`SampleError`] of the first finger that gives none.
pub fn templates(bytes: &[u8], capture: &Capture) -> Result<Vec<Instance>, SampleError> {
    decode(bytes, capture)?.into_iter().map(|content| content.extract(&mut NoTrace)).collect()
}

/// All fingers of the file at `path` as templates; its pixels are gone when this returns.
///
/// # Errors
/// As [`read`] and [`templates`].
pub fn load(path: &Path, capture: &Capture) -> Result<Vec<Instance>, SampleError> {
    templates(&read(path)?, capture)
}
