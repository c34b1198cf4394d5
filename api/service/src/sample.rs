//! A file of any kind becomes templates, or says why not.

mod error;
mod trace;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use whorl_extractors::{fingerprint, iris};
use whorl_formats::image_record::RecordKind;
use whorl_formats::minutiae::{self, MinutiaeRecord};
use whorl_formats::{image, sample as pixels, template};
use whorl_types::{Capture, Modality, Position, Refusal, Sample, Template};

pub use error::SampleError;
pub use trace::{NoTrace, Trace};

/// The most bytes of one file that are read: as many as the image decoders look at.
pub const MAX_FILE_BYTES: u64 = image::MAX_ENCODED_BYTES as u64;

/// The most colour, as [`pixels::Picture::colour`] counts it, of an infrared picture: cameras that write three channels differ by
/// a few levels between them, skin in daylight by fifty.
const MAX_INFRARED_COLOUR: u8 = 12;

/// One finger or eye: which of the person's it is, and its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Which finger or eye.
    pub position: Position,
    /// Its template.
    pub template: Template,
}

/// One finger or eye as a file holds it.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A picture, still to be extracted.
    Sample(Sample),
    /// A template, of ours or made of a foreign minutiae record.
    Template(Instance),
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

/// What a file shows by its first bytes; none for pictures, which may show anything.
#[must_use]
pub fn modality(bytes: &[u8]) -> Option<Modality> {
    if template::iris::sniff(bytes) {
        Some(Modality::Iris)
    } else if template::finger::sniff(bytes) || minutiae::sniff(bytes) {
        Some(Modality::Fingerprint)
    } else {
        RecordKind::sniff(bytes).map(RecordKind::modality)
    }
}

/// The fingers or eyes that `bytes` hold, told by their first bytes: a picture holds one, a record may hold several.
///
/// `capture` says what the caller knows: its sampling rate overrules that of the file, its position holds where the file
/// states none or holds one instance only.
///
/// # Errors
/// [`SampleError`], by the format.
pub fn decode(bytes: &[u8], capture: &Capture) -> Result<Vec<Content>, SampleError> {
    check(bytes, capture)?;
    if template::sniff(bytes) {
        let template = template::decode(bytes)?;
        return Ok(vec![Content::Template(Instance { position: capture.position, template })]);
    }
    if minutiae::sniff(bytes) {
        return foreign(&minutiae::decode(bytes)?, capture.position);
    }
    let pictures = pixels::read(bytes)?;
    let single = pictures.len() == 1;
    pictures.into_iter().map(|picture| content(picture, capture, single)).collect()
}

/// A picture with what is known of it.
fn content(picture: pixels::Picture, capture: &Capture, single: bool) -> Result<Content, SampleError> {
    if capture.modality == Modality::Iris && picture.colour > MAX_INFRARED_COLOUR {
        return Err(Refusal::VisibleLight.into());
    }
    let ppi = capture.ppi.or(picture.ppi);
    let position = position(picture.position, capture.position, single);
    Ok(Content::Sample(Sample { image: picture.image, capture: Capture { ppi, position, ..*capture } }))
}

/// Whether `capture` makes sense by itself and for these bytes.
fn check(bytes: &[u8], capture: &Capture) -> Result<(), SampleError> {
    let &Capture { modality: stated, position, .. } = capture;
    if stated == Modality::Face {
        return Err(SampleError::Modality(stated));
    }
    if position.modality().is_some_and(|of_position| of_position != stated) {
        return Err(SampleError::Position { position, modality: stated });
    }
    match modality(bytes) {
        Some(found) if found != stated => Err(SampleError::OtherModality { found, stated }),
        _ => Ok(()),
    }
}

/// The fingers of a minutiae record that somebody else extracted.
fn foreign(record: &MinutiaeRecord, stated: Position) -> Result<Vec<Content>, SampleError> {
    let fingers = record.fingers()?;
    let single = fingers.len() == 1;
    let instance = |finger: minutiae::Finger| {
        let position = position(finger.position, stated, single);
        let template = fingerprint::from_minutiae(finger.width_px, finger.height_px, finger.minutiae)?.into();
        Ok(Content::Template(Instance { position, template }))
    };
    fingers.into_iter().map(instance).collect()
}

/// The position of one of the instances in a file: the caller's, where it speaks of that one alone, else the file's.
fn position(in_file: Position, stated: Position, single: bool) -> Position {
    let callers = single && stated != Position::Unknown || in_file == Position::Unknown;
    if callers { stated } else { in_file }
}

impl Content {
    /// The template of this finger or eye; `trace` sees the extraction where there is one.
    ///
    /// # Errors
    /// [`SampleError::Refused`] where the picture yields no template.
    pub fn extract(self, trace: &mut impl Trace) -> Result<Instance, SampleError> {
        let Sample { image, capture } = match self {
            Self::Template(instance) => return Ok(instance),
            Self::Sample(sample) => sample,
        };
        let template = match capture.modality {
            Modality::Fingerprint => fingerprint::extract(&image, capture.ppi, trace)?.into(),
            Modality::Iris => iris::extract(&image, trace)?.into(),
            Modality::Face => return Err(SampleError::Modality(capture.modality)),
        };
        Ok(Instance { position: capture.position, template })
    }

    /// Which finger or eye it is said to be.
    #[must_use]
    pub fn position(&self) -> Position {
        match self {
            Self::Sample(sample) => sample.capture.position,
            Self::Template(instance) => instance.position,
        }
    }
}

/// Everything that `bytes` hold as templates.
///
/// # Errors
/// [`SampleError`] of the first finger or eye that gives none.
pub fn templates(bytes: &[u8], capture: &Capture) -> Result<Vec<Instance>, SampleError> {
    decode(bytes, capture)?.into_iter().map(|content| content.extract(&mut NoTrace)).collect()
}

/// Everything that the file at `path` holds as templates; its pixels are gone when this returns.
///
/// # Errors
/// As [`read`] and [`templates`].
pub fn load(path: &Path, capture: &Capture) -> Result<Vec<Instance>, SampleError> {
    templates(&read(path)?, capture)
}
