//! Whom a run searches for: synthetic persons of one finger or one eye each.

use whorl_datasets::synthetic::templates;
use whorl_engine::calibrate::Calibration;
use whorl_engine::iris::Probe;
use whorl_index::{Instances, Pair};
use whorl_types::{LogLikelihoodRatio, Modality, Position, ReferenceId, Template};

use super::RunError;

/// Persons, told by number, and what their templates are.
pub(super) struct Population {
    pub(super) modality: Modality,
    position: Position,
    template: fn(u64, usize, u64) -> Template,
    calibration: &'static Calibration,
    /// In how many turns one comparison holds a probe against a reference.
    pub(super) turns: usize,
    seed: u64,
}

impl Population {
    pub(super) fn new(modality: Modality, seed: u64) -> Result<Self, RunError> {
        match modality {
            Modality::Fingerprint => Ok(Self {
                modality,
                position: Position::RightIndex,
                template: |seed, person, capture| templates::template(seed, person as u64, capture).into(),
                calibration: Calibration::fingerprint(),
                turns: 1,
                seed,
            }),
            Modality::Iris => Ok(Self {
                modality,
                position: Position::LeftEye,
                template: |seed, person, capture| templates::iris::template(seed, person as u64, capture).into(),
                calibration: Calibration::iris(),
                turns: Probe::TURNS,
                seed,
            }),
            Modality::Face => Err(RunError::Modality(modality)),
        }
    }

    /// What a capture of a person gives.
    pub(super) fn instances(&self, person: usize, capture: u64) -> Instances {
        vec![(self.position, (self.template)(self.seed, person, capture))]
    }

    /// What the one pair of a person and a probe is worth.
    pub(super) fn weigh(&self, pairs: &[Pair]) -> LogLikelihoodRatio {
        let best = pairs.iter().map(|pair| pair.similarity).max();
        best.map_or(LogLikelihoodRatio::NEUTRAL, |best| self.calibration.llr(best))
    }
}

/// The id of a person.
pub(super) fn id(person: usize) -> ReferenceId {
    ReferenceId::new(format!("person-{person:09}")).expect("letters and digits, few enough")
}
