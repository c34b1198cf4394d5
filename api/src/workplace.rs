//! Where the work of a server is done: its engine, its galleries, and the bound on what may wait.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use whorl_index::{Limits, Mode, Positions, Shortlist, Stats, Wanted};
use whorl_service::audit::{Audit, AuditError, Entry};
use whorl_service::desk::{Desk, DuplicateCheck};
use whorl_service::galleries::{Galleries, GalleriesError};
use whorl_service::jobs::{JobError, Jobs};
use whorl_service::{Engine, Search};
use whorl_types::{Fmr, Fpir};

use crate::calls::{About, Call};
use crate::identity::Office;
use crate::operations::Metrics;
use crate::operations::metrics::GallerySize;
use crate::security::permission::methods;

/// What the server does where a request does not say.
#[derive(Debug, Clone)]
pub struct Policy {
    /// How galleries are searched.
    pub search: Search,
    /// How often a stranger may pass a verification.
    pub target_fmr: Fmr,
    /// Whether somebody is searched for before he is enrolled.
    pub check: DuplicateCheck,
    /// Whether templates are taken in the place of samples: nobody can look into them.
    pub accept_templates: bool,
    /// Whether templates are handed out.
    pub return_templates: bool,
    /// The most samples of a request.
    pub most_samples: usize,
    /// Where backups go, each gallery into a folder of its name.
    pub backups: PathBuf,
    /// The most answers to requests with a key that are kept.
    pub kept_answers: usize,
    /// For how long.
    pub answers_kept_for: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        let rate = |rate| Fpir::new(rate).expect("a rate");
        Self {
            search: Search {
                candidates: Limits::default().candidates,
                mode: Mode::Cascade(Shortlist::default()),
                positions: Positions::Labelled,
                mirrored: false,
                target: rate(0.001),
                within: None,
            },
            target_fmr: Fmr::new(1e-4).expect("a rate"),
            check: DuplicateCheck::Unique,
            accept_templates: false,
            return_templates: false,
            most_samples: 64,
            backups: "whorl-backups".into(),
            kept_answers: 100_000,
            answers_kept_for: Duration::from_hours(24),
        }
    }
}

/// Where the work is done.
#[derive(Debug)]
pub struct Workplace {
    pub(crate) engine: Arc<Engine>,
    pub(crate) galleries: Arc<Galleries>,
    pub(crate) policy: Policy,
    pub(crate) metrics: Arc<Metrics>,
    jobs: Option<Arc<Jobs>>,
    audit: Option<Auditing>,
    identity: Option<Arc<Office>>,
    places: usize,
    queue: Arc<Semaphore>,
}

/// The record of who did what.
#[derive(Debug)]
struct Auditing {
    audit: Arc<Audit>,
    /// Whether nothing is done that cannot be recorded.
    is_required: bool,
}

/// Somebody who was not let in.
#[derive(Debug)]
pub(crate) struct TurnedAway {
    /// Who.
    pub(crate) client: String,
    /// The method that it was about, by its path.
    pub(crate) method: String,
    /// Why not, as a word for programs.
    pub(crate) outcome: &'static str,
    /// The name of the request.
    pub(crate) request: String,
}

/// Work that was not taken, or not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unworked {
    /// As much waits as may.
    Overloaded,
    /// It broke off.
    Broken,
}

impl Workplace {
    /// A workplace at which at most `queue` requests are worked on or wait.
    #[must_use]
    pub fn new(engine: Arc<Engine>, galleries: Arc<Galleries>, policy: Policy, queue: NonZeroUsize) -> Self {
        let metrics = Arc::new(Metrics::new(methods()));
        Self {
            engine,
            galleries,
            policy,
            metrics,
            jobs: None,
            audit: None,
            identity: None,
            places: queue.get(),
            queue: Arc::new(Semaphore::new(queue.get())),
        }
    }

    /// The same with everything recorded in `audit`; where that `is_required`, nothing is done that cannot be recorded.
    #[must_use]
    pub fn with_audit(self, audit: Arc<Audit>, is_required: bool) -> Self {
        Self { audit: Some(Auditing { audit, is_required }), ..self }
    }

    /// The same with deduplications as jobs.
    #[must_use]
    pub fn with_jobs(self, jobs: Arc<Jobs>) -> Self {
        Self { jobs: Some(jobs), ..self }
    }

    /// The same with the identity layer.
    #[must_use]
    pub fn with_identity(self, office: Arc<Office>) -> Self {
        Self { identity: Some(office), ..self }
    }

    /// The identity layer, where the server has it.
    pub(crate) fn identity(&self) -> Option<&Arc<Office>> {
        self.identity.as_ref()
    }

    /// Where deduplications run.
    pub(crate) fn jobs(&self) -> Result<&Jobs, JobError> {
        // Without a folder for jobs there is none of any name.
        self.jobs.as_deref().ok_or_else(|| JobError::Absent(String::new()))
    }

    /// The record of who did what, where one is kept.
    pub(crate) fn audit(&self) -> Option<&Audit> {
        self.audit.as_ref().map(|auditing| &*auditing.audit)
    }

    /// What is counted here.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Records what was done, and says whether it may be told.
    pub(crate) fn record(&self, call: &Call, about: About, outcome: &str) -> Result<(), AuditError> {
        let entry = Entry {
            client: call.client.to_string(),
            method: of_audit(call.method),
            gallery: Some(about.gallery).filter(|gallery| !gallery.is_empty()),
            references: about.references,
            purpose: Some(about.purpose).filter(|purpose| !purpose.is_empty()),
            outcome: outcome.to_owned(),
            request: call.request.clone(),
            ..Entry::default()
        };
        self.write(&entry)
    }

    /// Records that somebody was not let in, as far as it can be recorded.
    pub(crate) fn record_refusal(&self, refusal: TurnedAway) {
        let TurnedAway { client, method, outcome, request } = refusal;
        let (method, outcome) = (of_audit(&method), outcome.to_owned());
        // Who does not get in gets nothing that must not be told, so that a failure is for the log only, where it is.
        let _ = self.write(&Entry { client, method, outcome, request, ..Entry::default() });
    }

    fn write(&self, entry: &Entry) -> Result<(), AuditError> {
        let Some(Auditing { audit, is_required }) = &self.audit else { return Ok(()) };
        match audit.record(entry) {
            Ok(_) => Ok(()),
            Err(error) => {
                self.metrics.audit_failed();
                tracing::error!(%error, method = entry.method, "the audit log cannot be written");
                if *is_required { Err(error) } else { Ok(()) }
            }
        }
    }

    pub(crate) fn desk(&self, gallery: &str) -> Result<Arc<Desk>, GalleriesError> {
        self.galleries.find(gallery)
    }

    /// A place for one more piece of work, if there is one.
    pub(crate) fn admit(&self) -> Result<OwnedSemaphorePermit, Unworked> {
        Arc::clone(&self.queue).try_acquire_owned().map_err(|_| Unworked::Overloaded)
    }

    /// Has `work` done off the threads of the network. Who drops the future does not want it any more.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Wanted) -> T + Send + 'static,
    ) -> Result<T, Unworked> {
        let place = self.admit()?;
        let (wanted, waiting) = Wanted::by_one();
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work(&wanted)
        });
        let done = done.await;
        drop(waiting);
        done.map_err(|_| Unworked::Broken)
    }

    /// Tells the metrics what is not counted as it happens.
    pub(crate) fn gauge(&self) {
        self.metrics.jobs_wait(self.places - self.free_places());
        for (name, desk) in self.galleries.list() {
            let Stats { references, segments, hot_bytes, cold_bytes, .. } = desk.snapshot().stats();
            self.metrics.gallery_has(&name, GallerySize { references, segments, bytes: hot_bytes + cold_bytes });
        }
    }

    /// How many more requests would be taken.
    #[must_use]
    pub fn free_places(&self) -> usize {
        self.queue.available_permits()
    }
}

/// The path of a method as the audit writes it.
fn of_audit(path: &str) -> String {
    path.trim_start_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use whorl_service::desk::Gathering;

    use super::*;

    fn workplace(folder: &tempfile::TempDir, queue: usize) -> Workplace {
        let engine = Arc::new(Engine::new(1).unwrap());
        let galleries = Galleries::open(folder.path(), Arc::clone(&engine), Gathering::default(), None).unwrap();
        Workplace::new(engine, Arc::new(galleries), Policy::default(), NonZeroUsize::new(queue).unwrap())
    }

    #[tokio::test]
    async fn no_more_is_taken_than_may_wait() {
        let folder = tempfile::tempdir().unwrap();
        let workplace = workplace(&folder, 1);
        let place = workplace.admit().unwrap();
        assert_eq!(workplace.work(|_| ()).await, Err(Unworked::Overloaded));
        drop(place);
        assert_eq!(workplace.work(|_| 7).await, Ok(7));
        assert_eq!(workplace.work(|_| panic!("a fault")).await, Err(Unworked::Broken));
        assert_eq!(workplace.free_places(), 1);
    }

    #[tokio::test]
    async fn work_hears_that_nobody_waits_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let workplace = workplace(&folder, 1);
        let (tell, told) = mpsc::channel();
        let work = workplace.work(move |wanted| {
            while wanted.by_anybody() {
                std::thread::sleep(Duration::from_millis(1));
            }
            tell.send(()).unwrap();
        });
        assert!(tokio::time::timeout(Duration::from_millis(20), work).await.is_err());
        told.recv_timeout(Duration::from_secs(10)).unwrap();
    }
}
