//! The closed curve of strongest edges around a centre.
//!
//! The contour as the path of most gradient through the picture unrolled around its centre, found by dynamic programming
//! (Viterbi), as by Sutra, Garcia-Salicetti and Dorizzi, "The Viterbi algorithm at different resolutions for enhanced iris
//! segmentation", ICB 2012.

use std::ops::Range;

use super::contour::{Contour, UNIT};
use super::edges::Edges;
use super::specular::Speculars;

const DIRECTIONS: usize = Contour::DIRECTIONS;

/// What a step inwards or outwards costs, in grey levels: the rise of noise must not make the curve zigzag.
const STEP_COST: i32 = 2;

/// For each direction where the curve runs, as a radius in pixels with its fraction, and how much the picture rises there.
pub(super) struct Path {
    pub(super) radii: [f32; DIRECTIONS],
    pub(super) rises: [f32; DIRECTIONS],
}

impl Path {
    /// For each direction whether the path, seen from `centre`, runs through a reflection.
    pub(super) fn lit(&self, centre: (f32, f32), speculars: &Speculars) -> [bool; DIRECTIONS] {
        std::array::from_fn(|a| {
            let (x, y) = (centre.0 + self.radii[a] * UNIT[a].0, centre.1 + self.radii[a] * UNIT[a].1);
            x >= 0.0 && y >= 0.0 && speculars.marked((x + 0.5) as usize, (y + 0.5) as usize)
        })
    }
}

/// The closed path of the strongest rises within `band`.
pub(super) fn strongest(edges: &Edges, band: &Range<usize>) -> Path {
    // Twice around: in the second turn the curve no longer knows where it was started, so that it meets itself.
    let width = band.len();
    let mut total = vec![0i32; width];
    let mut came = vec![0i8; width * DIRECTIONS * 2];
    let mut next = vec![0i32; width];
    for (turn, came) in came.chunks_exact_mut(width).enumerate() {
        let rises = &edges.ray(turn % DIRECTIONS)[band.clone()];
        for (at, came) in came.iter_mut().enumerate() {
            let inner = if at > 0 { total[at - 1] - STEP_COST } else { i32::MIN };
            let outer = total.get(at + 1).map_or(i32::MIN, |total| total - STEP_COST);
            let best = total[at].max(inner).max(outer);
            *came = if best == total[at] {
                0
            } else if best == inner {
                -1
            } else {
                1
            };
            next[at] = best + i32::from(rises[at]);
        }
        std::mem::swap(&mut total, &mut next);
    }
    let mut at = (0..width).rev().max_by_key(|&at| total[at]).unwrap_or(0);
    let mut path = Path { radii: [0.0; DIRECTIONS], rises: [0.0; DIRECTIONS] };
    // Half a turn at either end still feels that the path begins or ends there.
    for turn in (DIRECTIONS / 2..2 * DIRECTIONS).rev() {
        if turn < DIRECTIONS * 3 / 2 {
            let a = turn % DIRECTIONS;
            let (offset, rise) = summit(edges.ray(a), band.start + at);
            path.radii[a] = (band.start + at) as f32 + offset;
            path.rises[a] = rise;
        }
        at = at.saturating_add_signed(isize::from(came[turn * width + at]));
    }
    path
}

/// Where between its neighbours the rise at `at` has its summit, from -0.5 to 0.5, and the rise itself: a parabola's.
fn summit(rises: &[i16], at: usize) -> (f32, f32) {
    let rise = |at: usize| rises.get(at).map_or(0.0, |&rise| f32::from(rise));
    let (before, here, after) = (rise(at.saturating_sub(1)), rise(at), rise(at + 1));
    let bend = before - 2.0 * here + after;
    if bend >= -0.5 || before > here || after > here {
        (0.0, here)
    } else {
        ((0.5 * (before - after) / bend).clamp(-0.5, 0.5), here)
    }
}
