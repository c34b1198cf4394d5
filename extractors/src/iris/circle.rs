//! The circle over which the picture brightens most.
//!
//! Daugman's integro-differential operator ("How iris recognition works", IEEE CSVT 14(1), 2004, equation 1): of all centres
//! and radii, the one at which the mean along the circle changes most from radius to radius. Seen from near its centre a
//! circle is a cosine, so that one centre is tried for all radii by adding up shifted rays.

use std::ops::Range;

use whorl_kernels::{Kernels, Work};

use super::contour::UNIT;
use super::edges::Edges;

/// A circle, in pixels of the working picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circle {
    pub(super) centre: (f32, f32),
    pub(super) radius: f32,
}

/// For each radius of `radii` the sum of the rises of `rays` where they cross the circle of that radius, whose centre is
/// `offset` from where the rays start.
pub(super) fn sums(edges: &Edges, rays: &[usize], offset: (f32, f32), radii: &Range<usize>, sums: &mut [i16]) {
    sums.fill(0);
    Kernels::best().run(Shifted { edges, rays, offset, first: radii.start, sums });
}

/// Adds up rays, each from where the first circle crosses it.
struct Shifted<'a> {
    edges: &'a Edges,
    rays: &'a [usize],
    offset: (f32, f32),
    first: usize,
    sums: &'a mut [i16],
}

impl Work for Shifted<'_> {
    type Answer = ();

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) {
        for &a in self.rays {
            let shift = self.offset.0 * UNIT[a].0 + self.offset.1 * UNIT[a].1;
            let first = (self.first as f32 + shift + 0.5) as usize;
            let along = self.edges.ray(a).get(first..).unwrap_or(&[]);
            for (sum, rise) in self.sums.iter_mut().zip(along) {
                *sum += rise;
            }
        }
    }
}
