//! JPEG 2000, through `hayro-jpeg2000`, which sees the bare codestream and only after its header was found sane.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};
use whorl_types::{GreyImage, RgbImage};

use super::jp2::Boxes;
use super::{ImageFormat, ImageFormatError, Pixels};
use crate::cursor::{Cursor, Truncated};

/// The most samples (pixels times components) of one picture. The decoder keeps several 32-bit planes of them, and a file
/// of a hundred bytes can ask for all: a whole ten-print card at 500 ppi, or a face of 16 megapixels.
const MAX_SAMPLES: u64 = 48 << 20;

/// The most components: red, green, blue, alpha.
const MAX_COMPONENTS: u16 = 4;

/// The deepest samples that are read, in bits.
const MAX_DEPTH_BITS: u8 = 16;

/// The most tiles of one picture: tile numbers have 16 bits (ISO/IEC 15444-1, clause A.4.2).
const MAX_TILES: u64 = 65_535;

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
    let codestream = boxes.codestream.ok_or_else(|| damaged("it holds no codestream"))?;
    check_header(codestream)?;
    // The decoder is fuzzed here and by its authors; should one input still reach a bug of it, that input is refused
    // and the next one is decoded.
    catch_unwind(AssertUnwindSafe(|| decode_codestream(codestream)))
        .unwrap_or_else(|_| Err(damaged("the decoder failed on it")))
}

fn check_header(codestream: &[u8]) -> Result<(), ImageFormatError> {
    let size = SizeSegment::read(codestream).map_err(|truncated| damaged(truncated.to_string()))?;
    let (width_px, height_px) = (size.width_px, size.height_px);
    GreyImage::check_size(width_px, height_px)
        .map_err(|reason| ImageFormatError::Size { format: ImageFormat::Jpeg2000, reason })?;
    if !(1..=MAX_COMPONENTS).contains(&size.components) {
        return Err(unsupported(format!("{} components", size.components)));
    }
    let samples = u64::from(width_px) * u64::from(height_px) * u64::from(size.components);
    if samples > MAX_SAMPLES {
        return Err(damaged(format!(
            "{width_px} x {height_px} pixels of {} components are over the limit of {MAX_SAMPLES} samples",
            size.components
        )));
    }
    if size.depth_bits > MAX_DEPTH_BITS {
        return Err(unsupported(format!("{} bits", size.depth_bits)));
    }
    if !(1..=MAX_TILES).contains(&size.tiles) {
        return Err(damaged(format!("{} tiles are not within 1..={MAX_TILES}", size.tiles)));
    }
    Ok(())
}

/// The SIZ marker segment, which every codestream starts with (ISO/IEC 15444-1, clause A.5.1).
struct SizeSegment {
    width_px: u32,
    height_px: u32,
    /// Tiles that cover the reference grid; 0 where a tile has no size.
    tiles: u64,
    components: u16,
    depth_bits: u8,
}

impl SizeSegment {
    fn read(codestream: &[u8]) -> Result<Self, Truncated> {
        let mut cursor = Cursor::new(codestream);
        cursor.take(8, "SOC, SIZ, Lsiz, Rsiz")?;
        let (right, bottom) = (cursor.u32("Xsiz")?, cursor.u32("Ysiz")?);
        let (left, top) = (cursor.u32("XOsiz")?, cursor.u32("YOsiz")?);
        let (tile_width, tile_height) = (cursor.u32("XTsiz")?, cursor.u32("YTsiz")?);
        let (tiles_left, tiles_top) = (cursor.u32("XTOsiz")?, cursor.u32("YTOsiz")?);
        let count = |end: u32, start: u32, side: u32| {
            if side == 0 { 0 } else { u64::from(end.saturating_sub(start).div_ceil(side)) }
        };
        let tiles = count(right, tiles_left, tile_width).saturating_mul(count(bottom, tiles_top, tile_height));
        let components = cursor.u16("Csiz")?;
        let mut depth_bits = 0;
        for _ in 0..components.min(MAX_COMPONENTS) {
            depth_bits = depth_bits.max((cursor.u8("Ssiz")? & 0x7F) + 1);
            cursor.take(2, "XRsiz, YRsiz")?;
        }
        let (width_px, height_px) = (right.saturating_sub(left), bottom.saturating_sub(top));
        Ok(Self { width_px, height_px, tiles, components, depth_bits })
    }
}

fn decode_codestream(codestream: &[u8]) -> Result<Pixels, ImageFormatError> {
    let image = Image::new(codestream, &DecodeSettings::default()).map_err(|error| damaged(error.to_string()))?;
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
