//! Smoothing of what is known cell by cell.

use super::plane::{Plane, row, samples_mut};

/// How far the Gaussian reaches, in standard deviations.
const REACH: f32 = 2.5;

/// Gaussian blur of a grid, what is outside counting as 0.
pub(super) fn blur(grid: &Plane, sigma_cells: f32) -> Plane {
    let kernel = kernel(sigma_cells);
    let reach = kernel.len() / 2;
    let (rows, columns) = grid.dim();
    let mut across = Plane::zeros((rows, columns));
    let mut padded = vec![0.0; columns + 2 * reach];
    for r in 0..rows {
        padded[reach..reach + columns].copy_from_slice(row(grid, r));
        let out = &mut samples_mut(&mut across)[r * columns..][..columns];
        for (weight, from) in kernel.iter().zip(padded.windows(columns)) {
            add(out, from, *weight);
        }
    }
    let mut blurred = Plane::zeros((rows, columns));
    for r in 0..rows {
        let out = &mut samples_mut(&mut blurred)[r * columns..][..columns];
        for (k, weight) in kernel.iter().enumerate() {
            let from = (r + k).checked_sub(reach).filter(|&from| from < rows);
            if let Some(from) = from {
                add(out, row(&across, from), *weight);
            }
        }
    }
    blurred
}

fn add(out: &mut [f32], from: &[f32], weight: f32) {
    for (out, from) in out.iter_mut().zip(from) {
        *out += from * weight;
    }
}

/// Weights that add up to 1.
fn kernel(sigma: f32) -> Vec<f32> {
    let reach = (sigma * REACH).ceil() as i32;
    let weights: Vec<f32> = (-reach..=reach).map(|k| libm::expf(-((k * k) as f32) / (2.0 * sigma * sigma))).collect();
    let total: f32 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}
