//! How scores are spread.

use serde::{Deserialize, Serialize};

/// How many scores fall into each of a row of cells that widen with the score, since scores span several decades.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// Where the cells begin, rising from 0; the last ends where `end` says.
    pub starts: Vec<u64>,
    /// One above the highest score.
    pub end: u64,
    /// Mated scores in each cell.
    pub mated: Vec<u64>,
    /// Non-mated scores in each cell.
    pub non_mated: Vec<u64>,
}

impl Histogram {
    /// Cells from 0 to the highest score, but for those that would begin at the same whole score.
    const CELLS: u32 = 60;

    /// Counts scores in cells of which each is wider than the one before by the same factor.
    #[must_use]
    pub fn new(mated: &[u32], non_mated: &[u32]) -> Self {
        let end = u64::from(mated.iter().chain(non_mated).copied().max().unwrap_or(0)) + 1;
        let decades = libm::log10(end as f64 + 1.0) / f64::from(Self::CELLS);
        let start = |cell: u32| libm::round(libm::exp10(f64::from(cell) * decades)) as u64 - 1;
        let mut starts: Vec<u64> = (0..Self::CELLS).map(start).filter(|&start| start < end).collect();
        starts.dedup();
        let count = |scores: &[u32]| {
            let mut cells = vec![0; starts.len()];
            for &score in scores {
                cells[starts.partition_point(|&start| start <= u64::from(score)) - 1] += 1;
            }
            cells
        };
        Self { mated: count(mated), non_mated: count(non_mated), starts, end }
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
    fn every_score_is_counted_once_in_cells_that_widen() {
        let histogram = Histogram::new(&[0, 1, 63, 64, 130], &[5, 5]);
        assert!(histogram.starts.is_sorted_by(|a, b| a < b) && histogram.starts[0] == 0 && histogram.end == 131);
        assert_eq!((histogram.mated.iter().sum::<u64>(), histogram.non_mated.iter().sum::<u64>()), (5, 2));
        let cell = histogram.starts.iter().position(|&start| start == 5).unwrap();
        assert_eq!((histogram.mated[0], histogram.mated[1], histogram.non_mated[cell]), (1, 1, 2));
        assert_eq!(Histogram::new(&[], &[]).mated, [0]);
    }

    #[test]
    fn the_highest_score_still_finds_a_cell() {
        let histogram = Histogram::new(&[u32::MAX], &[0]);
        assert_eq!((histogram.mated.last(), histogram.end), (Some(&1), 1 << 32));
    }

    #[test]
    fn d_prime_is_the_distance_in_standard_deviations() {
        // Means 10 and 2, variances 4 and 4.
        assert_eq!(d_prime(&[8, 12], &[0, 4]), Some(4.0));
        assert_eq!(d_prime(&[8], &[3]), None);
        assert_eq!(d_prime(&[], &[3, 4]), None);
    }
}
