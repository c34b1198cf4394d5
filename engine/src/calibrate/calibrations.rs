//! What scores mean, modality by modality.

use std::collections::BTreeMap;

use whorl_types::{LogLikelihoodRatio, Modality, Similarity};

use super::Calibration;

/// One calibration for each modality: raw scores of fingers, eyes and faces have nothing in common until they are
/// calibrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibrations(BTreeMap<Modality, Calibration>);

impl Default for Calibrations {
    /// Those that ship with this version.
    fn default() -> Self {
        let shipped = [Modality::Fingerprint, Modality::Iris, Modality::Face].map(Calibration::of);
        shipped.into_iter().fold(Self(BTreeMap::new()), |all, calibration| all.with(calibration.clone()))
    }
}

impl Calibrations {
    /// The same with `calibration` in place of the one of its modality.
    #[must_use]
    pub fn with(mut self, calibration: Calibration) -> Self {
        self.0.insert(calibration.scope.modality, calibration);
        self
    }

    /// The same without any of `modality`: its scores say nothing.
    #[must_use]
    pub fn without(mut self, modality: Modality) -> Self {
        self.0.remove(&modality);
        self
    }

    /// The calibration of `modality`; none where none is known.
    #[must_use]
    pub fn of(&self, modality: Modality) -> Option<&Calibration> {
        self.0.get(&modality)
    }

    /// All of them, in the order of their modalities.
    pub fn iter(&self) -> impl Iterator<Item = &Calibration> {
        self.0.values()
    }

    /// The weight of evidence of a raw score; a score that nobody can read says nothing.
    #[must_use]
    pub fn llr(&self, modality: Modality, score: Similarity) -> LogLikelihoodRatio {
        self.of(modality).map_or(LogLikelihoodRatio::NEUTRAL, |calibration| calibration.llr(score))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calibration_takes_the_place_of_the_one_of_its_modality() {
        let own = Calibration::iris().clone().with_dependence(0.5);
        let calibrations = Calibrations::default().with(own.clone());
        assert_eq!(calibrations.of(Modality::Iris), Some(&own));
        assert_eq!(calibrations.of(Modality::Fingerprint), Some(Calibration::fingerprint()));
    }

    #[test]
    fn a_score_of_a_modality_without_a_calibration_says_nothing() {
        let calibrations = Calibrations::default().without(Modality::Face);
        assert_eq!(calibrations.llr(Modality::Face, Similarity::new(9_000)), LogLikelihoodRatio::NEUTRAL);
        assert!(calibrations.llr(Modality::Fingerprint, Similarity::new(9_000)).nats() > 5.0);
    }
}
