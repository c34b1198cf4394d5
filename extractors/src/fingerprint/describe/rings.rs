//! Points on rings around a minutia, at which its surroundings are sampled.

use super::frame::Point;

/// A ring of points in a minutia's frame.
pub(super) struct Ring {
    pub(super) radius_px: f32,
    pub(super) points: usize,
}

impl Ring {
    pub(super) const fn new(radius_px: f32, points: usize) -> Self {
        Self { radius_px, points }
    }
}

/// How many points `rings` have in all.
pub(super) const fn count(rings: &[Ring]) -> usize {
    let (mut sum, mut ring) = (0, 0);
    while ring < rings.len() {
        sum += rings[ring].points;
        ring += 1;
    }
    sum
}

/// The points of `rings`, from the direction of the minutia counter-clockwise, every second ring turned by half a step.
pub(super) fn points(rings: &[Ring]) -> Vec<Point> {
    let on_ring = |(which, ring): (usize, &Ring)| {
        let radius = ring.radius_px;
        let step = std::f32::consts::TAU / ring.points as f32;
        let start = if which % 2 == 1 { 0.5 } else { 0.0 };
        (0..ring.points).map(move |point| {
            let (sin, cos) = libm::sincosf((point as f32 + start) * step);
            Point { x: radius * cos, y: radius * sin }
        })
    };
    rings.iter().enumerate().flat_map(on_ring).collect()
}
