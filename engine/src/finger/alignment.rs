//! How the probe lies on the reference.

use super::evidence::Motion;
use super::side::Spots;
use super::turn::Turn;

/// How much a minutia's direction says about the turn, as a lever: about a ridge and a half.
const LEVER_PX: f32 = 14.0;

/// A turn and a shift that bring the probe onto the reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Alignment {
    pub(super) turn: Turn,
    shift: (f32, f32),
}

/// A minutia of the probe, the one of the reference it is laid on, and how much that counts.
#[derive(Clone, Copy, Default)]
pub(super) struct Pull {
    pub(super) probe: usize,
    pub(super) reference: usize,
    pub(super) weight: f32,
}

impl Alignment {
    /// The rigid motion with the least weighted sum of squared distances (Umeyama, IEEE TPAMI 13(4), 1991, in the plane), in
    /// which the directions of the minutiae take part as if each were two points [`LEVER_PX`] apart.
    #[inline(always)]
    pub(super) fn fit(pulls: &[Pull], probe: &Spots, reference: &Spots) -> Option<Self> {
        let (mut total, mut from, mut to) = (0.0, (0.0, 0.0), (0.0, 0.0));
        for &Pull { probe: i, reference: j, weight } in pulls {
            total += weight;
            from = (from.0 + weight * probe.x[i], from.1 + weight * probe.y[i]);
            to = (to.0 + weight * reference.x[j], to.1 + weight * reference.y[j]);
        }
        if total <= 0.0 {
            return None;
        }
        let (from, to) = ((from.0 / total, from.1 / total), (to.0 / total, to.1 / total));
        let (mut cos, mut sin) = (0.0, 0.0);
        for &Pull { probe: i, reference: j, weight } in pulls {
            let (x, y) = (probe.x[i] - from.0, probe.y[i] - from.1);
            let (u, v) = (reference.x[j] - to.0, reference.y[j] - to.1);
            let (ax, ay) = (LEVER_PX * probe.dx[i], LEVER_PX * probe.dy[i]);
            let (bx, by) = (LEVER_PX * reference.dx[j], LEVER_PX * reference.dy[j]);
            cos += weight * (x * u + y * v + ax * bx + ay * by);
            sin += weight * (y * u - x * v + ay * bx - ax * by);
        }
        let norm = (cos * cos + sin * sin).sqrt();
        if norm <= 0.0 {
            return None;
        }
        let turn = Turn { cos: cos / norm, sin: sin / norm };
        let (x, y) = turn.apply(from.0, from.1);
        Some(Self { turn, shift: (to.0 - x, to.1 - y) })
    }

    /// Where the probe's minutiae come to lie on the reference.
    #[inline(always)]
    pub(super) fn place(&self, probe: &Spots) -> Spots {
        let mut placed = Spots::none(probe.len);
        for at in 0..probe.lanes() {
            let (x, y) = self.turn.apply(probe.x[at], probe.y[at]);
            (placed.x[at], placed.y[at]) = (x + self.shift.0, y + self.shift.1);
            (placed.dx[at], placed.dy[at]) = self.turn.apply(probe.dx[at], probe.dy[at]);
        }
        placed
    }

    /// Where a point of the probe comes to lie on the reference.
    #[inline(always)]
    pub(super) fn onto_reference(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = self.turn.apply(x, y);
        (x + self.shift.0, y + self.shift.1)
    }

    /// Where a point of the reference lies on the probe.
    #[inline(always)]
    pub(super) fn onto_probe(&self, x: f32, y: f32) -> (f32, f32) {
        self.turn.back().apply(x - self.shift.0, y - self.shift.1)
    }

    /// The same as a person reads it.
    pub(super) fn motion(&self) -> Motion {
        Motion { turn: self.turn.angle(), right_px: self.shift.0, down_px: self.shift.1 }
    }
}
