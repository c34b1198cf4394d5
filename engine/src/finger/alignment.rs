//! How the probe lies on the reference.

use super::evidence::Motion;
use super::side::Spot;
use super::turn::Turn;

/// A turn and a shift that bring the probe onto the reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Alignment {
    turn: Turn,
    shift: (f32, f32),
    /// The same turn in 256ths.
    pub(super) angle: u8,
}

/// A minutia of the probe, the one of the reference it is laid on, and how much that counts.
pub(super) struct Pull {
    pub(super) from: Spot,
    pub(super) to: Spot,
    pub(super) weight: f32,
}

impl Alignment {
    /// The rigid motion with the least weighted sum of squared distances (Umeyama, IEEE TPAMI 13(4), 1991, in the plane), in
    /// which the directions of the minutiae take part as if each were two points [`LEVER_PX`] apart.
    pub(super) fn fit(pulls: &[Pull]) -> Option<Self> {
        let total: f32 = pulls.iter().map(|pull| pull.weight).sum();
        if total <= 0.0 {
            return None;
        }
        let mean = |of: fn(&Pull) -> f32| pulls.iter().map(|pull| pull.weight * of(pull)).sum::<f32>() / total;
        let from = (mean(|pull| pull.from.x), mean(|pull| pull.from.y));
        let to = (mean(|pull| pull.to.x), mean(|pull| pull.to.y));
        let (mut cos, mut sin) = (0.0, 0.0);
        for pull in pulls {
            let (x, y) = (pull.from.x - from.0, pull.from.y - from.1);
            let (u, v) = (pull.to.x - to.0, pull.to.y - to.1);
            let turn = Turn::by(pull.to.angle.wrapping_sub(pull.from.angle));
            cos += pull.weight * (x * u + y * v + LEVER_PX * LEVER_PX * turn.cos);
            sin += pull.weight * (y * u - x * v + LEVER_PX * LEVER_PX * turn.sin);
        }
        let norm = (cos * cos + sin * sin).sqrt();
        if norm <= 0.0 {
            return None;
        }
        let turn = Turn { cos: cos / norm, sin: sin / norm };
        let (x, y) = turn.apply(from);
        Some(Self { turn, shift: (to.0 - x, to.1 - y), angle: turn.angle() })
    }

    /// Where a minutia of the probe comes to lie on the reference.
    pub(super) fn apply(&self, spot: Spot) -> Spot {
        let (x, y) = self.place(spot.x, spot.y);
        Spot { x, y, angle: spot.angle.wrapping_add(self.angle), trust: spot.trust }
    }

    /// Where a minutia of the reference lies on the probe.
    pub(super) fn inverse(&self, spot: Spot) -> Spot {
        let back = Turn { cos: self.turn.cos, sin: -self.turn.sin };
        let (x, y) = back.apply((spot.x - self.shift.0, spot.y - self.shift.1));
        Spot { x, y, angle: spot.angle.wrapping_sub(self.angle), trust: spot.trust }
    }

    /// The same as a person reads it.
    pub(super) fn motion(&self) -> Motion {
        Motion { turn: self.angle, right_px: self.shift.0, down_px: self.shift.1 }
    }

    /// Where a point of the probe comes to lie on the reference.
    pub(super) fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = self.turn.apply((x, y));
        (x + self.shift.0, y + self.shift.1)
    }
}

/// How much a minutia's direction says about the turn, as a lever: about a ridge and a half.
const LEVER_PX: f32 = 14.0;
