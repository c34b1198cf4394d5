//! Closed curves that are nearly circles.

use std::f32::consts::TAU;

use crate::synthetic::random::Random;

/// Directions for which a number is kept.
const DIRECTIONS: usize = 128;

/// A number for each direction, clockwise as seen from the right; the last is the first.
pub(super) struct Ring([f32; DIRECTIONS + 1]);

/// Waves round a ring: swing and phase of the first, second and further waves.
#[derive(Clone, Copy)]
pub(super) struct Waves([(f32, f32); 6]);

/// A curve around a centre.
pub(super) struct Outline {
    pub(super) centre: (f32, f32),
    pub(super) radius: f32,
    radii: Ring,
}

impl Waves {
    /// One wave swings by `swing`, as a standard deviation; more waves swing less.
    pub(super) fn draw(swing: f32, random: &mut Random) -> Self {
        Self(std::array::from_fn(|more| (random.normal(0.0, swing / (1 + more) as f32), random.between(0.0, TAU))))
    }

    /// How far they swing in each direction.
    pub(super) fn ring(&self) -> Ring {
        Ring(std::array::from_fn(|direction| {
            let angle = (direction % DIRECTIONS) as f32 / DIRECTIONS as f32 * TAU;
            self.0.iter().zip(1..).map(|((swing, phase), count)| swing * libm::cosf(count as f32 * angle + phase)).sum()
        }))
    }
}

impl Ring {
    /// The number in the direction `turn`, 0 to 1.
    pub(super) fn at(&self, turn: f32) -> f32 {
        let at = turn * DIRECTIONS as f32;
        let (below, part) = ((at as usize).min(DIRECTIONS - 1), at - at.floor());
        self.0[below] + (self.0[below + 1] - self.0[below]) * part
    }
}

impl Outline {
    /// A circle that strays by `waves`, as parts of its radius. A first wave would only move it and is left out.
    pub(super) fn new(centre: (f32, f32), radius: f32, mut waves: Waves) -> Self {
        waves.0[0] = (0.0, 0.0);
        let Ring(strays) = waves.ring();
        Self { centre, radius, radii: Ring(strays.map(|stray| radius * (1.0 + stray))) }
    }

    /// The radius in the direction `turn`, 0 to 1.
    pub(super) fn radius_at(&self, turn: f32) -> f32 {
        self.radii.at(turn)
    }
}

/// The direction of (`x`, `y`) as a part of a turn, 0 to 1 without 1.
pub(super) fn turn_of(x: f32, y: f32) -> f32 {
    let turn = libm::atan2f(y, x) / TAU;
    // A tiny angle below the axis rounds up to a whole turn.
    if turn < 0.0 { (turn + 1.0).min(1.0 - f32::EPSILON) } else { turn }
}
