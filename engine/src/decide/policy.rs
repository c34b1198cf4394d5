//! Thresholds that follow from what is asked.

use thiserror::Error;
use whorl_types::{Decision, Fmr, Fpir, LogLikelihoodRatio, Verdict};

use super::fusion::false_match_rate;
use super::{Basis, rate};
use crate::calibrate::{Calibrations, FmrEstimate, weight};

/// What a search through a gallery may get wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    gallery_size: u64,
    target: f64,
    adjudication: f64,
}

/// A policy that no threshold can follow.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum PolicyError {
    /// A rate at which everybody or nobody may be mistaken.
    #[error("a target FPIR must lie above 0 and below 1, not at {0}")]
    Target(f64),
    /// People would be asked about fewer strangers than the machine decides alone.
    #[error("the FPIR for adjudication, {adjudication}, must not be below the target, {target}")]
    Adjudication {
        /// For a person to look at.
        adjudication: f64,
        /// For the machine to decide.
        target: f64,
    },
}

impl Policy {
    /// Ten times as many strangers may be shown to a person as the machine may mistake by itself, unless stated.
    const ADJUDICATION_FACTOR: f64 = 10.0;

    /// But not at more than every second search.
    const MOST_ADJUDICATED: f64 = 0.5;

    /// Searches of `gallery_size` references, in which a stranger may be taken for a duplicate at the rate `target`.
    ///
    /// # Errors
    /// [`PolicyError::Target`] unless the target lies above 0 and below 1.
    pub fn new(gallery_size: u64, target: Fpir) -> Result<Self, PolicyError> {
        let target = target.get();
        if target <= 0.0 || target >= 1.0 {
            return Err(PolicyError::Target(target));
        }
        let adjudication = (target * Self::ADJUDICATION_FACTOR).min(target.max(Self::MOST_ADJUDICATED));
        Ok(Self { gallery_size: gallery_size.max(1), target, adjudication })
    }

    /// The same, with strangers shown to a person at the rate `adjudication`.
    ///
    /// # Errors
    /// [`PolicyError::Adjudication`] where that is below the target.
    pub fn with_adjudication(self, adjudication: Fpir) -> Result<Self, PolicyError> {
        let adjudication = adjudication.get();
        if adjudication < self.target {
            return Err(PolicyError::Adjudication { adjudication, target: self.target });
        }
        Ok(Self { adjudication, ..self })
    }

    /// The false match rate of one person against another at which a search of the whole gallery keeps the target:
    /// `1 - (1 - FPIR)^(1/N)`.
    #[must_use]
    pub fn person_fmr(&self) -> Fmr {
        per_person(self.target, self.gallery_size)
    }

    /// The thresholds for candidates whose evidence rests on `basis`.
    ///
    /// A single instance is held to the calibrated false match rate of its score, several to `exp(-llr)`: see
    /// [`false_match_rate`].
    #[must_use]
    pub fn thresholds(&self, basis: Basis, calibrations: &Calibrations) -> Thresholds {
        let at = |fpir: f64| threshold(per_person(fpir, self.gallery_size), basis, calibrations);
        Thresholds { duplicate: at(self.target), adjudicate: at(self.adjudication) }
    }
}

/// From which evidence on a candidate is what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// From here on the machine decides: the same person.
    pub duplicate: LogLikelihoodRatio,
    /// From here on a person must look.
    pub adjudicate: LogLikelihoodRatio,
}

impl Thresholds {
    /// What follows from a candidate's evidence.
    #[must_use]
    pub fn verdict(&self, llr: LogLikelihoodRatio) -> Verdict {
        if llr.nats() >= self.duplicate.nats() {
            Verdict::Duplicate
        } else if llr.nats() >= self.adjudicate.nats() {
            Verdict::Adjudicate
        } else {
            Verdict::Unique
        }
    }
}

/// What a verification (1:1) may get wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verification {
    /// How often a stranger may be taken for the claimed person.
    pub target: Fmr,
}

impl Verification {
    /// The answer for fused evidence that rests on `basis`, and the false match rate that it corresponds to.
    #[must_use]
    pub fn decide(
        &self,
        llr: LogLikelihoodRatio,
        basis: Basis,
        calibrations: &Calibrations,
    ) -> (Decision, FmrEstimate) {
        let required = threshold(self.target, basis, calibrations);
        let enough = basis != Basis::Nothing && llr.nats() >= required.nats();
        let decision = if enough { Decision::Match } else { Decision::NonMatch };
        (decision, false_match_rate(llr, basis, calibrations))
    }
}

/// The least evidence whose false match rate keeps the target.
fn threshold(target: Fmr, basis: Basis, calibrations: &Calibrations) -> LogLikelihoodRatio {
    let calibration = basis.single().and_then(|modality| calibrations.of(modality));
    let by_score = calibration.and_then(|calibration| calibration.llr_at(target));
    by_score.unwrap_or_else(|| weight(-libm::log(target.get().max(f64::MIN_POSITIVE))))
}

fn per_person(fpir: f64, gallery_size: u64) -> Fmr {
    rate(-libm::expm1(libm::log1p(-fpir) / gallery_size as f64))
}

#[cfg(test)]
mod tests {
    use whorl_types::Modality;

    use super::*;

    fn fpir(rate: f64) -> Fpir {
        Fpir::new(rate).unwrap()
    }

    fn llr(nats: f32) -> LogLikelihoodRatio {
        LogLikelihoodRatio::new(nats).unwrap()
    }

    #[test]
    fn the_rate_per_person_gives_the_target_over_the_gallery() {
        for (references, target) in [(1, 0.001), (200, 0.01), (1_000_000, 0.001), (80_000_000, 0.3)] {
            let person = Policy::new(references, fpir(target)).unwrap().person_fmr().get();
            let search = -(references as f64 * (-person).ln_1p()).exp_m1();
            assert!((search / target - 1.0).abs() < 1e-6, "{references}: {search}");
        }
    }

    #[test]
    fn more_references_and_stricter_targets_ask_for_more_evidence() {
        let duplicate = |references, target, basis| {
            let policy = Policy::new(references, fpir(target)).unwrap();
            policy.thresholds(basis, &Calibrations::default()).duplicate.nats()
        };
        for basis in Basis::ALL {
            assert!(duplicate(1000, 0.01, basis) < duplicate(100_000, 0.01, basis));
            assert!(duplicate(1000, 0.01, basis) < duplicate(1000, 0.001, basis));
        }
    }

    #[test]
    fn evidence_passes_from_unique_over_adjudication_to_duplicate() {
        let policy = Policy::new(500, fpir(0.001)).unwrap();
        let thresholds = policy.thresholds(Basis::Several, &Calibrations::default());
        let verdicts = (-10..60).map(|nats| thresholds.verdict(llr(nats as f32))).collect::<Vec<_>>();
        assert!(verdicts.is_sorted());
        for verdict in [Verdict::Unique, Verdict::Adjudicate, Verdict::Duplicate] {
            assert!(verdicts.contains(&verdict), "{verdict:?}");
        }
    }

    #[test]
    fn a_policy_that_allows_everything_or_nothing_is_refused() {
        assert!(Policy::new(10, fpir(0.0)).is_err());
        assert!(Policy::new(10, fpir(1.0)).is_err());
        let policy = Policy::new(10, fpir(0.01)).unwrap();
        assert!(policy.with_adjudication(fpir(0.001)).is_err());
        assert_eq!(policy.with_adjudication(fpir(0.01)), Ok(Policy { adjudication: 0.01, ..policy }));
    }

    #[test]
    fn a_verification_without_any_instance_is_no_match() {
        let calibrations = Calibrations::default();
        let verification = Verification { target: Fmr::new(0.5).unwrap() };
        let (decision, _) = verification.decide(llr(30.0), Basis::Nothing, &calibrations);
        assert_eq!(decision, Decision::NonMatch);
        let (decision, estimate) = verification.decide(llr(15.0), Basis::One(Modality::Fingerprint), &calibrations);
        assert_eq!(decision, Decision::Match);
        assert!(estimate.fmr.get() < 1e-4);
    }
}
