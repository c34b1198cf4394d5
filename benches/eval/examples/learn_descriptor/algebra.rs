//! As much linear algebra as the learning needs.

use rayon::prelude::*;

/// A matrix, row by row.
pub(crate) struct Matrix {
    columns: usize,
    numbers: Vec<f64>,
}

impl Matrix {
    pub(crate) fn zeros(rows: usize, columns: usize) -> Self {
        Self { columns, numbers: vec![0.0; rows * columns] }
    }

    pub(crate) fn of_rows(rows: Vec<Vec<f64>>) -> Self {
        Self { columns: rows[0].len(), numbers: rows.into_iter().flatten().collect() }
    }

    pub(crate) fn rows(&self) -> usize {
        self.numbers.len() / self.columns
    }

    pub(crate) fn row(&self, row: usize) -> &[f64] {
        &self.numbers[row * self.columns..][..self.columns]
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.numbers[row * self.columns + column]
    }

    pub(crate) fn at_mut(&mut self, row: usize, column: usize) -> &mut f64 {
        &mut self.numbers[row * self.columns + column]
    }

    pub(crate) fn transposed(&self) -> Self {
        let column = |at: usize| (0..self.rows()).map(|row| self.at(row, at)).collect();
        Self::of_rows((0..self.columns).map(column).collect())
    }

    pub(crate) fn product(&self, other: &Self) -> Self {
        let row = |at: usize| {
            let mut sums = vec![0.0; other.columns];
            for (k, factor) in self.row(at).iter().enumerate() {
                sums.iter_mut().zip(other.row(k)).for_each(|(sum, number)| *sum += factor * number);
            }
            sums
        };
        Self::of_rows((0..self.rows()).into_par_iter().map(row).collect())
    }
}

/// The lower triangle whose product with its transpose is `matrix`.
pub(crate) fn cholesky(matrix: &Matrix) -> Matrix {
    let size = matrix.rows();
    let mut lower = Matrix::zeros(size, size);
    for row in 0..size {
        for column in 0..=row {
            let dot: f64 = lower.row(row)[..column].iter().zip(lower.row(column)).map(|(a, b)| a * b).sum();
            let rest = matrix.at(row, column) - dot;
            *lower.at_mut(row, column) = if row == column { rest.sqrt() } else { rest / lower.at(column, column) };
        }
    }
    lower
}

pub(crate) fn invert_lower(lower: &Matrix) -> Matrix {
    let size = lower.rows();
    let mut inverse = Matrix::zeros(size, size);
    for column in 0..size {
        *inverse.at_mut(column, column) = 1.0 / lower.at(column, column);
        for row in column + 1..size {
            let dot: f64 = (column..row).map(|k| lower.at(row, k) * inverse.at(k, column)).sum();
            *inverse.at_mut(row, column) = -dot / lower.at(row, row);
        }
    }
    inverse
}

/// Eigenvalues of a symmetric matrix, largest first, with their vectors, by Jacobi's rotations.
pub(crate) fn eigen(matrix: &Matrix) -> (Vec<f64>, Vec<Vec<f64>>) {
    const SWEEPS: usize = 12;
    let size = matrix.rows();
    let mut rows: Vec<Vec<f64>> = (0..size).map(|row| matrix.row(row).to_vec()).collect();
    let mut vectors: Vec<Vec<f64>> =
        (0..size).map(|at| (0..size).map(|k| f64::from(u8::from(at == k))).collect()).collect();
    for _ in 0..SWEEPS {
        for p in 0..size {
            for q in p + 1..size {
                let Some((cos, sin)) = rotation(rows[p][p], rows[q][q], rows[p][q]) else { continue };
                for row in &mut rows {
                    (row[p], row[q]) = (cos * row[p] - sin * row[q], sin * row[p] + cos * row[q]);
                }
                turn(&mut rows, (p, q), (cos, sin));
                turn(&mut vectors, (p, q), (cos, sin));
            }
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&a, &b| rows[b][b].total_cmp(&rows[a][a]));
    (order.iter().map(|&at| rows[at][at]).collect(), order.iter().map(|&at| vectors[at].clone()).collect())
}

/// The rotation that makes the element between two diagonal ones vanish; none where it is next to nothing.
fn rotation(p: f64, q: f64, between: f64) -> Option<(f64, f64)> {
    if between * between <= 1e-20 * (p * q).abs() {
        return None;
    }
    let slope = (q - p) / (2.0 * between);
    let tangent = slope.signum() / (slope.abs() + (slope * slope + 1.0).sqrt());
    let cos = 1.0 / (tangent * tangent + 1.0).sqrt();
    Some((cos, tangent * cos))
}

fn turn(rows: &mut [Vec<f64>], (p, q): (usize, usize), (cos, sin): (f64, f64)) {
    let (head, tail) = rows.split_at_mut(q);
    for (a, b) in head[p].iter_mut().zip(&mut tail[0]) {
        (*a, *b) = (cos * *a - sin * *b, sin * *a + cos * *b);
    }
}

/// `rows` random directions of a space of `size`, orthogonal to one another in blocks of `size`; always the same ones.
pub(crate) fn rotations(rows: usize, size: usize) -> Matrix {
    let mut state = 1_u64;
    let mut normal = || {
        // Twelve uniform numbers add up to a nearly normal one of variance 1.
        let uniform = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..12).map(uniform).sum::<f64>() - 6.0
    };
    let mut found: Vec<Vec<f64>> = Vec::new();
    for at in 0..rows {
        let mut row: Vec<f64> = (0..size).map(|_| normal()).collect();
        for earlier in &found[at - at % size..] {
            let dot: f64 = row.iter().zip(earlier).map(|(a, b)| a * b).sum();
            row.iter_mut().zip(earlier).for_each(|(a, b)| *a -= dot * b);
        }
        let norm = row.iter().map(|a| a * a).sum::<f64>().sqrt();
        found.push(row.iter().map(|a| a / norm).collect());
    }
    Matrix::of_rows(found)
}
