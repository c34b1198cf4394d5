//! Where the gallery of a run is, and who is in it: made for the run, or taken if it is there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::ThreadPool;
use tempfile::TempDir;
use whorl_index::{Encryption, Files, Gallery, MasterKey, Snapshot, Stats};

use crate::at_rest::AtRest;
use crate::clock::timed;
use crate::composition::Composition;
use crate::failure::RunError;
use crate::population::{Population, id};
use crate::progress::Watch;
use crate::system::pool;

/// A gallery's folder and who is in it.
pub(crate) struct Site {
    pub(crate) population: Population,
    pub(crate) composition: Composition,
    /// Persons in the gallery.
    pub(crate) persons: usize,
    pub(crate) root: PathBuf,
    /// What the run works on.
    pub(crate) pool: Arc<ThreadPool>,
    /// None where nothing is encrypted.
    encryption: Option<Encryption>,
    /// Removes the gallery with the run, where nobody named a place for it.
    _scratch: Option<TempDir>,
}

/// A gallery that is ready for a run.
pub(crate) struct Prepared {
    /// Whether it was there before.
    pub(crate) reused: bool,
    /// How long it took to build, or to open what was there, in seconds.
    pub(crate) seconds: f64,
    pub(crate) stats: Stats,
}

impl Site {
    /// The gallery in `folder`, where it stays; where none is named, in the system's place for such things, until the run ends.
    pub(crate) fn new(
        (composition, persons): (Composition, usize),
        seed: u64,
        folder: Option<&Path>,
        at_rest: AtRest,
        threads: usize,
    ) -> Result<Self, RunError> {
        let scratch = if folder.is_none() { Some(temporary(None)?) } else { None };
        let place = folder.or(scratch.as_ref().map(TempDir::path));
        let root = place.map_or_else(PathBuf::new, |place| place.join("gallery"));
        let encryption = at_rest.encryption(&root.with_file_name("master-key"))?;
        let population = Population::new(composition, seed);
        let pool = Arc::new(pool(threads)?);
        Ok(Self { population, composition, persons, root, pool, encryption, _scratch: scratch })
    }

    /// Builds the gallery, or takes the one that is there.
    pub(crate) fn prepare(&self, watch: &mut Watch<'_>) -> Result<Prepared, RunError> {
        let reused = self.root.join("MANIFEST").exists();
        let (stats, seconds) = timed(|| if reused { self.take() } else { self.build(watch) });
        Ok(Prepared { reused, seconds, stats: stats? })
    }

    pub(crate) fn open(&self) -> Result<Gallery, RunError> {
        let opened = self.pool.install(|| Gallery::open_with(Arc::new(Files::new(&self.root)), self.master()))?;
        Ok(opened.on(Arc::clone(&self.pool)))
    }

    /// The gallery as who only reads it opens it.
    pub(crate) fn read(&self) -> Result<Snapshot, RunError> {
        Ok(self.pool.install(|| Snapshot::open_with(&Files::new(&self.root), self.master()))?)
    }

    fn master(&self) -> Option<&MasterKey> {
        self.encryption.as_ref().map(|encryption| &encryption.master)
    }

    fn build(&self, watch: &mut Watch<'_>) -> Result<Stats, RunError> {
        let gallery = Gallery::create_with(Arc::new(Files::new(&self.root)), self.encryption.as_ref())?;
        let gallery = gallery.on(Arc::clone(&self.pool));
        self.population.fill(&gallery, &self.pool, 0..self.persons, watch)?;
        gallery.settle()?;
        Ok(gallery.snapshot().stats())
    }

    /// A gallery that is there, if it is what this run would have built.
    fn take(&self) -> Result<Stats, RunError> {
        let gallery = self.open()?;
        gallery.settle()?;
        let stats = gallery.snapshot().stats();
        let due = self.composition.templates() * self.persons;
        let templates = stats.fingers + stats.irises + stats.faces;
        let is_ours = gallery.snapshot().contains(&id(self.persons - 1));
        if stats.references == self.persons as u64 && templates == due as u64 && is_ours {
            return Ok(stats);
        }
        Err(RunError::OtherGallery { place: self.root.display().to_string(), found: stats.references, templates })
    }
}

/// A directory that is removed when it is dropped, in `place` or where the system has such.
pub(crate) fn temporary(place: Option<PathBuf>) -> std::io::Result<TempDir> {
    tempfile::Builder::new().prefix("whorl-bench-").tempdir_in(place.unwrap_or_else(std::env::temp_dir))
}
