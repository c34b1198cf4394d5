//! The rubber sheet: places of the iris, whatever its size and the pupil's.

use super::contour::{Contour, Eye};
use super::strip::COLUMNS;

/// Where each direction of the iris begins and ends in the sample (Daugman, "How iris recognition works", IEEE CSVT 14(1),
/// 2004): texture that stretches with the pupil stays at its fraction of the way.
pub(super) struct Sheet {
    inner: [(f32, f32); COLUMNS],
    outer: [(f32, f32); COLUMNS],
}

impl Sheet {
    /// The sheet between the boundaries of `eye`.
    pub(super) fn new(eye: &Eye) -> Self {
        Self { inner: points(&eye.pupil), outer: points(&eye.limbus) }
    }

    /// The place in direction `column`, `fraction` of the way from pupil to limbus, in pixels of the sample.
    #[inline]
    pub(super) fn place(&self, column: usize, fraction: f32) -> (f32, f32) {
        let ((x, y), (u, v)) = (self.inner[column], self.outer[column]);
        (x + (u - x) * fraction, y + (v - y) * fraction)
    }
}

/// The points of `contour` in every column's direction.
fn points(contour: &Contour) -> [(f32, f32); COLUMNS] {
    std::array::from_fn(|column| {
        let turn = column as f32 / COLUMNS as f32;
        let (sin, cos) = libm::sincosf(turn * std::f32::consts::TAU);
        let radius = contour.radius_towards(turn);
        (contour.centre.0 + radius * cos, contour.centre.1 + radius * sin)
    })
}
