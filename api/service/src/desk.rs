//! An open gallery that many ask at once: searches that arrive together share a pass, and of those who enrol one person at the same
//! instant exactly one finds him unique.

mod admit;
mod arrivals;
mod error;
mod together;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use whorl_index::{Flawed, Gallery, Keeper, Reference, Snapshot, Wanted};
use whorl_types::{Decision, Fmr, ReferenceId};

use crate::engine::Engine;
use crate::evidence::Evidence;
use crate::identify::{CandidateList, Search, labelled};
use crate::sample::Instance;
pub use admit::{Admission, DuplicateCheck};
use arrivals::Arrivals;
pub use error::DeskError;
use together::Together;

/// How searches that arrive while others run are gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gathering {
    /// How long the first of them waits for others, at most [`Gathering::LONGEST`]. Nobody waits while no search runs.
    pub wait: Duration,
    /// The most that share a pass.
    pub most: NonZeroUsize,
}

impl Gathering {
    /// The longest that anybody is made to wait: little against a pass over a large gallery.
    pub const LONGEST: Duration = Duration::from_millis(2);
}

impl Default for Gathering {
    /// From some sixteen probes on, a pass is bound by arithmetic and gains nothing by more.
    fn default() -> Self {
        Self { wait: Self::LONGEST, most: const { NonZeroUsize::new(32).unwrap() } }
    }
}

/// An open gallery, and the engine that answers for it. Any number of threads may ask.
#[derive(Debug)]
pub struct Desk {
    engine: Arc<Engine>,
    gallery: Arc<Gallery>,
    keeper: Keeper,
    arrivals: Arrivals,
    together: Together,
}

impl Desk {
    /// Opens for `gallery`, and looks after it from now on.
    ///
    /// # Errors
    /// [`std::io::Error`] where the system gives no thread.
    pub fn new(engine: Arc<Engine>, gallery: Arc<Gallery>, gathering: Gathering) -> std::io::Result<Self> {
        let keeper = Keeper::start(Arc::clone(&gallery))?;
        Ok(Self { engine, gallery, keeper, arrivals: Arrivals::default(), together: Together::new(gathering) })
    }

    /// The gallery as it is now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.gallery.snapshot()
    }

    /// The gallery, to be looked after.
    #[must_use]
    pub fn gallery(&self) -> &Gallery {
        &self.gallery
    }

    /// What was found damaged so far by reading the files again and again.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flawed> {
        self.keeper.flaws()
    }

    /// Who in the gallery `probe` is; given up when nobody wants it any more, unless others who share the pass wait.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn identify(&self, probe: Vec<Instance>, search: &Search, wanted: &Wanted) -> Result<CandidateList, DeskError> {
        if probe.is_empty() {
            return Err(DeskError::NothingToCompare);
        }
        let pass = |probes: &[Vec<Instance>], wanted: &Wanted| {
            self.engine.identify_while(wanted, &self.gallery.snapshot(), probes, search)
        };
        self.together.search(probe, search, wanted.clone(), &pass)
    }

    /// Who of the references of these ids `probe` is.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn identify_among(
        &self,
        probe: Vec<Instance>,
        among: &[ReferenceId],
        search: &Search,
    ) -> Result<CandidateList, DeskError> {
        if probe.is_empty() {
            return Err(DeskError::NothingToCompare);
        }
        let mut answers = self.engine.identify_among(&self.gallery.snapshot(), &[probe], among, search)?;
        answers.pop().ok_or(DeskError::Broken)
    }

    /// Whether `probe` is of the person enrolled as `id`, where a stranger may pass at the rate `target`.
    ///
    /// # Errors
    /// [`DeskError::NotEnrolled`] where nobody is, other [`DeskError`]s.
    pub fn verify(
        &self,
        id: &ReferenceId,
        probe: &[Instance],
        target: Fmr,
        mirrored: bool,
    ) -> Result<(Decision, Evidence), DeskError> {
        if probe.is_empty() {
            return Err(DeskError::NothingToCompare);
        }
        let reference = self.fetch(id)?;
        let enrolled = reference.templates.into_iter();
        let enrolled = enrolled.map(|(position, template)| Instance { position, template, liveness: None });
        let enrolled = enrolled.collect::<Vec<_>>();
        let evidence = self.engine.compare(probe, &enrolled, mirrored);
        Ok((self.engine.decide(&evidence, target), evidence))
    }

    /// What is enrolled as `id`.
    ///
    /// # Errors
    /// [`DeskError::NotEnrolled`], or the gallery is damaged.
    pub fn fetch(&self, id: &ReferenceId) -> Result<Reference, DeskError> {
        self.gallery.snapshot().fetch(id)?.ok_or_else(|| DeskError::NotEnrolled(id.clone()))
    }

    /// Puts `instances` in the place of what is enrolled as `id`, and gives the number of the change.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn replace(&self, id: ReferenceId, instances: &[Instance]) -> Result<u64, DeskError> {
        admit::check(instances)?;
        let reference = Reference { id, templates: labelled(instances) };
        Ok(self.gallery.replace(reference)?)
    }

    /// Takes out what is enrolled as `id`, and gives the number of the change.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn remove(&self, id: ReferenceId) -> Result<u64, DeskError> {
        Ok(self.gallery.remove(vec![id])?)
    }

    /// Takes changes again after a write failed, once the disk is mended; where none failed, nothing is done.
    ///
    /// # Errors
    /// [`DeskError::Gallery`] where the disk still fails: it can be tried again.
    pub fn reopen(&self) -> Result<(), DeskError> {
        Ok(self.gallery.reopen()?)
    }

    /// Ends looking after the gallery, and makes the next start quick.
    ///
    /// # Errors
    /// [`DeskError::Gallery`] where what is due cannot be sealed; all that was acknowledged is durable all the same.
    pub fn close(self) -> Result<(), DeskError> {
        self.keeper.end()?;
        self.gallery.settle()?;
        Ok(())
    }
}
