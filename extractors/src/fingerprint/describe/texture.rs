//! The ridges themselves, close to a minutia.
//!
//! Within some three ridge periods skin hardly distorts: the enhanced ridge pattern, sampled in the minutia's frame, is then
//! almost a picture of the same place. Outside the mask it is 0 and adds nothing.

use super::frame::{Frame, Point};
use super::rings::{self, Ring};
use crate::fingerprint::Plane;

const RINGS: [Ring; 8] = [
    Ring::new(0.0, 1),
    Ring::new(4.0, 6),
    Ring::new(8.0, 12),
    Ring::new(12.0, 16),
    Ring::new(16.0, 22),
    Ring::new(20.5, 28),
    Ring::new(25.0, 32),
    Ring::new(30.0, 36),
];

/// Ridges this strong stand out of the noise; stronger ones are no better.
const FAINT: f32 = 0.2;

/// Numbers that the texture gives.
pub(super) const COUNT: usize = rings::count(&RINGS);

/// The enhanced ridges of a picture, and the points at which minutiae look at them.
pub(super) struct Texture<'a> {
    enhanced: &'a Plane,
    margin_px: f32,
    points: Vec<Point>,
}

impl<'a> Texture<'a> {
    /// The ridges of `enhanced`, in which the picture's corner is `margin_px` from the plane's, both ways.
    pub(super) fn new(enhanced: &'a Plane, margin_px: usize) -> Self {
        Self { enhanced, margin_px: margin_px as f32, points: rings::points(&RINGS) }
    }

    /// Writes what a minutia with this frame sees to `out`, [`COUNT`] numbers.
    pub(super) fn sample(&self, frame: Frame, out: &mut [f32]) {
        for (&point, sample) in self.points.iter().zip(out) {
            let ridge = self.at(frame.to_picture(point));
            *sample = ridge / (ridge * ridge + FAINT * FAINT).sqrt();
        }
    }

    /// The ridge pattern at `point`, between the centres of the four pixels around it; nothing outside the plane.
    fn at(&self, point: Point) -> f32 {
        let (x, y) = (point.x + self.margin_px - 0.5, point.y + self.margin_px - 0.5);
        let (column, row) = (x.floor(), y.floor());
        let (right, down) = (x - column, y - row);
        let pixel = |dx: f32, dy: f32| {
            let (column, row) = (column + dx, row + dy);
            let inside = column >= 0.0 && row >= 0.0;
            if inside { self.enhanced.get([row as usize, column as usize]).copied().unwrap_or(0.0) } else { 0.0 }
        };
        let upper = pixel(0.0, 0.0) * (1.0 - right) + pixel(1.0, 0.0) * right;
        let lower = pixel(0.0, 1.0) * (1.0 - right) + pixel(1.0, 1.0) * right;
        upper * (1.0 - down) + lower * down
    }
}
