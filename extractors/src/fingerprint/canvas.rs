//! The working area: the picture at 500 ppi, locally normalised, with room around it.

use ndarray::Array2;
use whorl_kernels::{Kernels, Work};
use whorl_types::GreyImage;

use super::plane::{Plane, samples, samples_mut};
use super::polarity::is_inverted;

/// Side of a cell, in pixels at 500 ppi: a little less than one ridge period.
pub const CELL_PX: usize = 8;

/// Cells around the picture, so that no filter reads outside the canvas: 24 pixels, the reach of the longest one.
pub(super) const MARGIN_CELLS: usize = 3;

/// The same in pixels.
pub(super) const MARGIN_PX: usize = MARGIN_CELLS * CELL_PX;

/// Normalised samples are cut off here, in standard deviations: what is beyond is dirt, not ridge.
const LIMIT: f32 = 2.5;

/// Added to the standard deviation, in grey levels, so that sensor noise on a plain background stays small.
const NOISE_FLOOR: f32 = 5.0;

/// The picture ready for ridge analysis.
pub(super) struct Canvas {
    /// Ridges positive, valleys negative, mean 0 and deviation about 1 wherever there is contrast; 0 around the picture.
    pub(super) ridges: Plane,
    /// Standard deviation of the grey levels around each cell.
    pub(super) contrast: Plane,
}

/// Sums over one cell.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: u32,
    sum: u32,
    squares: u32,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares += other.squares;
    }
}

/// Normalises `image` by the mean and deviation around each pixel, ridges positive whichever their polarity.
pub(super) fn normalise(image: &GreyImage) -> Canvas {
    let columns = (image.width_px() as usize).div_ceil(CELL_PX) + 2 * MARGIN_CELLS;
    let rows = (image.height_px() as usize).div_ceil(CELL_PX) + 2 * MARGIN_CELLS;
    let cells = cell_sums(image, columns, rows);
    let (mean, contrast) = local_statistics(&cells);

    let sign = if is_inverted(&mean, &contrast) { -1.0 } else { 1.0 };
    let gain = contrast.mapv(|deviation| sign / (deviation + NOISE_FLOOR));
    let mut ridges = Plane::zeros((rows * CELL_PX, columns * CELL_PX));
    let width = ridges.ncols();
    let mut line = Line::new(width);
    for y in 0..image.height_px() {
        line.interpolate(&mean, &gain, y as usize + MARGIN_PX);
        let start = (y as usize + MARGIN_PX) * width;
        let out = &mut samples_mut(&mut ridges)[start..start + width];
        let (mean, gain, out) = (&line.mean[MARGIN_PX..], &line.gain[MARGIN_PX..], &mut out[MARGIN_PX..]);
        Kernels::best().run(Deviations { grey: image.row(y), mean, gain, out });
    }
    Canvas { ridges, contrast }
}

/// The pixels of a row in deviations from their mean.
struct Deviations<'a> {
    grey: &'a [u8],
    mean: &'a [f32],
    gain: &'a [f32],
    out: &'a mut [f32],
}

impl Work for Deviations<'_> {
    type Answer = ();

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) {
        for (((&grey, &mean), &gain), out) in self.grey.iter().zip(self.mean).zip(self.gain).zip(self.out) {
            *out = ((mean - f32::from(grey)) * gain).clamp(-LIMIT, LIMIT);
        }
    }
}

fn cell_sums(image: &GreyImage, columns: usize, rows: usize) -> Array2<Sums> {
    let mut cells = Array2::from_elem((rows, columns), Sums::default());
    for y in 0..image.height_px() {
        let row = y as usize / CELL_PX + MARGIN_CELLS;
        for (column, pixels) in image.row(y).chunks(CELL_PX).enumerate() {
            let cell = &mut cells[[row, column + MARGIN_CELLS]];
            cell.count += pixels.len() as u32;
            cell.sum += pixels.iter().map(|&pixel| u32::from(pixel)).sum::<u32>();
            cell.squares += pixels.iter().map(|&pixel| u32::from(pixel) * u32::from(pixel)).sum::<u32>();
        }
    }
    cells
}

/// Mean and standard deviation of the 3 x 3 cells around each cell.
fn local_statistics(cells: &Array2<Sums>) -> (Plane, Plane) {
    let (rows, columns) = cells.dim();
    let (mut mean, mut deviation) = (Plane::zeros((rows, columns)), Plane::zeros((rows, columns)));
    for row in 0..rows {
        for column in 0..columns {
            let (left, right) = (column.saturating_sub(1), (column + 2).min(columns));
            let mut total = Sums::default();
            for near in row.saturating_sub(1)..(row + 2).min(rows) {
                super::plane::row(cells, near)[left..right].iter().for_each(|cell| total.add(cell));
            }
            if total.count > 0 {
                let count = total.count as f32;
                let average = total.sum as f32 / count;
                mean[[row, column]] = average;
                deviation[[row, column]] = (total.squares as f32 / count - average * average).max(0.0).sqrt();
            }
        }
    }
    (mean, deviation)
}

/// Statistics interpolated between the centres of the cells, for one row of pixels.
struct Line {
    mean: Vec<f32>,
    gain: Vec<f32>,
}

impl Line {
    fn new(width: usize) -> Self {
        Self { mean: vec![0.0; width], gain: vec![0.0; width] }
    }

    /// Needs a margin of at least one cell around row `y`.
    fn interpolate(&mut self, mean: &Plane, gain: &Plane, y: usize) {
        let columns = mean.ncols();
        let from_half = y - CELL_PX / 2;
        let (row, down) = (from_half / CELL_PX, fraction(from_half % CELL_PX));
        for (grid, line) in [(mean, &mut self.mean), (gain, &mut self.gain)] {
            let upper = &samples(grid)[row * columns..][..columns];
            let lower = &samples(grid)[(row + 1) * columns..][..columns];
            let mut left = upper[0] + (lower[0] - upper[0]) * down;
            for column in 1..columns {
                let right = upper[column] + (lower[column] - upper[column]) * down;
                let start = column * CELL_PX - CELL_PX / 2;
                for (step, out) in line[start..start + CELL_PX].iter_mut().enumerate() {
                    *out = left + (right - left) * fraction(step);
                }
                left = right;
            }
        }
    }
}

/// Where pixel `step` of a cell has its centre, as a fraction of the cell.
fn fraction(step: usize) -> f32 {
    (step as f32 + 0.5) / CELL_PX as f32
}
