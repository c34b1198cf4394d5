//! Where ridges end and fork.

use whorl_types::MinutiaKind;

use super::bits::Bits;
use super::canvas::CELL_PX;
use super::field::Ridges;
use super::skeleton::{Pixel, Stop, Walk, crossings, exits, walk};

/// How far a ridge is followed to see which way it leaves, in pixels.
const REACH_PX: usize = 16;

/// Lines shorter than this between two events are noise, not ridges, in pixels.
const SHORT_PX: usize = 11;

/// A possible minutia, on the canvas.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) x: f32,
    pub(super) y: f32,
    /// Unit vector to the side with one ridge more.
    pub(super) dx: f32,
    pub(super) dy: f32,
    pub(super) kind: MinutiaKind,
    /// How sure it is, 0 to 1.
    pub(super) quality: f32,
}

/// The ridge endings and forks of `skeleton` that stand on lines long enough to be ridges.
#[allow(dead_code, reason = "the second view, to confirm the first")]
pub(super) fn minutiae(skeleton: &Bits, ridges: &Ridges) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (x, y) in skeleton.ones() {
        let candidate = match crossings(skeleton.neighbours(x, y)) {
            1 => ending(skeleton, (x, y)),
            3 => fork(skeleton, (x, y)),
            _ => None,
        };
        found.extend(candidate.map(|(dx, dy, kind)| settle(ridges, (x, y), (dx, dy), kind)));
    }
    found
}

fn ending(skeleton: &Bits, at: Pixel) -> Option<(f32, f32, MinutiaKind)> {
    let line = walk(skeleton, at, *exits(skeleton, at).first()?, REACH_PX);
    if line.path.len() < SHORT_PX {
        return None;
    }
    let (dx, dy) = towards(at, &line);
    Some((dx, dy, MinutiaKind::Ending))
}

fn fork(skeleton: &Bits, at: Pixel) -> Option<(f32, f32, MinutiaKind)> {
    let lines: Vec<Walk> = exits(skeleton, at).into_iter().map(|first| walk(skeleton, at, first, REACH_PX)).collect();
    let short = |line: &Walk| line.stop != Stop::Far && line.path.len() < SHORT_PX;
    if lines.len() != 3 || lines.iter().any(short) {
        return None;
    }
    let ways: Vec<(f32, f32)> = lines.iter().map(|line| towards(at, line)).collect();
    let dot = |a: usize, b: usize| ways[a].0 * ways[b].0 + ways[a].1 * ways[b].1;
    // The two closest lines enclose the valley; the third leads away from it.
    let stem = (0..3).max_by(|&a, &b| dot((a + 1) % 3, (a + 2) % 3).total_cmp(&dot((b + 1) % 3, (b + 2) % 3)))?;
    let (a, b) = (ways[(stem + 1) % 3], ways[(stem + 2) % 3]);
    Some((a.0 + b.0 - ways[stem].0, a.1 + b.1 - ways[stem].1, MinutiaKind::Bifurcation))
}

fn towards(from: Pixel, line: &Walk) -> (f32, f32) {
    let to = line.path.last().copied().unwrap_or(from);
    let (dx, dy) = (to.0 as f32 - from.0 as f32, to.1 as f32 - from.1 as f32);
    let length = (dx * dx + dy * dy).sqrt().max(1.0);
    (dx / length, dy / length)
}

/// The ridge flow gives the exact direction, the traced lines only its sense.
fn settle(ridges: &Ridges, (x, y): Pixel, (dx, dy): (f32, f32), kind: MinutiaKind) -> Candidate {
    let cell = [y / CELL_PX, x / CELL_PX];
    let (tx, ty) = ridges.direction[cell].along();
    let sense = if tx * dx + ty * dy < 0.0 { -1.0 } else { 1.0 };
    let quality = ridges.coherence[cell] * ridges.clarity[cell];
    Candidate { x: x as f32 + 0.5, y: y as f32 + 0.5, dx: tx * sense, dy: ty * sense, kind, quality }
}
