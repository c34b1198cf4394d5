//! Which candidate pairs agree with one another on how the finger moved.
//!
//! Two pairs agree when the second minutia lies, seen from the first, at the same place in both prints, and both pairs turn by
//! the same angle. Skin stretches, so the tolerance grows with the distance. Pairs that agree with many well supported pairs
//! gain support, the others lose it: relaxation labelling (Rosenfeld, Hummel, Zucker, 1976) in the form of a power iteration,
//! whose fixed point is the strongest group of mutually agreeing pairs (Leordeanu and Hebert, "A spectral technique for
//! correspondence problems", ICCV 2005).

use super::candidates::Candidate;
use super::side::Side;
use super::turn::{Turn, apart};

/// Tolerated displacement: this many pixels and this fraction of the distance.
const TOLERANCE_PX: f32 = 9.0;
const TOLERANCE_PER_PX: f32 = 0.14;

/// Tolerated difference of turns, in 256ths.
const TOLERANCE_TURN: f32 = 26.0;

/// Rounds of relaxation: more change nothing that matters.
const ROUNDS: usize = 4;

/// The support of each candidate pair.
pub(super) struct Consensus {
    /// How well each pair agrees with each other one, 0 to 1, row by row.
    agreement: Vec<f32>,
    /// Support of each pair by the others.
    pub(super) support: Vec<f32>,
}

impl Consensus {
    pub(super) fn of(candidates: &[Candidate], probe: &Side, reference: &Side) -> Self {
        let count = candidates.len();
        let mut agreement = vec![0.0; count * count];
        for p in 0..count {
            for q in p + 1..count {
                let agree = agree(&candidates[p], &candidates[q], probe, reference);
                agreement[p * count + q] = agree;
                agreement[q * count + p] = agree;
            }
        }
        let support = relax(candidates, &agreement);
        Self { agreement, support }
    }

    /// How well pair `p` agrees with each pair.
    pub(super) fn row(&self, p: usize) -> &[f32] {
        let count = self.support.len();
        &self.agreement[p * count..][..count]
    }
}

fn relax(candidates: &[Candidate], agreement: &[f32]) -> Vec<f32> {
    let count = candidates.len();
    let mut support: Vec<f32> = candidates.iter().map(|candidate| candidate.weight).collect();
    for _ in 0..ROUNDS {
        let raised = |p: usize| {
            let row = &agreement[p * count..][..count];
            let others: f32 = row.iter().zip(&support).map(|(agree, support)| agree * support).sum();
            candidates[p].weight * others
        };
        let next: Vec<f32> = (0..count).map(raised).collect();
        let norm = next.iter().map(|value| value * value).sum::<f32>().sqrt();
        if norm < 1e-6 {
            return vec![0.0; count];
        }
        support = next.iter().map(|value| value / norm).collect();
    }
    support
}

fn agree(p: &Candidate, q: &Candidate, probe: &Side, reference: &Side) -> f32 {
    if p.probe == q.probe || p.reference == q.reference {
        return 0.0;
    }
    let (a, b) = (probe.spots[p.probe as usize], probe.spots[q.probe as usize]);
    let (c, d) = (reference.spots[p.reference as usize], reference.spots[q.reference as usize]);
    let (turn_p, turn_q) = (c.angle.wrapping_sub(a.angle), d.angle.wrapping_sub(b.angle));
    let turn_apart = f32::from(apart(turn_p, turn_q));
    if turn_apart >= TOLERANCE_TURN {
        return 0.0;
    }
    let half_way = (turn_q.wrapping_sub(turn_p) as i8) / 2;
    let turn = Turn::by(turn_p.wrapping_add_signed(half_way));
    let (x, y) = turn.apply((b.x - a.x, b.y - a.y));
    let (dx, dy) = (d.x - c.x - x, d.y - c.y - y);
    let tolerance = TOLERANCE_PX + TOLERANCE_PER_PX * (x * x + y * y).sqrt();
    let place = 1.0 - (dx * dx + dy * dy) / (tolerance * tolerance);
    let direction = 1.0 - turn_apart * turn_apart / (TOLERANCE_TURN * TOLERANCE_TURN);
    place.max(0.0) * direction
}
