//! Ridges made clear: smoothed along their direction, band-passed across it.
//!
//! A Gabor filter with the direction and period of each cell, taken apart into a Gaussian along the ridges and a windowed
//! wave across them, both sampled between the pixels of neighbouring rows or columns.

use ndarray::Array2;
use whorl_kernels::{Kernels, Work};

use super::canvas::CELL_PX;
use super::field::Doubled;
use super::plane::{Plane, samples, samples_mut};
use super::segment::grow;
use super::taps::{Shapes, Tap};

/// Cells around the mask that the filter across the ridges looks at.
const REACH_CELLS: usize = 2;

/// Rows of a cell that are filtered together, so that their sums stay in registers.
const STRIP_ROWS: usize = 4;

/// The two parts of the ridge wave; 0 outside the mask.
pub(super) struct Wave {
    /// Ridges positive, valleys negative.
    pub(super) even: Plane,
    /// A quarter of a period ahead in the direction across the ridges.
    pub(super) odd: Plane,
}

/// What the filter follows.
pub(super) struct Guide<'a> {
    pub(super) direction: &'a Array2<Doubled>,
    pub(super) period_px: &'a Plane,
    pub(super) mask: &'a Array2<bool>,
}

/// The filters, and the picture smoothed along the ridges, which is written anew for each guide.
pub(super) struct Enhancer<'a> {
    ridges: &'a Plane,
    shapes: Shapes,
    smooth: Plane,
}

impl<'a> Enhancer<'a> {
    pub(super) fn new(ridges: &'a Plane) -> Self {
        Self { ridges, shapes: Shapes::new(), smooth: Plane::zeros(ridges.dim()) }
    }

    /// The even part of the wave alone.
    pub(super) fn enhance(&mut self, guide: &Guide) -> Plane {
        self.smooth_along(guide);
        let mut even = Plane::zeros(self.ridges.dim());
        let (mut taps, mut firsts) = (Vec::new(), Vec::new());
        for (at, _) in guide.mask.indexed_iter().filter(|(_, shown)| **shown) {
            self.shapes.across(&mut taps, guide.direction[at], guide.period_px[at], self.ridges.ncols());
            firsts.clear();
            firsts.extend(taps.iter().map(Tap::first));
            filter(&self.smooth, [&mut even], at, &firsts);
        }
        even
    }

    /// Both parts of the wave.
    pub(super) fn wave(&mut self, guide: &Guide) -> Wave {
        self.smooth_along(guide);
        let (mut even, mut odd) = (Plane::zeros(self.ridges.dim()), Plane::zeros(self.ridges.dim()));
        let mut taps = Vec::new();
        for (at, _) in guide.mask.indexed_iter().filter(|(_, shown)| **shown) {
            self.shapes.across(&mut taps, guide.direction[at], guide.period_px[at], self.ridges.ncols());
            filter(&self.smooth, [&mut even, &mut odd], at, &taps);
        }
        Wave { even, odd }
    }

    /// Smooths the picture along the ridges, in and around the mask: wherever the filters across the ridges look at it, so that
    /// what an earlier guide left elsewhere is never seen.
    fn smooth_along(&mut self, guide: &Guide) {
        let (rows, columns) = guide.mask.dim();
        let inside = |(r, c): (usize, usize)| {
            let reach = REACH_CELLS;
            r >= reach && c >= reach && r + reach < rows && c + reach < columns
        };
        let mut taps = Vec::new();
        for (at, _) in grow(guide.mask, REACH_CELLS).indexed_iter().filter(|&(at, &shown)| shown && inside(at)) {
            self.shapes.along(&mut taps, guide.direction[at], self.ridges.ncols());
            filter(self.ridges, [&mut self.smooth], at, &taps);
        }
    }
}

/// Each pixel of a cell as the weighted sum of its taps, once for each weight they have.
fn filter<const N: usize>(source: &Plane, out: [&mut Plane; N], at: (usize, usize), taps: &[Tap<N>]) {
    let width = source.ncols();
    let first = at.0 * CELL_PX * width + at.1 * CELL_PX;
    Kernels::best().run(CellFilter { source: samples(source), out: out.map(samples_mut), first, width, taps });
}

struct CellFilter<'a, const N: usize> {
    source: &'a [f32],
    out: [&'a mut [f32]; N],
    first: usize,
    width: usize,
    taps: &'a [Tap<N>],
}

impl<const N: usize> Work for CellFilter<'_, N> {
    type Answer = ();

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(mut self) {
        for strip in 0..CELL_PX / STRIP_ROWS {
            let start = self.first + strip * STRIP_ROWS * self.width;
            let sums = self.strip(start);
            for (out, sums) in self.out.iter_mut().zip(&sums) {
                for (row, sums) in sums.iter().enumerate() {
                    out[start + row * self.width..][..CELL_PX].copy_from_slice(sums);
                }
            }
        }
    }
}

impl<const N: usize> CellFilter<'_, N> {
    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn strip(&self, start: usize) -> [[[f32; CELL_PX]; STRIP_ROWS]; N] {
        let mut sums = [[[0.0; CELL_PX]; STRIP_ROWS]; N];
        for tap in self.taps {
            let from = &self.source[start.wrapping_add_signed(tap.offset)..][..(STRIP_ROWS - 1) * self.width + CELL_PX];
            for row in 0..STRIP_ROWS {
                let from = &from[row * self.width..][..CELL_PX];
                for (sums, weight) in sums.iter_mut().zip(tap.weights) {
                    for x in 0..CELL_PX {
                        sums[row][x] += from[x] * weight;
                    }
                }
            }
        }
        sums
    }
}
