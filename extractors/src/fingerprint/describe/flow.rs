//! The flow of the ridges around a minutia.
//!
//! Directions of ridges at fixed points around a minutia, relative to its own, tell fingers apart even where neighbouring
//! minutiae were missed: Tico and Kuosmanen, "Fingerprint matching using an orientation-based minutia descriptor", IEEE TPAMI
//! 25(8), 2003. Here the direction is a doubled-angle vector as long as the ridges are parallel, so that what is not known
//! adds nothing, and the distance between ridges joins it.

use whorl_types::RidgeField;

use super::frame::{Frame, Point};
use super::rings::{self, Ring};

const DIRECTION_RINGS: [Ring; 6] = [
    Ring::new(14.0, 6),
    Ring::new(28.0, 8),
    Ring::new(44.0, 10),
    Ring::new(62.0, 14),
    Ring::new(82.0, 16),
    Ring::new(104.0, 18),
];

const PERIOD_RINGS: [Ring; 3] = [Ring::new(16.0, 3), Ring::new(40.0, 6), Ring::new(70.0, 8)];

/// Numbers that the flow gives: two of each direction, one of each period.
pub(super) const COUNT: usize = 2 * rings::count(&DIRECTION_RINGS) + rings::count(&PERIOD_RINGS);

/// The usual distance from ridge to ridge: periods are given as their deviation from it.
const USUAL_PERIOD_PX: f32 = 9.0;

/// What the flow is at one point of a finger, or a mixture of points.
#[derive(Clone, Copy, Default)]
struct Sample {
    cos: f32,
    sin: f32,
    /// Deviation of the period from the usual one, as a fraction of it.
    period: f32,
}

/// The ridge flow of one template as vectors, and the points at which minutiae look at it.
pub(super) struct Flow {
    columns: i32,
    rows: i32,
    cells: Vec<Sample>,
    directions: Vec<Point>,
    periods: Vec<Point>,
}

impl Flow {
    pub(super) fn new(field: &RidgeField) -> Self {
        let sample = |cell: &whorl_types::RidgeCell| {
            let length = f32::from(cell.coherence) / 255.0;
            let (cos, sin) = super::frame::unit(cell.angle);
            let known = cell.coherence > 0 && cell.period_px16 > 0;
            let period = f32::from(cell.period_px16) / 16.0 / USUAL_PERIOD_PX - 1.0;
            Sample { cos: length * cos, sin: length * sin, period: if known { period } else { 0.0 } }
        };
        Self {
            columns: i32::from(field.columns()),
            rows: i32::from(field.rows()),
            cells: field.cells().iter().map(sample).collect(),
            directions: rings::points(&DIRECTION_RINGS),
            periods: rings::points(&PERIOD_RINGS),
        }
    }

    /// Writes what a minutia with this frame sees to `out`, [`COUNT`] numbers.
    pub(super) fn sample(&self, frame: Frame, out: &mut [f32]) {
        let (directions, periods) = out.split_at_mut(2 * self.directions.len());
        for (&point, pair) in self.directions.iter().zip(directions.chunks_exact_mut(2)) {
            let flow = self.at(frame.to_picture(point));
            (pair[0], pair[1]) = frame.turn_doubled(flow.cos, flow.sin);
        }
        for (&point, period) in self.periods.iter().zip(periods) {
            *period = self.at(frame.to_picture(point)).period;
        }
    }

    /// The flow at `point`, between the centres of the four cells around it; nothing outside the grid.
    fn at(&self, point: Point) -> Sample {
        let side = f32::from(RidgeField::CELL_PX);
        let (x, y) = (point.x / side - 0.5, point.y / side - 0.5);
        let (column, row) = (x.floor(), y.floor());
        let (right, down) = (x - column, y - row);
        let (column, row) = (column as i32, row as i32);
        let mut mixed = Sample::default();
        for (dx, dy, weight) in [
            (0, 0, (1.0 - right) * (1.0 - down)),
            (1, 0, right * (1.0 - down)),
            (0, 1, (1.0 - right) * down),
            (1, 1, right * down),
        ] {
            let cell = self.cell(column + dx, row + dy);
            mixed.cos += weight * cell.cos;
            mixed.sin += weight * cell.sin;
            mixed.period += weight * cell.period;
        }
        mixed
    }

    fn cell(&self, column: i32, row: i32) -> Sample {
        let inside = (0..self.columns).contains(&column) && (0..self.rows).contains(&row);
        if inside { self.cells[(row * self.columns + column) as usize] } else { Sample::default() }
    }
}
