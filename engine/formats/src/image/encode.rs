//! Writing PNG.

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
