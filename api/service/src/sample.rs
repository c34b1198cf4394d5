//! A file of any kind becomes templates, or says why not.

mod error;
mod faces;
mod shown;
mod trace;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use whorl_extractors::{face, fingerprint, iris};
use whorl_formats::image::ImageFormat;
use whorl_formats::image_record::RecordKind;
use whorl_formats::minutiae::{self, MinutiaeRecord};
use whorl_formats::{image, sample as pixels, template};
use whorl_types::{Capture, Liveness, Modality, Pixels, Position, Sample, Template};

pub use error::SampleError;
pub use faces::Faces;
pub use shown::{Shown, shown};
pub use trace::{NoTrace, Trace};

/// The most bytes of one file that are read: as many as the image decoders look at.
pub const MAX_FILE_BYTES: u64 = image::MAX_ENCODED_BYTES as u64;

/// One finger, eye or face: which of the person's it is, and its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Which finger, eye or face.
    pub position: Position,
    /// Its template.
    pub template: Template,
    /// Whether a person was there when it was captured, where somebody says so. Nothing here decides by it, and a gallery does
    /// not keep it.
    pub liveness: Option<Liveness>,
}

/// What was reported of the liveness of `instances`, each report once, in their order.
#[must_use]
pub fn reported(instances: &[Instance]) -> Vec<&Liveness> {
    let mut reports: Vec<&Liveness> = Vec::new();
    for liveness in instances.iter().filter_map(|instance| instance.liveness.as_ref()) {
        if !reports.contains(&liveness) {
            reports.push(liveness);
        }
    }
    reports
}

/// Which of several in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub number: usize,
    /// How many the file holds.
    pub of: usize,
}

/// One finger, eye or face as a file holds it.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A picture, still to be extracted.
    Sample {
        /// Its pixels and what is known of them.
        sample: Sample,
        /// Where in its file it stands.
        place: Place,
    },
    /// A template, of ours or made of a foreign minutiae record.
    Template(Instance),
}

/// The bytes of the file at `path`, at most [`MAX_FILE_BYTES`].
///
/// # Errors
/// [`SampleError::Unreadable`], [`SampleError::NoFile`], [`SampleError::Empty`] or [`SampleError::TooLarge`].
fn read(path: &Path) -> Result<Vec<u8>, SampleError> {
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
    } else if template::face::sniff(bytes) {
        Some(Modality::Face)
    } else if template::finger::sniff(bytes) || minutiae::sniff(bytes) {
        Some(Modality::Fingerprint)
    } else {
        RecordKind::sniff(bytes).map(RecordKind::modality)
    }
}

/// What the file at `path` holds, in its order, and of each finger, eye or face that cannot be read why not; of a file that cannot be
/// read as a whole that alone. `capture` says what is known of a file with these bytes.
pub fn open(path: &Path, capture: impl FnOnce(&[u8]) -> Capture) -> Vec<Result<Content, SampleError>> {
    let contents = read(path).and_then(|bytes| decode(&bytes, &capture(&bytes)));
    contents.unwrap_or_else(|error| vec![Err(error)])
}

/// Whether bytes hold a template, of ours or by somebody else, and no picture that can be looked at.
#[must_use]
pub fn is_template(bytes: &[u8]) -> bool {
    template::sniff(bytes) || minutiae::sniff(bytes)
}

/// The media type of a file, told by its first bytes; of what is no picture, `application/octet-stream`.
#[must_use]
pub fn media_type(bytes: &[u8]) -> &'static str {
    ImageFormat::sniff(bytes).map_or("application/octet-stream", ImageFormat::media_type)
}

/// The fingers, eyes or faces that `bytes` hold, told by their first bytes: a picture holds one, a record may hold several, of which
/// one may be damaged while the others are well.
///
/// `capture` says what the caller knows: its sampling rate overrules that of the file, its position holds where the file
/// states none or holds one instance only.
///
/// # Errors
/// [`SampleError`], by the format, where that is so of the whole file.
pub fn decode(bytes: &[u8], capture: &Capture) -> Result<Vec<Result<Content, SampleError>>, SampleError> {
    check(bytes, capture)?;
    if template::sniff(bytes) {
        let template = template::decode(bytes)?;
        return Ok(vec![Ok(Content::Template(Instance::new(capture.position, template, capture)))]);
    }
    if minutiae::sniff(bytes) {
        return foreign(&minutiae::decode(bytes)?, capture);
    }
    let pictures = pixels::read_each(bytes)?;
    let of = pictures.len();
    let contents =
        pictures.into_iter().zip(1..).map(|(picture, number)| content(picture?, capture, Place { number, of }));
    Ok(contents.collect())
}

/// A picture with what is known of it: in grey, which takes a third of the memory, unless it shows a face.
fn content(picture: pixels::Picture, capture: &Capture, place: Place) -> Result<Content, SampleError> {
    if capture.modality == Modality::Iris {
        picture.check_infrared().map_err(|refusal| place.names(refusal.into()))?;
    }
    let image = match capture.modality {
        Modality::Fingerprint | Modality::Iris => Pixels::Grey(picture.image.into_grey()),
        Modality::Face => picture.image,
    };
    let ppi = capture.ppi.or(picture.ppi);
    let position = position(picture.position, capture.position, place);
    Ok(Content::Sample { sample: Sample { image, capture: Capture { ppi, position, ..capture.clone() } }, place })
}

/// Whether `capture` makes sense by itself and for these bytes.
fn check(bytes: &[u8], capture: &Capture) -> Result<(), SampleError> {
    let &Capture { modality: stated, position, .. } = capture;
    if position.modality().is_some_and(|of_position| of_position != stated) {
        return Err(SampleError::Position { position, modality: stated });
    }
    match modality(bytes) {
        Some(found) if found != stated => Err(SampleError::OtherModality { found, stated }),
        _ => Ok(()),
    }
}

/// The fingers of a minutiae record that somebody else extracted.
fn foreign(record: &MinutiaeRecord, capture: &Capture) -> Result<Vec<Result<Content, SampleError>>, SampleError> {
    let fingers = record.fingers()?;
    let of = fingers.len();
    let instance = |(finger, number): (minutiae::Finger, usize)| {
        let place = Place { number, of };
        let position = position(finger.position, capture.position, place);
        let template = fingerprint::from_minutiae(finger.width_px, finger.height_px, finger.minutiae)
            .map_err(|error| place.names(error.into()))?;
        Ok(Content::Template(Instance::new(position, template.into(), capture)))
    };
    Ok(fingers.into_iter().zip(1..).map(instance).collect())
}

/// The position of one of the instances in a file: the caller's, where it speaks of that one alone, else the file's.
fn position(in_file: Position, stated: Position, place: Place) -> Position {
    let callers = place.of == 1 && stated != Position::Unknown || in_file == Position::Unknown;
    if callers { stated } else { in_file }
}

impl Place {
    /// `error` of what stands here, which says where that is if there are several.
    fn names(self, error: SampleError) -> SampleError {
        let Self { number, of } = self;
        if of == 1 { error } else { SampleError::OneOf { number, of, reason: Box::new(error) } }
    }
}

impl Instance {
    /// The template in Whorl's own format.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        template::encode(&self.template)
    }

    /// What `template` shows at `position`, captured so.
    fn new(position: Position, template: Template, capture: &Capture) -> Self {
        Self { position, template, liveness: capture.liveness.clone() }
    }
}

impl Content {
    /// The template of this finger, eye or face, of a face as `faces` says; `trace` sees the extraction where there is one.
    ///
    /// # Errors
    /// Where the picture yields no template: its [`SampleError::refusal`] says why.
    pub fn extract(self, faces: &Faces, trace: &mut impl Trace) -> Result<Instance, SampleError> {
        match self {
            Self::Template(instance) => Ok(instance),
            Self::Sample { sample, place } => extract(&sample, faces, trace).map_err(|error| place.names(error)),
        }
    }

    /// Which finger, eye or face it is said to be.
    #[must_use]
    pub fn position(&self) -> Position {
        match self {
            Self::Sample { sample, .. } => sample.capture.position,
            Self::Template(instance) => instance.position,
        }
    }
}

fn extract(Sample { image, capture }: &Sample, faces: &Faces, trace: &mut impl Trace) -> Result<Instance, SampleError> {
    let template = match capture.modality {
        Modality::Fingerprint => fingerprint::extract(&image.to_grey(), capture.ppi, trace)?.into(),
        Modality::Iris => iris::extract(&image.to_grey(), trace)?.into(),
        Modality::Face => face::extract(faces.model(), image, faces.several(), trace)?.into(),
    };
    Ok(Instance::new(capture.position, template, capture))
}

/// As [`open`], everything as templates; its pixels are gone when this returns.
pub fn load(path: &Path, faces: &Faces, capture: impl FnOnce(&[u8]) -> Capture) -> Vec<Result<Instance, SampleError>> {
    open(path, capture).into_iter().map(|content| content?.extract(faces, &mut NoTrace)).collect()
}
