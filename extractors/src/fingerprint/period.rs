//! How far it is from ridge to ridge.
//!
//! Each block is projected along its ridges to a line of grey levels across them, and the strongest period of that line taken
//! from a short table of windowed Fourier sums, refined between table entries by a parabola.

use ndarray::Array2;
use whorl_kernels::{Kernels, Work};

use super::canvas::CELL_PX;
use super::field::Doubled;
use super::grid::blur;
use super::plane::{Plane, samples};

/// Samples across the ridges, on each side of the middle: two periods of ordinary ridges.
const ACROSS: isize = 20;

/// Samples across the ridges.
const SAMPLES: usize = 2 * ACROSS as usize + 1;

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
    let (table, kernels) = (Table::new(), Kernels::best());
    let mut frequency = Plane::zeros(mask.dim());
    let mut trust = Plane::zeros(mask.dim());
    let mut found = Vec::new();
    for (at, _) in mask.indexed_iter().filter(|&((r, c), &shown)| shown && (r + c) % 2 == 0) {
        let line = kernels.run(Line { ridges, direction: direction[at], cell: at });
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

/// Sum of the samples along the ridges, at each step across them.
struct Line<'a> {
    ridges: &'a Plane,
    direction: Doubled,
    cell: (usize, usize),
}

impl Work for Line<'_> {
    type Answer = [f32; SAMPLES];

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) -> [f32; SAMPLES] {
        let (tx, ty) = self.direction.along();
        let (width, pixels) = (self.ridges.ncols() as i32, samples(self.ridges));
        let (cx, cy) = ((self.cell.1 * CELL_PX + CELL_PX / 2) as f32, (self.cell.0 * CELL_PX + CELL_PX / 2) as f32);
        let mut line = [0.0; SAMPLES];
        for j in -ALONG..=ALONG {
            let j = 2.0 * j as f32;
            let places: [i32; SAMPLES] = std::array::from_fn(|step| {
                let k = (step as i32 - ACROSS as i32) as f32;
                let (x, y) = (cx - ty * k + tx * j + 0.5, cy + tx * k + ty * j + 0.5);
                y as i32 * width + x as i32
            });
            for (sum, place) in line.iter_mut().zip(places) {
                *sum += usize::try_from(place).ok().and_then(|at| pixels.get(at)).unwrap_or(&0.0);
            }
        }
        line
    }
}

struct Table {
    window: Vec<f32>,
    frequencies: Vec<f32>,
    /// At each sample the cosine and the sine of each frequency.
    waves: Vec<[[f32; STEPS]; 2]>,
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
        let wave = |k: isize| {
            let angle = |step: usize| turn * frequencies[step] * k as f32;
            [std::array::from_fn(|step| libm::cosf(angle(step))), std::array::from_fn(|step| libm::sinf(angle(step)))]
        };
        let waves = (-ACROSS..=ACROSS).map(wave).collect();
        Self { window, frequencies, waves }
    }

    /// Frequency of the strongest wave in `line` and its share of the energy, if there is a peak inside the table.
    fn strongest(&self, line: &[f32]) -> Option<(f32, f32)> {
        let weight: f32 = self.window.iter().sum();
        let mean = line.iter().zip(&self.window).map(|(sample, window)| sample * window).sum::<f32>() / weight;
        let shaped: Vec<f32> = line.iter().zip(&self.window).map(|(sample, window)| (sample - mean) * window).collect();
        let energy: f32 = line.iter().zip(&shaped).map(|(sample, shaped)| (sample - mean) * shaped).sum();
        let power = Kernels::best().run(Power { waves: &self.waves, shaped: &shaped });
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

/// How strong each wave of a table is in a line.
struct Power<'a> {
    waves: &'a [[[f32; STEPS]; 2]],
    shaped: &'a [f32],
}

impl Work for Power<'_> {
    type Answer = [f32; STEPS];

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) -> [f32; STEPS] {
        let (mut even, mut odd) = ([0.0; STEPS], [0.0; STEPS]);
        for ([cos, sin], sample) in self.waves.iter().zip(self.shaped) {
            for step in 0..STEPS {
                even[step] += cos[step] * sample;
                odd[step] += sin[step] * sample;
            }
        }
        std::array::from_fn(|step| even[step] * even[step] + odd[step] * odd[step])
    }
}
