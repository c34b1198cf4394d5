//! Samples in rows, seen alike whether grey or in colour.

use std::borrow::Cow;

use whorl_types::{GreyImage, Pixels, RgbImage};

/// The samples of a picture, or of a part of one made smaller: `channels` to a pixel, row after row from the top.
#[derive(Debug, Clone)]
pub(super) struct Raster<'a> {
    pub(super) width: usize,
    pub(super) height: usize,
    /// 1 where the picture is grey, 3 where it is red, green and blue.
    pub(super) channels: usize,
    pub(super) samples: Cow<'a, [u8]>,
}

/// A part of a raster: columns from `left` to before `right`, rows from `top` to before `bottom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl<'a> Raster<'a> {
    pub(super) fn of(picture: &'a Pixels) -> Self {
        let (width, height) = (picture.width_px() as usize, picture.height_px() as usize);
        let (channels, samples) = match picture {
            Pixels::Grey(grey) => (1, grey.pixels()),
            Pixels::Rgb(rgb) => (3, rgb.samples()),
        };
        Self { width, height, channels, samples: Cow::Borrowed(samples) }
    }

    pub(super) fn row(&self, y: usize) -> &[u8] {
        let length = self.width * self.channels;
        &self.samples[y * length..][..length]
    }

    /// The `part`, each `factor` by `factor` of its pixels averaged into one. Where the sides are no multiples, the last column
    /// and row average fewer. Each sample of the part is read once, whatever the factor.
    pub(super) fn shrunk(&self, part: Part, factor: usize) -> Raster<'static> {
        let width = (part.right - part.left).div_ceil(factor);
        let height = (part.bottom - part.top).div_ceil(factor);
        let mut samples = Vec::with_capacity(width * height * self.channels);
        let mut sums = vec![0_u32; width * self.channels];
        for y in 0..height {
            sums.fill(0);
            let top = part.top + y * factor;
            let rows = top..(top + factor).min(part.bottom);
            for row in rows.clone() {
                let row = &self.row(row)[part.left * self.channels..part.right * self.channels];
                self.add(row, factor, &mut sums);
            }
            for (place, &sum) in sums.iter().enumerate() {
                let left = part.left + place / self.channels * factor;
                let count = (rows.len() * (left + factor).min(part.right).saturating_sub(left)) as u32;
                samples.push(((sum + count / 2) / count) as u8);
            }
        }
        Raster { width, height, channels: self.channels, samples: Cow::Owned(samples) }
    }

    /// Adds a row's samples to the sums of the pixels that they go into.
    fn add(&self, row: &[u8], factor: usize, sums: &mut [u32]) {
        let channels = self.channels;
        for (sums, block) in sums.chunks_exact_mut(channels).zip(row.chunks(factor * channels)) {
            for pixel in block.chunks_exact(channels) {
                for (sum, &sample) in sums.iter_mut().zip(pixel) {
                    *sum += u32::from(sample);
                }
            }
        }
    }

    /// The square raster turned clockwise.
    pub(super) fn turned(&self, quarter_turns: u8) -> Raster<'static> {
        let (side, channels) = (self.width, self.channels);
        let mut samples = Vec::with_capacity(self.samples.len());
        for y in 0..side {
            for x in 0..side {
                let (column, row) = match quarter_turns % 4 {
                    0 => (x, y),
                    1 => (y, side - 1 - x),
                    2 => (side - 1 - x, side - 1 - y),
                    _ => (side - 1 - y, x),
                };
                samples.extend_from_slice(&self.samples[(row * side + column) * channels..][..channels]);
            }
        }
        Raster { samples: samples.into(), width: side, height: side, channels }
    }

    /// As a picture of its own.
    pub(super) fn into_pixels(self) -> Pixels {
        let (width, height, samples) = (self.width as u32, self.height as u32, self.samples.into_owned());
        let picture = match self.channels {
            1 => GreyImage::new(width, height, samples).map(Pixels::Grey),
            _ => RgbImage::new(width, height, samples).map(Pixels::Rgb),
        };
        picture.expect("a raster is filled, and those made here are small")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_averaged_and_ragged_edges_average_what_is_there() {
        let samples: Vec<u8> = vec![0, 10, 20, 30, 40, 10, 20, 30, 40, 50, 100, 100, 200, 200, 255];
        let picture = Pixels::Grey(GreyImage::new(5, 3, samples).unwrap());
        let whole = Part { left: 0, top: 0, right: 5, bottom: 3 };
        let small = Raster::of(&picture).shrunk(whole, 2);
        assert_eq!((small.width, small.height), (3, 2));
        assert_eq!(small.samples.as_ref(), [10, 30, 45, 100, 200, 255]);
    }

    #[test]
    fn colours_are_averaged_apart() {
        let picture = Pixels::Rgb(RgbImage::new(2, 1, vec![0, 100, 7, 10, 200, 7]).unwrap());
        let small = Raster::of(&picture).shrunk(Part { left: 0, top: 0, right: 2, bottom: 1 }, 2);
        assert_eq!(small.samples.as_ref(), [5, 150, 7]);
        assert_eq!(small.into_pixels().to_grey().width_px(), 1);
    }

    #[test]
    fn a_part_of_factor_one_is_cut_out() {
        let picture = Pixels::Grey(GreyImage::new(3, 3, (0..9).collect()).unwrap());
        let cut = Raster::of(&picture).shrunk(Part { left: 1, top: 1, right: 3, bottom: 3 }, 1);
        assert_eq!(cut.samples.as_ref(), [4, 5, 7, 8]);
    }
}
