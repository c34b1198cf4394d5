//! Ridges grown out of noise by oriented filters, after Cappelli's `SFinGe` (Handbook of Fingerprint Recognition,
//! chapter 6).
//!
//! Each point of the skin is filtered again and again with a Gabor filter of its own direction and period. Waves spread from
//! the noise, meet out of step, and where they meet a ridge ends or forks: minutiae arise by themselves.

use std::f32::consts::{PI, TAU};

use super::flow::Flow;
use crate::synthetic::random::{Noise, Random, rise};

/// Pixels at 500 ppi that one sample of the ridges covers: at half the resolution a ridge is still four samples and more.
pub(super) const STEP_PX: usize = 2;
/// Samples in a row: 20 mm of skin.
pub(super) const COLUMNS: usize = 200;
/// Rows of samples: 26 mm.
pub(super) const ROWS: usize = 256;

/// Samples from the centre of a filter to its edge.
const REACH: usize = 5;
const TAPS: usize = 2 * REACH + 1;
/// Taps in a row of a filter, with a 0 at the end: whole vectors of four.
const LANES: usize = 12;
const STRIDE: usize = COLUMNS + LANES;
const DIRECTIONS: usize = 64;
const PERIODS: usize = 12;
const SHORTEST_PX: f32 = 6.8;
const LONGEST_PX: f32 = 12.2;
/// Rounds of filtering: after these nothing moves any more but the last doubtful minutiae.
const ROUNDS: usize = 14;

/// The height of the skin over `COLUMNS` x `ROWS` samples: 1 on a ridge, -1 in a valley.
pub(super) fn grow(flow: &Flow, period_px: f32, random: &mut Random) -> Vec<f32> {
    let filters = filters();
    let choice = choose(flow, period_px, random);
    let mut skin = vec![0.0; STRIDE * (ROWS + TAPS)];
    for y in 0..ROWS {
        for x in 0..COLUMNS {
            skin[(y + REACH) * STRIDE + x + REACH] = random.normal(0.0, 0.3);
        }
    }
    let mut next = skin.clone();
    for _ in 0..ROUNDS {
        for y in 0..ROWS {
            let chosen = &choice[y * COLUMNS..][..COLUMNS];
            for (x, &filter) in chosen.iter().enumerate() {
                let wave = respond(&skin[y * STRIDE + x..], &filters[usize::from(filter)]);
                next[(y + REACH) * STRIDE + x + REACH] = (wave * 2.0).clamp(-1.0, 1.0);
            }
        }
        std::mem::swap(&mut skin, &mut next);
    }
    (0..ROWS).flat_map(|y| skin[(y + REACH) * STRIDE + REACH..][..COLUMNS].to_vec()).collect()
}

type Filter = [f32; TAPS * LANES];

/// What a filter answers to the samples whose upper left one comes first.
fn respond(samples: &[f32], filter: &Filter) -> f32 {
    let mut sums = [0.0; LANES];
    for (row, taps) in filter.chunks_exact(LANES).enumerate() {
        let samples = &samples[row * STRIDE..][..LANES];
        for lane in 0..LANES {
            sums[lane] += samples[lane] * taps[lane];
        }
    }
    sums.iter().sum()
}

/// The filter of each sample, row after row.
fn choose(flow: &Flow, period_px: f32, random: &mut Random) -> Vec<u16> {
    let hills = Noise::new(random, COLUMNS, ROWS, 45.0);
    let mut filters = Vec::with_capacity(COLUMNS * ROWS);
    for row in 0..ROWS {
        let mut stretch = [1.0; COLUMNS];
        hills.add_row(row, 0.07, &mut stretch);
        let y = (ROWS as f32 / 2.0 - row as f32) * STEP_PX as f32;
        // Ridges lie further apart above the highest core and below the lowest delta.
        let outer = 1.0
            + 0.10 * rise(flow.core_y + 20.0, flow.core_y + 120.0, y)
            + 0.15 * rise(flow.delta_y, flow.delta_y - 90.0, y);
        for (column, stretch) in stretch.into_iter().enumerate() {
            let x = (column as f32 - COLUMNS as f32 / 2.0) * STEP_PX as f32;
            let turn = flow.angle(x, y) / PI;
            let direction = ((turn - turn.floor()) * DIRECTIONS as f32) as usize % DIRECTIONS;
            let period = (period_px * outer * stretch - SHORTEST_PX) / (LONGEST_PX - SHORTEST_PX) * PERIODS as f32;
            let period = (period.max(0.0) as usize).min(PERIODS - 1);
            filters.push((direction * PERIODS + period) as u16);
        }
    }
    filters
}

/// A filter for each direction and period.
fn filters() -> Vec<Filter> {
    let mut filters = Vec::with_capacity(DIRECTIONS * PERIODS);
    for direction in 0..DIRECTIONS {
        let angle = (direction as f32 + 0.5) / DIRECTIONS as f32 * PI;
        for period in 0..PERIODS {
            let part = (period as f32 + 0.5) / PERIODS as f32;
            filters.push(gabor(angle, (SHORTEST_PX + (LONGEST_PX - SHORTEST_PX) * part) / STEP_PX as f32));
        }
    }
    filters
}

/// A filter that passes ridges of direction `angle` that are `period` samples apart with gain 1, and evenness not at all.
fn gabor(angle: f32, period: f32) -> Filter {
    let (sin, cos) = (libm::sinf(angle), libm::cosf(angle));
    // Three ridges within the filter, as in `SFinGe`: the bell falls to a thousandth at one and a half periods.
    let sigma = 0.404 * period;
    let (mut bell, mut wave) = ([0.0; TAPS * LANES], [0.0; TAPS * LANES]);
    let (mut bells, mut evenness, mut gain) = (0.0, 0.0, 0.0);
    for at in (0..TAPS * LANES).filter(|at| at % LANES < TAPS) {
        let (x, y) = ((at % LANES) as f32 - REACH as f32, (at / LANES) as f32 - REACH as f32);
        bell[at] = libm::expf(-(x * x + y * y) / (2.0 * sigma * sigma));
        wave[at] = libm::cosf(TAU * (x * sin + y * cos) / period);
        bells += bell[at];
        evenness += bell[at] * wave[at];
        gain += bell[at] * wave[at] * wave[at];
    }
    let mean = evenness / bells;
    gain -= mean * evenness;
    std::array::from_fn(|at| bell[at] * (wave[at] - mean) / gain)
}
