//! What is known of the ridges, cell by cell.

use ndarray::Array2;
use whorl_types::{FingerTemplateError, RidgeCell, RidgeField};

use super::canvas::{CELL_PX, MARGIN_CELLS};
use super::plane::Plane;

/// Direction along the ridges, as the unit vector of twice its angle (x right, y down): the same for both senses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Doubled {
    /// Cosine of twice the angle.
    pub cos: f32,
    /// Sine of twice the angle.
    pub sin: f32,
}

impl Doubled {
    /// The unit vector along the ridges, with `x >= 0`.
    #[must_use]
    pub fn along(self) -> (f32, f32) {
        let x = ((1.0 + self.cos).max(0.0) * 0.5).sqrt();
        let y = ((1.0 - self.cos).max(0.0) * 0.5).sqrt();
        (x, if self.sin < 0.0 { -y } else { y })
    }
}

/// What the later stages know of the ridges. Grids have a cell of [`CELL_PX`] pixels of the planes.
pub struct Ridges {
    /// Oriented band-pass of the picture: ridges positive, valleys negative, 0 outside the mask.
    pub enhanced: Plane,
    /// The same a quarter of a period further across the ridges, so that the two are the parts of a wave.
    pub quadrature: Plane,
    /// Direction along the ridges in each cell.
    pub direction: Array2<Doubled>,
    /// How well the ridges agree on the direction, 0 to 1.
    pub coherence: Plane,
    /// How much of the picture is ridges in each cell, 0 to 1: the correlation of the enhanced with the original one.
    pub clarity: Plane,
    /// Distance from ridge to ridge in each cell, in pixels.
    pub period_px: Plane,
    /// Which cells show ridges.
    pub mask: Array2<bool>,
    /// Where the picture's top left corner is in the planes, in pixels, the same both ways.
    pub margin_px: usize,
}

impl Ridges {
    /// How strong the ridge wave is at a pixel; about 0.7 on clear ridges, 0 outside the canvas.
    pub(super) fn amplitude(&self, x: usize, y: usize) -> f32 {
        let part = |plane: &Plane| plane.get([y, x]).copied().unwrap_or(0.0);
        let (even, odd) = (part(&self.enhanced), part(&self.quadrature));
        (even * even + odd * odd).sqrt()
    }

    /// The middle one of the periods of all cells that show ridges.
    pub(super) fn median_period_px(&self) -> f32 {
        let shown = self.period_px.iter().zip(&self.mask).filter(|(_, shown)| **shown);
        let mut periods: Vec<f32> = shown.map(|(&period_px, _)| period_px).collect();
        periods.sort_by(f32::total_cmp);
        periods[periods.len() / 2]
    }

    /// The field on the template's coarser grid, without the margin.
    pub(super) fn to_template(&self, width_px: usize, height_px: usize) -> Result<RidgeField, FingerTemplateError> {
        const SIDE: usize = RidgeField::CELL_PX as usize / CELL_PX;
        let columns = width_px.div_ceil(SIDE * CELL_PX);
        let rows = height_px.div_ceil(SIDE * CELL_PX);
        let mut cells = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                cells.push(self.merge(row * SIDE + MARGIN_CELLS, column * SIDE + MARGIN_CELLS, SIDE));
            }
        }
        RidgeField::new(columns as u16, cells)
    }

    /// One cell of the template from `side * side` of ours; background unless at least half of them show ridges.
    fn merge(&self, row: usize, column: usize, side: usize) -> RidgeCell {
        let (mut shown, mut cos, mut sin, mut period, mut coherence) = (0, 0.0, 0.0, 0.0, 0.0);
        for at in (row..row + side).flat_map(|r| (column..column + side).map(move |c| [r, c])) {
            if self.mask.get(at).copied().unwrap_or(false) {
                shown += 1;
                cos += self.direction[at].cos;
                sin += self.direction[at].sin;
                period += self.period_px[at];
                coherence += self.coherence[at];
            }
        }
        if shown * 2 < side * side {
            return RidgeCell::default();
        }
        let share = 1.0 / shown as f32;
        // y points down in the picture and up in the template's angles.
        let half_turns = libm::atan2f(-sin, cos) / (2.0 * std::f32::consts::PI);
        RidgeCell {
            angle: (half_turns * 256.0).round() as i32 as u8,
            period_px16: (period * share * 16.0 + 0.5).clamp(0.0, 255.0) as u8,
            coherence: (coherence * share * 255.0 + 0.5).clamp(1.0, 255.0) as u8,
        }
    }
}
