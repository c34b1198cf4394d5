//! Decoded pictures: rows of samples, top row first, no padding.

use std::borrow::Cow;
use std::fmt;

use thiserror::Error;

/// The longest side, in pixels, that any image in Whorl may have.
///
/// A ten-print card at 1000 ppi is 8000 pixels wide; nothing that is captured for recognition is larger.
const MAX_SIDE_PX: u32 = 16_384;

/// The most pixels an image may have: a full card at 1000 ppi, which as 8-bit grey is 64 MiB.
const MAX_AREA_PX: u64 = 64 << 20;

/// Why a picture cannot be an image of Whorl's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ImageError {
    /// One side is zero.
    #[error("the image is empty: {width_px} x {height_px} pixels")]
    Empty {
        /// Width, in pixels.
        width_px: u32,
        /// Height, in pixels.
        height_px: u32,
    },
    /// A side or the area is over the limit.
    #[error(
        "the image is {width_px} x {height_px} pixels; the limit is {MAX_SIDE_PX} a side and {MAX_AREA_PX} in all: crop or downscale it"
    )]
    TooLarge {
        /// Width, in pixels.
        width_px: u32,
        /// Height, in pixels.
        height_px: u32,
    },
    /// The number of samples does not follow from the sides.
    #[error("{width_px} x {height_px} pixels need {expected} samples, {found} were given")]
    WrongLength {
        /// Width, in pixels.
        width_px: u32,
        /// Height, in pixels.
        height_px: u32,
        /// Samples that the sides ask for.
        expected: usize,
        /// Samples given.
        found: usize,
    },
}

fn check(width_px: u32, height_px: u32, samples_per_px: usize, found: usize) -> Result<(), ImageError> {
    GreyImage::check_size(width_px, height_px)?;
    let expected = width_px as usize * height_px as usize * samples_per_px;
    if expected == found { Ok(()) } else { Err(ImageError::WrongLength { width_px, height_px, expected, found }) }
}

/// A picture with one 8-bit sample a pixel: 0 is black, 255 is white.
#[derive(Clone, PartialEq, Eq)]
pub struct GreyImage {
    width_px: u32,
    height_px: u32,
    pixels: Vec<u8>,
}

impl GreyImage {
    /// The longest side an image may have, in pixels.
    pub const MAX_SIDE_PX: u32 = MAX_SIDE_PX;

    /// Whether an image of this size is allowed, before anything is allocated for it.
    ///
    /// # Errors
    /// [`ImageError::Empty`] where a side is zero, [`ImageError::TooLarge`] over 16,384 pixels a side or 64 Mi pixels in all.
    pub fn check_size(width_px: u32, height_px: u32) -> Result<(), ImageError> {
        if width_px == 0 || height_px == 0 {
            return Err(ImageError::Empty { width_px, height_px });
        }
        let area_px = u64::from(width_px) * u64::from(height_px);
        if width_px.max(height_px) > MAX_SIDE_PX || area_px > MAX_AREA_PX {
            return Err(ImageError::TooLarge { width_px, height_px });
        }
        Ok(())
    }

    /// An image of `width_px * height_px` samples, row after row from the top.
    ///
    /// # Errors
    /// As [`GreyImage::check_size`], and [`ImageError::WrongLength`] where the samples do not fill the image exactly.
    pub fn new(width_px: u32, height_px: u32, pixels: Vec<u8>) -> Result<Self, ImageError> {
        check(width_px, height_px, 1, pixels.len())?;
        Ok(Self { width_px, height_px, pixels })
    }

    /// Width, in pixels, at least 1.
    #[must_use]
    pub fn width_px(&self) -> u32 {
        self.width_px
    }

    /// Height, in pixels, at least 1.
    #[must_use]
    pub fn height_px(&self) -> u32 {
        self.height_px
    }

    /// All samples, row after row from the top.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The samples of row `y`, counted from the top.
    ///
    /// # Panics
    /// Where `y` is not below the height.
    #[must_use]
    pub fn row(&self, y: u32) -> &[u8] {
        let width = self.width_px as usize;
        &self.pixels[y as usize * width..][..width]
    }

    /// The sample at column `x`, row `y`.
    ///
    /// # Panics
    /// Where the place is outside the image.
    #[must_use]
    pub fn at(&self, x: u32, y: u32) -> u8 {
        self.row(y)[x as usize]
    }
}

impl fmt::Debug for GreyImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GreyImage({} x {} px)", self.width_px, self.height_px)
    }
}

/// A picture with three 8-bit samples a pixel: red, green, blue.
#[derive(Clone, PartialEq, Eq)]
pub struct RgbImage {
    width_px: u32,
    height_px: u32,
    samples: Vec<u8>,
}

impl RgbImage {
    /// An image of `3 * width_px * height_px` samples, red, green, blue of each pixel, row after row from the top.
    ///
    /// # Errors
    /// As [`GreyImage::new`].
    pub fn new(width_px: u32, height_px: u32, samples: Vec<u8>) -> Result<Self, ImageError> {
        check(width_px, height_px, 3, samples.len())?;
        Ok(Self { width_px, height_px, samples })
    }

    /// Width, in pixels, at least 1.
    #[must_use]
    pub fn width_px(&self) -> u32 {
        self.width_px
    }

    /// Height, in pixels, at least 1.
    #[must_use]
    pub fn height_px(&self) -> u32 {
        self.height_px
    }

    /// All samples, three a pixel, row after row from the top.
    #[must_use]
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// The luma of each pixel, as ITU-R BT.601 weighs the three colours, rounded to the nearest grey level.
    #[must_use]
    pub fn to_grey(&self) -> GreyImage {
        let luma = |rgb: &[u8]| {
            let weighted = 299 * u32::from(rgb[0]) + 587 * u32::from(rgb[1]) + 114 * u32::from(rgb[2]);
            ((weighted + 500) / 1000) as u8
        };
        let pixels = self.samples.chunks_exact(3).map(luma).collect();
        GreyImage { width_px: self.width_px, height_px: self.height_px, pixels }
    }
}

impl fmt::Debug for RgbImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RgbImage({} x {} px)", self.width_px, self.height_px)
    }
}

/// The samples of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pixels {
    /// One sample a pixel.
    Grey(GreyImage),
    /// Three samples a pixel.
    Rgb(RgbImage),
}

impl Pixels {
    /// How colourful the picture is, 0..=255: the mean of each pixel's largest sample less its smallest; 0 in grey.
    #[must_use]
    pub fn colour(&self) -> u8 {
        let Self::Rgb(rgb) = self else { return 0 };
        let (pixels, _) = rgb.samples().as_chunks();
        let spread = |[red, green, blue]: &[u8; 3]| red.max(green).max(blue) - red.min(green).min(blue);
        let total: u64 = pixels.iter().map(|pixel| u64::from(spread(pixel))).sum();
        (total / pixels.len() as u64) as u8
    }

    /// Width, in pixels, at least 1.
    #[must_use]
    pub fn width_px(&self) -> u32 {
        match self {
            Self::Grey(grey) => grey.width_px(),
            Self::Rgb(rgb) => rgb.width_px(),
        }
    }

    /// Height, in pixels, at least 1.
    #[must_use]
    pub fn height_px(&self) -> u32 {
        match self {
            Self::Grey(grey) => grey.height_px(),
            Self::Rgb(rgb) => rgb.height_px(),
        }
    }

    /// The picture in grey, without a copy where it is; colours by their luma.
    #[must_use]
    pub fn to_grey(&self) -> Cow<'_, GreyImage> {
        match self {
            Self::Grey(grey) => Cow::Borrowed(grey),
            Self::Rgb(rgb) => Cow::Owned(rgb.to_grey()),
        }
    }

    /// The picture in grey; colours by their luma.
    #[must_use]
    pub fn into_grey(self) -> GreyImage {
        match self {
            Self::Grey(grey) => grey,
            Self::Rgb(rgb) => rgb.to_grey(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_must_be_filled_exactly() {
        assert!(GreyImage::new(3, 2, vec![0; 6]).is_ok());
        assert_eq!(
            GreyImage::new(3, 2, vec![0; 5]),
            Err(ImageError::WrongLength { width_px: 3, height_px: 2, expected: 6, found: 5 })
        );
        assert_eq!(GreyImage::new(0, 2, vec![]), Err(ImageError::Empty { width_px: 0, height_px: 2 }));
    }

    #[test]
    fn sizes_are_refused_before_anything_is_allocated() {
        assert!(GreyImage::check_size(16_384, 4_096).is_ok());
        assert!(GreyImage::check_size(16_384, 4_097).is_err());
        assert!(GreyImage::check_size(u32::MAX, u32::MAX).is_err());
    }

    #[test]
    fn luma_keeps_grey_and_weighs_green_most() {
        let rgb = RgbImage::new(3, 1, vec![77, 77, 77, 0, 255, 0, 255, 0, 0]).unwrap();
        assert_eq!(rgb.to_grey().pixels(), [77, 150, 76]);
    }

    #[test]
    fn debug_shows_the_size_and_no_pixel() {
        assert_eq!(format!("{:?}", GreyImage::new(2, 1, vec![9, 9]).unwrap()), "GreyImage(2 x 1 px)");
    }
}
