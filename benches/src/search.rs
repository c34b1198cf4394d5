//! A scale run: how fast a large gallery is searched, and whether the search finds the mates.
//!
//! The gallery is on disk and mapped, as in earnest. Throughput is measured on batches of probes, the latency of a probe by
//! searching for it alone. Every probe has one mate.

mod figures;
mod searched;

use std::path::PathBuf;

use whorl_index::{Mode, Snapshot};
use whorl_kernels::{Isa, Kernels};
use whorl_types::Modality;

use crate::at_rest::AtRest;
use crate::clock::{percentile, timed};
use crate::composition::Composition;
use crate::failure::{RunError, check};
use crate::population::Population;
use crate::progress::Watch;
use crate::site::{Prepared, Site};
use crate::system::{available_bytes, resident_bytes};
pub use figures::Figures;
pub(crate) use searched::{Searched, Searches};

/// The most persons and probes: what a disk of half a terabyte holds of a finger each, and what a person waits for.
pub(crate) const MAX_PERSONS: usize = 100_000_000;
const MAX_PROBES: usize = 100_000;

/// The most threads.
pub(crate) const MAX_THREADS: usize = 1024;

/// What to run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What a person has in the gallery, and what is searched for together.
    pub composition: Composition,
    /// Persons in the gallery.
    pub persons: usize,
    /// Probes, each with a mate in the gallery.
    pub probes: usize,
    /// Threads that build and search.
    pub threads: usize,
    /// The instruction set; the best there is where none is named.
    pub isa: Option<Isa>,
    /// What is compared in full.
    pub mode: Mode,
    /// What the population is made from.
    pub seed: u64,
    /// What of the gallery is encrypted.
    pub at_rest: AtRest,
    /// Where the gallery is, or is made and stays; where none is named, it is made in the system's place for such things, and
    /// removed.
    pub directory: Option<PathBuf>,
}

/// Builds or takes a gallery, searches it, and says how it went.
///
/// # Errors
/// [`RunError`].
pub fn run(settings: &Settings, watch: &mut Watch<'_>) -> Result<Figures, RunError> {
    check("persons", settings.persons, MAX_PERSONS)?;
    check("probes", settings.probes, MAX_PROBES.min(settings.persons))?;
    check("threads", settings.threads, MAX_THREADS)?;
    let kernels = settings.isa.map_or_else(|| Ok(Kernels::best()), Kernels::choose)?;
    let Settings { composition, persons, probes, mode, seed, at_rest, .. } = *settings;
    let site = Site::new((composition, persons), seed, settings.directory.as_deref(), at_rest, settings.threads)?;
    let prepared = site.prepare(watch)?;
    site.pool.install(|| {
        let (gallery, open_s) = timed(|| site.read());
        let gallery = gallery?;
        let (preloaded_bytes, preload_s) = timed(|| gallery.preload(available_bytes().unwrap_or(u64::MAX) / 4 * 3));
        let searched = Searches { population: &site.population, persons, probes, mode }.run(&gallery, watch)?;
        let figures = figures(settings, &site.population, &searched, &gallery);
        let Prepared { reused, seconds: build_s, .. } = prepared;
        Ok(Figures { isa: isa_name(kernels.isa()), reused, build_s, open_s, preload_s, preloaded_bytes, ..figures })
    })
}

/// What follows from the searches and the gallery.
fn figures(settings: &Settings, population: &Population, searched: &Searched, gallery: &Snapshot) -> Figures {
    let Settings { composition, persons, probes, threads, mode, at_rest, .. } = *settings;
    let (stats, rows) = (gallery.stats(), persons * composition.templates());
    let comparisons = rows as f64 * probes as f64;
    let compared_persons = persons as f64 * probes as f64;
    Figures {
        modality: composition.name(),
        composition,
        persons,
        rows,
        probes,
        threads,
        isa: "",
        at_rest,
        mode: mode_name(mode),
        fingers_first: fingers_first(mode, composition),
        comparisons_per_second: comparisons / searched.batched_s,
        comparisons_per_cpu_second: searched.batched_cpu_s.map(|spent| comparisons / spent),
        turned_comparisons_per_second: compared_persons * population.turns() as f64 / searched.batched_s,
        persons_per_second: compared_persons / searched.batched_s,
        persons_per_cpu_second: searched.batched_cpu_s.map(|spent| compared_persons / spent),
        compared_in_full: searched.compared as f64 / comparisons,
        probe_ms_p50: percentile(&searched.alone_ms, 50),
        probe_ms_p99: percentile(&searched.alone_ms, 99),
        mate_recall: searched.mates as f64 / probes as f64,
        hot_bytes_per_row: stats.hot_bytes as f64 / rows as f64,
        cold_bytes_per_row: stats.cold_bytes as f64 / rows as f64,
        hot_bytes_per_person: stats.hot_bytes as f64 / persons as f64,
        cold_bytes_per_person: stats.cold_bytes as f64 / persons as f64,
        resident_bytes: resident_bytes(),
        reused: false,
        build_s: 0.0,
        open_s: 0.0,
        preload_s: 0.0,
        preloaded_bytes: 0,
    }
}

/// What the figures call it.
fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Exact => "exact",
        Mode::Cascade(_) => "cascade",
        Mode::Ann(_) => "ann",
    }
}

/// How many fingers of a person are scanned for everybody.
fn fingers_first(mode: Mode, composition: Composition) -> usize {
    let all = composition.count(Modality::Fingerprint);
    match mode {
        Mode::Exact => all,
        Mode::Cascade(shortlist) | Mode::Ann(shortlist) => shortlist.fingers.min(all),
    }
}

/// What `--isa` calls it.
fn isa_name(isa: Isa) -> &'static str {
    match isa {
        Isa::Portable => "scalar",
        Isa::Avx2 | Isa::Avx512 => isa.name(),
    }
}

#[cfg(test)]
mod tests {
    use whorl_index::Shortlist;

    use super::*;

    fn settings(composition: Composition) -> Settings {
        Settings {
            composition,
            persons: 3_000,
            probes: 8,
            threads: 2,
            isa: None,
            mode: Mode::Cascade(Shortlist::default()),
            seed: 7,
            at_rest: AtRest::Clear,
            directory: None,
        }
    }

    fn of(modality: Modality) -> Settings {
        settings(Composition::one(modality))
    }

    #[test]
    fn a_small_run_finds_the_mates_and_says_what_it_did() {
        let kinds = [(Modality::Fingerprint, 1536.0, 1.0), (Modality::Iris, 160.0, 21.0), (Modality::Face, 64.0, 1.0)];
        for (modality, hot, turns) in kinds {
            let mut told = Vec::new();
            let figures = run(&of(modality), &mut |stage, done, of| told.push((stage, done, of))).unwrap();
            assert_eq!(told, [("building the gallery", 3_000, 3_000), ("searching", 8, 8)]);
            assert_eq!((figures.modality.as_str(), figures.rows, figures.probes), (modality.name(), 3_000, 8));
            assert_eq!((figures.threads, figures.mode), (2, "cascade"));
            assert!(figures.mate_recall > 0.8 && figures.compared_in_full < 0.7, "{figures:?}");
            assert!((hot..hot + 64.0).contains(&figures.hot_bytes_per_row), "{figures:?}");
            let turned = figures.turned_comparisons_per_second / figures.comparisons_per_second;
            assert!((turned - turns).abs() < 1e-6, "{figures:?}");
        }
    }

    #[test]
    fn a_run_of_persons_counts_templates_and_persons() {
        let whole = Settings { persons: 400, probes: 4, ..settings(Composition::WHOLE) };
        let figures = run(&whole, &mut |_, _, _| ()).unwrap();
        assert_eq!((figures.persons, figures.rows, figures.mate_recall.to_bits()), (400, 5_200, 1.0f64.to_bits()));
        let hot = 2.0 * 1536.0 + 2.0 * 160.0 + 64.0;
        assert!((hot..hot * 1.1).contains(&figures.hot_bytes_per_person), "{figures:?}");
        let persons = figures.comparisons_per_second / figures.persons_per_second;
        assert!((persons - 13.0).abs() < 1e-6, "{figures:?}");
    }

    #[test]
    fn an_exact_run_compares_every_row() {
        for modality in [Modality::Iris, Modality::Face] {
            let figures = run(&Settings { mode: Mode::Exact, ..of(modality) }, &mut |_, _, _| ()).unwrap();
            assert_eq!((figures.mode, figures.compared_in_full.to_bits()), ("exact", 1.0f64.to_bits()));
            assert_eq!(figures.mate_recall.to_bits(), 1.0f64.to_bits());
        }
    }

    #[test]
    fn runs_of_nobody_or_with_more_probes_than_persons_are_refused() {
        let settings = |persons, probes| Settings { persons, probes, ..of(Modality::Iris) };
        let refused = |settings: Settings| run(&settings, &mut |_, _, _| ()).unwrap_err().to_string();
        assert!(refused(settings(0, 8)).contains("persons must be 1 to"));
        assert!(refused(settings(3_000, 3_001)).contains("probes must be 1 to 3000"));
    }
}
