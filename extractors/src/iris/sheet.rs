//! The rubber sheet: places of the iris, whatever its size and the pupil's (Daugman, IEEE PAMI 15(11), 1993).

use std::f32::consts::TAU;

use super::contour::{Contour, Eye};
use super::strip::{COLUMNS, ROWS};

/// Where each direction of the iris begins and ends in the sample (Daugman, "How iris recognition works", IEEE CSVT 14(1),
/// 2004): texture that stretches with the pupil stays at its fraction of the way.
pub(super) struct Sheet {
    centre: (f32, f32),
    inner: [(f32, f32); COLUMNS],
    outer: [(f32, f32); COLUMNS],
}

impl Sheet {
    /// The sheet between the boundaries of `eye`, each seen from its middle, which its centre is only nearly. The limbus is taken
    /// to lie at the pupil's height: lids hide what would tell, and a height that varies between captures turns the outer rings.
    pub(super) fn new(eye: &Eye) -> Self {
        let [pupil_off, limbus_off] = [&eye.pupil, &eye.limbus].map(off_centre);
        let centre = (eye.pupil.centre.0 + pupil_off.0, eye.pupil.centre.1 + pupil_off.1);
        let limbus_middle = (eye.limbus.centre.0 + limbus_off.0, centre.1);
        Self {
            centre,
            inner: points(&eye.pupil, pupil_off, centre),
            outer: points(&eye.limbus, limbus_off, limbus_middle),
        }
    }

    /// The place in direction `column`, `fraction` of the way from pupil to limbus, in pixels of the sample.
    #[inline]
    pub(super) fn place(&self, column: usize, fraction: f32) -> (f32, f32) {
        let ((x, y), (u, v)) = (self.inner[column], self.outer[column]);
        (x + (u - x) * fraction, y + (v - y) * fraction)
    }

    /// The row and the column of a strip nearest to a place of the sample, if it is between pupil and limbus.
    pub(super) fn nearest(&self, (x, y): (f32, f32)) -> Option<(usize, usize)> {
        let turn = libm::atan2f(y - self.centre.1, x - self.centre.0) / TAU;
        let column = ((turn + 1.0) * COLUMNS as f32 + 0.5) as usize % COLUMNS;
        let (from, to) = (self.inner[column], self.outer[column]);
        let (right, down) = (to.0 - from.0, to.1 - from.1);
        let fraction = ((x - from.0) * right + (y - from.1) * down) / (right * right + down * down).max(1.0);
        (0.0..1.0).contains(&fraction).then_some(((fraction * ROWS as f32) as usize, column))
    }
}

/// The points of a curve whose middle is at `middle` and whose radii are those of `contour` around its own, which lies `off` its
/// centre, in every column's direction.
fn points(contour: &Contour, off: (f32, f32), middle: (f32, f32)) -> [(f32, f32); COLUMNS] {
    std::array::from_fn(|column| {
        let (sin, cos) = libm::sincosf(column as f32 / COLUMNS as f32 * TAU);
        let radius = contour.radius_towards(column as f32 / COLUMNS as f32) - off.0 * cos - off.1 * sin;
        (middle.0 + radius * cos, middle.1 + radius * sin)
    })
}

/// How far the middle of `contour` lies right of and below its centre: the first harmonic of its radius.
fn off_centre(contour: &Contour) -> (f32, f32) {
    let (mut right, mut down) = (0.0, 0.0);
    for (direction, radius) in contour.radii.iter().enumerate() {
        let (sin, cos) = libm::sincosf(direction as f32 / Contour::DIRECTIONS as f32 * TAU);
        right += radius * cos;
        down += radius * sin;
    }
    let scale = 2.0 / Contour::DIRECTIONS as f32;
    (right * scale, down * scale)
}
