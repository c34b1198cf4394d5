//! The tail of the non-mated scores, where counting ends.

use whorl_types::Modality;

use super::binomial::log_share_at_most;

/// The model of the non-mated scores above a high threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tail {
    /// The tail begins above this score.
    pub threshold: u32,
    /// Non-mated scores above it that the tail was fitted on.
    pub exceedances: u64,
    /// How it falls.
    pub model: TailModel,
}

/// How a tail falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TailModel {
    /// A generalised Pareto distribution (Pickands 1975), fitted by probability-weighted moments (Hosking and Wallis,
    /// "Parameter and quantile estimation for the generalized Pareto distribution", 1987).
    ///
    /// The shape is kept within 0 (exponential) and [`TailModel::HEAVIEST_SHAPE`]: a negative shape would put an end to
    /// non-mated scores that no corpus of this size can vouch for.
    Pareto {
        /// Scale, in thousandths of a point.
        scale_milli: i32,
        /// Shape, in thousandths.
        shape_milli: i32,
    },
    /// Chance agreement of two codes: a binomial distribution of the bits that differ, with as many degrees of freedom as
    /// make its tail fall as the one that was counted does (Daugman, "The importance of being random", 2003).
    ///
    /// Trying several rotations multiplies such a tail by their number and changes nothing above the threshold.
    Binomial {
        /// Degrees of freedom, in thousandths.
        freedom_milli: i32,
        /// The score of two codes of which no bit differs; the score falls in proportion to the bits that do.
        full: u32,
    },
}

impl TailModel {
    /// The heaviest tail that is believed: beyond, few exceedances are mistaken for a power law.
    pub const HEAVIEST_SHAPE: f64 = 0.3;

    /// The fewest and the most degrees of freedom of an iris code: the signs of a few broad waves, or every bit by itself.
    pub const FREEDOM: [f64; 2] = [64.0, 8192.0];

    /// The model for scores of `modality`, before it is fitted.
    fn of(modality: Modality) -> Self {
        match modality {
            Modality::Fingerprint | Modality::Face => Self::Pareto { scale_milli: 1000, shape_milli: 0 },
            Modality::Iris => Self::Binomial { freedom_milli: milli(Self::FREEDOM[0]), full: 1 << 16 },
        }
    }

    /// The same kind of model, fitted to the `exceedances` of `threshold`, the highest first.
    ///
    /// Scores are whole numbers: one of `s` stands for the stretch `s - 1/2 .. s + 1/2`, and the tail begins half a point
    /// above its threshold.
    fn fitted(self, exceedances: &[u32], threshold: u32) -> Self {
        match self {
            Self::Pareto { .. } => pareto(exceedances, threshold),
            Self::Binomial { full, .. } => binomial(exceedances, threshold, full),
        }
    }

    /// The natural logarithm of the share of the scores above `threshold` that lie at or above `score`.
    fn log_share_above(self, threshold: u32, score: u32) -> f64 {
        match self {
            Self::Pareto { scale_milli, shape_milli } => {
                let reach = f64::from(score.saturating_sub(threshold).saturating_sub(1));
                let units = reach * 1000.0 / f64::from(scale_milli);
                let shape = f64::from(shape_milli) / 1000.0;
                if shape_milli == 0 { -units } else { -libm::log1p(shape * units) / shape }
            }
            Self::Binomial { freedom_milli, full } => {
                let freedom = f64::from(freedom_milli) / 1000.0;
                let differing = |score: f64| 1.0 - score / f64::from(full);
                let share = log_share_at_most(freedom, differing(f64::from(score) - 0.5))
                    - log_share_at_most(freedom, differing(f64::from(threshold) + 0.5));
                share.min(0.0)
            }
        }
    }
}

impl Tail {
    /// Fits the tail to `descending` non-mated scores of `modality`, the highest first.
    pub(super) fn fit(descending: &[u32], modality: Modality) -> Self {
        let wanted = (descending.len() / 100).clamp(50, 1000).min(descending.len() / 5);
        let threshold = descending[wanted];
        let exceeding = &descending[..descending.partition_point(|&score| score > threshold)];
        let model = TailModel::of(modality).fitted(exceeding, threshold);
        Self { threshold, exceedances: exceeding.len() as u64, model }
    }

    /// Of the scores above the threshold, the fraction at or above `score`, in a tail that is `stretched` by a factor.
    pub(super) fn share_above(&self, score: u32, stretched: f64) -> f64 {
        libm::exp(self.model.log_share_above(self.threshold, score) / stretched)
    }

    /// How much longer the tail may be, at 95 % confidence: minus the logarithm of the share above a score is distributed
    /// exponentially, so that its mean has a standard error of one over the root of the exceedances.
    pub(super) fn upper_stretch(&self) -> f64 {
        1.0 + 1.645 / (self.exceedances.max(1) as f64).sqrt()
    }
}

fn pareto(exceedances: &[u32], threshold: u32) -> TailModel {
    let start = f64::from(threshold) + 0.5;
    let excess: Vec<f64> = exceedances.iter().map(|&score| f64::from(score) - start).collect();
    let (scale, shape) = if excess.is_empty() { (1.0, 0.0) } else { moments(&excess) };
    TailModel::Pareto { scale_milli: milli(scale.max(0.5)), shape_milli: milli(shape) }
}

/// Scale and shape from the probability-weighted moments of the excesses, the highest first.
fn moments(descending: &[f64]) -> (f64, f64) {
    let count = descending.len() as f64;
    let mean = descending.iter().sum::<f64>() / count;
    let weigh = |(rank, excess): (usize, &f64)| (rank as f64 + 0.35) / count * excess;
    let weighted = descending.iter().enumerate().map(weigh).sum::<f64>() / count;
    let spread = mean - 2.0 * weighted;
    let shape = if spread > 0.0 { 2.0 - mean / spread } else { 0.0 };
    let shape = shape.clamp(0.0, TailModel::HEAVIEST_SHAPE);
    (mean * (1.0 - shape), shape)
}

/// The degrees of freedom with which minus the logarithm of the share above an exceedance is 1 on average, as that of any
/// continuous distribution is; found by bisection, as more freedom only raises it.
fn binomial(exceedances: &[u32], threshold: u32, full: u32) -> TailModel {
    let with = |freedom: f64| TailModel::Binomial { freedom_milli: milli(freedom), full };
    let falls_too_slowly = |freedom: f64| {
        let logs = exceedances.iter().map(|&score| -with(freedom).log_share_above(threshold, score));
        logs.sum::<f64>() < exceedances.len() as f64
    };
    let [mut low, mut high] = TailModel::FREEDOM;
    while high - low > 1e-3 {
        let middle = f64::midpoint(low, high);
        if falls_too_slowly(middle) { low = middle } else { high = middle }
    }
    with(low)
}

fn milli(value: f64) -> i32 {
    libm::round(value * 1000.0) as i32
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

    /// Scale and shape, in points.
    fn pareto_fitted(scores: &[u32]) -> (f64, f64) {
        match Tail::fit(scores, Modality::Fingerprint).model {
            TailModel::Pareto { scale_milli, shape_milli } => {
                (f64::from(scale_milli) / 1000.0, f64::from(shape_milli) / 1000.0)
            }
            model @ TailModel::Binomial { .. } => panic!("{model:?}"),
        }
    }

    #[test]
    fn an_exponential_tail_is_recognised() {
        let (scale, shape) = pareto_fitted(&quantiles(80.0, 0.0));
        assert!((scale - 80.0).abs() < 6.0 && shape < 0.06, "{scale} {shape}");
    }

    #[test]
    fn a_heavy_tail_is_recognised_and_a_light_one_is_taken_as_exponential() {
        assert!(pareto_fitted(&quantiles(80.0, 0.2)).1 > 0.12);
        assert!(pareto_fitted(&quantiles(80.0, -0.4)).1 <= 0.0);
    }

    /// The scores of 20,000 pairs of codes with so many degrees of freedom, the highest first, by their quantiles.
    fn chance_agreement(freedom: f64) -> Vec<u32> {
        let share_at_least = |score: u32| log_share_at_most(freedom, 1.0 - f64::from(score) / 65536.0).exp();
        let quantile = |rank: u32| {
            let share = (f64::from(rank) + 0.5) / 2e4;
            let (mut low, mut high) = (0, 65536);
            while low < high {
                let middle = low + (high - low) / 2;
                if share_at_least(middle) <= share { high = middle } else { low = middle + 1 }
            }
            low
        };
        (0..20_000).map(quantile).collect()
    }

    #[test]
    fn the_degrees_of_freedom_of_chance_agreement_are_recognised() {
        for freedom in [120.0, 249.0, 400.5] {
            let tail = Tail::fit(&chance_agreement(freedom), Modality::Iris);
            let TailModel::Binomial { freedom_milli, full: 65536 } = tail.model else { panic!("{tail:?}") };
            assert!((f64::from(freedom_milli) / 1000.0 / freedom - 1.0).abs() < 0.02, "{tail:?} for {freedom}");
        }
    }

    #[test]
    fn the_share_falls_from_one_and_never_reaches_zero() {
        let models = [
            TailModel::Pareto { scale_milli: 5000, shape_milli: 100 },
            TailModel::Binomial { freedom_milli: 249_000, full: 1 << 16 },
        ];
        for (model, threshold, step) in [(models[0], 40, 20), (models[1], 40_000, 500)] {
            let tail = Tail { threshold, exceedances: 100, model };
            assert!(tail.share_above(threshold + 1, 1.0) >= 1.0);
            assert!(tail.share_above(threshold + step, 1.0) > tail.share_above(threshold + step + 1, 1.0));
            assert!(tail.share_above(u32::MAX, 1.0) > 0.0);
            assert!(tail.share_above(threshold + step, tail.upper_stretch()) > tail.share_above(threshold + step, 1.0));
        }
    }
}
