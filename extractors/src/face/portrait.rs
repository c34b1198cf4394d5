//! The face in one size, on which its light and its sharpness are measured.

use whorl_types::{GreyImage, Pixels};

use super::align::{Figure, PORTRAIT_EYE_DISTANCES};
use super::similarity::Point;
use super::warp::{is_within, warp};

/// Side of a portrait, in pixels: the eyes are 40 apart, a little more than in the crops that embedding networks take.
const SIDE_PX: usize = 160;

/// The oval of the skin, from brow to chin, in eye distances across and down. Hair, ears and neck are out of it.
const HALF_OVAL: Point = [0.95, 1.2];

/// The portrait of a face, as much of it as the picture shows.
pub(super) struct Portrait {
    pub(super) pixels: Pixels,
    /// Its luma.
    pub(super) grey: GreyImage,
    /// Whether a pixel is in the oval of the face and in the picture; row after row.
    pub(super) is_face: Vec<bool>,
}

impl Portrait {
    /// The portrait of the face at `points` of `picture`.
    ///
    /// # Panics
    /// Where the points are all one: they were aligned before.
    pub(super) fn of(picture: &Pixels, points: &[Point; 5]) -> Self {
        let to_picture = Figure::portrait(SIDE_PX).align(points).expect("an aligned face has points");
        let pixels = warp(picture, &to_picture, SIDE_PX, SIDE_PX);
        let places = (0..SIDE_PX).flat_map(|y| (0..SIDE_PX).map(move |x| [x as f32, y as f32]));
        let is_face = places.map(|place| is_in_oval(place) && is_within(picture, to_picture.apply(place))).collect();
        Self { grey: pixels.to_grey().into_owned(), pixels, is_face }
    }

    /// Column, row and luma of every pixel of the face.
    pub(super) fn face(&self) -> impl Iterator<Item = (usize, usize, u8)> {
        let pixels = self.is_face.iter().zip(self.grey.pixels()).enumerate();
        pixels.filter(|(_, (is_face, _))| **is_face).map(|(at, (_, &luma))| (at % SIDE_PX, at / SIDE_PX, luma))
    }

    /// How many pixels of each luma the face has, in those of its columns that `wanted` picks.
    pub(super) fn histogram(&self, wanted: impl Fn(usize) -> bool) -> Histogram {
        let mut counts = [0; 256];
        for (_, _, luma) in self.face().filter(|(x, ..)| wanted(*x)) {
            counts[usize::from(luma)] += 1;
        }
        Histogram { counts }
    }

    /// How many pixels of each luma the face has.
    pub(super) fn whole(&self) -> Histogram {
        self.histogram(|_| true)
    }

    /// How many pixels of each luma its left and its right half have.
    pub(super) fn halves(&self) -> [Histogram; 2] {
        [self.histogram(|x| x < SIDE_PX / 2), self.histogram(|x| x >= SIDE_PX / 2)]
    }
}

fn is_in_oval([x, y]: Point) -> bool {
    let (unit, middle) = (SIDE_PX as f32 / PORTRAIT_EYE_DISTANCES, 0.5 * SIDE_PX as f32 - 0.5);
    let (across, down) = ((x - middle) / (unit * HALF_OVAL[0]), (y - middle) / (unit * HALF_OVAL[1]));
    across * across + down * down <= 1.0
}

/// How many pixels have each luma.
#[derive(Clone, Copy)]
pub(super) struct Histogram {
    pub(super) counts: [u32; 256],
}

impl Histogram {
    pub(super) fn total(&self) -> f32 {
        self.counts.iter().sum::<u32>() as f32
    }

    /// The part of the pixels whose luma lies in `range`; 0 of none.
    pub(super) fn share(&self, range: std::ops::RangeInclusive<usize>) -> f32 {
        self.counts[range].iter().sum::<u32>() as f32 / self.total().max(1.0)
    }

    /// Mean and standard deviation, in grey levels.
    pub(super) fn mean_and_deviation(&self) -> (f32, f32) {
        let total = self.total().max(1.0);
        let weighted = |weigh: &dyn Fn(f32) -> f32| -> f32 {
            self.counts.iter().enumerate().map(|(luma, &count)| weigh(luma as f32) * count as f32).sum()
        };
        let mean = weighted(&|luma| luma) / total;
        let variance = weighted(&|luma| (luma - mean) * (luma - mean)) / total;
        (mean, variance.sqrt())
    }

    /// In bits, 0 to 8.
    pub(super) fn entropy(&self) -> f32 {
        let total = self.total();
        let shares = self.counts.iter().filter(|&&count| count > 0).map(|&count| count as f32 / total);
        shares.map(|share| -share * libm::log2f(share)).sum()
    }
}
