//! One weight of evidence from those of several instances.

use whorl_types::{InstanceScore, LogLikelihoodRatio};

use super::rate;
use crate::calibrate::{Calibration, FmrEstimate, weight};

/// The evidence of all instances of one modality that both sides have.
///
/// The sum of the log-likelihood ratios, divided by the design effect `1 + (k - 1) * r` of `k` instances whose evidence has
/// the intraclass correlation `r` (Kish, "Survey Sampling", 1965): fingers that were taken in one go share their operator,
/// their scanner and the state of the skin, so ten of them say less than ten times what one says. An instance that one side
/// lacks contributes nothing. The order of the instances does not matter.
#[must_use]
pub fn fuse(instances: &[InstanceScore], calibration: &Calibration) -> LogLikelihoodRatio {
    let mut nats: Vec<f64> = instances.iter().map(|instance| f64::from(instance.llr.nats())).collect();
    nats.sort_unstable_by(f64::total_cmp);
    let repeated = nats.len().saturating_sub(1) as f64 * f64::from(calibration.dependence());
    weight(nats.iter().sum::<f64>() / (1.0 + repeated))
}

/// The false match rate that fused evidence corresponds to.
///
/// For a single instance it is the calibrated one of its score. For several it is `exp(-llr)`, which no calibrated
/// evidence exceeds among non-mates (Markov's inequality, as the mean likelihood ratio of non-mates is 1); it counts as
/// extrapolated where the corpus has too few comparisons to show it.
#[must_use]
pub fn false_match_rate(llr: LogLikelihoodRatio, instances: usize, calibration: &Calibration) -> FmrEstimate {
    if instances == 1 {
        return calibration.fmr_of_llr(llr);
    }
    let bound = libm::exp(-f64::from(llr.nats())).min(1.0);
    let extrapolated = bound * (calibration.non_mated_trials() as f64) < 3.0;
    FmrEstimate { fmr: rate(bound), upper: rate(bound), extrapolated }
}

#[cfg(test)]
mod tests {
    use whorl_types::{Position, Similarity};

    use super::*;

    fn instances(nats: &[f32]) -> Vec<InstanceScore> {
        let instance = |&nats: &f32| InstanceScore {
            probe: Position::RightIndex,
            reference: Position::RightIndex,
            similarity: Similarity::NONE,
            llr: LogLikelihoodRatio::new(nats).unwrap(),
        };
        nats.iter().map(instance).collect()
    }

    fn with_dependence(correlation: f64) -> Calibration {
        Calibration::fingerprint().clone().with_dependence(correlation)
    }

    #[test]
    fn one_instance_speaks_for_itself_and_none_says_nothing() {
        let calibration = with_dependence(0.3);
        assert_eq!(fuse(&instances(&[7.0]), &calibration), weight(7.0));
        assert_eq!(fuse(&[], &calibration), LogLikelihoodRatio::NEUTRAL);
    }

    #[test]
    fn independent_instances_add_up_and_identical_ones_count_once() {
        let four = instances(&[5.0, 6.0, 7.0, 6.0]);
        assert_eq!(fuse(&four, &with_dependence(0.0)), weight(24.0));
        assert_eq!(fuse(&four, &with_dependence(1.0)), weight(6.0));
        assert_eq!(fuse(&four, &with_dependence(0.25)), weight(24.0 / 1.75));
    }

    #[test]
    fn the_order_of_instances_changes_nothing() {
        let calibration = with_dependence(0.1);
        let forth = fuse(&instances(&[0.1, 1e7, -3.3]), &calibration);
        assert_eq!(forth, fuse(&instances(&[-3.3, 0.1, 1e7]), &calibration));
    }

    #[test]
    fn more_evidence_means_a_lower_false_match_rate() {
        let calibration = Calibration::fingerprint();
        for instances in [1, 2, 10] {
            let rates = [-5.0, 0.0, 5.0, 10.0, 15.0].map(|nats| {
                -false_match_rate(LogLikelihoodRatio::new(nats).unwrap(), instances, calibration).fmr.get()
            });
            assert!(rates.is_sorted(), "{instances}: {rates:?}");
        }
    }
}
