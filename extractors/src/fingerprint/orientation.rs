//! Which way the ridges run.
//!
//! The gradient structure tensor, summed cell by cell and smoothed as a doubled-angle vector (Kass and Witkin, "Analyzing
//! oriented patterns", 1987; Bazen and Gerez, TPAMI 24, 2002).

use ndarray::Array2;
use whorl_kernels::{Kernels, Work};

use super::canvas::CELL_PX;
use super::field::Doubled;
use super::grid::blur;
use super::plane::{Plane, row, samples_mut};

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
    let mut lanes = vec![Lanes::default(); dim.1];
    // The outermost cells are margin.
    for cell_row in 1..dim.0 - 1 {
        lanes.fill(Lanes::default());
        for y in cell_row * CELL_PX..(cell_row + 1) * CELL_PX {
            let rows = [y - 1, y, y + 1].map(|y| row(ridges, y));
            Kernels::best().run(Gradients { rows, lanes: &mut lanes });
        }
        for (column, lanes) in lanes.iter().enumerate() {
            let at = [cell_row, column];
            tensor.even[at] = lanes.even.iter().sum();
            tensor.odd[at] = lanes.odd.iter().sum();
            tensor.energy[at] = lanes.energy.iter().sum();
        }
    }
    tensor
}

/// Sums of a cell, column by column.
#[derive(Clone, Copy, Default)]
struct Lanes {
    even: [f32; CELL_PX],
    odd: [f32; CELL_PX],
    energy: [f32; CELL_PX],
}

/// Adds the Sobel gradients of the middle row to the lanes of each cell but the outermost.
struct Gradients<'a> {
    rows: [&'a [f32]; 3],
    lanes: &'a mut [Lanes],
}

impl Work for Gradients<'_> {
    type Answer = ();

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) {
        let last = self.lanes.len() - 1;
        for (column, lanes) in self.lanes.iter_mut().enumerate().take(last).skip(1) {
            let start = column * CELL_PX - 1;
            let [above, here, below] = self.rows.map(|row| &row[start..start + CELL_PX + 2]);
            for x in 0..CELL_PX {
                let left = above[x] + 2.0 * here[x] + below[x];
                let right = above[x + 2] + 2.0 * here[x + 2] + below[x + 2];
                let top = above[x] + 2.0 * above[x + 1] + above[x + 2];
                let bottom = below[x] + 2.0 * below[x + 1] + below[x + 2];
                let (gx, gy) = (right - left, bottom - top);
                lanes.even[x] += gx * gx - gy * gy;
                lanes.odd[x] += 2.0 * gx * gy;
                lanes.energy[x] += gx * gx + gy * gy;
            }
        }
    }
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

/// The picture without what is finer than ridges: binomial weights 1 4 6 4 1 both ways.
pub(super) fn soften(ridges: &Plane) -> Plane {
    let (height, width) = ridges.dim();
    let mut line = vec![0.0; width];
    let mut soft = Plane::zeros((height, width));
    for y in 2..height - 2 {
        let rows = std::array::from_fn(|k| row(ridges, y + k - 2));
        let out = &mut samples_mut(&mut soft)[y * width..][..width];
        Kernels::best().run(Binomial { rows, line: &mut line, out });
    }
    soft
}

/// One row of [`soften`].
struct Binomial<'a> {
    rows: [&'a [f32]; 5],
    line: &'a mut [f32],
    out: &'a mut [f32],
}

impl Work for Binomial<'_> {
    type Answer = ();

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) {
        let line = self.line;
        let width = line.len();
        let [a, b, c, d, e] = self.rows.map(|row| &row[..width]);
        for x in 0..width {
            line[x] = (a[x] + e[x]) + 4.0 * (b[x] + d[x]) + 6.0 * c[x];
        }
        let out = &mut self.out[2..width - 2];
        let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|k| &line[k..][..out.len()]);
        for (x, out) in out.iter_mut().enumerate() {
            *out = ((a[x] + e[x]) + 4.0 * (b[x] + d[x]) + 6.0 * c[x]) / 256.0;
        }
    }
}
