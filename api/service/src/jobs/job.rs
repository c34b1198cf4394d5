//! One job.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use whorl_engine::decide::PolicyError;
use whorl_index::{Mode, Positions, Shortlist, Snapshot};
use whorl_types::Fpir;

use super::JobError;
use crate::deduplicate::{Record, RecordError};
use crate::engine::Engine;
use crate::galleries::{Galleries, GalleriesError};
use crate::identify::{IdentifyError, Search};

/// The file of what a job is, and the one of its pairs.
const FILE: &str = "job.json";
const PAIRS: &str = "pairs.csv";

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// It runs.
    Running,
    /// It was cancelled, and can be resumed.
    Cancelled,
    /// It failed, and can be resumed.
    Failed,
    /// It is done.
    Done,
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Running => "running",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Done => "done",
        })
    }
}

/// Where a job is, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Where it is.
    pub state: JobState,
    /// References that were held against those before them.
    pub done: u64,
    /// References in the gallery.
    pub total: u64,
    /// Pairs found so far.
    pub pairs: u64,
    /// Why it failed; empty where it did not.
    pub error: String,
}

/// What a job is, as its file says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Description {
    gallery: String,
    started_unix_ms: u64,
    candidates: usize,
    target_fpir: f64,
    /// None where everything is compared in full.
    fingers_first: Option<usize>,
    any_position: bool,
    mirrored: bool,
    status: Status,
}

/// A deduplication of a gallery.
#[derive(Debug)]
pub struct Job {
    id: String,
    place: PathBuf,
    description: Mutex<Description>,
    /// The gallery as the job saw it first, so that it goes on with it after it was cancelled.
    seen: Mutex<Option<Snapshot>>,
    stopped: AtomicBool,
    /// Held while it runs: who resumes it at once waits until it has stopped.
    turn: Mutex<()>,
}

/// Why a job ended before it was done.
#[derive(Debug, Error)]
enum Ended {
    #[error("it was stopped")]
    Stopped,
    #[error(transparent)]
    Gallery(#[from] GalleriesError),
    #[error(transparent)]
    Identify(#[from] IdentifyError),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

impl Job {
    /// A job that begins.
    pub(super) fn create(place: &Path, gallery: &str, search: &Search, started_unix_ms: u64) -> io::Result<Self> {
        fs::create_dir(place)?;
        let fingers_first = match search.mode {
            Mode::Exact => None,
            Mode::Cascade(shortlist) | Mode::Ann(shortlist) => Some(shortlist.fingers),
        };
        let description = Description {
            gallery: gallery.to_owned(),
            started_unix_ms,
            candidates: search.candidates,
            target_fpir: search.target.get(),
            fingers_first,
            any_position: search.positions == Positions::Blind,
            mirrored: search.mirrored,
            status: Status { state: JobState::Running, done: 0, total: 0, pairs: 0, error: String::new() },
        };
        let job = Self::of(place, description);
        job.write()?;
        Ok(job)
    }

    /// The job of a folder, if there is one.
    pub(super) fn read(place: &Path) -> Option<Self> {
        let description = serde_json::from_slice(&fs::read(place.join(FILE)).ok()?).ok()?;
        Some(Self::of(place, description))
    }

    fn of(place: &Path, description: Description) -> Self {
        let id = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (description, seen) = (Mutex::new(description), Mutex::default());
        Self { id, place: place.to_owned(), description, seen, stopped: AtomicBool::new(false), turn: Mutex::default() }
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The gallery.
    #[must_use]
    pub fn gallery(&self) -> String {
        self.lock().gallery.clone()
    }

    /// When it was started, in milliseconds since 1970.
    #[must_use]
    pub fn started_unix_ms(&self) -> u64 {
        self.lock().started_unix_ms
    }

    /// Where it is.
    #[must_use]
    pub fn status(&self) -> Status {
        self.lock().status.clone()
    }

    /// The file of the pairs that were found: CSV of reference, candidate, verdict, llr, fmr, instances.
    #[must_use]
    pub fn pairs(&self) -> PathBuf {
        self.place.join(PAIRS)
    }

    /// Why it cannot be told something.
    pub(super) fn refuses(&self, told: &'static str) -> JobError {
        JobError::State { id: self.id.clone(), state: self.status().state, told }
    }

    /// Stops it at its next step; says whether it ran.
    pub(super) fn cancel(&self) -> bool {
        let mut description = self.lock();
        if description.status.state != JobState::Running {
            return false;
        }
        description.status.state = JobState::Cancelled;
        drop(description);
        self.pause();
        self.note();
        true
    }

    /// Stops it at its next step; it is still to be run.
    pub(super) fn pause(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    /// Is to be run again; says whether it may.
    pub(super) fn resume(&self) -> bool {
        let mut description = self.lock();
        let status = &mut description.status;
        if matches!(status.state, JobState::Running | JobState::Done) {
            return false;
        }
        (status.state, status.error) = (JobState::Running, String::new());
        drop(description);
        self.stopped.store(false, Ordering::Release);
        self.note();
        true
    }

    pub(super) fn fail(&self, error: String) {
        let status = &mut self.lock().status;
        (status.state, status.error) = (JobState::Failed, error);
    }

    /// Does the work, and notes how it ended.
    pub(super) fn run(&self, engine: &Engine, galleries: &Galleries) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        match self.walk(engine, galleries) {
            Ok(()) => self.lock().status.state = JobState::Done,
            // Cancelled, or paused by the end of the server.
            Err(Ended::Stopped) => {}
            Err(error) => self.fail(error.to_string()),
        }
        self.note();
    }

    fn walk(&self, engine: &Engine, galleries: &Galleries) -> Result<(), Ended> {
        let gallery = self.seen(galleries)?;
        let description = self.lock().clone();
        let walk = engine.walk(&gallery, &description.search()?)?;
        let mut record = Record::open(&self.pairs(), &gallery, description.settings())?;
        self.told(&record, gallery.len());
        walk.run(record.done(), |walked| {
            if self.stopped.load(Ordering::Acquire) {
                return Err(Ended::Stopped);
            }
            record.add(&walked)?;
            self.told(&record, gallery.len());
            Ok(())
        })
        .inspect_err(|_| {
            // What was found so far is kept; where it cannot be, it is found again.
            let _ = record.note();
        })?;
        Ok(record.end()?)
    }

    fn seen(&self, galleries: &Galleries) -> Result<Snapshot, GalleriesError> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(snapshot) = &*seen {
            return Ok(snapshot.clone());
        }
        let snapshot = galleries.find(&self.gallery())?.snapshot();
        *seen = Some(snapshot.clone());
        Ok(snapshot)
    }

    fn told(&self, record: &Record, total: u64) {
        let status = &mut self.lock().status;
        (status.done, status.total) = (record.done(), total);
        status.pairs = record.duplicates() + record.adjudicate();
    }

    /// Writes down where it is; where the disk fails, it is told from memory, and after a restart from what was noted before.
    fn note(&self) {
        if let Err(error) = self.write() {
            let mut description = self.lock();
            description.status.error = format!("its state cannot be written: {error}");
        }
    }

    fn write(&self) -> io::Result<()> {
        let bytes = serde_json::to_vec_pretty(&*self.lock())?;
        let new = self.place.join("job.json.new");
        let mut file = File::create(&new)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(new, self.place.join(FILE))
    }

    fn lock(&self) -> MutexGuard<'_, Description> {
        self.description.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Description {
    fn search(&self) -> Result<Search, PolicyError> {
        let mode = match self.fingers_first {
            None => Mode::Exact,
            Some(fingers) => Mode::Cascade(Shortlist { fingers, ..Shortlist::default() }),
        };
        Ok(Search {
            candidates: self.candidates,
            mode,
            positions: if self.any_position { Positions::Blind } else { Positions::Labelled },
            mirrored: self.mirrored,
            target: Fpir::new(self.target_fpir).map_err(|_| PolicyError::Target(self.target_fpir))?,
            within: None,
        })
    }

    /// What must be the same for the work to go on.
    fn settings(&self) -> String {
        let Self { candidates, target_fpir, fingers_first, any_position, mirrored, .. } = self;
        format!("{candidates} {target_fpir} {fingers_first:?} {any_position} {mirrored}")
    }
}
