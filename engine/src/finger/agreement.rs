//! What the two prints say about one another where they overlap.

use whorl_types::{RidgeCell, RidgeField};

use super::alignment::Alignment;
use super::pairing::Pair;
use super::side::{Side, Spot};
use super::turn::cosine;

/// The overlap of the ridge fields of two prints.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Overlap {
    /// Cells in which both prints show ridges.
    pub(super) cells: f32,
    /// Mean cosine of twice the angle between the ridges, weighted by coherence: 1 is parallel everywhere.
    pub(super) flow: f32,
    /// Mean absolute difference of the logarithmic ridge periods.
    pub(super) period: f32,
}

impl Overlap {
    pub(super) fn of(alignment: &Alignment, probe: &Side, reference: &Side) -> Self {
        let (Some(a), Some(b)) = (&probe.field, &reference.field) else { return Self::default() };
        let (mut cells, mut weights, mut flow, mut periods, mut period) = (0.0, 0.0, 0.0, 0.0, 0.0);
        // Directions of ridges are in 256ths of a half turn: the motion turns them by twice its angle.
        let turn = alignment.angle.wrapping_mul(2);
        for (cell, x, y) in shown(a) {
            let (x, y) = alignment.place(x, y);
            let Some(other) = b.at(x as i32, y as i32).filter(|other| other.coherence > 0) else { continue };
            cells += 1.0;
            let weight = f32::from(cell.coherence) * f32::from(other.coherence);
            weights += weight;
            flow += weight * cosine(cell.angle.wrapping_add(turn).wrapping_sub(other.angle));
            if cell.period_px16 > 0 && other.period_px16 > 0 {
                let (p, q) = (f32::from(cell.period_px16), f32::from(other.period_px16));
                periods += 1.0;
                period += (p - q).abs() / (p + q);
            }
        }
        if cells == 0.0 {
            return Self::default();
        }
        Self { cells, flow: flow / weights, period: if periods > 0.0 { period / periods } else { 0.0 } }
    }
}

/// The cells that show ridges, with their centres.
fn shown(field: &RidgeField) -> impl Iterator<Item = (RidgeCell, f32, f32)> {
    let columns = usize::from(field.columns());
    let side = f32::from(RidgeField::CELL_PX);
    let centre = move |cell: usize| (cell as f32 + 0.5) * side;
    let cells = field.cells().iter().enumerate().filter(|(_, cell)| cell.coherence > 0);
    cells.map(move |(at, cell)| (*cell, centre(at % columns), centre(at / columns)))
}

/// How many minutiae of each side lie where the other side shows ridges.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Expected {
    pub(super) probe: f32,
    pub(super) reference: f32,
}

impl Expected {
    /// Without fields, the box around the other side's minutiae stands for the ridges.
    pub(super) fn of(placed: &[Spot], probe: &Side, reference: &Side, pairs: &[Pair], back: &[Spot]) -> Self {
        let paired_probe = |i: usize| pairs.iter().any(|pair| pair.probe == i);
        let paired_reference = |j: usize| pairs.iter().any(|pair| pair.reference == j);
        let count = |spots: &[Spot], other: &Side, paired: &dyn Fn(usize) -> bool| {
            let inside = |(which, spot): &(usize, &Spot)| paired(*which) || shows(other, spot);
            spots.iter().enumerate().filter(inside).count() as f32
        };
        Self { probe: count(placed, reference, &paired_probe), reference: count(back, probe, &paired_reference) }
    }
}

fn shows(side: &Side, spot: &Spot) -> bool {
    match &side.field {
        Some(field) => field.at(spot.x as i32, spot.y as i32).is_some_and(|cell| cell.coherence > 0),
        None => side.spots.iter().any(|other| (other.x - spot.x).abs() < 48.0 && (other.y - spot.y).abs() < 48.0),
    }
}
