//! Sheets: surfaces as lattices of points, of which everything that is seen is made.

use super::vector::Vector;

/// Points in rows. Seen from outside, columns go to the right and rows down.
pub(super) struct Sheet {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) points: Vec<Vector>,
}

impl Sheet {
    /// The sheet whose point in column `c` and row `r` is `point(c, r)`.
    pub(super) fn new(columns: usize, rows: usize, point: impl Fn(usize, usize) -> Vector) -> Self {
        let points = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        Self { columns, rows, points: points.map(|(column, row)| point(column, row)).collect() }
    }

    /// The same lattice with each point moved.
    pub(super) fn moved(&self, to: impl Fn(usize, Vector) -> Vector) -> Self {
        let points = self.points.iter().enumerate().map(|(at, &point)| to(at, point)).collect();
        Self { columns: self.columns, rows: self.rows, points }
    }

    /// The directions outwards, of length 1, at all points.
    pub(super) fn normals(&self) -> Vec<Vector> {
        let mut normals = Vec::with_capacity(self.points.len());
        for row in 0..self.rows {
            let above = &self.points[row.saturating_sub(1) * self.columns..][..self.columns];
            let below = &self.points[(row + 1).min(self.rows - 1) * self.columns..][..self.columns];
            let here = &self.points[row * self.columns..][..self.columns];
            normals.extend((0..self.columns).map(|column| {
                let across = here[(column + 1).min(self.columns - 1)] - here[column.saturating_sub(1)];
                (below[column] - above[column]).cross(across).unit()
            }));
        }
        normals
    }

    /// The point between the lattice's points, at column `u` and row `v`.
    pub(super) fn at(&self, u: f32, v: f32) -> Vector {
        let (u, v) = (u.clamp(0.0, self.columns as f32 - 1.001), v.clamp(0.0, self.rows as f32 - 1.001));
        let (column, row) = (u as usize, v as usize);
        let (right, down) = (u - column as f32, v - row as f32);
        let upper = &self.points[row * self.columns + column..][..2];
        let lower = &self.points[(row + 1) * self.columns + column..][..2];
        upper[0].towards(upper[1], right).towards(lower[0].towards(lower[1], right), down)
    }
}
