//! The sample at a size at which grain and texture are those of any sensor.

use std::borrow::Cow;

use whorl_types::GreyImage;

use super::contour::Eye;
use super::strip::sample;
use super::working::reduced;

/// The least radius that a large iris is reduced to: rows of the strip are then about a pixel apart.
const PLENTY_PX: f32 = 90.0;

/// A sample, reduced where its iris is of twice the pixels that are of use or more: texture taken from single pixels of it
/// would be their noise, and a filter as wide as some of them would call the finest picture blurred.
pub(super) struct Shrunk<'a> {
    /// The sample as it came.
    pub(super) whole: &'a GreyImage,
    /// The sample as small as its iris allows.
    pub(super) image: Cow<'a, GreyImage>,
    factor: u32,
}

impl<'a> Shrunk<'a> {
    /// `whole`, as small as `eye` allows.
    pub(super) fn new(whole: &'a GreyImage, eye: &Eye) -> Self {
        let factor = ((eye.limbus.radius() / PLENTY_PX) as u32).max(1);
        let image = if factor == 1 { Cow::Borrowed(whole) } else { Cow::Owned(reduced(whole, factor)) };
        Self { whole, image, factor }
    }

    /// Where a place of the sample is; whole coordinates are the middles of pixels.
    pub(super) fn place(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let place = |px: f32| (px + 0.5) / self.factor as f32 - 0.5;
        if self.factor == 1 { (x, y) } else { (place(x), place(y)) }
    }

    /// The grey level at a place of the sample.
    pub(super) fn sample(&self, place: (f32, f32)) -> Option<f32> {
        sample(&self.image, self.place(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iris::Contour;

    #[test]
    fn a_large_iris_is_shrunk_and_its_places_stay_where_they_are() {
        let ramp = (0..600 * 500).map(|at| (at % 600 * 255 / 600) as u8).collect();
        let image = GreyImage::new(600, 500, ramp).unwrap();
        let eye = |radius| Eye {
            pupil: Contour::circle((300.0, 250.0), 60.0),
            limbus: Contour::circle((300.0, 250.0), radius),
        };
        for (radius, width) in [(60.0, 600), (179.0, 600), (180.0, 300), (270.0, 200)] {
            let shrunk = Shrunk::new(&image, &eye(radius));
            assert_eq!(shrunk.image.width_px(), width);
            for place in [(100.0, 100.0), (300.25, 250.0)] {
                let (small, large) = (shrunk.sample(place).unwrap(), sample(&image, place).unwrap());
                assert!((small - large).abs() < 1.0, "{small} for {large}");
            }
        }
    }
}
