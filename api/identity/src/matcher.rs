//! The engine as this layer asks it: references are opaque, and what comes back are references.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use whorl_index::{GalleryError, Wanted};
use whorl_service::desk::{Admission, Desk, DeskError};
use whorl_service::sample::{self, Instance, NoTrace, SampleError};
use whorl_service::{Candidate, Engine, Search};
use whorl_types::{Capture, Decision, Fmr, LivenessOutcome, ReferenceId, Verdict};

/// The engine and one gallery.
#[derive(Debug)]
pub struct Matcher {
    engine: Arc<Engine>,
    desk: Arc<Desk>,
    search: Search,
    /// How often a stranger may pass for the person whose record is to be changed.
    target: Fmr,
}

/// A reference that the templates of a registration are like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resembling {
    /// What it is called in the gallery.
    pub reference: String,
    /// The evidence that it is of the same person: natural logarithm of the likelihood ratio.
    pub llr_nats: f64,
    /// Whether the engine takes it for the same person, or leaves that to people.
    pub is_duplicate: bool,
}

/// What became of templates that were to be enrolled.
#[derive(Debug, Clone, PartialEq)]
pub enum Enrolled {
    /// They are in the gallery, and nobody is like them but those who were cleared.
    Unique,
    /// They are not, for these are like them.
    Resembling(Vec<Resembling>),
}

impl Matcher {
    /// The engine behind `desk`, searched so; `target` is for comparisons with a person's own record.
    #[must_use]
    pub fn new(engine: Arc<Engine>, desk: Arc<Desk>, search: Search, target: Fmr) -> Self {
        Self { engine, desk, search, target }
    }

    /// The templates in a file.
    ///
    /// # Errors
    /// [`SampleError`] where it cannot be read, or gives none.
    pub fn extract(&self, bytes: &[u8], capture: &Capture) -> Result<Vec<Instance>, SampleError> {
        self.engine.install(|| {
            let contents = sample::decode(bytes, capture)?;
            contents.into_iter().map(|content| content?.extract(self.engine.faces(), &mut NoTrace)).collect()
        })
    }

    /// Enrols a new reference where nobody is like it but `cleared`. One that is enrolled already was found unique when it was.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn enrol(
        &self,
        id: &ReferenceId,
        instances: Vec<Instance>,
        cleared: &[ReferenceId],
    ) -> Result<Enrolled, DeskError> {
        let (wanted, _waiting) = Wanted::by_one();
        match self.desk.enrol_beside(id.clone(), instances, cleared, &self.search, &wanted) {
            Ok(Admission { sequence: Some(_), .. }) | Err(DeskError::Gallery(GalleryError::Duplicate(_))) => {
                Ok(Enrolled::Unique)
            }
            Ok(Admission { sequence: None, found }) => {
                let candidates = found.map(|found| found.candidates).unwrap_or_default();
                Ok(Enrolled::Resembling(resembling(candidates, cleared)))
            }
            Err(error) => Err(error),
        }
    }

    /// Who is like these templates, beside `cleared`.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn identify(&self, instances: Vec<Instance>, cleared: &[ReferenceId]) -> Result<Vec<Resembling>, DeskError> {
        let (wanted, _waiting) = Wanted::by_one();
        let search = Search { candidates: self.search.candidates + cleared.len(), ..self.search };
        Ok(resembling(self.desk.identify(instances, &search, &wanted)?.candidates, cleared))
    }

    /// Whether these templates are of the person enrolled as one of `references`.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn is_of(&self, references: &[ReferenceId], instances: &[Instance]) -> Result<bool, DeskError> {
        for reference in references {
            match self.desk.verify(reference, instances, self.target, false) {
                Ok((Decision::Match, _)) => return Ok(true),
                // A reference that was just replaced by a newer one.
                Ok((Decision::NonMatch, _)) | Err(DeskError::NotEnrolled(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// The work of a comparison, for nothing: so that a question about nobody takes as long as one about somebody.
    pub fn rehearse(&self, instances: &[Instance]) {
        std::hint::black_box(self.engine.compare(instances, instances, false));
    }

    /// Takes a reference out of the gallery; one that is not there is well.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn remove(&self, reference: ReferenceId) -> Result<(), DeskError> {
        match self.desk.remove(reference) {
            Ok(_) | Err(DeskError::NotEnrolled(_) | DeskError::Gallery(GalleryError::NotEnrolled(_))) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The engine, and the gallery it asks.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }
}

/// Those of `candidates` whom nobody cleared and the engine does not take for others.
fn resembling(candidates: Vec<Candidate>, cleared: &[ReferenceId]) -> Vec<Resembling> {
    let open = candidates
        .into_iter()
        .filter(|candidate| candidate.verdict != Verdict::Unique && !cleared.contains(&candidate.id));
    let resembling = open.map(|candidate| Resembling {
        reference: candidate.id.to_string(),
        llr_nats: f64::from(candidate.evidence.llr.nats()),
        is_duplicate: candidate.verdict == Verdict::Duplicate,
    });
    resembling.collect()
}

/// Whether any of these was reported to be a presentation attack.
#[must_use]
pub fn has_attack(instances: &[Instance]) -> bool {
    let mut reports = instances.iter().filter_map(|instance| instance.liveness.as_ref());
    reports.any(|liveness| liveness.outcome() == LivenessOutcome::Attack)
}
