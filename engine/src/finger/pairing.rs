//! Which minutiae lie on one another once the probe lies on the reference.

use super::alignment::{Alignment, Pull};
use super::candidates::Distances;
use super::side::{Side, Spot};
use super::turn::apart;

/// A minutia of the probe and one of the reference taken to be the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) probe: usize,
    pub(super) reference: usize,
    /// How well they lie on one another, 0 to 1.
    pub(super) fit: f32,
    /// How alike their descriptors are, 0 to 1; half where one has none.
    pub(super) alike: f32,
}

/// Bits in which unrelated descriptors differ, and the fraction of it at which there is no likeness left.
const UNRELATED_BITS: f32 = 256.0;

/// What pairs are tolerated.
#[derive(Clone, Copy)]
pub(super) struct Tolerance {
    pub(super) px: f32,
    pub(super) turn: f32,
}

/// Pairs minutiae one to one, the best pair first.
pub(super) fn pair(placed: &[Spot], reference: &Side, distances: &Distances, tolerance: Tolerance) -> Vec<Pair> {
    let mut possible = Vec::new();
    for (i, spot) in placed.iter().enumerate() {
        for (j, other) in reference.spots.iter().enumerate() {
            let (dx, dy) = (other.x - spot.x, other.y - spot.y);
            let square = (dx * dx + dy * dy) / (tolerance.px * tolerance.px);
            if square >= 1.0 {
                continue;
            }
            let turn = f32::from(apart(spot.angle, other.angle)) / tolerance.turn;
            if turn >= 1.0 {
                continue;
            }
            let fit = (1.0 - square) * (1.0 - turn * turn);
            let alike = distances.get(i, j).map_or(0.5, |bits| 1.0 - bits as f32 / UNRELATED_BITS).max(0.0);
            possible.push(Pair { probe: i, reference: j, fit, alike });
        }
    }
    let worth = |pair: &Pair| pair.fit * (0.3 + pair.alike);
    possible.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then((a.probe, a.reference).cmp(&(b.probe, b.reference))));
    let (mut probe_taken, mut reference_taken) = ([false; 256], [false; 256]);
    possible.retain(|pair| {
        let free = !probe_taken[pair.probe] && !reference_taken[pair.reference];
        probe_taken[pair.probe] |= free;
        reference_taken[pair.reference] |= free;
        free
    });
    possible
}

/// The pulls of paired minutiae.
pub(super) fn pulls(pairs: &[Pair], probe: &Side, reference: &Side) -> Vec<Pull> {
    let pull = |pair: &Pair| Pull {
        from: probe.spots[pair.probe],
        to: reference.spots[pair.reference],
        weight: pair.fit * (0.2 + pair.alike),
    };
    pairs.iter().map(pull).collect()
}

/// Lays the probe on the reference, each minutia shifted as the pairs around it ask: skin stretches locally.
pub(super) fn bend(alignment: &Alignment, pairs: &[Pair], probe: &Side, reference: &Side) -> Vec<Spot> {
    let residual = |pair: &Pair| {
        let placed = alignment.apply(probe.spots[pair.probe]);
        let to = reference.spots[pair.reference];
        (placed.x, placed.y, to.x - placed.x, to.y - placed.y, pair.fit * (0.2 + pair.alike))
    };
    let residuals: Vec<_> = pairs.iter().map(residual).collect();
    let bent = |spot: &Spot| {
        let placed = alignment.apply(*spot);
        let (mut dx, mut dy, mut sum) = (0.0, 0.0, STIFFNESS);
        for &(x, y, shift_x, shift_y, weight) in &residuals {
            let square = (x - placed.x) * (x - placed.x) + (y - placed.y) * (y - placed.y);
            let near = weight / (1.0 + square / (BEND_PX * BEND_PX));
            dx += near * shift_x;
            dy += near * shift_y;
            sum += near;
        }
        Spot { x: placed.x + dx / sum, y: placed.y + dy / sum, ..placed }
    };
    probe.spots.iter().map(bent).collect()
}

/// Residuals count half at this distance.
const BEND_PX: f32 = 36.0;

/// Weight of staying where the rigid motion says.
const STIFFNESS: f32 = 0.5;
