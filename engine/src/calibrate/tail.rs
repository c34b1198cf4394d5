//! The tail of the non-mated scores, where counting ends.

/// A generalised Pareto tail over a high threshold (Pickands 1975), fitted by probability-weighted moments
/// (Hosking and Wallis, "Parameter and quantile estimation for the generalized Pareto distribution", 1987).
///
/// The shape is kept within 0 (exponential) and [`Tail::HEAVIEST_SHAPE`]: a negative shape would put an end to non-mated
/// scores that no corpus of this size can vouch for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tail {
    /// The tail begins above this score.
    pub threshold: u32,
    /// Non-mated scores above it that the tail was fitted on.
    pub exceedances: u64,
    /// Scale, in thousandths of a point.
    pub scale_milli: i32,
    /// Shape, in thousandths.
    pub shape_milli: i32,
}

impl Tail {
    /// The heaviest tail that is believed: beyond, few exceedances are mistaken for a power law.
    pub const HEAVIEST_SHAPE: f64 = 0.3;

    /// Fits the tail to `descending` non-mated scores, the highest first.
    ///
    /// Scores are whole numbers: one of `s` stands for the stretch `s - 1/2 .. s + 1/2`, and the tail begins half a point
    /// above its threshold.
    pub(super) fn fit(descending: &[u32]) -> Self {
        let wanted = (descending.len() / 100).clamp(50, 1000).min(descending.len() / 5);
        let threshold = descending[wanted];
        let start = f64::from(threshold) + 0.5;
        let excess: Vec<f64> =
            descending.iter().take_while(|&&score| score > threshold).map(|&score| f64::from(score) - start).collect();
        let (scale, shape) = if excess.is_empty() { (1.0, 0.0) } else { moments(&excess) };
        Self {
            threshold,
            exceedances: excess.len() as u64,
            scale_milli: libm::round(scale.max(0.5) * 1000.0) as i32,
            shape_milli: libm::round(shape * 1000.0) as i32,
        }
    }

    /// Of the scores above the threshold, the fraction at or above `score`, with the scale `stretched` by a factor.
    pub(super) fn share_above(&self, score: u32, stretched: f64) -> f64 {
        let reach = f64::from(score.saturating_sub(self.threshold).saturating_sub(1));
        let units = reach * 1000.0 / (f64::from(self.scale_milli) * stretched);
        if self.shape_milli == 0 {
            return libm::exp(-units);
        }
        let shape = f64::from(self.shape_milli) / 1000.0;
        libm::exp(-libm::log1p(shape * units) / shape)
    }

    /// How much longer the scale may be, at 95 % confidence: its standard error is the scale over the root of the
    /// exceedances.
    pub(super) fn upper_stretch(&self) -> f64 {
        1.0 + 1.645 / (self.exceedances.max(1) as f64).sqrt()
    }
}

/// Scale and shape from the probability-weighted moments of the excesses, the highest first.
fn moments(descending: &[f64]) -> (f64, f64) {
    let count = descending.len() as f64;
    let mean = descending.iter().sum::<f64>() / count;
    let weigh = |(rank, excess): (usize, &f64)| (rank as f64 + 0.35) / count * excess;
    let weighted = descending.iter().enumerate().map(weigh).sum::<f64>() / count;
    let spread = mean - 2.0 * weighted;
    let shape = if spread > 0.0 { 2.0 - mean / spread } else { 0.0 };
    let shape = shape.clamp(0.0, Tail::HEAVIEST_SHAPE);
    (mean * (1.0 - shape), shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evenly spread quantiles of a generalised Pareto distribution, the highest first, over a body of hundreds.
    fn quantiles(scale: f64, shape: f64) -> Vec<u32> {
        let quantile = |share: f64| if shape == 0.0 { -share.ln() } else { (share.powf(-shape) - 1.0) / shape };
        let tail = (0..1000).map(|rank| 100 + (quantile((f64::from(rank) + 0.5) / 1000.0) * scale).round() as u32);
        tail.chain(std::iter::repeat_n(100, 99_000)).collect()
    }

    #[test]
    fn an_exponential_tail_is_recognised() {
        let tail = Tail::fit(&quantiles(80.0, 0.0));
        assert!((f64::from(tail.scale_milli) / 1000.0 - 80.0).abs() < 6.0, "{tail:?}");
        assert!(tail.shape_milli < 60, "{tail:?}");
    }

    #[test]
    fn a_heavy_tail_is_recognised_and_a_light_one_is_taken_as_exponential() {
        assert!(Tail::fit(&quantiles(80.0, 0.2)).shape_milli > 120);
        assert_eq!(Tail::fit(&quantiles(80.0, -0.4)).shape_milli, 0);
    }

    #[test]
    fn the_share_falls_from_one_and_never_reaches_zero() {
        let tail = Tail { threshold: 40, exceedances: 100, scale_milli: 5000, shape_milli: 100 };
        assert!(tail.share_above(41, 1.0) >= 1.0);
        assert!(tail.share_above(60, 1.0) > tail.share_above(61, 1.0));
        assert!(tail.share_above(u32::MAX, 1.0) > 0.0);
        assert!(tail.share_above(60, tail.upper_stretch()) > tail.share_above(60, 1.0));
    }
}
