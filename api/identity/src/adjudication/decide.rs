//! Who decides, and what follows.

use super::case::MOST_REASON_BYTES;
use super::{AdjudicationError, Case, CaseId, CaseState, Finding, Opinion, Standing};
use crate::event;
use crate::layer::Layer;
use crate::registration::{PacketKind, Registration, Rejection, Stage};
use crate::store::{Draft, Tables};
use crate::subject::{Subject, SubjectId};

impl Layer {
    /// Says who is to decide about a case; nobody in particular where `to` is empty.
    ///
    /// # Errors
    /// [`AdjudicationError`].
    pub fn assign_case(&self, id: CaseId, to: &[String]) -> Result<Case, AdjudicationError> {
        self.write(|draft| {
            let mut case = Case::find(&self.vault, draft, id)?;
            if let CaseState::Settled { .. } = case.state {
                return Err(AdjudicationError::Settled(id));
            }
            if let Some(partial) = to.iter().find(|name| case.operators.contains(name)) {
                return Err(AdjudicationError::Partial(partial.clone()));
            }
            case.assigned = to.to_vec();
            case.save(&self.vault, draft)?;
            Ok(case)
        })
    }

    /// What somebody decides about a case. When as many as the rules ask for agree, the registration goes on; when they disagree, a
    /// supervisor settles it.
    ///
    /// # Errors
    /// [`AdjudicationError`].
    pub fn decide_case(
        &self,
        id: CaseId,
        by: &str,
        findings: &[Finding],
        reason: &str,
    ) -> Result<Case, AdjudicationError> {
        self.opine(id, (by, Standing::Adjudicator), findings, reason)
    }

    /// What a supervisor decides, where others disagree.
    ///
    /// # Errors
    /// [`AdjudicationError`].
    pub fn settle_case(
        &self,
        id: CaseId,
        by: &str,
        findings: &[Finding],
        reason: &str,
    ) -> Result<Case, AdjudicationError> {
        self.opine(id, (by, Standing::Supervisor), findings, reason)
    }

    /// Adds an opinion.
    fn opine(
        &self,
        id: CaseId,
        (by, standing): (&str, Standing),
        findings: &[Finding],
        reason: &str,
    ) -> Result<Case, AdjudicationError> {
        if !(1..=MOST_REASON_BYTES).contains(&reason.len()) {
            return Err(AdjudicationError::Reason);
        }
        self.withdraw_duplicate(id, findings)?;
        self.write(|draft| {
            let mut case = Case::find(&self.vault, draft, id)?;
            case.admit(by, &[standing])?;
            let findings = in_order(&case, findings)?;
            let opinion = Opinion { by: by.to_owned(), at_ms: self.now_ms(), findings, reason: reason.to_owned() };
            case.opinions.push(opinion);
            self.conclude(draft, &mut case)?;
            case.save(&self.vault, draft)?;
            Ok(case)
        })
    }

    /// Settles a case, where enough was said.
    fn conclude(&self, draft: &mut Draft<'_>, case: &mut Case) -> Result<(), AdjudicationError> {
        let Some(last) = case.opinions.last() else { return Ok(()) };
        let (is_last_word, needed) = (case.state == CaseState::Conflict, self.settings.adjudication.decisions);
        if !is_last_word && case.opinions.iter().any(|opinion| opinion.findings != last.findings) {
            case.state = CaseState::Conflict;
        } else if is_last_word || case.opinions.len() >= needed {
            let same = last.findings.iter().find(|finding| finding.is_same).map(|finding| finding.subject);
            case.state = CaseState::Settled { same };
            self.resume(draft, case, same)?;
        }
        Ok(())
    }

    /// The registration goes on: refused where it is somebody's second, or else compared again, for others may have come meanwhile.
    fn resume(&self, draft: &mut Draft<'_>, case: &Case, same: Option<SubjectId>) -> Result<(), AdjudicationError> {
        let Some((mut registration, lock)) = Registration::load(&self.vault, draft, &case.registration)? else {
            return Ok(());
        };
        if registration.stage != Stage::InAdjudication || registration.case != Some(case.id) {
            return Ok(());
        }
        match same {
            Some(subject) if registration.kind == PacketKind::Lost => {
                registration.subject = Some(subject);
                registration.reach(Stage::DemographicallyChecked, self.now_ms());
            }
            Some(_) => self.reject(draft, &mut registration, Rejection::Duplicate)?,
            None => {
                self.clear(draft, case, &mut registration)?;
                registration.reach(Stage::DemographicallyChecked, self.now_ms());
            }
        }
        registration.save(&self.vault, draft, &lock)?;
        Ok(event::tell(draft, &registration)?)
    }

    /// Notes that those who were suspected are others.
    fn clear(
        &self,
        tables: &dyn Tables,
        case: &Case,
        registration: &mut Registration,
    ) -> Result<(), AdjudicationError> {
        for suspect in &case.suspects {
            registration.cleared_subjects.push(suspect.subject);
            registration.cleared.extend(suspect.biometric.iter().map(|found| found.reference.clone()));
            if let Some(found) = Subject::load(&self.vault, tables, suspect.subject)? {
                registration.cleared.extend(found.subject.references);
            }
        }
        registration.cleared.sort_unstable();
        registration.cleared.dedup();
        Ok(())
    }

    /// Takes what may be a duplicate out of the gallery before that is decided for good: else a crash right after the decision would leave
    /// it there. One that turns out to be none is enrolled again when it is compared again.
    fn withdraw_duplicate(&self, id: CaseId, findings: &[Finding]) -> Result<(), AdjudicationError> {
        let (Some(matcher), true) = (&self.matcher, findings.iter().any(|finding| finding.is_same)) else {
            return Ok(());
        };
        let case = self.case(id)?;
        let registration = self.registration(&case.registration)?;
        let waits = registration.stage == Stage::InAdjudication && registration.kind != PacketKind::Lost;
        if let (true, Some(reference)) = (waits, crate::registration::reference(&registration.reference)) {
            matcher.remove(reference)?;
        }
        Ok(())
    }
}

/// Findings in the order of the suspects, each once.
fn in_order(case: &Case, findings: &[Finding]) -> Result<Vec<Finding>, AdjudicationError> {
    let wrong = || AdjudicationError::Findings(case.suspects.len());
    if findings.len() != case.suspects.len() {
        return Err(wrong());
    }
    let of = |subject| findings.iter().find(|finding| finding.subject == subject).copied().ok_or_else(wrong);
    let ordered = case.suspects.iter().map(|suspect| of(suspect.subject)).collect::<Result<Vec<_>, _>>()?;
    if case.kind == PacketKind::Lost && ordered.iter().filter(|finding| finding.is_same).count() > 1 {
        return Err(AdjudicationError::Several);
    }
    Ok(ordered)
}
