//! Minutiae that are none.

use ndarray::Array2;

use super::canvas::CELL_PX;
use super::minutiae::Candidate;

/// Minutiae nearer than this to the edge of the ridges are mostly ridges cut off, in pixels.
const BORDER_PX: f32 = 7.0;

/// Two opposite minutiae nearer than this are one break, bridge or pore, in pixels.
const PAIR_PX: f32 = 8.0;

/// More minutiae than [`CLOUD_COUNT`] within this distance are noise, in pixels.
const CLOUD_PX: f32 = 20.0;
const CLOUD_COUNT: usize = 8;

/// The candidates that stand the test of their surroundings.
pub(super) fn believable(candidates: &[Candidate], mask: &Array2<bool>) -> Vec<Candidate> {
    let inside: Vec<Candidate> = candidates.iter().copied().filter(|candidate| well_inside(candidate, mask)).collect();
    let unpaired = keep(&inside, |a, others| {
        !others.iter().any(|b| a.distance((b.x, b.y)) < PAIR_PX && a.dx * b.dx + a.dy * b.dy < -0.5)
    });
    keep(&unpaired, |a, others| others.iter().filter(|b| a.distance((b.x, b.y)) < CLOUD_PX).count() < CLOUD_COUNT)
}

fn keep(list: &[Candidate], good: impl Fn(&Candidate, &[Candidate]) -> bool) -> Vec<Candidate> {
    list.iter().copied().filter(|candidate| good(candidate, list)).collect()
}

/// Whether the mask reaches far enough around a candidate, asked in 16 directions.
fn well_inside(candidate: &Candidate, mask: &Array2<bool>) -> bool {
    const DIAGONAL: f32 = std::f32::consts::FRAC_1_SQRT_2;
    let ways = [(1.0, 0.0), (DIAGONAL, DIAGONAL), (0.0, 1.0), (-DIAGONAL, DIAGONAL)];
    ways.iter().flat_map(|&(dx, dy)| [(dx, dy), (-dx, -dy)]).all(|(dx, dy)| {
        let (x, y) = (candidate.x + dx * BORDER_PX, candidate.y + dy * BORDER_PX);
        mask.get([y as usize / CELL_PX, x as usize / CELL_PX]).copied().unwrap_or(false)
    })
}
