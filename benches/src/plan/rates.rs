//! Rates of this machine, measured in a few seconds.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use whorl_index::{Files, Gallery, Mode, Shortlist, Snapshot};
use whorl_types::{Modality, ReferenceId};

use crate::at_rest::AtRest;
use crate::composition::Composition;
use crate::enrol;
use crate::failure::{RunError, check};
use crate::population::Population;
use crate::progress::Watch;
use crate::search::{MAX_THREADS, Searched, Searches};
use crate::site::temporary;
use crate::system::{load, pool, processor};

/// Rows in each gallery that is searched, where a hundred per cent are asked for: of the fingers one in 20 is then compared in
/// full, as of millions, and no gallery fits the caches of a core.
const ROWS: [(Modality, usize); 3] =
    [(Modality::Fingerprint, 40_000), (Modality::Iris, 60_000), (Modality::Face, 100_000)];

/// Probes of each search: two batches.
const PROBES: usize = 64;

/// Probes that are compared with every row in full.
const PROBES_IN_FULL: usize = 2;

/// The part of strangers that pass the first stage in earnest, where that is known to be more than of synthetic ones: of the prints of
/// five sets, of the irises of MMU1. Of faces it depends on the model.
const PASSING: [(Modality, f64); 3] = [(Modality::Fingerprint, 0.051), (Modality::Iris, 0.024), (Modality::Face, 0.0)];

/// Persons enrolled one by one, and threads that do, to see how many become durable.
const ENROLLED: usize = 640;
const WRITERS: usize = 16;

/// How to measure.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What a person has.
    pub composition: Composition,
    /// Threads of the machine.
    pub threads: usize,
    /// How large the galleries are, in per cent of those from which rates are taken in earnest: 1 to 100.
    pub percent: usize,
    /// Where galleries are made for as long as it takes: on the disk whose rate counts.
    pub directory: Option<PathBuf>,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rates {
    /// The processor, where the system says it.
    pub processor: Option<String>,
    /// Threads that wanted to run at a time before the measurement, on the whole machine, where the system says it: over a half
    /// others were at work.
    pub load: Option<f64>,
    /// Threads of "all".
    pub threads: usize,
    /// How large the galleries were that were searched, in per cent: below 100 more of their rows are compared in full than of large
    /// ones, and the rates are too low, many times so below 20.
    pub percent: usize,
    /// Rates of each modality that a person has.
    pub modalities: Vec<ModalityRate>,
    /// Persons a second that became durable, one by one, sealing not included.
    pub durable_persons_per_second: f64,
    /// Bytes of journal for a person.
    pub journal_bytes_per_person: f64,
}

/// What was measured of a modality.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModalityRate {
    /// Which.
    #[serde(serialize_with = "name")]
    pub modality: Modality,
    /// Rows of the gallery that was searched.
    pub rows: usize,
    /// Comparisons in a second of one core, where one thread searches.
    pub one_core: f64,
    /// Comparisons in a second of each core, where all search.
    pub each_of_all: f64,
    /// The part of the rows that was compared in full.
    pub in_full: f64,
    /// Comparisons in full in a second of one core.
    pub in_full_one_core: f64,
    /// The part of the rows that is taken to be compared in full in earnest: at least what was.
    pub passing: f64,
    /// Bytes of a template that a first stage scans.
    pub hot_bytes: f64,
    /// Bytes of a template that are read of candidates, without its id.
    pub cold_bytes: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn name<S: Serializer>(modality: &Modality, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(modality.name())
}

impl ModalityRate {
    /// The rate that counts, comparisons in a second of a core: the lower of the two, less the time for those rows that pass in
    /// earnest and did not here.
    #[must_use]
    pub fn per_core_second(&self) -> f64 {
        let measured = 1.0 / self.one_core.min(self.each_of_all);
        1.0 / (measured + (self.passing - self.in_full).max(0.0) / self.in_full_one_core)
    }
}

/// Measures the rates of this machine for persons of a composition.
///
/// # Errors
/// [`RunError`].
pub fn measure(settings: &Settings, watch: &mut Watch<'_>) -> Result<Rates, RunError> {
    check("per cent", settings.percent, 100)?;
    check("threads", settings.threads, MAX_THREADS)?;
    let (processor, load) = (processor(), load());
    let mut modalities = Vec::new();
    for (modality, _) in settings.composition.modalities() {
        modalities.push(search(settings, modality, watch)?);
    }
    let enrolled = enrol::Settings {
        composition: settings.composition,
        references: (ENROLLED * settings.percent).div_ceil(100),
        writers: WRITERS,
        threads: settings.threads,
        seed: 1,
        at_rest: AtRest::Clear,
        directory: settings.directory.clone(),
    };
    let enrolled = enrol::run(&enrolled, watch)?;
    Ok(Rates {
        processor,
        load,
        threads: settings.threads,
        percent: settings.percent,
        modalities,
        durable_persons_per_second: enrolled.references_per_second,
        journal_bytes_per_person: enrolled.journal_bytes_per_template * settings.composition.templates() as f64,
    })
}

/// The entry of a modality.
fn of<T: Copy + Default>(modality: Modality, table: [(Modality, T); 3]) -> T {
    table.into_iter().find(|(of, _)| *of == modality).map_or_else(T::default, |(_, value)| value)
}

/// Builds a gallery of one modality and searches it with one thread and with all.
fn search(settings: &Settings, modality: Modality, watch: &mut Watch<'_>) -> Result<ModalityRate, RunError> {
    let rows = (of(modality, ROWS) * settings.percent / 100).max(PROBES);
    let population = Population::new(Composition::one(modality), 1);
    let directory = temporary(settings.directory.clone())?;
    let storage = Arc::new(Files::new(directory.path().join("gallery")));
    let all = Arc::new(pool(settings.threads)?);
    let filled = Gallery::create(storage.clone())?.on(Arc::clone(&all));
    population.fill(&filled, &all, 0..rows, watch)?;
    filled.settle()?;
    drop(filled);
    let gallery = Snapshot::open(&*storage)?;
    // All of it: a part that does not fit would only make the rate worse.
    let _ = gallery.preload(u64::MAX);
    let searches =
        Searches { population: &population, persons: rows, probes: PROBES, mode: Mode::Cascade(Shortlist::default()) };
    let alone = pool(1)?.install(|| searches.batched(&gallery, watch))?;
    let together = all.install(|| searches.batched(&gallery, watch))?;
    let in_full = Searches { probes: PROBES_IN_FULL, mode: Mode::Exact, ..searches };
    let in_full = pool(1)?.install(|| in_full.batched(&gallery, watch))?;
    let stats = gallery.stats();
    let comparisons = rows as f64 * PROBES as f64;
    // Time of the processor, so that what else the machine does counts little; time of day where the system does not say.
    let rate = |searched: &Searched, threads: usize| {
        comparisons / searched.batched_cpu_s.unwrap_or(searched.batched_s * threads as f64)
    };
    let part = together.compared as f64 / comparisons;
    Ok(ModalityRate {
        modality,
        rows,
        one_core: rate(&alone, 1),
        each_of_all: rate(&together, settings.threads),
        in_full: part,
        in_full_one_core: rate(&in_full, 1) * PROBES_IN_FULL as f64 / PROBES as f64,
        passing: of(modality, PASSING).max(part),
        hot_bytes: stats.hot_bytes as f64 / rows as f64,
        cold_bytes: stats.cold_bytes as f64 / rows as f64 - ReferenceId::MAX_BYTES as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_measurement_gives_every_rate() {
        let settings = Settings { composition: Composition::EYES_AND_FACE, threads: 2, percent: 2, directory: None };
        let rates = measure(&settings, &mut |_, _, _| ()).unwrap();
        assert_eq!(
            rates.modalities.iter().map(|rate| rate.modality).collect::<Vec<_>>(),
            [Modality::Iris, Modality::Face]
        );
        for rate in &rates.modalities {
            assert!(rate.per_core_second() <= rate.one_core * 1.001 && rate.in_full_one_core > 1_000.0, "{rates:?}");
            assert!(rate.per_core_second() > 1_000.0 && rate.in_full > 0.0 && rate.in_full <= 1.0, "{rates:?}");
        }
        let (iris, face) = (&rates.modalities[0], &rates.modalities[1]);
        assert!((160.0..168.0).contains(&iris.hot_bytes) && (64.0..72.0).contains(&face.hot_bytes), "{rates:?}");
        assert!((1_152.0..1_300.0).contains(&iris.cold_bytes), "{rates:?}");
        assert!(rates.durable_persons_per_second > 0.0 && rates.journal_bytes_per_person > 2_000.0, "{rates:?}");
    }
}
