//! PNG, JPEG, BMP, TIFF and PNM, through the crate `image`.

use std::io::Cursor;

use ::image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageReader, Limits};
use whorl_types::{GreyImage, RgbImage};

use super::{ImageFormat, ImageFormatError, Pixels, jpeg};

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
    if format == ImageFormat::Jpeg {
        check_jpeg(&jpeg::Segments::read(bytes))?;
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
    pixels(DynamicImage::from_decoder(decoder).map_err(damaged)?, format)
}

/// Refuses what the decoder would take without a word.
fn check_jpeg(segments: &jpeg::Segments) -> Result<(), ImageFormatError> {
    let format = ImageFormat::Jpeg;
    if segments.components == Some(4) {
        return Err(ImageFormatError::Samples { format, samples: "CMYK".to_owned() });
    }
    if !segments.has_end {
        let reason = "no end-of-image marker follows the coded picture: the file is cut short".to_owned();
        return Err(ImageFormatError::Damaged { format, reason });
    }
    Ok(())
}

/// Scales a 16-bit sample to 8 bits: 0 stays 0, 65535 becomes 255, all between go to the nearest.
fn to_8_bits(sample: u16) -> u8 {
    ((u32::from(sample) + 128) / 257) as u8
}

/// The first `kept` of every `stored` samples, as 8 bits.
fn keep<T: Copy>(samples: &[T], stored: usize, kept: usize, narrow: impl Fn(T) -> u8) -> Vec<u8> {
    samples.chunks_exact(stored).flat_map(|pixel| &pixel[..kept]).map(|&sample| narrow(sample)).collect()
}

fn pixels(image: DynamicImage, format: ImageFormat) -> Result<Pixels, ImageFormatError> {
    let (width_px, height_px) = (image.width(), image.height());
    let as_is = |sample: u8| sample;
    let colour = image.color();
    let (samples, per_px) = match image {
        DynamicImage::ImageLuma8(grey) => (grey.into_raw(), 1),
        DynamicImage::ImageLumaA8(grey) => (keep(&grey, 2, 1, as_is), 1),
        DynamicImage::ImageRgb8(rgb) => (rgb.into_raw(), 3),
        DynamicImage::ImageRgba8(rgb) => (keep(&rgb, 4, 3, as_is), 3),
        DynamicImage::ImageLuma16(grey) => (keep(&grey, 1, 1, to_8_bits), 1),
        DynamicImage::ImageLumaA16(grey) => (keep(&grey, 2, 1, to_8_bits), 1),
        DynamicImage::ImageRgb16(rgb) => (keep(&rgb, 3, 3, to_8_bits), 3),
        DynamicImage::ImageRgba16(rgb) => (keep(&rgb, 4, 3, to_8_bits), 3),
        DynamicImage::ImageRgb32F(_) | DynamicImage::ImageRgba32F(_) | _ => {
            return Err(ImageFormatError::Samples { format, samples: format!("{colour:?}") });
        }
    };
    let sized = |reason| ImageFormatError::Size { format, reason };
    if per_px == 1 {
        GreyImage::new(width_px, height_px, samples).map(Pixels::Grey).map_err(sized)
    } else {
        RgbImage::new(width_px, height_px, samples).map(Pixels::Rgb).map_err(sized)
    }
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
