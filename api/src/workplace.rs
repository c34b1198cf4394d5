//! Where the work of a server is done: its engine, its galleries, and the bound on what may wait.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use whorl_index::{Limits, Mode, Positions, Shortlist, Wanted};
use whorl_service::desk::{Desk, DuplicateCheck};
use whorl_service::galleries::{Galleries, GalleriesError};
use whorl_service::{Engine, Search};
use whorl_types::{Fmr, Fpir};

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
    /// Where backups go; none where nobody may ask for one.
    pub backups: Option<PathBuf>,
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
            accept_templates: true,
            return_templates: false,
            most_samples: 64,
            backups: None,
        }
    }
}

/// Where the work is done.
#[derive(Debug)]
pub struct Workplace {
    pub(crate) engine: Arc<Engine>,
    pub(crate) galleries: Arc<Galleries>,
    pub(crate) policy: Policy,
    queue: Arc<Semaphore>,
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
        Self { engine, galleries, policy, queue: Arc::new(Semaphore::new(queue.get())) }
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

    /// How many more requests would be taken.
    #[must_use]
    pub fn free_places(&self) -> usize {
        self.queue.available_permits()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use whorl_service::desk::Gathering;

    use super::*;

    fn workplace(folder: &tempfile::TempDir, queue: usize) -> Workplace {
        let engine = Arc::new(Engine::new(1).unwrap());
        let galleries = Galleries::open(folder.path(), Arc::clone(&engine), Gathering::default()).unwrap();
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
