//! Random numbers that are the same on every machine.

use rand_core::Rng;
use rand_pcg::Pcg32;

/// A stream of random numbers, fixed by a seed and by what the numbers are for.
pub(super) struct Random(Pcg32);

/// The seed of part `part` of the thing with seed `seed`: one round of the finaliser of `SplitMix64` (Steele, Lea & Flood 2014).
pub(super) fn derive(seed: u64, part: u64) -> u64 {
    let mut mixed = seed ^ part.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

impl Random {
    /// The stream number `purpose` of `seed`; different purposes are independent of each other.
    pub(crate) fn new(seed: u64, purpose: u64) -> Self {
        Self(Pcg32::new(derive(seed, purpose), purpose))
    }

    /// A new seed.
    pub(crate) fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Evenly from 0 to 1, without 1.
    pub(crate) fn fraction(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1 << 24) as f32
    }

    /// Evenly from `low` to `high`.
    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.fraction()
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f32) -> bool {
        self.fraction() < probability
    }

    /// A whole number below `bound`.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(bound)) >> 32) as u32
    }

    /// Bell-shaped around `mean`, never further from it than five `sigma`: the sum of eight even numbers, which needs
    /// arithmetic only and so is the same everywhere.
    pub(crate) fn normal(&mut self, mean: f32, sigma: f32) -> f32 {
        const EVEN_SIGMA: f32 = 53_510.0; // of the sum of eight evenly drawn u16: sqrt(8 (2^32 - 1) / 12)
        let mut sum = 0;
        for _ in 0..4 {
            let draw = self.0.next_u32();
            sum += (draw >> 16) + (draw & 0xFFFF);
        }
        mean + sigma * (sum as f32 - 4.0 * 65_535.0) / EVEN_SIGMA
    }

    /// The index of one of `weights`, each with a probability proportional to it.
    pub(crate) fn weighted(&mut self, weights: &[f32]) -> usize {
        let mut left = self.fraction() * weights.iter().sum::<f32>();
        for (at, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return at;
            }
        }
        weights.len() - 1
    }
}

/// Smooth random hills: bell-shaped heights on a square lattice, joined by smooth steps.
pub(super) struct Noise {
    columns: usize,
    cells_per_px: (f32, f32),
    heights: Vec<f32>,
}

impl Noise {
    /// Hills of `cell_px` over `width_px` x `height_px`, of standard deviation 1 at the lattice points.
    pub(crate) fn new(random: &mut Random, width_px: usize, height_px: usize, cell_px: f32) -> Self {
        Self::oblong(random, (width_px, height_px), (cell_px, cell_px))
    }

    /// Hills as wide and high as `cell_px` over `size_px`.
    pub(crate) fn oblong(random: &mut Random, size_px: (usize, usize), cell_px: (f32, f32)) -> Self {
        let columns = (size_px.0 as f32 / cell_px.0) as usize + 2;
        let rows = (size_px.1 as f32 / cell_px.1) as usize + 2;
        let heights = (0..columns * rows).map(|_| random.normal(0.0, 1.0)).collect();
        Self { columns, cells_per_px: (1.0 / cell_px.0, 1.0 / cell_px.1), heights }
    }

    /// The same hills with a right edge that goes on at the left; a whole number of cells must fill the width.
    pub(crate) fn round(mut self) -> Self {
        for row in self.heights.chunks_exact_mut(self.columns) {
            row.copy_within(..2, self.columns - 2);
        }
        self
    }

    /// Adds `strength` times the heights of row `y` to `row`.
    pub(crate) fn add_row(&self, y: usize, strength: f32, row: &mut [f32]) {
        let v = y as f32 * self.cells_per_px.1;
        let (upper, lower) = self.heights[v as usize * self.columns..].split_at(self.columns);
        let down = smooth(v - v.floor());
        for (x, sum) in row.iter_mut().enumerate() {
            let u = x as f32 * self.cells_per_px.0;
            let (column, right) = (u as usize, smooth(u - u.floor()));
            let above = upper[column] + (upper[column + 1] - upper[column]) * right;
            let below = lower[column] + (lower[column + 1] - lower[column]) * right;
            *sum += strength * (above + (below - above) * down);
        }
    }
}

/// From 0 to 1 with level ends.
fn smooth(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// 0 up to `from`, 1 beyond `to`, smoothly risen between; `from` may be the larger.
pub(super) fn rise(from: f32, to: f32, at: f32) -> f32 {
    smooth(((at - from) / (to - from)).clamp(0.0, 1.0))
}
