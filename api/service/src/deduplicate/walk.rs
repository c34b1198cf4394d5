//! Everybody of a gallery against everybody before, one after the other, to be broken off and gone on with.

use whorl_engine::decide::{Policy, PolicyError};
use whorl_index::{Findings, Limits, SearchError, Snapshot};
use whorl_types::{ReferenceId, Verdict};

use crate::engine::Engine;
use crate::identify::{Candidate, IdentifyError, Search};

/// What was found for one reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Walked {
    /// Whose.
    pub id: ReferenceId,
    /// Those before it that may be the same person, strongest first.
    pub candidates: Vec<Candidate>,
    /// Rows that the first stage scanned for it.
    pub rows_scanned: u64,
}

/// A walk over a gallery.
#[derive(Debug)]
pub struct Walk<'a> {
    engine: &'a Engine,
    gallery: &'a Snapshot,
    policy: Policy,
    limits: Limits,
}

impl Engine {
    /// Prepares to hold every reference of `gallery` against those before it.
    ///
    /// # Errors
    /// [`PolicyError`] where no threshold follows from the target.
    pub fn walk<'a>(&'a self, gallery: &'a Snapshot, search: &Search) -> Result<Walk<'a>, PolicyError> {
        let policy = Policy::new(gallery.len().saturating_sub(1), search.target)?;
        let limits = self.limits(search, &policy);
        Ok(Walk { engine: self, gallery, policy, limits })
    }
}

impl Walk<'_> {
    /// Looks for every reference but the first `done`, in the order of the gallery, and hands what was found to `each`, until
    /// that wants no more. Every pair of references is looked at once.
    ///
    /// # Errors
    /// [`IdentifyError`] where a search fails, or what `each` says.
    pub fn run<Error: From<IdentifyError>>(
        &self,
        done: u64,
        mut each: impl FnMut(Walked) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let weigh = |pairs: &[whorl_index::Pair]| self.engine.strongest_weight(pairs);
        let mut walk = self.gallery.deduplicate(self.limits.clone(), &weigh).after(done);
        while let Some(answer) = self.engine.install(|| walk.next()) {
            let (id, findings) = answer.map_err(|error: SearchError| IdentifyError::from(error))?;
            each(self.judge(id, findings))?;
        }
        Ok(())
    }

    fn judge(&self, id: ReferenceId, findings: Findings) -> Walked {
        let rows_scanned = findings.coverage.rows_scanned;
        let mut candidates = self.engine.judge(findings, &[], &self.policy).candidates;
        candidates.retain(|candidate| candidate.verdict != Verdict::Unique);
        Walked { id, candidates, rows_scanned }
    }
}
