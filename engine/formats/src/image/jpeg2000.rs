//! JPEG 2000, through `hayro-jpeg2000`, which sees the bare codestream and only after its header was found sane.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};
use whorl_types::{GreyImage, RgbImage};

use super::codestream::{self, CodestreamError};
use super::jp2::Boxes;
use super::{ImageFormat, ImageFormatError, Pixels};

/// The marker EOC (ISO/IEC 15444-1, clause A.4.4).
const END_OF_CODESTREAM: &[u8] = &[0xFF, 0xD9];

/// Enumerated colour spaces of ISO/IEC 15444-1, table I.10, that need no conversion.
const COLOUR_SPACE_SRGB: u32 = 16;
const COLOUR_SPACE_GREY: u32 = 17;

fn damaged(reason: impl Into<String>) -> ImageFormatError {
    ImageFormatError::Damaged { format: ImageFormat::Jpeg2000, reason: reason.into() }
}

fn unsupported(samples: impl Into<String>) -> ImageFormatError {
    ImageFormatError::Samples { format: ImageFormat::Jpeg2000, samples: samples.into() }
}

pub(super) fn decode(bytes: &[u8]) -> Result<Pixels, ImageFormatError> {
    let boxes = Boxes::read(bytes);
    if boxes.has_palette {
        return Err(unsupported("palette index"));
    }
    if let Some(number) = boxes.colour_space
        && ![COLOUR_SPACE_SRGB, COLOUR_SPACE_GREY].contains(&number)
    {
        return Err(unsupported(format!("enumerated colour space {number}")));
    }
    let bare = boxes.codestream.ok_or_else(|| damaged("it holds no codestream"))?;
    codestream::check(bare).map_err(|error| refusal(&error))?;
    // Some encoders leave out the end-of-codestream marker. Strict decoding, which refuses a cut picture, insists on it.
    let closed: Cow<[u8]> =
        if bare.ends_with(END_OF_CODESTREAM) { bare.into() } else { [bare, END_OF_CODESTREAM].concat().into() };
    // The decoder is fuzzed here and by its authors; should one input still reach a bug of it, that input is refused
    // and the next one is decoded.
    catch_unwind(AssertUnwindSafe(|| decode_codestream(&closed)))
        .unwrap_or_else(|_| Err(damaged("the decoder failed on it")))
}

fn refusal(error: &CodestreamError) -> ImageFormatError {
    match error {
        CodestreamError::Size(reason) => ImageFormatError::Size { format: ImageFormat::Jpeg2000, reason: *reason },
        CodestreamError::Components(_) | CodestreamError::Depth(_) => unsupported(error.to_string()),
        CodestreamError::Truncated(_) | CodestreamError::TooMany { .. } | CodestreamError::EmptyTile => {
            damaged(error.to_string())
        }
    }
}

fn decode_codestream(codestream: &[u8]) -> Result<Pixels, ImageFormatError> {
    let image = Image::new(codestream, &DecodeSettings { strict: true, ..DecodeSettings::default() })
        .map_err(|error| damaged(error.to_string()))?;
    let (width_px, height_px) = (image.width(), image.height());
    let kept = match image.color_space() {
        ColorSpace::Gray => 1,
        ColorSpace::RGB => 3,
        ColorSpace::CMYK => return Err(unsupported("CMYK")),
        ColorSpace::Unknown { num_channels } | ColorSpace::Icc { num_channels, .. } => {
            return Err(unsupported(format!("{num_channels} components")));
        }
    };
    let stored = kept + usize::from(image.has_alpha());
    let mut context = DecoderContext::default();
    let samples = image.decode(&mut context).map_err(|error| damaged(error.to_string()))?.data_u8();
    let samples = if stored == kept {
        samples
    } else {
        samples.chunks_exact(stored).flat_map(|pixel| &pixel[..kept]).copied().collect()
    };
    let sized = |reason| ImageFormatError::Size { format: ImageFormat::Jpeg2000, reason };
    if kept == 1 {
        GreyImage::new(width_px, height_px, samples).map(Pixels::Grey).map_err(sized)
    } else {
        RgbImage::new(width_px, height_px, samples).map(Pixels::Rgb).map_err(sized)
    }
}
