//! Any file of pixels: a picture, or a record of images with one picture or several.

use thiserror::Error;
use whorl_types::{GreyImage, Modality, Position, Ppi, Refusal};

use crate::image::{self, Decoded, ImageFormatError};
use crate::image_record::{ImageRecordError, RecordKind};
use crate::{face_image, finger_image, iris_image, minutiae};

/// The most pixels that the pictures of one record may have together: thirty full hands at 500 ppi, or a ten-print card at
/// 1000 ppi twice. A record of a few kilobytes could ask for any number.
pub const MAX_PIXELS: u64 = 128 << 20;

/// The most damaged pictures of one record that are passed over: each may have cost its decoder as many pixels as an image may
/// have before it met the damage.
pub const MAX_DAMAGED: usize = 10;

/// The most [`Picture::colour`] of an infrared picture: cameras that write three channels differ by a few levels between them,
/// skin in daylight by fifty.
pub const MAX_INFRARED_COLOUR: u8 = 12;

/// One picture as a file holds it: its pixels and what the file says of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The pixels, as 8-bit grey.
    pub image: GreyImage,
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
    #[error("the pictures of the record have more than {MAX_PIXELS} pixels together: split it")]
    TooManyPixels,
    /// It is a record of minutiae, which has no pixels.
    #[error("this is a minutiae record and has no pixels: give the image it was made of, or use it as a template")]
    Minutiae,
}

/// Reads every picture in `bytes`, as [`read_each`] does.
///
/// # Errors
/// [`SampleError`] where `bytes` are no pictures, ask for more pixels than [`MAX_PIXELS`], or one of the pictures is damaged.
pub fn read(bytes: &[u8]) -> Result<Vec<Picture>, SampleError> {
    read_each(bytes)?.into_iter().collect()
}

/// Reads every picture in `bytes` that can be read, and says of each other one why it cannot: those of a record of
/// [`RecordKind`], else the one of a file in any format of [`image::ImageFormat`], told by its first bytes.
///
/// # Errors
/// [`SampleError`] where `bytes` are neither, are damaged as a whole or in more than [`MAX_DAMAGED`] pictures, or ask for more
/// pixels than [`MAX_PIXELS`].
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
    let (mut total_px, mut damaged) = (0, 0);
    let mut read = Vec::with_capacity(images.len());
    for (image, number) in images.iter().zip(1..) {
        let (position, decoded) = decode(image);
        let picture = decoded
            .map(|decoded| picture(decoded, Some(kind.modality()), position))
            .map_err(|reason| SampleError::Picture { number, pictures: images.len(), reason });
        match &picture {
            Ok(picture) => total_px += picture.image.pixels().len() as u64,
            Err(error) if damaged == MAX_DAMAGED => return Err(error.clone()),
            Err(_) => damaged += 1,
        }
        if total_px > MAX_PIXELS {
            return Err(SampleError::TooManyPixels);
        }
        read.push(picture);
    }
    Ok(read)
}

fn picture(decoded: Decoded, modality: Option<Modality>, position: Position) -> Picture {
    let colour = decoded.pixels.colour();
    Picture { image: decoded.pixels.into_grey(), ppi: decoded.ppi, modality, position, colour }
}
