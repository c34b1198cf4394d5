//! The flow of the ridges, inferred from minutiae alone.
//!
//! A minutia lies along its ridge, so the directions of the minutiae around a place tell how the ridges run there. This gives a
//! foreign record, which has no image, descriptors that can be compared with those of an image.

use whorl_types::{Minutia, RidgeCell, RidgeField};

use super::frame::{position, unit};

/// A minutia says something about ridges this near, in pixels at 500 ppi.
const REACH_PX: f32 = 64.0;

/// Weight of knowing nothing: one minutia right here makes a coherence of about two thirds.
const DOUBT: f32 = 0.5;

/// Below this weight, cells are background.
const LEAST_WEIGHT: f32 = 0.2;

/// The flow around `minutiae` in a picture of `width_px * height_px` at 500 ppi. Periods remain unknown.
pub(super) fn infer(width_px: u16, height_px: u16, minutiae: &[Minutia]) -> RidgeField {
    let side = RidgeField::CELL_PX;
    let (columns, rows) = (width_px.div_ceil(side), height_px.div_ceil(side));
    let centre = |cell: u16| (f32::from(cell) + 0.5) * f32::from(side);
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (centre(column), centre(row))));
    let cells = cells.map(|(x, y)| infer_cell(x, y, minutiae)).collect();
    RidgeField::new(columns, cells).expect("the cells fill whole rows, and a template has no side of zero")
}

fn infer_cell(x: f32, y: f32, minutiae: &[Minutia]) -> RidgeCell {
    let (mut cos, mut sin, mut sum) = (0.0, 0.0, 0.0);
    for minutia in minutiae {
        let at = position(*minutia);
        let (dx, dy) = (at.x - x, at.y - y);
        let inside = 1.0 - (dx * dx + dy * dy) / (REACH_PX * REACH_PX);
        if inside > 0.0 {
            let weight = inside * inside * inside;
            let (c, s) = unit(minutia.angle.wrapping_mul(2));
            cos += weight * c;
            sin += weight * s;
            sum += weight;
        }
    }
    if sum < LEAST_WEIGHT {
        return RidgeCell::default();
    }
    let coherence = (cos * cos + sin * sin).sqrt() / (sum + DOUBT);
    let turns = libm::atan2f(sin, cos) / std::f32::consts::TAU;
    RidgeCell {
        angle: (turns * 256.0).round() as i32 as u8,
        period_px16: 0,
        coherence: (coherence * 255.0 + 0.5).clamp(1.0, 255.0) as u8,
    }
}
