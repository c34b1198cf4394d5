//! Pictures inside drawings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use whorl_formats::image::{encode_jpeg, encode_png};
use whorl_types::{GreyImage, Ppi};

/// The longest side of a thumbnail, in pixels: what a column of a page shows of a print, twice over for sharp screens.
const THUMBNAIL_PX: u32 = 400;

/// JPEG quality of a thumbnail: ridges and iris texture stay crisp at some 15 kB.
const THUMBNAIL_QUALITY: u8 = 60;

/// What lies behind the marks of a drawing.
#[derive(Debug, Clone)]
pub(crate) enum Picture {
    /// A picture carried by the drawing itself, as a data URI.
    Embedded(String),
    /// A picture that the page around the drawing defines under this id.
    Shared(String),
    /// No picture: what the template knows stands in for it.
    None,
}

impl Picture {
    /// The picture, every pixel of it.
    pub(crate) fn embed(image: &GreyImage, ppi: Option<Ppi>) -> Self {
        Self::Embedded(data_uri("png", &encode_png(image, ppi)))
    }
}

/// A small copy of `image` for a page of many, in a `data:` URI.
pub(crate) fn thumbnail(image: &GreyImage) -> String {
    let times = image.width_px().max(image.height_px()).div_ceil(THUMBNAIL_PX);
    if times > 1 { jpeg(&reduced(image, times)) } else { jpeg(image) }
}

/// `image` in a `data:` URI, to be looked at.
pub(super) fn jpeg(image: &GreyImage) -> String {
    data_uri("jpeg", &encode_jpeg(image, THUMBNAIL_QUALITY))
}

/// `image` with every square of `times` by `times` pixels made one, their mean; those at the edge may be cut short.
fn reduced(image: &GreyImage, times: u32) -> GreyImage {
    let (width, height) = (image.width_px().div_ceil(times), image.height_px().div_ceil(times));
    let mean = |at: u32| {
        let (left, top) = (at % width * times, at / width * times);
        let columns = left as usize..(left + times).min(image.width_px()) as usize;
        let rows = top..(top + times).min(image.height_px());
        let count = columns.len() as u32 * rows.len() as u32;
        let sum: u32 = rows.flat_map(|y| &image.row(y)[columns.clone()]).map(|&grey| u32::from(grey)).sum();
        ((sum + count / 2) / count) as u8
    };
    GreyImage::new(width, height, (0..width * height).map(mean).collect()).expect("no side grew, and none is empty")
}

/// `bytes` of an image of this kind in a `data:` URI.
fn data_uri(kind: &str, bytes: &[u8]) -> String {
    format!("data:image/{kind};base64,{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reduced_picture_has_the_mean_of_every_square_and_of_what_is_left_at_the_edge() {
        let image = GreyImage::new(3, 2, vec![10, 20, 7, 30, 40, 9]).unwrap();
        let small = reduced(&image, 2);
        assert_eq!((small.width_px(), small.height_px(), small.pixels()), (2, 1, [25, 8].as_slice()));
    }

    #[test]
    fn a_thumbnail_of_a_large_picture_is_small() {
        let large = GreyImage::new(4000, 3000, vec![128; 12_000_000]).unwrap();
        assert!(thumbnail(&large).len() < 20_000);
    }
}
