//! Which way up a picture is, as its file states, and the picture that way up.
//!
//! A camera that is held sideways writes its pixels as the sensor has them and a number beside them (Exif 2.32, tag
//! Orientation; the same number in TIFF 6.0, section 8). The crate `image` reads that number out of Exif data, whose directory it
//! walks once and without following any offset, and turns the pixels.

use ::image::DynamicImage;
use ::image::metadata::Orientation;

use super::chunks::Chunks;
use super::{ImageFormat, jpeg};

/// The orientation that a file states; upright where it states none, or one that makes no sense.
pub(super) fn stated(bytes: &[u8], format: ImageFormat) -> Orientation {
    let exif = match format {
        ImageFormat::Jpeg => jpeg::Segments::read(bytes).exif,
        ImageFormat::Png => Chunks::read(bytes).exif,
        // Exif data is a TIFF file without a picture.
        ImageFormat::Tiff => Some(bytes),
        ImageFormat::Bmp | ImageFormat::Pnm | ImageFormat::Jpeg2000 | ImageFormat::Wsq => None,
    };
    exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
}

/// `image` turned upright.
pub(super) fn upright(mut image: DynamicImage, orientation: Orientation) -> DynamicImage {
    image.apply_orientation(orientation);
    image
}
