//! Pictures: the still-image formats that fingerprints, irises and faces arrive in.
//!
//! PNG, JPEG, BMP, TIFF and PNM are decoded by the crate `image`, JPEG 2000 by `hayro-jpeg2000`; the sampling rate is read
//! here, since neither tells it. The size is checked before anything is allocated for pixels. Where Exif data or TIFF says that
//! the camera was held sideways, the picture is turned upright.
//!
//! Of a TIFF file with several pages the first is read. A JPEG that is cut short is refused; damage within its coded data that
//! leaves the end in place may only show as grey or shifted blocks, as in every decoder that resynchronises.

mod chunks;
mod codestream;
mod encode;
mod foreign;
mod jp2;
mod jpeg;
mod jpeg2000;
mod orientation;
mod raster;
mod resolution;

use std::fmt;

use thiserror::Error;
pub use whorl_types::Pixels;
use whorl_types::{ImageError, Ppi};

pub use encode::{Raster, encode_jpeg, encode_png};
pub use foreign::ForeignFormat;

use crate::wsq::{self, WsqError, WsqImage};

/// The most bytes of one encoded picture that are looked at: an uncompressed colour card at 1000 ppi, and some.
///
/// Callers that read files or network streams should stop there.
pub const MAX_ENCODED_BYTES: usize = 256 << 20;

/// A still-image format that [`decode`] reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG File Interchange Format and its relatives.
    Jpeg,
    /// Windows bitmap.
    Bmp,
    /// Tagged Image File Format.
    Tiff,
    /// Portable any map: PBM, PGM, PPM, PAM.
    Pnm,
    /// JPEG 2000, in its JP2 container or as a bare codestream.
    Jpeg2000,
    /// Wavelet scalar quantisation: see [`wsq`].
    Wsq,
}

impl ImageFormat {
    /// The format whose signature `bytes` start with.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [b'B', b'M', ..] => Some(Self::Bmp),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(Self::Tiff),
            [b'P', b'1'..=b'7', space, ..] if space.is_ascii_whitespace() => Some(Self::Pnm),
            [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] | [0xFF, 0x4F, 0xFF, 0x51, ..] => Some(Self::Jpeg2000),
            _ if wsq::is_wsq(bytes) => Some(Self::Wsq),
            _ => None,
        }
    }

    /// Its media type (RFC 6838), as headers and pages name it; that of WSQ and PNM is not registered, but in use.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
            Self::Pnm => "image/x-portable-anymap",
            Self::Jpeg2000 => "image/jp2",
            Self::Wsq => "image/x-wsq",
        }
    }
}

impl fmt::Display for ImageFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Pnm => "PNM",
            Self::Jpeg2000 => "JPEG 2000",
            Self::Wsq => "WSQ",
        })
    }
}

/// Why bytes are no picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImageFormatError {
    /// There is nothing to decode.
    #[error("the image is empty: it has no bytes")]
    Empty,
    /// More bytes than [`MAX_ENCODED_BYTES`].
    #[error("the encoded image has {0} bytes; the limit is {MAX_ENCODED_BYTES}")]
    TooManyBytes(usize),
    /// A kind of file that is known by name and not read here.
    #[error("this is {0}, which is not read here: {advice}", advice = .0.advice())]
    Foreign(ForeignFormat),
    /// Several pictures, of which nobody says which one is the sample.
    #[error("{format}: an animation of {frames} frames, and a sample is one picture: save the one that shows it best")]
    Animated {
        /// The format.
        format: ImageFormat,
        /// How many there are.
        frames: u32,
    },
    /// The first bytes are those of no format known here.
    #[error(
        "not an image in a known format (it starts with bytes {first:02x?}): convert it to PNG, JPEG, BMP, TIFF, PNM, JPEG 2000 or WSQ"
    )]
    Unrecognised {
        /// The first bytes, at most eight.
        first: Vec<u8>,
    },
    /// The stated size is not one an image may have.
    #[error("{format}: {reason}")]
    Size {
        /// The format.
        format: ImageFormat,
        /// What is wrong with the size.
        reason: ImageError,
    },
    /// Samples that are neither grey nor red, green and blue of 8 or 16 bits.
    #[error("{format}: samples of type {samples} are not supported: convert the image to 8-bit grey or RGB")]
    Samples {
        /// The format.
        format: ImageFormat,
        /// The type of the samples, as the format calls it.
        samples: String,
    },
    /// The data does not follow its format.
    #[error("{format}: the image is damaged or uses a feature that is not supported: {reason}")]
    Damaged {
        /// The format.
        format: ImageFormat,
        /// What the decoder met.
        reason: String,
    },
    /// The data is no WSQ image.
    #[error(transparent)]
    Wsq(#[from] WsqError),
}

/// A decoded picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The samples, brought to 8 bits, top row up; an alpha channel is dropped.
    pub pixels: Pixels,
    /// The sampling rate that the file states. None where it states none, two that differ, one out of range, or the 72 or
    /// 96 that software writes when it knows nothing.
    pub ppi: Option<Ppi>,
}

/// Decodes a picture in any format of [`ImageFormat`], told by its first bytes.
///
/// # Errors
/// [`ImageFormatError`] where the format is unknown, the size over the limits of [`whorl_types::GreyImage::check_size`], the kind of
/// samples not supported, or the data damaged.
pub fn decode(bytes: &[u8]) -> Result<Decoded, ImageFormatError> {
    if bytes.is_empty() {
        return Err(ImageFormatError::Empty);
    }
    if bytes.len() > MAX_ENCODED_BYTES {
        return Err(ImageFormatError::TooManyBytes(bytes.len()));
    }
    let format = ImageFormat::sniff(bytes).ok_or_else(|| unknown(bytes))?;
    let pixels = match format {
        ImageFormat::Png => raster::decode(bytes, format, ::image::ImageFormat::Png),
        ImageFormat::Jpeg => raster::decode(bytes, format, ::image::ImageFormat::Jpeg),
        ImageFormat::Bmp => raster::decode(bytes, format, ::image::ImageFormat::Bmp),
        ImageFormat::Tiff => raster::decode(bytes, format, ::image::ImageFormat::Tiff),
        ImageFormat::Pnm => raster::decode(bytes, format, ::image::ImageFormat::Pnm),
        ImageFormat::Jpeg2000 => jpeg2000::decode(bytes),
        ImageFormat::Wsq => {
            let WsqImage { image, ppi } = wsq::decode(bytes)?;
            return Ok(Decoded { pixels: Pixels::Grey(image), ppi });
        }
    }?;
    Ok(Decoded { pixels, ppi: resolution::stated(bytes, format) })
}

/// Whether the file at hand says nothing that [`decode`] turns its picture by.
pub(crate) fn is_upright(bytes: &[u8]) -> bool {
    let stated = ImageFormat::sniff(bytes).map(|format| orientation::stated(bytes, format));
    stated.is_none_or(|stated| stated == ::image::metadata::Orientation::NoTransforms)
}

/// What is said of bytes that start as no format read here.
fn unknown(bytes: &[u8]) -> ImageFormatError {
    let first = || bytes.iter().take(8).copied().collect();
    ForeignFormat::sniff(bytes)
        .map_or_else(|| ImageFormatError::Unrecognised { first: first() }, ImageFormatError::Foreign)
}
