//! A scale run: how fast a large gallery is searched, and whether the search finds the mates.
//!
//! The gallery is on disk and mapped, as in earnest. Throughput is measured on batches of probes, the latency of a probe by
//! searching for it alone. Every probe has one mate.

mod figures;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use thiserror::Error;
use whorl_datasets::synthetic::templates;
use whorl_engine::calibrate::Calibration;
use whorl_index::{
    Files, Found, Gallery, GalleryError, Instances, Limits, Mode, Pair, Reference, SearchError, Shortlist, Snapshot,
};
use whorl_kernels::{Isa, IsaError, Kernels};
use whorl_types::{LogLikelihoodRatio, Position, ReferenceId};

pub use figures::Figures;
use figures::{percentile, resident_bytes};

/// How many references are made and written at a time: about 200 MiB of templates.
const APPENDED: usize = 32_768;

/// How many probes a batch has.
const BATCH: usize = 32;

/// How many probes are also searched for alone, to tell the latency of one.
const ALONE: usize = 32;

/// The most rows and probes: what a disk of half a terabyte holds, and what a person waits for.
const MAX_ROWS: usize = 100_000_000;
const MAX_PROBES: usize = 100_000;

/// What to run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Fingers in the gallery, one for each reference.
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
    let kernels = settings.isa.map_or_else(|| Ok(Kernels::best()), Kernels::choose)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build().map_err(std::io::Error::other)?;
    let place = settings.directory.clone().unwrap_or_else(std::env::temp_dir);
    let directory = tempfile::Builder::new().prefix("whorl-bench-").tempdir_in(place)?;
    pool.install(|| {
        let start = Instant::now();
        let gallery = build(settings, directory.path().join("gallery"), progress)?;
        let build_s = start.elapsed().as_secs_f64();
        let searched = search(settings, &gallery, progress)?;
        let stats = gallery.stats();
        Ok(Figures {
            modality: "fingerprint",
            rows: settings.rows,
            probes: settings.probes,
            threads: settings.threads,
            isa: isa_name(kernels.isa()),
            mode: if settings.exact { "exact" } else { "cascade" },
            comparisons_per_second: settings.rows as f64 * settings.probes as f64 / searched.batched_s,
            probe_ms_p50: percentile(&searched.alone_ms, 50),
            probe_ms_p99: percentile(&searched.alone_ms, 99),
            mate_recall: searched.mates as f64 / settings.probes as f64,
            hot_bytes_per_row: stats.hot_bytes as f64 / settings.rows as f64,
            resident_bytes: resident_bytes(),
            build_s,
        })
    })
}

fn check(what: &'static str, found: usize, most: usize) -> Result<(), RunError> {
    if (1..=most).contains(&found) { Ok(()) } else { Err(RunError::Bound { what, found, most }) }
}

fn build(
    settings: &Settings,
    directory: PathBuf,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Snapshot, RunError> {
    let mut gallery = Gallery::create(Arc::new(Files::new(directory)))?;
    for start in (0..settings.rows).step_by(APPENDED) {
        let persons = start..settings.rows.min(start + APPENDED);
        let reference = |person| Reference { id: id(person), templates: instances(settings.seed, person, 0) };
        gallery.append(persons.clone().into_par_iter().map(reference).collect())?;
        progress(Progress::Built(persons.end));
    }
    Ok(gallery.snapshot())
}

/// What the searches of a run gave.
struct Searched {
    /// Probes whose mate came first.
    mates: usize,
    /// How long the batches took together.
    batched_s: f64,
    /// How long probes took that were searched for alone.
    alone_ms: Vec<f64>,
}

fn search(
    settings: &Settings,
    gallery: &Snapshot,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Searched, RunError> {
    let mode = if settings.exact { Mode::Exact } else { Mode::Cascade(Shortlist::default()) };
    let limits = Limits { mode, ..Limits::default() };
    // Mates spread over the whole gallery.
    let persons = (0..settings.probes).map(|probe| probe * settings.rows / settings.probes).collect::<Vec<_>>();
    let mut searched = Searched { mates: 0, batched_s: 0.0, alone_ms: Vec::new() };
    for (number, persons) in persons.chunks(BATCH).enumerate() {
        let probes = persons.iter().map(|&person| instances(settings.seed, person, 1)).collect::<Vec<_>>();
        let start = Instant::now();
        let findings = gallery.identify_batch(&probes, &limits, &weigh)?;
        searched.batched_s += start.elapsed().as_secs_f64();
        let first = |found: &[Found], person| found.first().is_some_and(|found| found.id == id(person));
        searched.mates += findings.iter().zip(persons).filter(|(one, person)| first(&one.found, **person)).count();
        progress(Progress::Searched(number * BATCH + persons.len()));
    }
    for &person in persons.iter().step_by(settings.probes.div_ceil(ALONE)) {
        let probe = [instances(settings.seed, person, 1)];
        let start = Instant::now();
        gallery.identify_batch(&probe, &limits, &weigh)?;
        searched.alone_ms.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(searched)
}

fn instances(seed: u64, person: usize, impression: u64) -> Instances {
    vec![(Position::RightIndex, templates::template(seed, person as u64, impression).into())]
}

fn id(person: usize) -> ReferenceId {
    ReferenceId::new(format!("person-{person:09}")).expect("letters and digits, few enough")
}

fn weigh(pairs: &[Pair]) -> LogLikelihoodRatio {
    let best = pairs.iter().map(|pair| pair.similarity).max();
    best.map_or(LogLikelihoodRatio::NEUTRAL, |best| Calibration::fingerprint().llr(best))
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

    fn settings() -> Settings {
        Settings { rows: 3_000, probes: 8, threads: 2, isa: None, exact: false, seed: 7, directory: None }
    }

    #[test]
    fn a_small_run_finds_the_mates_and_says_what_it_did() {
        let mut told = Vec::new();
        let figures = run(&settings(), &mut |progress| told.push(progress)).unwrap();
        assert_eq!(told, [Progress::Built(3_000), Progress::Searched(8)]);
        assert_eq!((figures.rows, figures.probes, figures.threads, figures.mode), (3_000, 8, 2, "cascade"));
        assert!(figures.mate_recall > 0.8, "{figures:?}");
        assert!(figures.hot_bytes_per_row <= 1536.0 + 64.0, "{figures:?}");
    }

    #[test]
    fn runs_without_rows_or_with_more_probes_than_rows_are_refused() {
        let refused = |settings: Settings| run(&settings, &mut |_| ()).unwrap_err().to_string();
        assert!(refused(Settings { rows: 0, ..settings() }).contains("rows must be 1 to"));
        assert!(refused(Settings { probes: 3_001, ..settings() }).contains("probes must be 1 to 3000"));
    }
}
