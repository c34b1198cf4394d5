//! What the two prints say about one another where they overlap.

use whorl_types::{RidgeCell, RidgeField};

use super::alignment::Alignment;
use super::pairing::Pair;
use super::side::{LANES, Side, Spots};
use super::turn::cosine;

/// The overlap of the ridge fields of two prints.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Overlap {
    /// Cells in which both prints show ridges.
    pub(super) cells: f32,
    /// Mean cosine of twice the angle between the ridges, weighted by coherence: 1 is parallel everywhere.
    pub(super) flow: f32,
}

impl Overlap {
    /// The best that can be.
    pub(super) const PARALLEL: Self = Self { cells: 1.0, flow: 1.0 };

    #[inline(always)]
    pub(super) fn of(alignment: &Alignment, probe: &Side, reference: &Side) -> Option<Self> {
        let (a, b) = (probe.field?, reference.field?);
        let (mut cells, mut weights, mut flow) = (0.0, 0.0, 0.0);
        // Directions of ridges are in 256ths of a half turn: the motion turns them by twice its angle.
        let turn = alignment.turn.angle().wrapping_mul(2);
        for (cell, x, y) in shown(a) {
            let (x, y) = alignment.onto_reference(x, y);
            let Some(other) = b.at(x as i32, y as i32).filter(|other| other.coherence > 0) else { continue };
            cells += 1.0;
            let weight = f32::from(cell.coherence) * f32::from(other.coherence);
            weights += weight;
            flow += weight * cosine(cell.angle.wrapping_add(turn).wrapping_sub(other.angle));
        }
        Some(Self { cells, flow: if weights > 0.0 { flow / weights } else { 0.0 } })
    }
}

/// The cells that show ridges, with their centres.
fn shown(field: &RidgeField) -> impl Iterator<Item = (RidgeCell, f32, f32)> {
    let side = f32::from(RidgeField::CELL_PX);
    let rows = field.cells().chunks_exact(usize::from(field.columns())).enumerate();
    rows.flat_map(move |(row, cells)| {
        let y = (row as f32 + 0.5) * side;
        let shown = cells.iter().enumerate().filter(|(_, cell)| cell.coherence > 0);
        shown.map(move |(column, cell)| (*cell, (column as f32 + 0.5) * side, y))
    })
}

/// How many minutiae of each side lie where the other side shows ridges, and so should be paired.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Expected {
    pub(super) probe: f32,
    pub(super) reference: f32,
}

impl Expected {
    #[inline(always)]
    pub(super) fn of(alignment: &Alignment, pairs: &[Pair], probe: &Side, reference: &Side) -> Self {
        let (mut probe_paired, mut reference_paired) = ([false; LANES], [false; LANES]);
        for pair in pairs {
            probe_paired[pair.probe] = true;
            reference_paired[pair.reference] = true;
        }
        let count = |spots: &Spots, paired: &[bool; LANES], other: &Side, over: &dyn Fn(f32, f32) -> (f32, f32)| {
            let expected = |&at: &usize| {
                let (x, y) = over(spots.x[at], spots.y[at]);
                paired[at] || shows(other, x, y)
            };
            (0..spots.len).filter(expected).count() as f32
        };
        Self {
            probe: count(probe.spots, &probe_paired, reference, &|x, y| alignment.onto_reference(x, y)),
            reference: count(reference.spots, &reference_paired, probe, &|x, y| alignment.onto_probe(x, y)),
        }
    }
}

/// Ridges reach this far from a minutia, in pixels, where nothing else is known of them.
const REACH_PX: f32 = 48.0;

/// Whether ridges are shown at a point; without a field, minutiae near it stand for ridges.
#[inline(always)]
fn shows(side: &Side, x: f32, y: f32) -> bool {
    if let Some(field) = side.field {
        return field.at(x as i32, y as i32).is_some_and(|cell| cell.coherence > 0);
    }
    let near = |&at: &usize| (side.spots.x[at] - x).abs() < REACH_PX && (side.spots.y[at] - y).abs() < REACH_PX;
    (0..side.spots.len).any(|at| near(&at))
}
