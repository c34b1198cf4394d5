//! Cores and deltas: where the ridge flow turns around a point (Kawagoe and Tojo, Pattern Recognition 17, 1984).

use ndarray::Array2;
use whorl_types::{Singularity, SingularityKind};

use super::canvas::{CELL_PX, MARGIN_PX};
use super::field::Doubled;

/// The most that are kept; a finger has two cores and two deltas at most.
const MOST: usize = 8;

/// The points around which the direction makes half a turn.
pub(super) fn singularities(direction: &Array2<Doubled>, mask: &Array2<bool>) -> Vec<Singularity> {
    let (rows, columns) = mask.dim();
    let mut found = Vec::new();
    for r in 0..rows - 1 {
        for c in 0..columns - 1 {
            let ring = [[r, c], [r, c + 1], [r + 1, c + 1], [r + 1, c]];
            if ring.iter().all(|&at| mask[at])
                && let Some(kind) = index(ring.map(|at| direction[at]))
            {
                let place = |cell: usize| ((cell + 1) * CELL_PX).saturating_sub(MARGIN_PX) as u16;
                found.push(Singularity { x_px: place(c), y_px: place(r), kind });
            }
        }
    }
    found.truncate(MOST);
    found
}

/// The doubled directions of a ring, clockwise in the picture, wind once around: forwards at a core, backwards at a delta.
fn index(ring: [Doubled; 4]) -> Option<SingularityKind> {
    let turned: f32 = (0..4)
        .map(|k| {
            let (a, b) = (ring[k], ring[(k + 1) % 4]);
            libm::atan2f(a.cos * b.sin - a.sin * b.cos, a.cos * b.cos + a.sin * b.sin)
        })
        .sum();
    if turned > std::f32::consts::PI {
        Some(SingularityKind::Core)
    } else if turned < -std::f32::consts::PI {
        Some(SingularityKind::Delta)
    } else {
        None
    }
}
