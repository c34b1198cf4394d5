//! Where lines one pixel wide end and fork.

use super::bits::Bits;
use super::skeleton::{Pixel, Stop, crossings, exits, walk};

/// How far a line is followed, in pixels.
const REACH_PX: usize = 12;

/// Lines shorter than this between two events are noise, not ridges, in pixels.
const SHORT_PX: usize = 11;

/// The endings and forks of `skeleton` whose lines are long enough to be ridges (or valleys).
pub(super) fn events(skeleton: &Bits) -> Vec<Pixel> {
    skeleton
        .ones()
        .filter(|&at| match crossings(skeleton.neighbours(at.0, at.1)) {
            1 => stands(skeleton, at, 1),
            3 => stands(skeleton, at, 3),
            _ => false,
        })
        .collect()
}

/// Whether as many lines as wanted leave the pixel, none of which stops soon.
fn stands(skeleton: &Bits, at: Pixel, lines: usize) -> bool {
    let exits = exits(skeleton, at);
    exits.len() == lines
        && exits.into_iter().all(|first| {
            let line = walk(skeleton, at, first, REACH_PX);
            line.stop == Stop::Far || line.steps >= SHORT_PX
        })
}
