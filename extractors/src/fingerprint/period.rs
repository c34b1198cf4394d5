//! How far it is from ridge to ridge.
//!
//! Each block is projected along its ridges to a line of grey levels across them, and the strongest period of that line taken
//! from a short table of windowed Fourier sums, refined between table entries by a parabola.

use ndarray::Array2;

use super::canvas::CELL_PX;
use super::field::Doubled;
use super::grid::blur;
use super::plane::{Plane, samples};

/// Samples across the ridges, on each side of the middle: two periods of ordinary ridges.
const ACROSS: isize = 20;

/// Samples along the ridges on each side of the middle, every second pixel.
const ALONG: isize = 4;

/// Periods that are tried, in pixels: equal steps of frequency from the finest ridges of a child to the coarsest wanted.
const STEPS: usize = 24;
const SHORTEST_PX: f32 = 3.5;
const LONGEST_PX: f32 = 25.0;

/// What ridges are taken to be apart where nothing could be measured: an adult's, at 500 ppi.
pub(super) const USUAL_PX: f32 = 9.0;

/// Share of a block's energy in one wave from which on its period counts for the median.
const CLEAR: f32 = 0.5;

/// The fewest such blocks that have a median.
const FEWEST_CLEAR: usize = 24;

/// Ridge periods with how far each can be trusted.
pub(super) struct Periods {
    pub(super) period_px: Plane,
    /// The median over the blocks that clearly show one, if enough do.
    pub(super) median_px: Option<f32>,
}

/// The ridge period of every cell of the mask, smoothed over its neighbourhood.
pub(super) fn periods(ridges: &Plane, direction: &Array2<Doubled>, mask: &Array2<bool>) -> Periods {
    let table = Table::new();
    let mut frequency = Plane::zeros(mask.dim());
    let mut trust = Plane::zeros(mask.dim());
    let mut found = Vec::new();
    for (at, _) in mask.indexed_iter().filter(|&((r, c), &shown)| shown && (r + c) % 2 == 0) {
        let line = project(ridges, direction[at], at);
        if let Some((cycles_per_px, weight)) = table.strongest(&line) {
            frequency[at] = cycles_per_px * weight;
            trust[at] = weight;
            if weight > CLEAR {
                found.push(cycles_per_px);
            }
        }
    }
    found.sort_by(f32::total_cmp);
    let median = (found.len() >= FEWEST_CLEAR).then(|| found[found.len() / 2]);
    let usual = median.unwrap_or(1.0 / USUAL_PX);
    let (frequency, trust) = (blur(&frequency, 2.5), blur(&trust, 2.5));
    // A little of the median everywhere, so that cells far from any measurement have a period too.
    let period_px = ndarray::Zip::from(&frequency)
        .and(&trust)
        .map_collect(|&frequency, &trust| (trust + 0.02) / (frequency + 0.02 * usual));
    Periods { period_px, median_px: median.map(|cycles_per_px| 1.0 / cycles_per_px) }
}

/// Mean grey level along the ridges, at each step across them.
fn project(ridges: &Plane, direction: Doubled, (row, column): (usize, usize)) -> [f32; 2 * ACROSS as usize + 1] {
    let (tx, ty) = direction.along();
    let width = ridges.ncols() as isize;
    let pixels = samples(ridges);
    let (cx, cy) = ((column * CELL_PX + CELL_PX / 2) as f32, (row * CELL_PX + CELL_PX / 2) as f32);
    let mut line = [0.0; 2 * ACROSS as usize + 1];
    for (sum, k) in line.iter_mut().zip(-ACROSS..=ACROSS) {
        for j in -ALONG..=ALONG {
            let (k, j) = (k as f32, 2.0 * j as f32);
            let (x, y) = (cx - ty * k + tx * j + 0.5, cy + tx * k + ty * j + 0.5);
            *sum += usize::try_from(y as isize * width + x as isize).ok().and_then(|at| pixels.get(at)).unwrap_or(&0.0);
        }
    }
    line
}

struct Table {
    window: Vec<f32>,
    frequencies: Vec<f32>,
    waves: Vec<Vec<(f32, f32)>>,
}

impl Table {
    fn new() -> Self {
        let turn = 2.0 * std::f32::consts::PI;
        let window: Vec<f32> = (-ACROSS..=ACROSS)
            .map(|k| 0.5 + 0.5 * libm::cosf(std::f32::consts::PI * k as f32 / (ACROSS + 1) as f32))
            .collect();
        let (low, high) = (1.0 / LONGEST_PX, 1.0 / SHORTEST_PX);
        let frequencies: Vec<f32> =
            (0..STEPS).map(|step| low + (high - low) * step as f32 / (STEPS - 1) as f32).collect();
        let wave = |frequency: &f32| {
            let angle = |k: isize| turn * frequency * k as f32;
            (-ACROSS..=ACROSS).map(|k| (libm::cosf(angle(k)), libm::sinf(angle(k)))).collect()
        };
        let waves = frequencies.iter().map(wave).collect();
        Self { window, frequencies, waves }
    }

    /// Frequency of the strongest wave in `line` and its share of the energy, if there is a peak inside the table.
    fn strongest(&self, line: &[f32]) -> Option<(f32, f32)> {
        let weight: f32 = self.window.iter().sum();
        let mean = line.iter().zip(&self.window).map(|(sample, window)| sample * window).sum::<f32>() / weight;
        let shaped: Vec<f32> = line.iter().zip(&self.window).map(|(sample, window)| (sample - mean) * window).collect();
        let energy: f32 = line.iter().zip(&shaped).map(|(sample, shaped)| (sample - mean) * shaped).sum();
        let power: Vec<f32> = self.waves.iter().map(|wave| power(wave, &shaped)).collect();
        let peak = (1..STEPS - 1).max_by(|&a, &b| power[a].total_cmp(&power[b]).then(b.cmp(&a)))?;
        let (before, at, after) = (power[peak - 1], power[peak], power[peak + 1]);
        if at < before || at < after || energy <= 0.0 {
            return None;
        }
        let bend = before - 2.0 * at + after;
        let shift = if bend < 0.0 { 0.5 * (before - after) / bend } else { 0.0 };
        let step = self.frequencies[1] - self.frequencies[0];
        // A pure wave gives weight * energy / 2.
        Some((self.frequencies[peak] + shift * step, (2.0 * at / (weight * energy)).min(1.0)))
    }
}

fn power(wave: &[(f32, f32)], shaped: &[f32]) -> f32 {
    let (mut even, mut odd) = (0.0, 0.0);
    for (&(cos, sin), sample) in wave.iter().zip(shaped) {
        even += cos * sample;
        odd += sin * sample;
    }
    even * even + odd * odd
}
