//! Which candidate pairs agree with one another on how the finger moved.
//!
//! Two pairs agree when the second minutia lies, seen from the first, at the same place in both prints, and both pairs turn by
//! the same angle. Skin stretches, so the tolerance grows with the distance. Pairs that agree with many well supported pairs
//! gain support, the others lose it: relaxation labelling (Rosenfeld, Hummel, Zucker, 1976) in the form of a power iteration,
//! whose fixed point is the strongest group of mutually agreeing pairs (Leordeanu and Hebert, "A spectral technique for
//! correspondence problems", ICCV 2005).

use super::candidates::{Candidates, MOST};
use super::side::Spots;

/// Tolerated displacement: this many pixels and this fraction of the distance.
const TOLERANCE_PX: f32 = 9.0;
const TOLERANCE_PER_PX: f32 = 0.14;

/// One less the cosine of the tolerated difference of turns, 37 degrees.
const TOLERANCE_TURN: f32 = 0.2;

/// Rounds of relaxation: more change nothing that matters.
const ROUNDS: usize = 4;

/// The candidate pairs with the motion that each supposes.
pub(super) struct Pairs {
    probe: [i32; MOST],
    reference: [i32; MOST],
    from: [[f32; MOST]; 2],
    to: [[f32; MOST]; 2],
    cos: [f32; MOST],
    sin: [f32; MOST],
}

impl Pairs {
    #[inline(always)]
    pub(super) fn new(candidates: &Candidates, probe: &Spots, reference: &Spots) -> Self {
        let (none, zero) = ([-1; MOST], [0.0; MOST]);
        let mut pairs = Self { probe: none, reference: none, from: [zero; 2], to: [zero; 2], cos: zero, sin: zero };
        for at in 0..candidates.len {
            let (i, j) = (usize::from(candidates.probe[at]), usize::from(candidates.reference[at]));
            (pairs.probe[at], pairs.reference[at]) = (i as i32, j as i32);
            (pairs.from[0][at], pairs.from[1][at]) = (probe.x[i], probe.y[i]);
            (pairs.to[0][at], pairs.to[1][at]) = (reference.x[j], reference.y[j]);
            let ((ax, ay), (bx, by)) = ((probe.dx[i], probe.dy[i]), (reference.dx[j], reference.dy[j]));
            (pairs.cos[at], pairs.sin[at]) = (ax * bx + ay * by, ay * bx - ax * by);
        }
        pairs
    }

    /// How well pair `p` agrees with each pair, 0 to 1; it does not with one that shares a minutia.
    #[inline(always)]
    fn agreement(&self, p: usize) -> [f32; MOST] {
        let mut agreement = [0.0; MOST];
        for (q, agree) in agreement.iter_mut().enumerate() {
            // The turn half-way between those of the two pairs.
            let (cos, sin) = (self.cos[p] + self.cos[q], self.sin[p] + self.sin[q]);
            let (x, y) = (self.from[0][q] - self.from[0][p], self.from[1][q] - self.from[1][p]);
            let length = (cos * cos + sin * sin).sqrt() + 1e-6;
            let (dx, dy) = (self.to[0][q] - self.to[0][p], self.to[1][q] - self.to[1][p]);
            let (off_x, off_y) = (dx - (x * cos + y * sin) / length, dy - (y * cos - x * sin) / length);
            let tolerance = TOLERANCE_PX + TOLERANCE_PER_PX * (x * x + y * y).sqrt();
            let place = 1.0 - (off_x * off_x + off_y * off_y) / (tolerance * tolerance);
            let turn = 1.0 - (1.0 - self.cos[p] * self.cos[q] - self.sin[p] * self.sin[q]) / TOLERANCE_TURN;
            let apart = self.probe[p] != self.probe[q] && self.reference[p] != self.reference[q];
            let agrees = place.max(0.0) * turn.max(0.0);
            *agree = if apart { agrees } else { 0.0 };
        }
        agreement
    }
}

/// The support of each candidate pair.
pub(super) struct Consensus {
    /// How well each pair agrees with each other one, 0 to 1.
    pub(super) agreement: [[f32; MOST]; MOST],
    /// Support of each pair by the others.
    pub(super) support: [f32; MOST],
}

impl Consensus {
    #[inline(always)]
    pub(super) fn of(candidates: &Candidates, pairs: &Pairs) -> Self {
        let mut agreement = [[0.0; MOST]; MOST];
        for (p, row) in agreement.iter_mut().enumerate().take(candidates.len) {
            *row = pairs.agreement(p);
        }
        let mut support = candidates.weight;
        for _ in 0..ROUNDS {
            support = relax(&agreement, &candidates.weight, &support);
        }
        Self { agreement, support }
    }
}

#[inline(always)]
fn relax(agreement: &[[f32; MOST]; MOST], weight: &[f32; MOST], support: &[f32; MOST]) -> [f32; MOST] {
    let mut raised = [0.0; MOST];
    for (row, support) in agreement.iter().zip(support) {
        for (raised, agree) in raised.iter_mut().zip(row) {
            *raised += agree * support;
        }
    }
    let mut square = 0.0;
    for (raised, weight) in raised.iter_mut().zip(weight) {
        *raised *= weight;
        square += *raised * *raised;
    }
    let scale = if square > 1e-12 { 1.0 / square.sqrt() } else { 0.0 };
    raised.map(|raised| raised * scale)
}
