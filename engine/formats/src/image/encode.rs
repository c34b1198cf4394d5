//! Writing PNG, which keeps every pixel, and JPEG, for pages that only show a picture.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use whorl_types::{GreyImage, Pixels, Ppi, RgbImage};

use super::resolution::INCH_M;

/// What is written: the samples of a picture, grey or in colour, wherever they are kept.
#[derive(Debug, Clone, Copy)]
pub struct Raster<'a> {
    width_px: u32,
    height_px: u32,
    samples: &'a [u8],
    is_grey: bool,
}

impl<'a> From<&'a GreyImage> for Raster<'a> {
    fn from(image: &'a GreyImage) -> Self {
        Self { width_px: image.width_px(), height_px: image.height_px(), samples: image.pixels(), is_grey: true }
    }
}

impl<'a> From<&'a RgbImage> for Raster<'a> {
    fn from(image: &'a RgbImage) -> Self {
        Self { width_px: image.width_px(), height_px: image.height_px(), samples: image.samples(), is_grey: false }
    }
}

impl<'a> From<&'a Pixels> for Raster<'a> {
    fn from(image: &'a Pixels) -> Self {
        match image {
            Pixels::Grey(grey) => grey.into(),
            Pixels::Rgb(rgb) => rgb.into(),
        }
    }
}

/// The picture as a PNG of 8 bits a sample, with its sampling rate where it is known.
///
/// # Panics
/// Never: an image of any allowed size fits PNG, and memory takes every write.
#[must_use]
pub fn encode_png<'a>(image: impl Into<Raster<'a>>, ppi: Option<Ppi>) -> Vec<u8> {
    let Raster { width_px, height_px, samples, is_grey } = image.into();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width_px, height_px);
    encoder.set_color(if is_grey { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(ppi.map(|ppi| {
        let per_m = (f64::from(ppi.get()) / INCH_M).round() as u32;
        png::PixelDimensions { xppu: per_m, yppu: per_m, unit: png::Unit::Meter }
    }));
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(samples));
    written.expect("a valid image fits PNG, and memory takes every write");
    bytes
}

/// The picture as a JPEG of `quality` 1 to 100, which is to be looked at: what is to be recognised is kept as PNG.
///
/// # Panics
/// Never: an image of any allowed size fits JPEG, and memory takes every write.
#[must_use]
pub fn encode_jpeg<'a>(image: impl Into<Raster<'a>>, quality: u8) -> Vec<u8> {
    let Raster { width_px, height_px, samples, is_grey } = image.into();
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100));
    let kind = if is_grey { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 };
    let written = encoder.write_image(samples, width_px, height_px, kind);
    written.expect("a valid image fits JPEG, and memory takes every write");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_shows_the_same_picture() {
        let pixels: Vec<u8> = (0..64 * 48).map(|at| (at % 64 * 2 + at / 64) as u8).collect();
        let image = GreyImage::new(64, 48, pixels).unwrap();
        let shown = super::super::decode(&encode_jpeg(&image, 90)).unwrap().pixels.into_grey();
        assert_eq!((shown.width_px(), shown.height_px()), (64, 48));
        let strayed = shown.pixels().iter().zip(image.pixels()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(strayed < Some(12), "{strayed:?}");
    }

    #[test]
    fn colours_are_written_and_come_back() {
        let samples = (0..16 * 16).flat_map(|at| [(at % 16 * 15) as u8, (at / 16 * 15) as u8, 40]).collect();
        let image = RgbImage::new(16, 16, samples).unwrap();
        let png = super::super::decode(&encode_png(&image, Some(Ppi::STANDARD))).unwrap();
        assert_eq!((png.pixels, png.ppi), (Pixels::Rgb(image.clone()), Some(Ppi::STANDARD)));
        let Pixels::Rgb(shown) = super::super::decode(&encode_jpeg(&image, 95)).unwrap().pixels else {
            panic!("the colours are lost")
        };
        let strayed: u32 = shown.samples().iter().zip(image.samples()).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        assert!(strayed < 6 * 3 * 256, "{strayed}");
    }
}
