//! How scores are spread.

use serde::{Deserialize, Serialize};

/// How many scores fall into each of equally wide cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// Width of a cell, in points; the first begins at 0.
    pub cell_points: u32,
    /// Mated scores in each cell.
    pub mated: Vec<u64>,
    /// Non-mated scores in each cell.
    pub non_mated: Vec<u64>,
}

impl Histogram {
    /// The most cells: one more and their bars could not be told apart on a page.
    pub const MAX_CELLS: u32 = 64;

    /// Counts scores in at most [`Histogram::MAX_CELLS`] cells.
    #[must_use]
    pub fn new(mated: &[u32], non_mated: &[u32]) -> Self {
        let highest = mated.iter().chain(non_mated).copied().max().unwrap_or(0);
        let cell_points = highest / Self::MAX_CELLS + 1;
        let count = |scores: &[u32]| {
            let mut cells = vec![0; (highest / cell_points) as usize + 1];
            for score in scores {
                cells[(score / cell_points) as usize] += 1;
            }
            cells
        };
        Self { cell_points, mated: count(mated), non_mated: count(non_mated) }
    }
}

/// Mean and variance of scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// Mean, in points.
    pub mean: f64,
    /// Variance, in square points.
    pub variance: f64,
}

impl Moments {
    /// Of all scores; none without any.
    #[must_use]
    pub fn new(scores: &[u32]) -> Option<Self> {
        let count = scores.len() as u128;
        if count == 0 {
            return None;
        }
        let sum: u128 = scores.iter().map(|&score| u128::from(score)).sum();
        let squares: u128 = scores.iter().map(|&score| u128::from(score).pow(2)).sum();
        // Whole numbers up to the last division, so that the order of scores changes nothing.
        let variance = (squares * count - sum * sum) as f64 / (count * count) as f64;
        Some(Self { mean: sum as f64 / count as f64, variance })
    }
}

/// The decidability index d' of Daugman (2000): the distance of the means in units of the root mean variance; none where a
/// kind is missing or nothing varies.
#[must_use]
pub fn d_prime(mated: &[u32], non_mated: &[u32]) -> Option<f64> {
    let (mated, non_mated) = (Moments::new(mated)?, Moments::new(non_mated)?);
    let spread = f64::midpoint(mated.variance, non_mated.variance).sqrt();
    (spread > 0.0).then(|| (mated.mean - non_mated.mean).abs() / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_is_counted_once() {
        let histogram = Histogram::new(&[0, 63, 64, 130], &[5]);
        assert_eq!(histogram.cell_points, 3);
        assert_eq!(histogram.mated.iter().sum::<u64>(), 4);
        assert_eq!((histogram.mated[0], histogram.mated[21], histogram.mated[43]), (1, 2, 1));
        assert_eq!(histogram.non_mated[1], 1);
        assert_eq!(Histogram::new(&[], &[]).mated, [0]);
    }

    #[test]
    fn the_highest_score_still_finds_a_cell() {
        let histogram = Histogram::new(&[u32::MAX], &[0]);
        assert_eq!(histogram.mated.last(), Some(&1));
    }

    #[test]
    fn d_prime_is_the_distance_in_standard_deviations() {
        // Means 10 and 2, variances 4 and 4.
        assert_eq!(d_prime(&[8, 12], &[0, 4]), Some(4.0));
        assert_eq!(d_prime(&[8], &[3]), None);
        assert_eq!(d_prime(&[], &[3, 4]), None);
    }
}
