//! Any file of pixels: a picture, or a record of images with one picture or several.

use thiserror::Error;
use whorl_types::{Modality, Pixels, Position, Ppi, Refusal};

use crate::image::{self, Decoded, ImageFormatError};
use crate::image_record::{ImageRecordError, RecordKind};
use crate::{face_image, finger_image, iris_image, minutiae};

/// The most samples that the pictures of one record may have together, one a pixel in grey and three in colour: forty-five full
/// hands at 500 ppi, a ten-print card at 1000 ppi three times, or the largest picture there may be once in colour. A record of
/// a few kilobytes could ask for any number.
pub const MAX_SAMPLES: u64 = 192 << 20;

/// The most damaged pictures of one record that are passed over: each may have cost its decoder as many pixels as an image may
/// have before it met the damage.
pub const MAX_DAMAGED: usize = 10;

/// The most [`Picture::colour`] of an infrared picture: cameras that write three channels differ by a few levels between them,
/// skin in daylight by fifty.
pub const MAX_INFRARED_COLOUR: u8 = 12;

/// One picture as a file holds it: its pixels and what the file says of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The pixels, in colour where the file has them so; those in a record of fingers or irises, which are captured in grey, are
    /// brought to it.
    pub image: Pixels,
    /// The sampling rate, where the file states a believable one.
    pub ppi: Option<Ppi>,
    /// What it shows, where the file is a record of one kind of sample.
    pub modality: Option<Modality>,
    /// Which instance of it, where the file states one.
    pub position: Position,
    /// How colourful the pixels were, 0..=255: the mean over them of the largest less the smallest of red, green and blue; 0
    /// for a grey picture, few for an infrared one whose camera writes three channels.
    pub colour: u8,
}

impl Picture {
    /// Whether it may have been taken in infrared light, which shows the texture of dark irises where daylight does not.
    ///
    /// # Errors
    /// [`Refusal::VisibleLight`] of a picture more colourful than [`MAX_INFRARED_COLOUR`].
    pub fn check_infrared(&self) -> Result<(), Refusal> {
        if self.colour > MAX_INFRARED_COLOUR { Err(Refusal::VisibleLight) } else { Ok(()) }
    }
}

/// Why a file gives no pictures, or not one of them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SampleError {
    /// It is not a picture, or a damaged one.
    #[error(transparent)]
    Image(#[from] ImageFormatError),
    /// It is a damaged record of images.
    #[error("{0}: {1}")]
    Record(RecordKind, ImageRecordError),
    /// One picture of a record cannot be decoded.
    #[error("picture {number} of {pictures} in the record: {reason}")]
    Picture {
        /// Which, from 1.
        number: usize,
        /// How many there are.
        pictures: usize,
        /// What is wrong with it.
        reason: ImageRecordError,
    },
    /// The pictures of a record are too large together.
    #[error("the pictures of the record have more than {MAX_SAMPLES} samples together: split it")]
    TooManySamples,
    /// It is a record of minutiae, which has no pixels.
    #[error("this is a minutiae record and has no pixels: give the image it was made of, or use it as a template")]
    Minutiae,
}

/// Reads every picture in `bytes`, as [`read_each`] does.
///
/// # Errors
/// [`SampleError`] where `bytes` are no pictures, ask for more than [`MAX_SAMPLES`], or one of the pictures is damaged.
pub fn read(bytes: &[u8]) -> Result<Vec<Picture>, SampleError> {
    read_each(bytes)?.into_iter().collect()
}

/// Reads every picture in `bytes` that can be read, and says of each other one why it cannot: those of a record of
/// [`RecordKind`], else the one of a file in any format of [`image::ImageFormat`], told by its first bytes.
///
/// # Errors
/// [`SampleError`] where `bytes` are neither, are damaged as a whole or in more than [`MAX_DAMAGED`] pictures, or ask for more
/// than [`MAX_SAMPLES`].
pub fn read_each(bytes: &[u8]) -> Result<Vec<Result<Picture, SampleError>>, SampleError> {
    if minutiae::sniff(bytes) {
        return Err(SampleError::Minutiae);
    }
    let Some(kind) = RecordKind::sniff(bytes) else {
        return Ok(vec![Ok(picture(image::decode(bytes)?, None, Position::Unknown))]);
    };
    let damaged = |reason| SampleError::Record(kind, reason);
    match kind {
        RecordKind::Finger => {
            let record = finger_image::decode(bytes).map_err(damaged)?;
            pictures(kind, record.images(), |image| (image.position(), image.picture()))
        }
        RecordKind::Face => {
            let record = face_image::decode(bytes).map_err(damaged)?;
            pictures(kind, record.images(), |image| (Position::Unknown, image.picture()))
        }
        RecordKind::Iris => {
            let record = iris_image::decode(bytes).map_err(damaged)?;
            pictures(kind, record.images(), |image| (image.position(), image.picture()))
        }
    }
}

/// The pictures of a record's `images`, each of which `decode` turns into its position and its pixels.
fn pictures<I>(
    kind: RecordKind,
    images: &[I],
    decode: impl Fn(&I) -> (Position, Result<Decoded, ImageRecordError>),
) -> Result<Vec<Result<Picture, SampleError>>, SampleError> {
    let (mut total, mut damaged) = (0, 0);
    let mut read = Vec::with_capacity(images.len());
    for (image, number) in images.iter().zip(1..) {
        let (position, decoded) = decode(image);
        let picture = decoded
            .map(|decoded| picture(decoded, Some(kind.modality()), position))
            .map_err(|reason| SampleError::Picture { number, pictures: images.len(), reason });
        match &picture {
            Ok(picture) => total += samples(&picture.image),
            Err(error) if damaged == MAX_DAMAGED => return Err(error.clone()),
            Err(_) => damaged += 1,
        }
        if total > MAX_SAMPLES {
            return Err(SampleError::TooManySamples);
        }
        read.push(picture);
    }
    Ok(read)
}

fn picture(decoded: Decoded, modality: Option<Modality>, position: Position) -> Picture {
    let Decoded { pixels, ppi } = decoded;
    let colour = pixels.colour();
    let image = match modality {
        Some(Modality::Fingerprint | Modality::Iris) => Pixels::Grey(pixels.into_grey()),
        Some(Modality::Face) | None => pixels,
    };
    Picture { image, ppi, modality, position, colour }
}

/// The bytes that the pixels of a picture take.
fn samples(image: &Pixels) -> u64 {
    match image {
        Pixels::Grey(grey) => grey.pixels().len() as u64,
        Pixels::Rgb(rgb) => rgb.samples().len() as u64,
    }
}
