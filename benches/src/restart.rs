//! How long a gallery takes to open after its process ended, and how long the first search then takes.
//!
//! Twice: with all in segments, and with journals that hold just less than is sealed, so that a start has as much to replay as it
//! ever has. Before each the system is asked to forget the gallery's files, as if the machine had started, too; where
//! it does not, the figures say that the files were warm.

use std::path::PathBuf;

use serde::Serialize;
use whorl_index::{Gallery, Mode, Shortlist, Snapshot};

use crate::at_rest::AtRest;
use crate::clock::timed_both;
use crate::composition::Composition;
use crate::failure::{RunError, check};
use crate::population::id;
use crate::progress::Watch;
use crate::search::{MAX_PERSONS, MAX_THREADS, Searches};
use crate::site::{Prepared, Site};
use crate::system::{fetched_bytes, files, forget};

/// How full journals get before they are sealed, less what is added at a time.
pub const FULL_JOURNAL_BYTES: u64 = Gallery::SEALED_FROM_BYTES - 2 * ADDED_BYTES;

/// About how many bytes of journal are added at a time.
const ADDED_BYTES: u64 = 4 << 20;

/// What to run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What a person has.
    pub composition: Composition,
    /// Persons in the gallery.
    pub persons: usize,
    /// Bytes of journal to replay at the second start, at most [`FULL_JOURNAL_BYTES`].
    pub journal_bytes: u64,
    /// Threads that build, replay and search.
    pub threads: usize,
    /// What the population is made from.
    pub seed: u64,
    /// What of the gallery is encrypted.
    pub at_rest: AtRest,
    /// Where the gallery is, or is made and stays; where none is named, it is made in the system's place for such things, and
    /// removed.
    pub directory: Option<PathBuf>,
}

/// The figures of a restart, as it prints them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// What is in the gallery: a modality, or several with `+` between.
    pub modality: String,
    /// How many templates of each modality a person has.
    #[serde(flatten)]
    pub composition: Composition,
    /// Persons in segments.
    pub persons: usize,
    /// Threads that replay and search.
    pub threads: usize,
    /// What of the gallery is encrypted.
    pub at_rest: AtRest,
    /// Whether the gallery was there before.
    pub reused: bool,
    /// How long it took to build, or to open what was there, in seconds.
    pub build_s: f64,
    /// Segments.
    pub segments: u64,
    /// Files, each of which is opened.
    pub files: usize,
    /// Bytes of all files.
    pub bytes: u64,
    /// Whether the system took the request to forget the files before each start.
    pub cold: bool,
    /// A start with nothing in journals.
    pub settled: Start,
    /// A start with journals as full as they get.
    pub replaying: Start,
}

/// One start.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Start {
    /// Bytes of journals.
    pub journal_bytes: u64,
    /// Persons whom only journals hold.
    pub journalled: u64,
    /// Seconds until the gallery was open for writing and its snapshot for searching.
    pub open_s: f64,
    /// What the processor spent on it, in seconds; none where the system does not say.
    pub open_cpu_s: Option<f64>,
    /// Bytes fetched from the disk for it; none where the system does not say.
    pub open_fetched_bytes: Option<u64>,
    /// How long the first search of one person took, in milliseconds: it fetches what every search reads.
    pub first_search_ms: f64,
    /// How long the next search took.
    pub next_search_ms: f64,
}

/// A run on its gallery.
struct Run<'a> {
    site: Site,
    settings: &'a Settings,
}

/// Builds or takes a gallery, starts it twice, and says how it went. A gallery in a directory that was named stays there as it
/// was; what the run added to it is removed.
///
/// # Errors
/// [`RunError`].
pub fn run(settings: &Settings, watch: &mut Watch<'_>) -> Result<Figures, RunError> {
    check("persons", settings.persons, MAX_PERSONS)?;
    check("threads", settings.threads, MAX_THREADS)?;
    check("bytes of journal", settings.journal_bytes as usize, FULL_JOURNAL_BYTES as usize)?;
    let Settings { composition, persons, seed, at_rest, .. } = *settings;
    let site = Site::new((composition, persons), seed, settings.directory.as_deref(), at_rest, settings.threads)?;
    Run { site, settings }.measure(watch)
}

impl Run<'_> {
    fn measure(&self, watch: &mut Watch<'_>) -> Result<Figures, RunError> {
        let Settings { composition, persons, threads, at_rest, .. } = *self.settings;
        let Prepared { reused, seconds: build_s, stats } = self.site.prepare(watch)?;
        let listed = files(&self.site.root)?;
        let (settled, cold) = self.start()?;
        let added = self.fill_journal(watch)?;
        let (replaying, cold_again) = self.start()?;
        self.take_back(added)?;
        Ok(Figures {
            modality: composition.name(),
            composition,
            persons,
            threads,
            at_rest,
            reused,
            build_s,
            segments: stats.segments,
            files: listed.len(),
            bytes: stats.hot_bytes + stats.cold_bytes,
            cold: cold && cold_again,
            settled,
            replaying,
        })
    }

    /// Starts the gallery on files that the system was asked to forget; says whether it took the request.
    fn start(&self) -> Result<(Start, bool), RunError> {
        let cold = forget(&files(&self.site.root)?)?;
        let journal_bytes = self.journal_bytes()?;
        let fetched = fetched_bytes();
        let (gallery, open_s, open_cpu_s) = timed_both(|| self.site.open());
        let open_fetched_bytes = fetched.and_then(|before| Some(fetched_bytes()? - before));
        let gallery = gallery?;
        let snapshot = gallery.snapshot();
        let first_search_ms = self.search(&snapshot, 0)?;
        let next_search_ms = self.search(&snapshot, self.settings.persons / 2)?;
        let journalled = snapshot.stats().unsealed;
        let start = Start {
            journal_bytes,
            journalled,
            open_s,
            open_cpu_s,
            open_fetched_bytes,
            first_search_ms,
            next_search_ms,
        };
        Ok((start, cold))
    }

    fn search(&self, snapshot: &Snapshot, person: usize) -> Result<f64, RunError> {
        let (population, persons) = (&self.site.population, self.settings.persons);
        let mode = Mode::Cascade(Shortlist::default());
        let searches = Searches { population, persons, probes: 1, mode };
        self.site.pool.install(|| searches.alone_ms(snapshot, person))
    }

    /// Enrols more persons until journals are nearly as full as they get, and says how many.
    fn fill_journal(&self, watch: &mut Watch<'_>) -> Result<usize, RunError> {
        let gallery = self.site.open()?;
        let most = self.settings.journal_bytes;
        let (mut added, mut bytes, mut at_once) = (0, 0, 1);
        while bytes < most {
            let persons = self.settings.persons + added..self.settings.persons + added + at_once;
            gallery.enrol(self.site.pool.install(|| self.site.population.references(persons.clone())))?;
            added += persons.len();
            bytes = self.journal_bytes()?;
            let each = (bytes / added as u64).max(1);
            at_once = (ADDED_BYTES.min(most.saturating_sub(bytes)) / each).max(1) as usize;
            watch("filling the journal", bytes as usize >> 20, most as usize >> 20);
        }
        Ok(added)
    }

    /// Takes out those who were added.
    fn take_back(&self, added: usize) -> Result<(), RunError> {
        let gallery = self.site.open()?;
        let first = self.settings.persons;
        let persons = (first..first + added).collect::<Vec<_>>();
        for some in persons.chunks(Gallery::MAX_CHANGES) {
            gallery.remove(some.iter().map(|&person| id(person)).collect())?;
        }
        gallery.settle()?;
        Ok(())
    }

    fn journal_bytes(&self) -> Result<u64, RunError> {
        let mut bytes = 0;
        for path in files(&self.site.root)? {
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("journal-")) {
                bytes += path.metadata()?.len();
            }
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gallery_starts_with_and_without_a_journal_and_stays_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let settings = Settings {
            composition: Composition::EYES_AND_FACE,
            persons: 200,
            journal_bytes: 2 << 20,
            threads: 2,
            seed: 7,
            at_rest: AtRest::Encrypted,
            directory: Some(directory.path().to_owned()),
        };
        let first = run(&settings, &mut |_, _, _| ()).unwrap();
        assert!(!first.reused && first.segments == 1, "{first:?}");
        assert_eq!((first.settled.journal_bytes, first.settled.journalled), (0, 0));
        assert!((2 << 20..3 << 20).contains(&first.replaying.journal_bytes), "{first:?}");
        assert!(first.replaying.journalled > 300, "{first:?}");
        let again = run(&settings, &mut |_, _, _| ()).unwrap();
        assert!(again.reused && again.settled.journalled == 0, "{again:?}");
        assert_eq!(again.replaying.journalled, first.replaying.journalled);
        let other = run(&Settings { persons: 201, ..settings }, &mut |_, _, _| ()).unwrap_err();
        assert!(other.to_string().contains("name another folder"), "{other}");
    }
}
