//! Which way the ridges run.
//!
//! The gradient structure tensor, summed cell by cell and smoothed as a doubled-angle vector (Kass and Witkin, "Analyzing
//! oriented patterns", 1987; Bazen and Gerez, TPAMI 24, 2002).

use ndarray::Array2;

use super::canvas::CELL_PX;
use super::field::Doubled;
use super::plane::{Plane, row, samples, samples_mut};

/// Sums over a cell of `gx^2 - gy^2`, `2 gx gy` and `gx^2 + gy^2`.
#[derive(Clone)]
pub(super) struct Tensor {
    pub(super) even: Plane,
    pub(super) odd: Plane,
    pub(super) energy: Plane,
}

/// The gradient tensor of `ridges` in each cell.
pub(super) fn tensor(ridges: &Plane) -> Tensor {
    let (height, width) = ridges.dim();
    let dim = (height / CELL_PX, width / CELL_PX);
    let mut tensor = Tensor { even: Plane::zeros(dim), odd: Plane::zeros(dim), energy: Plane::zeros(dim) };
    let mut smooth = vec![0.0; width];
    let mut slope = vec![0.0; width];
    for y in 1..height - 1 {
        let (above, here, below) = (row(ridges, y - 1), row(ridges, y), row(ridges, y + 1));
        for x in 0..width {
            smooth[x] = above[x] + 2.0 * here[x] + below[x];
            slope[x] = below[x] - above[x];
        }
        for column in 1..dim.1 - 1 {
            let [even, odd, energy] = cell_row(&smooth, &slope, column * CELL_PX);
            tensor.even[[y / CELL_PX, column]] += even;
            tensor.odd[[y / CELL_PX, column]] += odd;
            tensor.energy[[y / CELL_PX, column]] += energy;
        }
    }
    tensor
}

/// One row of one cell; `smooth` and `slope` are the vertical halves of the Sobel operator.
fn cell_row(smooth: &[f32], slope: &[f32], start: usize) -> [f32; 3] {
    let (mut even, mut odd, mut energy) = (0.0, 0.0, 0.0);
    for x in start..start + CELL_PX {
        let gx = smooth[x + 1] - smooth[x - 1];
        let gy = slope[x - 1] + 2.0 * slope[x] + slope[x + 1];
        even += gx * gx - gy * gy;
        odd += 2.0 * gx * gy;
        energy += gx * gx + gy * gy;
    }
    [even, odd, energy]
}

/// Direction along the ridges and how well the neighbourhood agrees on it.
pub(super) fn direction(tensor: &Tensor, sigma_cells: f32) -> (Array2<Doubled>, Plane) {
    let even = blur(&tensor.even, sigma_cells);
    let odd = blur(&tensor.odd, sigma_cells);
    let energy = blur(&tensor.energy, sigma_cells);
    let mut coherence = Plane::zeros(even.dim());
    let mut direction = Array2::from_elem(even.dim(), Doubled::default());
    for (at, &even) in even.indexed_iter() {
        let length = (even * even + odd[at] * odd[at]).sqrt();
        if length > 1e-6 {
            // Ridges run across the gradient: opposite in doubled angles.
            direction[at] = Doubled { cos: -even / length, sin: -odd[at] / length };
            coherence[at] = (length / (energy[at] + 1.0)).min(1.0);
        } else {
            direction[at] = Doubled { cos: 1.0, sin: 0.0 };
        }
    }
    (direction, coherence)
}

/// Gaussian blur of a grid, what is outside counting as 0.
pub(super) fn blur(grid: &Plane, sigma_cells: f32) -> Plane {
    let reach = (sigma_cells * 2.5).ceil() as isize;
    let kernel: Vec<f32> =
        (-reach..=reach).map(|k| libm::expf(-((k * k) as f32) / (2.0 * sigma_cells * sigma_cells))).collect();
    let total: f32 = kernel.iter().sum();
    let (rows, columns) = grid.dim();
    let mut across = Plane::zeros((rows, columns));
    let mut out = Plane::zeros((rows, columns));
    for ((r, c), value) in across.indexed_iter_mut() {
        let line = &samples(grid)[r * columns..][..columns];
        *value = weighted(&kernel, c as isize - reach, columns, |x| line[x]) / total;
    }
    for ((r, c), value) in out.indexed_iter_mut() {
        *value = weighted(&kernel, r as isize - reach, rows, |y| across[[y, c]]) / total;
    }
    out
}

fn weighted(kernel: &[f32], first: isize, end: usize, sample: impl Fn(usize) -> f32) -> f32 {
    kernel
        .iter()
        .enumerate()
        .filter_map(|(k, weight)| {
            let at = usize::try_from(first + k as isize).ok()?;
            (at < end).then(|| weight * sample(at))
        })
        .sum()
}

/// The picture without what is finer than ridges: binomial weights 1 4 6 4 1 both ways.
pub(super) fn soften(ridges: &Plane) -> Plane {
    let (height, width) = ridges.dim();
    let mut line = vec![0.0; width];
    let mut soft = Plane::zeros((height, width));
    for y in 2..height - 2 {
        let rows: [&[f32]; 5] = std::array::from_fn(|k| row(ridges, y + k - 2));
        for x in 0..width {
            line[x] = (rows[0][x] + rows[4][x]) + 4.0 * (rows[1][x] + rows[3][x]) + 6.0 * rows[2][x];
        }
        let out = &mut samples_mut(&mut soft)[y * width..][..width];
        for x in 2..width - 2 {
            out[x] = ((line[x - 2] + line[x + 2]) + 4.0 * (line[x - 1] + line[x + 1]) + 6.0 * line[x]) / 256.0;
        }
    }
    soft
}
