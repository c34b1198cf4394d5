//! The texture of an iris: what identity is made of.
//!
//! The ring between pupil and limbus is a rectangle here: columns go round clockwise as seen, rows from the pupil outwards.
//! Fibres run radially, a little bent; where they part lie crypts; a ragged line, the collarette, divides them; furrows of
//! contraction go round outside it (Daugman, IEEE PAMI 15(11), 1993, names the same features).

use super::marks;
use crate::synthetic::plane::Plane;
use crate::synthetic::random::{Noise, Random};

/// Columns of a turn: a pixel each, half way out, at the resolution of the best camera.
pub(super) const COLUMNS: usize = 768;
/// Rows from pupil to limbus.
pub(super) const ROWS: usize = 72;

/// Hills of fibres: how many lie around the ring, how many from pupil to limbus, and how high they are. Long ones make
/// fibres, short ones the stroma between.
const FIBRES: [(f32, f32, f32); 8] = [
    (12.0, 1.5, 0.40),
    (24.0, 2.0, 0.50),
    (48.0, 3.0, 0.60),
    (96.0, 4.0, 0.55),
    (192.0, 6.0, 0.40),
    (32.0, 6.0, 0.40),
    (64.0, 11.0, 0.40),
    (128.0, 20.0, 0.30),
];

/// How fibres bend: as [`FIBRES`], in columns to the side.
const BENDS: [(f32, f32, f32); 2] = [(12.0, 2.0, 4.0), (48.0, 4.0, 2.0)];

/// A texture of mean 0 and standard deviation 1; its last column is its first.
pub(super) struct Texture(Plane);

impl Texture {
    pub(super) fn weave(random: &mut Random) -> Self {
        let mut plane = bent(&hills(&FIBRES, random), &hills(&BENDS, random));
        marks::make(&mut plane, random);
        Self(plane)
    }

    /// The lightness at `turn`, 0 to 1 clockwise from the right, and `depth`, 0 at the pupil and 1 at the limbus.
    pub(super) fn at(&self, turn: f32, depth: f32) -> f32 {
        self.0.at(turn * COLUMNS as f32, depth * (ROWS - 1) as f32)
    }
}

fn hills(scales: &[(f32, f32, f32)], random: &mut Random) -> Plane {
    let mut plane = Plane::even(COLUMNS, ROWS, 0.0);
    for &(around, deep, height) in scales {
        let cell_px = (COLUMNS as f32 / around, ROWS as f32 / deep);
        let noise = Noise::oblong(random, (COLUMNS, ROWS), cell_px).round();
        for (y, row) in plane.values.chunks_exact_mut(COLUMNS).enumerate() {
            noise.add_row(y, height, row);
        }
    }
    plane
}

/// What `straight` becomes when each sample is taken from so many columns to the side; one column wider, to close the ring.
fn bent(straight: &Plane, by: &Plane) -> Plane {
    let mut values = Vec::with_capacity((COLUMNS + 1) * ROWS);
    for (row, by) in straight.values.chunks_exact(COLUMNS).zip(by.values.chunks_exact(COLUMNS)) {
        for x in 0..=COLUMNS {
            let from = x as f32 + by[x % COLUMNS] + COLUMNS as f32;
            let (column, part) = (from as usize, from - from.floor());
            let (left, right) = (row[column % COLUMNS], row[(column + 1) % COLUMNS]);
            values.push(left + (right - left) * part);
        }
    }
    Plane { width: COLUMNS + 1, height: ROWS, values }
}
