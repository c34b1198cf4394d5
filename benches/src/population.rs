//! Whom a run enrols and searches for: synthetic persons.

use std::ops::Range;

use rayon::ThreadPool;
use rayon::prelude::*;
use whorl_datasets::synthetic::templates;
use whorl_engine::calibrate::Calibrations;
use whorl_engine::decide::fuse;
use whorl_engine::iris::Probe;
use whorl_index::{Gallery, Instances, Pair, Reference};
use whorl_types::{InstanceScore, LogLikelihoodRatio, Modality, ReferenceId, Similarity, Template};

use crate::composition::Composition;
use crate::failure::RunError;
use crate::progress::Watch;

/// About how many bytes of templates are made and enrolled at a time, as they are in memory.
const FILLED_BYTES: usize = 160 << 20;

/// About how many bytes a template of a finger, an iris and a face has.
const TEMPLATE_BYTES: [(Modality, usize); 3] =
    [(Modality::Fingerprint, 4_600), (Modality::Iris, 1_400), (Modality::Face, 700)];

/// Persons, told by number, and what their templates are.
pub(crate) struct Population {
    composition: Composition,
    seed: u64,
    calibrations: Calibrations,
}

impl Population {
    pub(crate) fn new(composition: Composition, seed: u64) -> Self {
        // No network made these faces, so no calibration fits them; see `ranked`.
        Self { composition, seed, calibrations: Calibrations::default() }
    }

    /// What a capture of a person gives.
    pub(crate) fn instances(&self, person: usize, capture: u64) -> Instances {
        let places = self.composition.places();
        places.map(|(modality, at, number)| (at, self.template(modality, (person, number), capture))).collect()
    }

    fn template(&self, modality: Modality, (person, number): (usize, usize), capture: u64) -> Template {
        // The first finger of a person has his number, the others one that no person has.
        let (seed, source) = (self.seed, person as u64 | (number as u64) << 40);
        match modality {
            Modality::Fingerprint => templates::template(seed, source, capture).into(),
            Modality::Iris => templates::iris::template(seed, source, capture).into(),
            Modality::Face => templates::face::template(seed, source, capture).into(),
        }
    }

    /// What the pairs of a probe and a person are worth together.
    pub(crate) fn weigh(&self, pairs: &[Pair]) -> LogLikelihoodRatio {
        // Eyes that show too little in common say nothing.
        let telling = |pair: &&Pair| pair.modality != Modality::Iris || pair.similarity != Similarity::NONE;
        let score = |pair: &Pair| InstanceScore {
            modality: pair.modality,
            probe: pair.probe_position,
            reference: pair.reference_position,
            similarity: pair.similarity,
            llr: match pair.modality {
                Modality::Face => ranked(pair.similarity),
                Modality::Fingerprint | Modality::Iris => self.calibrations.llr(pair.modality, pair.similarity),
            },
        };
        fuse(&pairs.iter().filter(telling).map(score).collect::<Vec<_>>(), &self.calibrations)
    }

    /// In how many turns the comparison of a probe with a person holds templates against each other, all modalities together.
    pub(crate) fn turns(&self) -> usize {
        let turns = |(modality, count)| match modality {
            Modality::Iris => count * Probe::TURNS,
            Modality::Fingerprint | Modality::Face => count,
        };
        self.composition.modalities().map(turns).sum()
    }

    /// Persons as they are enrolled. Runs in the rayon pool of the caller.
    pub(crate) fn references(&self, persons: Range<usize>) -> Vec<Reference> {
        persons
            .into_par_iter()
            .map(|person| Reference { id: id(person), templates: self.instances(person, 0) })
            .collect()
    }

    /// Enrols `persons`, who are made on `pool`, as a load of many is enrolled: large blocks, which become segments at once.
    pub(crate) fn fill(
        &self,
        gallery: &Gallery,
        pool: &ThreadPool,
        persons: Range<usize>,
        watch: &mut Watch<'_>,
    ) -> Result<(), RunError> {
        let of_person = |(modality, bytes): (Modality, usize)| self.composition.count(modality) * bytes;
        let at_once = FILLED_BYTES / TEMPLATE_BYTES.into_iter().map(of_person).sum::<usize>();
        for start in persons.clone().step_by(at_once.min(Gallery::MAX_CHANGES)) {
            let end = persons.end.min(start + at_once.min(Gallery::MAX_CHANGES));
            gallery.enrol(pool.install(|| self.references(start..end)))?;
            watch("building the gallery", end - persons.start, persons.len());
        }
        Ok(())
    }
}

/// Evidence that grows with a similarity and means nothing: no network made these faces, so no calibration fits them.
fn ranked(similarity: Similarity) -> LogLikelihoodRatio {
    let nats = (f64::from(similarity.get()) / 1_000.0 - 40.0) as f32;
    LogLikelihoodRatio::new(nats).expect("far from infinite")
}

/// The id of a person.
pub(crate) fn id(person: usize) -> ReferenceId {
    ReferenceId::new(format!("person-{person:09}")).expect("letters and digits, few enough")
}
