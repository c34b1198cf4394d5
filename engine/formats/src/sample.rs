//! Any file of pixels: a picture, or a finger image record with one picture or several.

use thiserror::Error;
use whorl_types::{GreyImage, Position, Ppi};

use crate::finger_image::{self, FingerImageError};
use crate::image::{self, Decoded, ImageFormatError};
use crate::minutiae;

/// The most pixels that the pictures of one record may have together: thirty full hands at 500 ppi, or a ten-print card at
/// 1000 ppi twice. A record of a few kilobytes could ask for any number.
pub const MAX_PIXELS: u64 = 128 << 20;

/// One picture as a file holds it: its pixels and what the file says of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The pixels, as 8-bit grey.
    pub image: GreyImage,
    /// The sampling rate, where the file states a believable one.
    pub ppi: Option<Ppi>,
    /// Which finger, where the file states one.
    pub position: Position,
}

/// Why a file gives no pictures.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SampleError {
    /// It is not a picture, or a damaged one.
    #[error(transparent)]
    Image(#[from] ImageFormatError),
    /// It is a damaged finger image record.
    #[error(transparent)]
    Record(#[from] FingerImageError),
    /// One picture of a record cannot be decoded.
    #[error("picture {number} of {pictures} in the record: {reason}")]
    Picture {
        /// Which, from 1.
        number: usize,
        /// How many there are.
        pictures: usize,
        /// What is wrong with it.
        reason: FingerImageError,
    },
    /// The pictures of a record are too large together.
    #[error("the pictures of the record have more than {MAX_PIXELS} pixels together: split it")]
    TooManyPixels,
    /// It is a record of minutiae, which has no pixels.
    #[error("this is a minutiae record and has no pixels: give the image it was made of, or use it as a template")]
    Minutiae,
}

/// Reads every picture in `bytes`: those of a finger image record of ISO/IEC 19794-4, else the one of a file in any format of
/// [`image::ImageFormat`], told by its first bytes.
///
/// # Errors
/// [`SampleError`] where `bytes` are neither, are damaged, or ask for more pixels than [`MAX_PIXELS`].
pub fn read(bytes: &[u8]) -> Result<Vec<Picture>, SampleError> {
    if minutiae::sniff(bytes) {
        return Err(SampleError::Minutiae);
    }
    if !finger_image::sniff(bytes) {
        return Ok(vec![picture(image::decode(bytes)?, Position::Unknown)]);
    }
    let record = finger_image::decode(bytes)?;
    let pictures = record.images().len();
    let mut total_px = 0;
    let mut read = Vec::with_capacity(pictures);
    for (image, number) in record.images().iter().zip(1..) {
        let decoded = image.picture().map_err(|reason| SampleError::Picture { number, pictures, reason })?;
        let picture = picture(decoded, image.position());
        total_px += picture.image.pixels().len() as u64;
        if total_px > MAX_PIXELS {
            return Err(SampleError::TooManyPixels);
        }
        read.push(picture);
    }
    Ok(read)
}

fn picture(decoded: Decoded, position: Position) -> Picture {
    Picture { image: decoded.pixels.into_grey(), ppi: decoded.ppi, position }
}
