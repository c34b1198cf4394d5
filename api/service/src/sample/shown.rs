//! Pictures as people look at them: no browser knows WSQ, a record of ISO/IEC 19794, or mostly JPEG 2000.

use whorl_formats::image::encode_png;
use whorl_formats::sample as pixels;

use super::SampleError;

/// A picture of a file, to be looked at.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// The picture as a PNG; none where the file has fewer.
    pub png: Option<Vec<u8>>,
    /// How many pictures the file holds.
    pub of: usize,
}

/// Picture `number` of a file, from 0.
///
/// # Errors
/// [`SampleError::Pixels`] where the file holds no pictures, or this one is damaged.
pub fn shown(bytes: &[u8], number: usize) -> Result<Shown, SampleError> {
    let mut pictures = pixels::read_each(bytes)?;
    let of = pictures.len();
    if number >= of {
        return Ok(Shown { png: None, of });
    }
    let picture = pictures.swap_remove(number)?;
    Ok(Shown { png: Some(encode_png(&picture.image, picture.ppi)), of })
}

/// Sizes, never content.
impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shown({} bytes, 1 of {})", self.png.as_ref().map_or(0, Vec::len), self.of)
    }
}

#[cfg(test)]
mod tests {
    use whorl_formats::image::{ImageFormat, decode};
    use whorl_formats::wsq::{BitRate, encode};
    use whorl_types::GreyImage;

    use super::*;

    #[test]
    fn what_no_page_can_show_becomes_a_picture_that_it_can_with_the_same_pixels() {
        let ridges = |at: u32| if (at % 200 / 8).is_multiple_of(2) { 60 } else { 200 };
        let image = GreyImage::new(200, 240, (0..200 * 240).map(ridges).collect()).unwrap();
        let wsq = encode(&image, None, BitRate::new(2.0).unwrap());
        assert_eq!(ImageFormat::sniff(&wsq), Some(ImageFormat::Wsq));
        let Shown { png, of } = shown(&wsq, 0).unwrap();
        let png = png.unwrap();
        assert_eq!((ImageFormat::sniff(&png), of), (Some(ImageFormat::Png), 1));
        assert_eq!(decode(&png).unwrap().pixels, decode(&wsq).unwrap().pixels);
        assert_eq!(shown(&wsq, 1).unwrap(), Shown { png: None, of: 1 });
        assert!(matches!(shown(b"%PDF-1.7", 0), Err(SampleError::Pixels(_))));
    }
}
