//! A scale run: how fast a large gallery is searched, and whether the search finds the mates.
//!
//! The gallery is on disk and mapped, as in earnest. Throughput is measured on batches of probes, the latency of a probe by
//! searching for it alone. Every probe has one mate.

mod figures;
mod population;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use thiserror::Error;
use whorl_index::{
    Files, Found, Gallery, GalleryError, Limits, Mode, Pair, Reference, SearchError, Shortlist, Snapshot, Storage,
};
use whorl_kernels::{Isa, IsaError, Kernels};
use whorl_types::Modality;

use crate::cpu::process_time;
pub use figures::Figures;
use figures::{available_bytes, percentile, resident_bytes};
use population::{Population, id};

/// How many references are made and written at a time: fingers take about 200 MiB.
const APPENDED: usize = 32_768;

/// How many probes a batch has.
const BATCH: usize = 32;

/// How many probes are also searched for alone, to tell the latency of one.
const ALONE: usize = 32;

/// The most rows and probes: what a disk of half a terabyte holds of fingers, and what a person waits for.
const MAX_ROWS: usize = 100_000_000;
const MAX_PROBES: usize = 100_000;

/// What to run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What is searched for.
    pub modality: Modality,
    /// Templates in the gallery, one for each reference.
    pub rows: usize,
    /// Probes, each with a mate in the gallery.
    pub probes: usize,
    /// Threads that build and search.
    pub threads: usize,
    /// The instruction set; the best there is where none is named.
    pub isa: Option<Isa>,
    /// Whether everything is compared in full.
    pub exact: bool,
    /// What the population is made from.
    pub seed: u64,
    /// Where the gallery is made for as long as the run takes; the system's place for such things where none is named.
    pub directory: Option<PathBuf>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many rows are enrolled.
    Built(usize),
    /// So many probes are searched for.
    Searched(usize),
}

/// Why a run gave no figures.
#[derive(Debug, Error)]
pub enum RunError {
    /// A number that no run can have.
    #[error("{what} must be 1 to {most}, not {found}")]
    Bound {
        /// Which.
        what: &'static str,
        /// Given.
        found: usize,
        /// At most.
        most: usize,
    },
    /// The instruction set cannot be had.
    #[error(transparent)]
    Isa(#[from] IsaError),
    /// The gallery failed.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    /// The search failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// No place for the gallery, or no threads.
    #[error("cannot prepare the run: {0}")]
    System(#[from] std::io::Error),
}

/// Builds a gallery, searches it, removes it, and says how it went.
///
/// # Errors
/// [`RunError`].
pub fn run(settings: &Settings, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<Figures, RunError> {
    check("rows", settings.rows, MAX_ROWS)?;
    check("probes", settings.probes, MAX_PROBES.min(settings.rows))?;
    check("threads", settings.threads, 1024)?;
    let population = Population::new(settings.modality, settings.seed);
    let kernels = settings.isa.map_or_else(|| Ok(Kernels::best()), Kernels::choose)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build().map_err(std::io::Error::other)?;
    let place = settings.directory.clone().unwrap_or_else(std::env::temp_dir);
    let directory = tempfile::Builder::new().prefix("whorl-bench-").tempdir_in(place)?;
    pool.install(|| {
        let storage = Arc::new(Files::new(directory.path().join("gallery")));
        let (built, build_s) = timed(|| build(settings, &population, storage.clone(), progress));
        built?;
        let (gallery, open_s) = timed(|| Snapshot::open(&*storage));
        let gallery = gallery?;
        let (preloaded_bytes, preload_s) = timed(|| gallery.preload(available_bytes().unwrap_or(u64::MAX) / 4 * 3));
        let searched = search(settings, &population, &gallery, progress)?;
        let (stats, rows) = (gallery.stats(), settings.rows as f64);
        let comparisons = rows * settings.probes as f64;
        Ok(Figures {
            modality: population.modality.name(),
            rows: settings.rows,
            probes: settings.probes,
            threads: settings.threads,
            isa: isa_name(kernels.isa()),
            mode: if settings.exact { "exact" } else { "cascade" },
            comparisons_per_second: comparisons / searched.batched_s,
            comparisons_per_cpu_second: searched.batched_cpu_s.map(|spent| comparisons / spent),
            turned_comparisons_per_second: comparisons * population.turns as f64 / searched.batched_s,
            compared_in_full: searched.compared as f64 / comparisons,
            probe_ms_p50: percentile(&searched.alone_ms, 50),
            probe_ms_p99: percentile(&searched.alone_ms, 99),
            mate_recall: searched.mates as f64 / settings.probes as f64,
            hot_bytes_per_row: stats.hot_bytes as f64 / rows,
            cold_bytes_per_row: stats.cold_bytes as f64 / rows,
            resident_bytes: resident_bytes(),
            build_s,
            open_s,
            preload_s,
            preloaded_bytes,
        })
    })
}

fn check(what: &'static str, found: usize, most: usize) -> Result<(), RunError> {
    if (1..=most).contains(&found) { Ok(()) } else { Err(RunError::Bound { what, found, most }) }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed().as_secs_f64())
}

fn build(
    settings: &Settings,
    population: &Population,
    storage: Arc<dyn Storage>,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), RunError> {
    let gallery = Gallery::create(storage)?;
    for start in (0..settings.rows).step_by(APPENDED) {
        let persons = start..settings.rows.min(start + APPENDED);
        let reference = |person| Reference { id: id(person), templates: population.instances(person, 0) };
        gallery.enrol(persons.clone().into_par_iter().map(reference).collect())?;
        progress(Progress::Built(persons.end));
    }
    Ok(())
}

/// What the searches of a run gave.
struct Searched {
    /// Probes whose mate came first.
    mates: usize,
    /// Rows that were compared in full, of all probes together.
    compared: u64,
    /// How long the batches took together.
    batched_s: f64,
    /// How much of the processor they had, where the system says it.
    batched_cpu_s: Option<f64>,
    /// How long probes took that were searched for alone.
    alone_ms: Vec<f64>,
}

fn search(
    settings: &Settings,
    population: &Population,
    gallery: &Snapshot,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Searched, RunError> {
    let mode = if settings.exact { Mode::Exact } else { Mode::Cascade(Shortlist::default()) };
    let limits = Limits { mode, ..Limits::default() };
    let weigh = |pairs: &[Pair]| population.weigh(pairs);
    // Mates spread over the whole gallery.
    let persons = (0..settings.probes).map(|probe| probe * settings.rows / settings.probes).collect::<Vec<_>>();
    let mut searched =
        Searched { mates: 0, compared: 0, batched_s: 0.0, batched_cpu_s: Some(0.0), alone_ms: Vec::new() };
    for (number, persons) in persons.chunks(BATCH).enumerate() {
        let probes = persons.iter().map(|&person| population.instances(person, 1)).collect::<Vec<_>>();
        let cpu = process_time();
        let (findings, batched_s) = timed(|| gallery.identify_batch(&probes, &limits, &weigh));
        let spent = cpu.and_then(|before| Some(process_time()?.saturating_sub(before).as_secs_f64()));
        let findings = findings?;
        searched.batched_s += batched_s;
        searched.batched_cpu_s = searched.batched_cpu_s.and_then(|sum| Some(sum + spent?));
        searched.compared += findings.iter().map(|findings| findings.coverage.rows_compared).sum::<u64>();
        let first = |found: &[Found], person| found.first().is_some_and(|found| found.id == id(person));
        searched.mates += findings.iter().zip(persons).filter(|(one, person)| first(&one.found, **person)).count();
        progress(Progress::Searched(number * BATCH + persons.len()));
    }
    for &person in persons.iter().step_by(settings.probes.div_ceil(ALONE)) {
        let probe = [population.instances(person, 1)];
        let (findings, alone_s) = timed(|| gallery.identify_batch(&probe, &limits, &weigh));
        findings?;
        searched.alone_ms.push(alone_s * 1e3);
    }
    Ok(searched)
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
    use super::*;

    fn settings(modality: Modality) -> Settings {
        Settings { modality, rows: 3_000, probes: 8, threads: 2, isa: None, exact: false, seed: 7, directory: None }
    }

    #[test]
    fn a_small_run_finds_the_mates_and_says_what_it_did() {
        let kinds = [(Modality::Fingerprint, 1536.0, 1.0), (Modality::Iris, 160.0, 21.0), (Modality::Face, 64.0, 1.0)];
        for (modality, hot, turns) in kinds {
            let mut told = Vec::new();
            let figures = run(&settings(modality), &mut |progress| told.push(progress)).unwrap();
            assert_eq!(told, [Progress::Built(3_000), Progress::Searched(8)]);
            assert_eq!((figures.modality, figures.rows, figures.probes), (modality.name(), 3_000, 8));
            assert_eq!((figures.threads, figures.mode), (2, "cascade"));
            assert!(figures.mate_recall > 0.8 && figures.compared_in_full < 0.7, "{figures:?}");
            assert!((hot..hot + 64.0).contains(&figures.hot_bytes_per_row), "{figures:?}");
            let turned = figures.turned_comparisons_per_second / figures.comparisons_per_second;
            assert!((turned - turns).abs() < 1e-6, "{figures:?}");
        }
    }

    #[test]
    fn an_exact_run_compares_every_row() {
        for modality in [Modality::Iris, Modality::Face] {
            let figures = run(&Settings { exact: true, ..settings(modality) }, &mut |_| ()).unwrap();
            assert_eq!((figures.mode, figures.compared_in_full.to_bits()), ("exact", 1.0f64.to_bits()));
            assert_eq!(figures.mate_recall.to_bits(), 1.0f64.to_bits());
        }
    }

    #[test]
    fn runs_without_rows_or_with_more_probes_than_rows_are_refused() {
        let settings = |rows, probes, modality| Settings { rows, probes, ..settings(modality) };
        let refused = |settings: Settings| run(&settings, &mut |_| ()).unwrap_err().to_string();
        assert!(refused(settings(0, 8, Modality::Iris)).contains("rows must be 1 to"));
        assert!(refused(settings(3_000, 3_001, Modality::Iris)).contains("probes must be 1 to 3000"));
    }
}
