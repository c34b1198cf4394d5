//! Walking along lines one pixel wide.

use super::bits::{Bits, NEIGHBOURS};

/// A pixel of a skeleton.
pub(super) type Pixel = (usize, usize);

/// How a walk along a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// After as many steps as were asked for.
    Far,
    /// The line ended.
    Ending,
    /// It met others.
    Fork,
}

/// A walk along a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    /// Pixels passed, the start excepted.
    pub(super) steps: usize,
    pub(super) stop: Stop,
}

/// How often the ring around a pixel changes from line to background: 1 at an ending, 2 on a line, 3 or more at a fork.
pub(super) fn crossings(ring: u8) -> u32 {
    (ring & !ring.rotate_left(1)).count_ones()
}

/// The neighbours from which the lines leave a pixel: one for each run of its ring, the nearest of that run.
pub(super) fn exits(bits: &Bits, (x, y): Pixel) -> Vec<Pixel> {
    let ring = bits.neighbours(x, y);
    let step = |k: usize| (x.wrapping_add_signed(NEIGHBOURS[k].0), y.wrapping_add_signed(NEIGHBOURS[k].1));
    let set = |k: usize| ring >> (k % 8) & 1 != 0;
    // Pixels side by side come before diagonal ones of the same run.
    let straight = (0..8).step_by(2).filter(|&k| set(k));
    let diagonal = (1..8).step_by(2).filter(|&k| set(k) && !set(k + 1) && !set(k + 7));
    straight.chain(diagonal).map(step).collect()
}

/// Walks from `start` over its neighbour `first` until the line ends, forks, or `most` steps are done.
pub(super) fn walk(bits: &Bits, start: Pixel, first: Pixel, most: usize) -> Walk {
    let (mut before, mut here) = (start, first);
    for steps in 1..most {
        if crossings(bits.neighbours(here.0, here.1)) >= 3 {
            return Walk { steps, stop: Stop::Fork };
        }
        let touches = |p: Pixel| p.0.abs_diff(before.0) <= 1 && p.1.abs_diff(before.1) <= 1;
        match exits(bits, here).into_iter().find(|&p| p != before && !touches(p)) {
            None => return Walk { steps, stop: Stop::Ending },
            Some(next) => (before, here) = (here, next),
        }
    }
    Walk { steps: most, stop: Stop::Far }
}
