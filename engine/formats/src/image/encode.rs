//! Writing PNG, which keeps every pixel, and JPEG, for pages that only show a picture.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use whorl_types::{GreyImage, Ppi};

use super::resolution::INCH_M;

/// The picture as an 8-bit grey PNG, with its sampling rate where it is known.
///
/// # Panics
/// Never: an image of any allowed size fits PNG, and memory takes every write.
#[must_use]
pub fn encode_png(image: &GreyImage, ppi: Option<Ppi>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, image.width_px(), image.height_px());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(ppi.map(|ppi| {
        let per_m = (f64::from(ppi.get()) / INCH_M).round() as u32;
        png::PixelDimensions { xppu: per_m, yppu: per_m, unit: png::Unit::Meter }
    }));
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(image.pixels()));
    written.expect("a valid image fits PNG, and memory takes every write");
    bytes
}

/// The picture as a grey JPEG of `quality` 1 to 100, which is to be looked at and not to be recognised.
///
/// # Panics
/// Never: an image of any allowed size fits JPEG, and memory takes every write.
#[must_use]
pub fn encode_jpeg(image: &GreyImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100));
    let written = encoder.write_image(image.pixels(), image.width_px(), image.height_px(), ExtendedColorType::L8);
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
}
