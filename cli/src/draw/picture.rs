//! Pictures inside drawings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use whorl_formats::image::{Raster, encode_jpeg, encode_png};
use whorl_types::{GreyImage, Pixels, Ppi, RgbImage};

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
    pub(crate) fn embed(image: &Pixels, ppi: Option<Ppi>) -> Self {
        Self::Embedded(data_uri("png", &encode_png(image, ppi)))
    }
}

/// A small copy of `image` for a page of many, in a `data:` URI.
pub(crate) fn thumbnail(image: &Pixels) -> String {
    let times = image.width_px().max(image.height_px()).div_ceil(THUMBNAIL_PX);
    if times > 1 { jpeg(&reduced(image, times)) } else { jpeg(image) }
}

/// `image` in a `data:` URI, to be looked at.
pub(super) fn jpeg<'a>(image: impl Into<Raster<'a>>) -> String {
    data_uri("jpeg", &encode_jpeg(image, THUMBNAIL_QUALITY))
}

/// `image` with every square of `times` by `times` pixels made one, their mean; those at the edge may be cut short.
fn reduced(image: &Pixels, times: u32) -> Pixels {
    let (width, height) = (image.width_px(), image.height_px());
    let small = (width.div_ceil(times), height.div_ceil(times));
    let fits = "no side grew, and none is empty";
    match image {
        Pixels::Grey(grey) => {
            let samples = means::<1>(grey.pixels(), (width, height), times);
            Pixels::Grey(GreyImage::new(small.0, small.1, samples).expect(fits))
        }
        Pixels::Rgb(rgb) => {
            let samples = means::<3>(rgb.samples(), (width, height), times);
            Pixels::Rgb(RgbImage::new(small.0, small.1, samples).expect(fits))
        }
    }
}

/// The mean of every square of `times` by `times` pixels with `N` samples each.
fn means<const N: usize>(samples: &[u8], (width, height): (u32, u32), times: u32) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<N>();
    let rows: Vec<&[[u8; N]]> = pixels.chunks(width as usize).collect();
    let mean = |place: (u32, u32)| {
        let columns = place.0 as usize..(place.0 + times).min(width) as usize;
        let rows = &rows[place.1 as usize..(place.1 + times).min(height) as usize];
        let count = (columns.len() * rows.len()) as u32;
        let of = |sample: usize| {
            rows.iter().flat_map(|row| &row[columns.clone()]).map(|pixel| u32::from(pixel[sample])).sum::<u32>()
        };
        std::array::from_fn::<u8, N, _>(|sample| ((of(sample) + count / 2) / count) as u8)
    };
    let tops = (0..height).step_by(times as usize);
    let places = tops.flat_map(|top| (0..width).step_by(times as usize).map(move |left| (left, top)));
    places.flat_map(mean).collect()
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
        let grey = GreyImage::new(3, 2, vec![10, 20, 7, 30, 40, 9]).unwrap();
        assert_eq!(reduced(&Pixels::Grey(grey), 2), Pixels::Grey(GreyImage::new(2, 1, vec![25, 8]).unwrap()));
        let colour = RgbImage::new(2, 2, vec![0, 10, 90, 4, 20, 90, 4, 30, 92, 4, 40, 96]).unwrap();
        assert_eq!(reduced(&Pixels::Rgb(colour), 2), Pixels::Rgb(RgbImage::new(1, 1, vec![3, 25, 92]).unwrap()));
    }

    #[test]
    fn a_thumbnail_of_a_large_picture_is_small() {
        let large = GreyImage::new(4000, 3000, vec![128; 12_000_000]).unwrap();
        assert!(thumbnail(&Pixels::Grey(large)).len() < 20_000);
    }
}
