//! Whom a run searches for: synthetic persons of one finger, one eye or one face each.

use whorl_datasets::synthetic::templates;
use whorl_engine::calibrate::Calibration;
use whorl_engine::iris::Probe;
use whorl_index::{Instances, Pair};
use whorl_types::{LogLikelihoodRatio, Modality, Position, ReferenceId, Similarity, Template};

/// Persons, told by number, and what their templates are.
pub(super) struct Population {
    pub(super) modality: Modality,
    position: Position,
    template: fn(u64, usize, u64) -> Template,
    llr: fn(Similarity) -> LogLikelihoodRatio,
    /// In how many turns one comparison holds a probe against a reference.
    pub(super) turns: usize,
    seed: u64,
}

impl Population {
    pub(super) fn new(modality: Modality, seed: u64) -> Self {
        match modality {
            Modality::Fingerprint => Self {
                modality,
                position: Position::RightIndex,
                template: |seed, person, capture| templates::template(seed, person as u64, capture).into(),
                llr: |similarity| Calibration::fingerprint().llr(similarity),
                turns: 1,
                seed,
            },
            Modality::Iris => Self {
                modality,
                position: Position::LeftEye,
                template: |seed, person, capture| templates::iris::template(seed, person as u64, capture).into(),
                llr: |similarity| Calibration::iris().llr(similarity),
                turns: Probe::TURNS,
                seed,
            },
            Modality::Face => Self {
                modality,
                position: Position::Face,
                template: |seed, person, capture| templates::face::template(seed, person as u64, capture).into(),
                llr: ranked,
                turns: 1,
                seed,
            },
        }
    }

    /// What a capture of a person gives.
    pub(super) fn instances(&self, person: usize, capture: u64) -> Instances {
        vec![(self.position, (self.template)(self.seed, person, capture))]
    }

    /// What the one pair of a person and a probe is worth.
    pub(super) fn weigh(&self, pairs: &[Pair]) -> LogLikelihoodRatio {
        let best = pairs.iter().map(|pair| pair.similarity).max();
        best.map_or(LogLikelihoodRatio::NEUTRAL, |best| (self.llr)(best))
    }
}

/// Evidence that grows with a similarity and means nothing: no network made these faces, so no calibration fits them.
fn ranked(similarity: Similarity) -> LogLikelihoodRatio {
    let nats = (f64::from(similarity.get()) / 1_000.0 - 40.0) as f32;
    LogLikelihoodRatio::new(nats).expect("far from infinite")
}

/// The id of a person.
pub(super) fn id(person: usize) -> ReferenceId {
    ReferenceId::new(format!("person-{person:09}")).expect("letters and digits, few enough")
}
