//! PNG, JPEG, BMP, TIFF and PNM, through the crate `image`.

use std::io::Cursor;

use ::image::{DynamicImage, ExtendedColorType, GrayImage, ImageDecoder, ImageReader, Limits};
use whorl_types::{GreyImage, RgbImage};

use super::chunks::Chunks;
use super::{ImageFormat, ImageFormatError, Pixels, jpeg, orientation};

/// The most memory a decoder may take: the largest image with four 16-bit samples a pixel.
const MAX_DECODER_BYTES: u64 = 512 << 20;

/// Decodes `bytes` as `library`, which is what the crate `image` calls `format`.
pub(super) fn decode(
    bytes: &[u8],
    format: ImageFormat,
    library: ::image::ImageFormat,
) -> Result<Pixels, ImageFormatError> {
    // Some decoders' messages run over several lines.
    let one_line = |message: String| message.split_whitespace().collect::<Vec<_>>().join(" ");
    let damaged =
        |error: ::image::ImageError| ImageFormatError::Damaged { format, reason: one_line(error.to_string()) };
    match format {
        ImageFormat::Jpeg => check_jpeg(&jpeg::Segments::read(bytes))?,
        ImageFormat::Png => check_png(&Chunks::read(bytes))?,
        ImageFormat::Bmp | ImageFormat::Tiff | ImageFormat::Pnm | ImageFormat::Jpeg2000 | ImageFormat::Wsq => {}
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), library);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(damaged)?;
    let (width_px, height_px) = decoder.dimensions();
    GreyImage::check_size(width_px, height_px).map_err(|reason| ImageFormatError::Size { format, reason })?;
    if matches!(decoder.original_color_type(), ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16) {
        return Err(ImageFormatError::Samples { format, samples: "CMYK".to_owned() });
    }
    let stored = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    pixels(orientation::upright(narrowed(stored, format)?, orientation::stated(bytes, format)), format)
}

/// Refuses what the decoder would take without a word.
fn check_jpeg(segments: &jpeg::Segments) -> Result<(), ImageFormatError> {
    let format = ImageFormat::Jpeg;
    if segments.components == Some(4) {
        return Err(ImageFormatError::Samples { format, samples: "CMYK".to_owned() });
    }
    if !segments.has_end() {
        let reason = "no end-of-image marker follows the coded picture: the file is cut short".to_owned();
        return Err(ImageFormatError::Damaged { format, reason });
    }
    Ok(())
}

/// Refuses an animation, of which the decoder would take the picture for those that cannot play it.
fn check_png(chunks: &Chunks) -> Result<(), ImageFormatError> {
    match chunks.frames {
        Some(frames) if frames > 1 => Err(ImageFormatError::Animated { format: ImageFormat::Png, frames }),
        Some(_) | None => Ok(()),
    }
}

/// Scales a 16-bit sample to 8 bits: 0 stays 0, 65535 becomes 255, all between go to the nearest.
fn to_8_bits(sample: u16) -> u8 {
    ((u32::from(sample) + 128) / 257) as u8
}

/// The first `kept` of every `stored` samples, as 8 bits.
fn keep<T: Copy>(samples: &[T], stored: usize, kept: usize, narrow: impl Fn(T) -> u8) -> Vec<u8> {
    samples.chunks_exact(stored).flat_map(|pixel| &pixel[..kept]).map(|&sample| narrow(sample)).collect()
}

/// The samples as 8 bits, one or three a pixel.
fn narrowed(image: DynamicImage, format: ImageFormat) -> Result<DynamicImage, ImageFormatError> {
    let (width_px, height_px) = (image.width(), image.height());
    let as_is = |sample: u8| sample;
    let colour = image.color();
    let grey = |samples| GrayImage::from_raw(width_px, height_px, samples).map(DynamicImage::ImageLuma8);
    let rgb = |samples| ::image::RgbImage::from_raw(width_px, height_px, samples).map(DynamicImage::ImageRgb8);
    let narrowed = match image {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => return Ok(image),
        DynamicImage::ImageLumaA8(stored) => grey(keep(&stored, 2, 1, as_is)),
        DynamicImage::ImageRgba8(stored) => rgb(keep(&stored, 4, 3, as_is)),
        DynamicImage::ImageLuma16(stored) => grey(keep(&stored, 1, 1, to_8_bits)),
        DynamicImage::ImageLumaA16(stored) => grey(keep(&stored, 2, 1, to_8_bits)),
        DynamicImage::ImageRgb16(stored) => rgb(keep(&stored, 3, 3, to_8_bits)),
        DynamicImage::ImageRgba16(stored) => rgb(keep(&stored, 4, 3, to_8_bits)),
        DynamicImage::ImageRgb32F(_) | DynamicImage::ImageRgba32F(_) | _ => None,
    };
    narrowed.ok_or_else(|| ImageFormatError::Samples { format, samples: format!("{colour:?}") })
}

fn pixels(image: DynamicImage, format: ImageFormat) -> Result<Pixels, ImageFormatError> {
    let (width_px, height_px, is_grey) = (image.width(), image.height(), !image.color().has_color());
    let samples = image.into_bytes();
    let made = if is_grey {
        GreyImage::new(width_px, height_px, samples).map(Pixels::Grey)
    } else {
        RgbImage::new(width_px, height_px, samples).map(Pixels::Rgb)
    };
    made.map_err(|reason| ImageFormatError::Size { format, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_go_to_the_nearest_of_eight() {
        assert_eq!([0, 128, 129, 257, 65535 - 129, 65535].map(to_8_bits), [0, 0, 1, 1, 254, 255]);
    }

    #[test]
    fn alpha_is_dropped_and_not_blended() {
        assert_eq!(keep(&[10, 0, 20, 255], 2, 1, |sample: u8| sample), [10, 20]);
    }
}
