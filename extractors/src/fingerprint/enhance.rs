//! Ridges made clear: smoothed along their direction, band-passed across it.
//!
//! A Gabor filter with the direction and period of each cell, taken apart into a Gaussian along the ridges and a windowed
//! cosine across them, both sampled between the pixels of neighbouring rows or columns.

use ndarray::Array2;

use super::canvas::CELL_PX;
use super::field::Doubled;
use super::orientation::blur;
use super::plane::{Plane, row, samples, samples_mut};

/// Steps on each side of a pixel along the ridges.
const ALONG_STEPS: isize = 10;

/// Spread of the Gaussian along the ridges, in pixels.
const ALONG_SIGMA_PX: f32 = 4.0;

/// Most steps on each side of a pixel across the ridges: with a margin of 24 pixels nothing reads outside.
const ACROSS_STEPS: isize = 16;

/// Spread of the window across the ridges, in periods.
const ACROSS_SIGMA: f32 = 0.55;

/// A sample at a distance from the pixel, with its weight.
#[derive(Clone, Copy)]
struct Tap {
    offset: isize,
    weight: f32,
}

/// The two parts of the ridge wave; 0 outside the mask.
pub(super) struct Wave {
    /// Ridges positive, valleys negative.
    pub(super) even: Plane,
    /// A quarter of a period ahead in the direction across the ridges.
    pub(super) odd: Plane,
}

/// The enhanced picture; 0 outside the mask.
pub(super) fn enhance(ridges: &Plane, direction: &Array2<Doubled>, period_px: &Plane, mask: &Array2<bool>) -> Wave {
    let width = ridges.ncols();
    let mut smooth = Plane::zeros(ridges.dim());
    let mut out = Plane::zeros(ridges.dim());
    let mut odd = Plane::zeros(ridges.dim());
    let around = dilate(mask);
    let mut taps = Vec::new();
    for (at, _) in around.indexed_iter().filter(|(_, shown)| **shown) {
        let (tx, ty) = direction[at].along();
        line_taps(&mut taps, (tx, ty), width, ALONG_STEPS, |distance| gaussian(distance, ALONG_SIGMA_PX));
        filter_cell(ridges, &mut smooth, at, &taps);
    }
    for (at, _) in mask.indexed_iter().filter(|(_, shown)| **shown) {
        let (tx, ty) = direction[at].along();
        let period = period_px[at].clamp(3.0, 25.0);
        let sigma = ACROSS_SIGMA * period;
        let steps = ((sigma * 2.6) as isize).min(ACROSS_STEPS);
        let phase = |distance: f32| 2.0 * std::f32::consts::PI * distance / period;
        line_taps(&mut taps, (-ty, tx), width, steps, |d| gaussian(d, sigma) * libm::cosf(phase(d)));
        remove_mean(&mut taps);
        filter_cell(&smooth, &mut out, at, &taps);
        line_taps(&mut taps, (-ty, tx), width, steps, |d| -gaussian(d, sigma) * libm::sinf(phase(d)));
        filter_cell(&smooth, &mut odd, at, &taps);
    }
    Wave { even: out, odd }
}

fn gaussian(distance: f32, sigma: f32) -> f32 {
    libm::expf(-distance * distance / (2.0 * sigma * sigma))
}

/// Taps along a line through the pixel, a step for each pixel of the line's steeper axis, between two pixels of the other.
fn line_taps(taps: &mut Vec<Tap>, (dx, dy): (f32, f32), width: usize, steps: isize, weight: impl Fn(f32) -> f32) {
    taps.clear();
    let width = width as isize;
    let flat = dx.abs() >= dy.abs();
    let (slope, step, side) = if flat { (dy / dx, 1, width) } else { (dx / dy, width, 1) };
    let length = (1.0 + slope * slope).sqrt();
    let sense = if (if flat { dx } else { dy }) < 0.0 { -1.0 } else { 1.0 };
    for k in -steps..=steps {
        let drift = slope * k as f32;
        let low = drift.floor();
        let part = drift - low;
        let weight = weight(k as f32 * length * sense);
        let offset = k * step + low as isize * side;
        taps.push(Tap { offset, weight: weight * (1.0 - part) });
        taps.push(Tap { offset: offset + side, weight: weight * part });
    }
    let total: f32 = taps.iter().map(|tap| tap.weight.abs()).sum();
    for tap in taps {
        tap.weight /= total;
    }
}

/// Makes the filter blind to a constant.
fn remove_mean(taps: &mut [Tap]) {
    let mean = taps.iter().map(|tap| tap.weight).sum::<f32>();
    let spread: f32 = taps.iter().map(|tap| tap.weight.abs()).sum();
    for tap in taps {
        tap.weight -= mean * tap.weight.abs() / spread;
    }
}

fn filter_cell(source: &Plane, out: &mut Plane, (row, column): (usize, usize), taps: &[Tap]) {
    let width = source.ncols();
    let source = samples(source);
    let out = samples_mut(out);
    for y in row * CELL_PX..(row + 1) * CELL_PX {
        let start = y * width + column * CELL_PX;
        let mut sum = [0.0; CELL_PX];
        for tap in taps {
            let from = &source[start.wrapping_add_signed(tap.offset)..][..CELL_PX];
            for (sum, sample) in sum.iter_mut().zip(from) {
                *sum += sample * tap.weight;
            }
        }
        out[start..start + CELL_PX].copy_from_slice(&sum);
    }
}

/// The mask and the two cells around it, where the filter across the ridges looks.
fn dilate(mask: &Array2<bool>) -> Array2<bool> {
    let (rows, columns) = mask.dim();
    Array2::from_shape_fn((rows, columns), |(r, c)| {
        let inside = r >= 2 && c >= 2 && r + 2 < rows && c + 2 < columns;
        inside && mask.slice(ndarray::s![r - 2..r + 3, c - 2..c + 3]).iter().any(|&shown| shown)
    })
}

/// How well the enhanced picture explains the original around each cell: the correlation of the two, 0 to 1.
pub(super) fn clarity(ridges: &Plane, enhanced: &Plane) -> Plane {
    let dim = (ridges.nrows() / CELL_PX, ridges.ncols() / CELL_PX);
    let (mut both, mut seen, mut clear) = (Plane::zeros(dim), Plane::zeros(dim), Plane::zeros(dim));
    for y in 0..ridges.nrows() {
        let rows = row(ridges, y).chunks_exact(CELL_PX).zip(row(enhanced, y).chunks_exact(CELL_PX));
        for (column, (ridges, enhanced)) in rows.enumerate() {
            let at = [y / CELL_PX, column];
            for (&ridge, &enhanced) in ridges.iter().zip(enhanced) {
                both[at] += ridge * enhanced;
                seen[at] += ridge * ridge;
                clear[at] += enhanced * enhanced;
            }
        }
    }
    let (both, seen, clear) = (blur(&both, 1.0), blur(&seen, 1.0), blur(&clear, 1.0));
    ndarray::Zip::from(&both)
        .and(&seen)
        .and(&clear)
        .map_collect(|&both, &seen, &clear| (both / (seen * clear + 1e-3).sqrt()).clamp(0.0, 1.0))
}
