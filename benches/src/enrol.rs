//! How many persons a second become durable, when each is enrolled by itself and its acknowledgement is waited for.
//!
//! A gallery on disk, a [`Keeper`] that seals what is due, and threads that each enrol one person after the other, as the
//! requests of a server do. Templates are made before the clock starts; there are `DISTINCT` different persons, who
//! come again under other ids: what is written is the same work for a person seen before.

mod counted;
mod figures;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Instant;

use rayon::prelude::*;
use whorl_index::{Files, Gallery, Instances, Keeper, Reference, Snapshot};

use crate::at_rest::AtRest;
use crate::clock::{percentile, timed, timed_both};
use crate::composition::Composition;
use crate::failure::{RunError, check};
use crate::population::{Population, id};
use crate::progress::Watch;
use crate::search::MAX_THREADS;
use crate::site::temporary;
use crate::system::pool;
use counted::{Counted, Counts};
pub use figures::Figures;

/// Persons that differ: their templates are held in memory, some 60 kB a person of ten fingers.
const DISTINCT: usize = 1_024;

/// The most persons: what a person waits for.
const MAX_REFERENCES: usize = 100_000_000;

/// What to run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What a person has.
    pub composition: Composition,
    /// Persons to enrol.
    pub references: usize,
    /// Threads that enrol.
    pub writers: usize,
    /// Threads that make the persons before, and verify the gallery afterwards.
    pub threads: usize,
    /// What the population is made from.
    pub seed: u64,
    /// What of the gallery is encrypted.
    pub at_rest: AtRest,
    /// Where the gallery is made for as long as the run takes; the system's place for such things where none is named.
    pub directory: Option<PathBuf>,
}

/// What the writers saw.
struct Acknowledged {
    ms: Vec<f64>,
    elapsed_s: f64,
    cpu_s: Option<f64>,
    /// What was written until the last acknowledgement.
    counts: Counts,
}

/// Enrols a population person by person, removes the gallery, and says how it went.
///
/// # Errors
/// [`RunError`].
pub fn run(settings: &Settings, watch: &mut Watch<'_>) -> Result<Figures, RunError> {
    check("references", settings.references, MAX_REFERENCES)?;
    check("writers", settings.writers, MAX_THREADS)?;
    check("threads", settings.threads, MAX_THREADS)?;
    let distinct = DISTINCT.min(settings.references);
    let population = Population::new(settings.composition, settings.seed);
    let pool = Arc::new(pool(settings.threads)?);
    let making = || (0..distinct).into_par_iter().map(|person| population.instances(person, 0)).collect::<Vec<_>>();
    let persons = pool.install(making);
    let directory = temporary(settings.directory.clone())?;
    let storage = Arc::new(Counted::new(Files::new(directory.path().join("gallery"))));
    let encryption = settings.at_rest.encryption(&directory.path().join("master-key"))?;
    let gallery = Gallery::create_with(storage.clone(), encryption.as_ref())?;
    let gallery = Arc::new(gallery.on(Arc::clone(&pool)));
    let keeper = Keeper::start(Arc::clone(&gallery))?;
    let acknowledged = enrol(settings, &persons, (&gallery, &storage), watch)?;
    let (settled, settle_s) = timed(|| {
        keeper.end()?;
        gallery.settle()
    });
    settled?;
    drop(gallery);
    watch("verifying", 0, 1);
    let opened =
        pool.install(|| Snapshot::open_with(&*storage, encryption.as_ref().map(|encryption| &encryption.master)))?;
    let verified = opened.verify().is_empty() && opened.len() == settings.references as u64;
    let kept_bytes = opened.stats().hot_bytes + opened.stats().cold_bytes;
    watch("verifying", 1, 1);
    Ok(figures(settings, &acknowledged, storage.counts(), (settle_s, verified, kept_bytes)))
}

/// Lets all writers enrol, and waits until the last is acknowledged.
fn enrol(
    settings: &Settings,
    persons: &[Instances],
    (gallery, storage): (&Gallery, &Counted<Files>),
    watch: &mut Watch<'_>,
) -> Result<Acknowledged, RunError> {
    let (next, (told, acknowledgements)) = (AtomicUsize::new(0), mpsc::channel());
    let (ended, elapsed_s, cpu_s) = timed_both(|| {
        std::thread::scope(|scope| {
            let writer = || {
                let told = told.clone();
                let next = &next;
                scope.spawn(move || write(settings.references, next, persons, gallery, &told))
            };
            let writers = (0..settings.writers).map(|_| writer()).collect::<Vec<_>>();
            drop(told);
            let mut ms = Vec::with_capacity(settings.references);
            for one in acknowledgements {
                ms.push(one);
                watch("enrolling", ms.len(), settings.references);
            }
            writers.into_iter().try_for_each(|writer| writer.join().map_err(|_| RunError::Broken)?)?;
            Ok::<_, RunError>(ms)
        })
    });
    Ok(Acknowledged { ms: ended?, elapsed_s, cpu_s, counts: storage.counts() })
}

/// Enrols one person after the other until there is none left, and tells how long each took, in milliseconds.
fn write(
    references: usize,
    next: &AtomicUsize,
    persons: &[Instances],
    gallery: &Gallery,
    told: &mpsc::Sender<f64>,
) -> Result<(), RunError> {
    loop {
        let person = next.fetch_add(1, Ordering::Relaxed);
        if person >= references {
            return Ok(());
        }
        let reference = Reference { id: id(person), templates: persons[person % persons.len()].clone() };
        let start = Instant::now();
        gallery.enrol(vec![reference])?;
        // Nobody listens any more only where another writer failed, which is what the run then says.
        let _ = told.send(start.elapsed().as_secs_f64() * 1e3);
    }
}

fn figures(
    settings: &Settings,
    acknowledged: &Acknowledged,
    all: Counts,
    (settle_s, verified, kept_bytes): (f64, bool, u64),
) -> Figures {
    let Acknowledged { ms, elapsed_s, cpu_s, counts } = acknowledged;
    let references = settings.references as f64;
    let templates = references * settings.composition.templates() as f64;
    Figures {
        modality: settings.composition.name(),
        composition: settings.composition,
        references: settings.references,
        templates: settings.references * settings.composition.templates(),
        writers: settings.writers,
        at_rest: settings.at_rest,
        references_per_second: references / elapsed_s,
        templates_per_second: templates / elapsed_s,
        templates_per_cpu_second: cpu_s.map(|spent| templates / spent),
        processors_used: cpu_s.map(|spent| spent / elapsed_s),
        ack_ms_p50: percentile(ms, 50),
        ack_ms_p99: percentile(ms, 99),
        commits_per_second: counts.commits as f64 / elapsed_s,
        references_per_commit: references / counts.commits.max(1) as f64,
        syncs_per_second: counts.syncs as f64 / elapsed_s,
        commit_ms: counts.committing_s * 1e3 / counts.commits.max(1) as f64,
        journal_bytes_per_template: all.journal_bytes as f64 / templates,
        written_bytes_per_template: (all.journal_bytes + all.segment_bytes) as f64 / templates,
        kept_bytes_per_template: kept_bytes as f64 / templates,
        enrol_s: *elapsed_s,
        settle_s,
        verified,
    }
}

#[cfg(test)]
mod tests {
    use whorl_types::Modality;

    use super::*;

    fn settings(composition: Composition) -> Settings {
        Settings {
            composition,
            references: 60,
            writers: 4,
            threads: 2,
            seed: 7,
            at_rest: AtRest::Journals,
            directory: None,
        }
    }

    #[test]
    fn everybody_who_was_acknowledged_is_there() {
        for composition in [Composition::one(Modality::Iris), Composition::WHOLE] {
            let figures = run(&settings(composition), &mut |_, _, _| ()).unwrap();
            assert!(figures.verified, "{figures:?}");
            assert_eq!((figures.references, figures.templates), (60, 60 * composition.templates()));
            let durable = figures.commits_per_second * figures.references_per_commit;
            assert!((durable / figures.references_per_second - 1.0).abs() < 1e-6, "{figures:?}");
            assert!(figures.references_per_commit <= 4.0, "a writer waits for each: {figures:?}");
            assert!(figures.written_bytes_per_template > figures.journal_bytes_per_template, "{figures:?}");
            assert!(figures.ack_ms_p50 <= figures.ack_ms_p99, "{figures:?}");
        }
    }

    #[test]
    fn runs_of_nobody_or_by_nobody_are_refused() {
        let refused = |references, writers| {
            let settings = Settings { references, writers, ..settings(Composition::WHOLE) };
            run(&settings, &mut |_, _, _| ()).unwrap_err().to_string()
        };
        assert!(refused(0, 1).contains("references must be 1 to"));
        assert!(refused(1, 0).contains("writers must be 1 to 1024"));
    }
}
