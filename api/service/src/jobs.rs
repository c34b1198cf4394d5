//! Deduplications that run for long: each in a folder of its own, where its settings, its pairs and its progress are, so that it goes on
//! after a crash from where it was noted last.

mod job;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use thiserror::Error;

use crate::engine::Engine;
use crate::galleries::{Galleries, GalleriesError};
use crate::identify::Search;
pub use job::{Job, JobState, Status};

/// The most jobs that are remembered: years of weekly ones.
const MAX_JOBS: usize = 1_000;

/// The jobs of a server.
#[derive(Debug)]
pub struct Jobs {
    folder: PathBuf,
    engine: Arc<Engine>,
    galleries: Arc<Galleries>,
    known: Mutex<BTreeMap<String, Arc<Job>>>,
}

/// Why there is no job, or it does not do what it is told.
#[derive(Debug, Error)]
pub enum JobError {
    /// None of that name.
    #[error("there is no job \"{0}\"")]
    Absent(String),
    /// It is running, or is done, and cannot be told that.
    #[error("job \"{id}\" is {state}, so it cannot be {told}")]
    State {
        /// Which.
        id: String,
        /// Where it is.
        state: JobState,
        /// What it was told.
        told: &'static str,
    },
    /// A gallery is deduplicated once at a time.
    #[error("gallery \"{gallery}\" is being deduplicated by job \"{id}\": wait for it, or cancel it")]
    Busy {
        /// Which gallery.
        gallery: String,
        /// By which job.
        id: String,
    },
    /// As many as there may be.
    #[error("there are {MAX_JOBS} jobs, the most that are remembered: remove the folders of old ones and start again")]
    TooMany,
    /// The gallery cannot be had.
    #[error(transparent)]
    Gallery(#[from] GalleriesError),
    /// The disk failed.
    #[error("the folder of the jobs, {}: {source}", place.display())]
    Folder {
        /// Which.
        place: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Jobs {
    /// The jobs in `folder`. Those that were running when the server ended go on.
    ///
    /// # Errors
    /// [`JobError::Folder`] where it cannot be read.
    pub fn open(folder: &Path, engine: Arc<Engine>, galleries: Arc<Galleries>) -> Result<Self, JobError> {
        let failed = |source| JobError::Folder { place: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let jobs = Self { folder: folder.to_owned(), engine, galleries, known: Mutex::default() };
        for entry in fs::read_dir(folder).map_err(failed)? {
            let place = entry.map_err(failed)?.path();
            if let Some(job) = Job::read(&place) {
                jobs.lock().insert(job.id().to_owned(), Arc::new(job));
            }
        }
        let left_running = jobs.list().into_iter().filter(|job| job.status().state == JobState::Running);
        for job in left_running.collect::<Vec<_>>() {
            jobs.run(&job);
        }
        Ok(jobs)
    }

    /// Begins to hold everybody of a gallery against everybody.
    ///
    /// # Errors
    /// [`JobError`].
    pub fn start(&self, gallery: &str, search: &Search) -> Result<Arc<Job>, JobError> {
        self.galleries.find(gallery)?;
        let mut jobs = self.lock();
        if jobs.len() >= MAX_JOBS {
            return Err(JobError::TooMany);
        }
        check_free(&jobs, gallery)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
        let last = jobs.values().map(|job| job.started_unix_ms()).max().unwrap_or(0);
        // Names sort by time, and no two are the same.
        let started = now.max(last + 1);
        let place = self.folder.join(format!("job-{started:013}"));
        let failed = |source| JobError::Folder { place: place.clone(), source };
        let job = Arc::new(Job::create(&place, gallery, search, started).map_err(failed)?);
        jobs.insert(job.id().to_owned(), Arc::clone(&job));
        drop(jobs);
        self.run(&job);
        Ok(job)
    }

    /// The job of a name.
    ///
    /// # Errors
    /// [`JobError::Absent`].
    pub fn find(&self, id: &str) -> Result<Arc<Job>, JobError> {
        // What is repeated of a bad name is short.
        self.lock().get(id).cloned().ok_or_else(|| JobError::Absent(id.chars().take(64).collect()))
    }

    /// All jobs, newest first.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<Job>> {
        self.lock().values().rev().cloned().collect()
    }

    /// Stops a job at its next step.
    ///
    /// # Errors
    /// [`JobError`] where there is none, or it does not run.
    pub fn cancel(&self, id: &str) -> Result<Arc<Job>, JobError> {
        let job = self.find(id)?;
        if job.cancel() { Ok(job) } else { Err(job.refuses("cancelled")) }
    }

    /// Goes on with a job that was cancelled or failed.
    ///
    /// # Errors
    /// [`JobError`] where there is none, it runs or is done, or its gallery is busy.
    pub fn resume(&self, id: &str) -> Result<Arc<Job>, JobError> {
        let job = self.find(id)?;
        let jobs = self.lock();
        check_free(&jobs, &job.gallery())?;
        if !job.resume() {
            return Err(job.refuses("resumed"));
        }
        drop(jobs);
        self.run(&job);
        Ok(job)
    }

    /// Stops all jobs at their next step, to go on when the server starts again.
    pub fn close(&self) {
        for job in self.list() {
            job.pause();
        }
    }

    /// Runs a job on a thread of its own, which waits for the engine's most of the time.
    fn run(&self, job: &Arc<Job>) {
        let (job, engine, galleries) = (Arc::clone(job), Arc::clone(&self.engine), Arc::clone(&self.galleries));
        let run = Arc::clone(&job);
        let name = format!("dedup-{}", job.id());
        let started = std::thread::Builder::new().name(name).spawn(move || run.run(&engine, &galleries));
        if let Err(error) = started {
            job.fail(format!("the system gives no thread for it: {error}"));
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Job>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether no job deduplicates a gallery.
fn check_free(jobs: &BTreeMap<String, Arc<Job>>, gallery: &str) -> Result<(), JobError> {
    let busy = jobs.values().find(|job| job.gallery() == *gallery && job.status().state == JobState::Running);
    match busy {
        None => Ok(()),
        Some(job) => Err(JobError::Busy { gallery: gallery.to_owned(), id: job.id().to_owned() }),
    }
}
