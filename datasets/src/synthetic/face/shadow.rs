//! Shadows of the main lamp: how far the foremost thing is, seen from the lamp (Williams, SIGGRAPH 1978).

use super::vector::Vector;
use crate::synthetic::random::rise;

/// Side of a cell, and how much of the world is seen around its middle, in millimetres.
const CELL_MM: f32 = 2.5;
const REACH_MM: f32 = 200.0;
const CELLS: usize = (2.0 * REACH_MM / CELL_MM) as usize;

/// How much nearer to the lamp something must be to shade, and to shade wholly.
const LEAST_MM: f32 = 5.0;
const MOST_MM: f32 = 10.0;

pub(super) struct Shadows {
    lamp: Vector,
    right: Vector,
    up: Vector,
    nearest: Vec<f32>,
}

impl Shadows {
    /// What `points` shade from a lamp in this direction; they must lie closer than a cell to one another.
    pub(super) fn new<'a>(lamp: Vector, points: impl Iterator<Item = &'a Vector>) -> Self {
        let right = Vector::new(0.0, 1.0, 0.0).cross(lamp).unit();
        let up = lamp.cross(right);
        let mut shadows = Self { lamp, right, up, nearest: vec![f32::NEG_INFINITY; CELLS * CELLS] };
        for &point in points {
            if let Some(cell) = shadows.cell(point, 0, 0) {
                let nearest = &mut shadows.nearest[cell];
                *nearest = nearest.max(point.dot(lamp));
            }
        }
        shadows
    }

    fn cell(&self, point: Vector, right: i32, up: i32) -> Option<usize> {
        let at = |way: Vector, more: i32| {
            let cells = ((point.dot(way) + REACH_MM) / CELL_MM) as i32 + more;
            usize::try_from(cells).ok().filter(|&cell| cell < CELLS)
        };
        Some(at(self.up, up)? * CELLS + at(self.right, right)?)
    }

    /// How much of the lamp reaches a point, 0 to 1.
    pub(super) fn reached(&self, point: Vector) -> f32 {
        const SPREAD: [i32; 4] = [-4, -1, 1, 4];
        let own = point.dot(self.lamp);
        let (mut shaded, mut all) = (0.0, 0.0);
        for up in SPREAD {
            for right in SPREAD {
                let Some(cell) = self.cell(point, right, up) else { continue };
                // Cells aside may lie higher on the same slope.
                let aside = 0.9 * CELL_MM * (up.abs() + right.abs()) as f32;
                shaded += rise(LEAST_MM + aside, MOST_MM + aside, self.nearest[cell] - own);
                all += 1.0;
            }
        }
        1.0 - shaded / f32::max(all, 1.0)
    }
}
