//! Random numbers that are the same on every machine.

use rand_core::Rng;
use rand_pcg::Pcg32;

/// A stream of random numbers, fixed by a seed and by what the numbers are for.
pub(super) struct Random(Pcg32);

impl Random {
    /// The stream number `purpose` of `seed`: one round of the finaliser of `SplitMix64` (Steele, Lea & Flood 2014) keeps streams of
    /// neighbouring seeds apart.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        let mut mixed = seed ^ purpose.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self(Pcg32::new(mixed ^ (mixed >> 31), purpose))
    }

    /// Evenly from 0 to 1, without 1.
    pub(super) fn fraction(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// True with this probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// A whole number below `bound`.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(bound)) >> 32) as u32
    }

    /// From `low` to `high`, both included.
    pub(super) fn within(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// An index below `len`, which is not 0.
    pub(super) fn index(&mut self, len: usize) -> usize {
        self.below(len as u32) as usize
    }

    /// One of `choices`, each as probable as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, choices: &[(T, f64)]) -> T {
        let mut left = self.fraction() * choices.iter().map(|choice| choice.1).sum::<f64>();
        for (choice, weight) in choices {
            left -= weight;
            if left < 0.0 {
                return *choice;
            }
        }
        choices[choices.len() - 1].0
    }
}

/// Ranks from 0 whose probability falls as one over the rank (Zipf 1949).
pub(super) struct Zipf(Vec<f64>);

impl Zipf {
    /// `ranks` of them; at least one.
    pub(super) fn new(ranks: usize) -> Self {
        let mut sum = 0.0;
        // A few ranks off the start: the commonest name of a people is borne by a few in a hundred, not by one in ten.
        Self(
            (0..ranks)
                .map(|rank| {
                    sum += 1.0 / (rank as f64 + 4.0);
                    sum
                })
                .collect(),
        )
    }

    pub(super) fn draw(&self, random: &mut Random) -> usize {
        let at = random.fraction() * self.0[self.0.len() - 1];
        self.0.partition_point(|&sum| sum <= at).min(self.0.len() - 1)
    }
}
