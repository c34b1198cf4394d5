//! Enrolling one person, after a search for him.

use std::sync::Arc;

use whorl_engine::decide::{Policy, PolicyError};
use whorl_index::{GalleryError, Reference, Wanted};
use whorl_types::{LivenessOutcome, ReferenceId, Verdict};

use super::arrivals::{Arrival, Entered};
use super::{Desk, DeskError};
use crate::identify::{Candidate, CandidateList, IdentifyError, Search, labelled};
use crate::sample::Instance;

/// Whether somebody is searched for before he is enrolled, and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DuplicateCheck {
    /// He is enrolled only where the verdict is unique.
    #[default]
    Unique,
    /// He is enrolled unless the verdict is duplicate; who is to be adjudicated is enrolled meanwhile.
    UnlessDuplicate,
    /// He is enrolled without a search.
    None,
}

/// What became of somebody who was to be enrolled.
#[derive(Debug, Clone, PartialEq)]
pub struct Admission {
    /// The number of the change that enrolled him; none where he is not enrolled.
    pub sequence: Option<u64>,
    /// Whom he resembles; none where nobody looked.
    pub found: Option<CandidateList>,
}

impl Admission {
    /// What the search said: unique where nobody looked.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.found.as_ref().map_or(Verdict::Unique, CandidateList::verdict)
    }
}

impl Desk {
    /// Enrols `instances` as `id` where the search for them allows it. Of those who enrol one person at the same time exactly one
    /// finds him unique, whatever else happens.
    ///
    /// # Errors
    /// [`DeskError`]: nobody is enrolled then, or, where the storage failed, it is known only when the gallery is opened again.
    pub fn enrol(
        &self,
        id: ReferenceId,
        instances: Vec<Instance>,
        check: DuplicateCheck,
        search: &Search,
        wanted: &Wanted,
    ) -> Result<Admission, DeskError> {
        let admits = move |found: &CandidateList| match check {
            DuplicateCheck::None => true,
            DuplicateCheck::Unique => found.verdict() == Verdict::Unique,
            DuplicateCheck::UnlessDuplicate => found.verdict() != Verdict::Duplicate,
        };
        self.admit(id, instances, (check != DuplicateCheck::None).then_some(search), &admits, wanted)
    }

    /// Enrols `instances` as `id` unless somebody resembles them beside `cleared`, of whom it is known that they are other people, or other
    /// records of this one. As for [`Desk::enrol`], of those who enrol one person at the same time exactly one is let in.
    ///
    /// # Errors
    /// [`DeskError`], as for [`Desk::enrol`].
    pub fn enrol_beside(
        &self,
        id: ReferenceId,
        instances: Vec<Instance>,
        cleared: &[ReferenceId],
        search: &Search,
        wanted: &Wanted,
    ) -> Result<Admission, DeskError> {
        let admits = |found: &CandidateList| {
            let mut resembling = found.candidates.iter().filter(|candidate| candidate.verdict != Verdict::Unique);
            resembling.all(|candidate| cleared.contains(&candidate.id))
        };
        // Whoever is not cleared must not fall off the list behind those who are.
        let search = Search { candidates: search.candidates + cleared.len(), ..*search };
        self.admit(id, instances, Some(&search), &admits, wanted)
    }

    /// Enrols where `admits` says so of what `search` finds; without a search, always.
    fn admit(
        &self,
        id: ReferenceId,
        instances: Vec<Instance>,
        search: Option<&Search>,
        admits: &dyn Fn(&CandidateList) -> bool,
        wanted: &Wanted,
    ) -> Result<Admission, DeskError> {
        self::check(&instances)?;
        let (entered, earlier) = self.arrivals.enter(id, instances);
        // Before the search, which costs more than the answer is worth where the id is taken.
        if self.gallery.snapshot().contains(&entered.arrival.id) {
            return Err(GalleryError::Duplicate(entered.arrival.id.clone()).into());
        }
        let found = search.map(|search| {
            let found = self.identify(entered.arrival.instances.clone(), search, wanted)?;
            self.with_earlier(found, &entered, &earlier, search)
        });
        let found = found.transpose()?;
        if !found.as_ref().is_none_or(admits) {
            return Ok(Admission { sequence: None, found });
        }
        let reference = Reference { id: entered.arrival.id.clone(), templates: labelled(&entered.arrival.instances) };
        let sequence = self.gallery.enrol(vec![reference])?;
        entered.enrolled();
        Ok(Admission { sequence: Some(sequence), found })
    }

    /// What was found, and of those who entered before whoever is like him and was enrolled.
    fn with_earlier(
        &self,
        mut found: CandidateList,
        entered: &Entered<'_>,
        earlier: &[Arc<Arrival>],
        search: &Search,
    ) -> Result<CandidateList, DeskError> {
        let others = found.coverage.references + earlier.len() as u64;
        let policy = Policy::new(others, search.target).map_err(|error: PolicyError| IdentifyError::from(error))?;
        for other in earlier {
            let evidence = self.engine.compare(&entered.arrival.instances, &other.instances, search.mirrored);
            let verdict = self.engine.verdict(&evidence, &policy);
            let is_known = found.candidates.iter().any(|candidate| candidate.id == other.id);
            if verdict != Verdict::Unique && !is_known && other.was_enrolled() {
                found.candidates.push(Candidate { id: other.id.clone(), evidence, verdict });
            }
        }
        found.candidates.sort_by(|one, other| {
            let by_evidence = other.evidence.llr.nats().total_cmp(&one.evidence.llr.nats());
            by_evidence.then_with(|| one.id.cmp(&other.id))
        });
        found.candidates.truncate(search.candidates);
        Ok(found)
    }
}

/// Whether somebody with these instances may be enrolled at all.
pub(super) fn check(instances: &[Instance]) -> Result<(), DeskError> {
    if instances.is_empty() {
        return Err(DeskError::NothingToCompare);
    }
    let reports = instances.iter().filter_map(|instance| Some((instance.position, instance.liveness.as_ref()?)));
    match reports.into_iter().find(|(_, liveness)| liveness.outcome() == LivenessOutcome::Attack) {
        Some((position, liveness)) => Err(DeskError::Attack(position, liveness.source().to_owned())),
        None => Ok(()),
    }
}
