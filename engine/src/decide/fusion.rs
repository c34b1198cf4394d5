//! One weight of evidence from those of several instances.

use std::collections::BTreeMap;

use whorl_types::{InstanceScore, LogLikelihoodRatio, Modality};

use super::{Basis, rate};
use crate::calibrate::{Calibration, Calibrations, FmrEstimate, weight};

/// The evidence of all instances that both sides have, of whatever modality.
///
/// Within a modality it is the sum of the log-likelihood ratios, divided by the design effect `1 + (k - 1) * r` of `k`
/// instances whose evidence has the intraclass correlation `r` (Kish, "Survey Sampling", 1965): fingers that were taken in
/// one go share their operator, their scanner and the state of the skin, so ten of them say less than ten times what one
/// says. The modalities are then added up: fingers and eyes share neither sensor nor tissue, and are **assumed to be
/// independent**. An instance that one side lacks contributes nothing. The order of the instances does not matter.
#[must_use]
pub fn fuse(instances: &[InstanceScore], calibrations: &Calibrations) -> LogLikelihoodRatio {
    let mut modalities: BTreeMap<Modality, Vec<f64>> = BTreeMap::new();
    for instance in instances {
        modalities.entry(instance.modality).or_default().push(f64::from(instance.llr.nats()));
    }
    let discounted = |(modality, nats)| {
        let dependence = calibrations.of(modality).map_or(1.0, |calibration| f64::from(calibration.dependence()));
        discounted(nats, dependence)
    };
    weight(modalities.into_iter().map(discounted).sum())
}

fn discounted(mut nats: Vec<f64>, dependence: f64) -> f64 {
    nats.sort_unstable_by(f64::total_cmp);
    let repeated = nats.len().saturating_sub(1) as f64 * dependence;
    nats.iter().sum::<f64>() / (1.0 + repeated)
}

/// The false match rate that fused evidence corresponds to.
///
/// For a single instance it is the calibrated one of its score. For several it is `exp(-llr)`, which no calibrated
/// evidence exceeds among non-mates (Markov's inequality, as the mean likelihood ratio of non-mates is 1); it counts as
/// extrapolated where the smallest corpus behind a calibration has too few comparisons to show it.
#[must_use]
pub fn false_match_rate(llr: LogLikelihoodRatio, basis: Basis, calibrations: &Calibrations) -> FmrEstimate {
    if let Some(calibration) = basis.single().and_then(|modality| calibrations.of(modality)) {
        return calibration.fmr_of_llr(llr);
    }
    let bound = libm::exp(-f64::from(llr.nats())).min(1.0);
    let trials = calibrations.iter().map(Calibration::non_mated_trials).min().unwrap_or(0);
    FmrEstimate { fmr: rate(bound), upper: rate(bound), extrapolated: bound * (trials as f64) < 3.0 }
}

#[cfg(test)]
mod tests {
    use whorl_types::{Position, Similarity};

    use super::*;

    fn of_modality(modality: Modality, nats: &[f32]) -> Vec<InstanceScore> {
        let instance = |&nats: &f32| InstanceScore {
            modality,
            probe: Position::Unknown,
            reference: Position::Unknown,
            similarity: Similarity::NONE,
            llr: LogLikelihoodRatio::new(nats).unwrap(),
        };
        nats.iter().map(instance).collect()
    }

    fn fingers(nats: &[f32]) -> Vec<InstanceScore> {
        of_modality(Modality::Fingerprint, nats)
    }

    fn with_dependence(correlation: f64) -> Calibrations {
        Calibrations::default().with(Calibration::fingerprint().clone().with_dependence(correlation))
    }

    #[test]
    fn one_instance_speaks_for_itself_and_none_says_nothing() {
        let calibrations = with_dependence(0.3);
        assert_eq!(fuse(&fingers(&[7.0]), &calibrations), weight(7.0));
        assert_eq!(fuse(&[], &calibrations), LogLikelihoodRatio::NEUTRAL);
    }

    #[test]
    fn independent_instances_add_up_and_identical_ones_count_once() {
        let four = fingers(&[5.0, 6.0, 7.0, 6.0]);
        assert_eq!(fuse(&four, &with_dependence(0.0)), weight(24.0));
        assert_eq!(fuse(&four, &with_dependence(1.0)), weight(6.0));
        assert_eq!(fuse(&four, &with_dependence(0.25)), weight(24.0 / 1.75));
    }

    #[test]
    fn modalities_are_discounted_by_themselves_and_then_added_up() {
        let calibrations = with_dependence(0.25).with(Calibration::iris().clone().with_dependence(0.5));
        let fingers = fingers(&[5.0, 6.0, 7.0, 6.0]);
        let eyes = of_modality(Modality::Iris, &[9.0, 12.0]);
        let both = [fingers, eyes].concat();
        assert_eq!(fuse(&both, &calibrations), weight(24.0 / 1.75 + 21.0 / 1.5));
    }

    #[test]
    fn the_order_of_instances_changes_nothing() {
        let calibrations = with_dependence(0.1);
        let forth = fuse(&fingers(&[0.1, 1e7, -3.3]), &calibrations);
        assert_eq!(forth, fuse(&fingers(&[-3.3, 0.1, 1e7]), &calibrations));
    }

    #[test]
    fn more_evidence_means_a_lower_false_match_rate() {
        let calibrations = Calibrations::default();
        for basis in Basis::ALL {
            let rates = [-5.0, 0.0, 5.0, 10.0, 15.0]
                .map(|nats| -false_match_rate(LogLikelihoodRatio::new(nats).unwrap(), basis, &calibrations).fmr.get());
            assert!(rates.is_sorted(), "{basis:?}: {rates:?}");
        }
    }
}
