//! The neighbouring minutiae as a minutia sees them.
//!
//! Each neighbour is spread over the points of a polar grid near it, so that a small displacement changes little. Every point
//! keeps how much there is, and in which direction it runs relative to the central minutia, as the first circular harmonic of
//! that direction. Nothing is divided into sectors of direction and nothing is masked: what is not there adds nothing.

use whorl_types::Minutia;

use super::frame::{Frame, Point, position, unit};
use super::rings::{self, Ring};

/// The polar grid: distance between points grows from 9 to 20 pixels, as distortion does.
const RINGS: [Ring; 5] =
    [Ring::new(12.0, 6), Ring::new(27.0, 10), Ring::new(44.0, 14), Ring::new(63.0, 18), Ring::new(84.0, 20)];

/// Amount, cosine and sine of the relative direction.
const CHANNELS: usize = 3;

/// Numbers that a constellation gives.
pub(super) const COUNT: usize = rings::count(&RINGS) * CHANNELS;

/// A neighbour farther off than this reaches no point of the grid.
const REACH_PX: f32 = 110.0;

/// How far a neighbour at distance `r_px` spreads: 14 pixels and a seventh of the distance.
fn spread_px(r_px: f32) -> f32 {
    14.0 + r_px / 7.0
}

/// The polar grid, laid out once for all minutiae.
pub(super) struct Constellation {
    points: Vec<Point>,
}

impl Constellation {
    pub(super) fn new() -> Self {
        Self { points: rings::points(&RINGS) }
    }

    /// Adds what minutia `which` of `minutiae` sees to `out`, which holds [`COUNT`] zeros.
    pub(super) fn sample(&self, which: usize, minutiae: &[Minutia], out: &mut [f32]) {
        let centre = minutiae[which];
        let frame = Frame::of(centre);
        for (_, neighbour) in minutiae.iter().enumerate().filter(|(other, _)| *other != which) {
            let local = frame.to_local(position(*neighbour));
            let distance = (local.x * local.x + local.y * local.y).sqrt();
            if distance < REACH_PX {
                self.spread(local, spread_px(distance), unit(neighbour.angle.wrapping_sub(centre.angle)), out);
            }
        }
    }

    fn spread(&self, at: Point, spread_px: f32, (cos, sin): (f32, f32), out: &mut [f32]) {
        let per_square = 1.0 / (spread_px * spread_px);
        for (point, channels) in self.points.iter().zip(out.chunks_exact_mut(CHANNELS)) {
            let (dx, dy) = (point.x - at.x, point.y - at.y);
            let inside = 1.0 - (dx * dx + dy * dy) * per_square;
            if inside > 0.0 {
                let weight = inside * inside;
                channels[0] += weight;
                channels[1] += weight * cos;
                channels[2] += weight * sin;
            }
        }
    }
}
