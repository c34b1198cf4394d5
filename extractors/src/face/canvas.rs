//! The square on which a detector looks at a picture.

use whorl_types::Pixels;

use super::raster::Raster;
use super::similarity::Similarity;
use super::warp::warp;

/// How much of the canvas' side the longest side of the picture takes at first. The rest frames it, so that a face that fills
/// the picture still has surroundings, as the faces have that detectors learn from.
pub(super) const NEAR: f32 = 0.875;

/// How much of it the picture takes when no face was found so: faces that fill a large canvas are larger than detectors know.
pub(super) const FAR: f32 = 0.5;

/// A square picture for a detector, with the way back from it.
pub(super) struct Canvas {
    /// As wide as high.
    pub(super) picture: Pixels,
    /// From its pixels to those of the picture that it shows.
    pub(super) to_picture: Similarity,
}

impl Canvas {
    /// All of `picture`, its middle in the middle, its longest side `share` of `side_px`.
    pub(super) fn of(picture: &Pixels, side_px: usize, share: f32) -> Self {
        let (width, height) = (picture.width_px() as f32, picture.height_px() as f32);
        let scale = width.max(height) / (share * side_px as f32);
        let middle = 0.5 * side_px as f32 - 0.5;
        let shift = [0.5 * width - 0.5 - scale * middle, 0.5 * height - 0.5 - scale * middle];
        Self::showing(picture, Similarity::scaling(scale, shift), side_px)
    }

    /// What `to_picture` shows of `picture`.
    pub(super) fn showing(picture: &Pixels, to_picture: Similarity, side_px: usize) -> Self {
        Self { picture: warp(picture, &to_picture, side_px, side_px), to_picture }
    }

    /// The same, turned clockwise. Every pixel is moved as it is.
    pub(super) fn turned(&self, quarter_turns: u8) -> Self {
        let back = Similarity::unturning(quarter_turns, self.side_px());
        let picture = Raster::of(&self.picture).turned(quarter_turns).into_pixels();
        Self { picture, to_picture: back.then(&self.to_picture) }
    }

    pub(super) fn side_px(&self) -> usize {
        self.picture.width_px() as usize
    }
}

#[cfg(test)]
mod tests {
    use whorl_types::GreyImage;

    use super::*;

    fn sloped(width: u32, height: u32) -> Pixels {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = places.map(|(x, y)| (x * 150 / width + y * 100 / height) as u8).collect();
        Pixels::Grey(GreyImage::new(width, height, pixels).unwrap())
    }

    #[test]
    fn a_canvas_shows_the_picture_whole_and_in_the_middle() {
        for (width, height) in [(160, 160), (640, 40), (31, 900), (3000, 2000), (1, 1)] {
            let canvas = Canvas::of(&sloped(width, height), 64, NEAR);
            let (first, last) = (canvas.to_picture.apply([3.5, 3.5]), canvas.to_picture.apply([59.5, 59.5]));
            let longest = width.max(height) as f32;
            assert!((last[0] - first[0] - longest).abs() < 0.01 * longest, "{first:?} {last:?}");
            let centre = canvas.to_picture.apply([31.5, 31.5]);
            assert!((centre[0] - (width as f32 / 2.0 - 0.5)).abs() < 1e-2);
            assert!((centre[1] - (height as f32 / 2.0 - 0.5)).abs() < 1e-2);
        }
    }

    #[test]
    fn a_turned_canvas_shows_the_same_places() {
        let canvas = Canvas::of(&sloped(90, 50), 64, NEAR);
        let upright = canvas.picture.to_grey();
        for quarter_turns in 0..4 {
            let turned = canvas.turned(quarter_turns);
            let back = canvas.to_picture.inverse();
            for (x, y) in [(10, 20), (32, 32), (50, 41)] {
                let [column, row] = back.apply(turned.to_picture.apply([x as f32, y as f32]));
                let there = upright.at((column + 0.5) as u32, (row + 0.5) as u32);
                assert_eq!(turned.picture.to_grey().at(x, y), there);
            }
        }
    }
}
