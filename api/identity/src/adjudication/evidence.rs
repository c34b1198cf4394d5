//! What people decide by: the records of both sides of a case, and what was captured of them.
//!
//! It is for whoever may decide about the case now, and for nobody else: not for who registered the person or has decided already, not
//! for a supervisor before there is something to settle, and for nobody once the case is settled. What is asked about a person later is
//! asked of an officer.

use std::fmt;

use zeroize::Zeroizing;

use super::case::MOST_REASON_BYTES;
use super::{AdjudicationError, Case, CaseId, Standing, Suspect};
use crate::layer::Layer;
use crate::matcher::Resembling;
use crate::registration::{Enclosed, Registration, RegistrationId, Stage, merged};
use crate::store::Tables;
use crate::subject::{BiometricException, Demographics, Status, Subject, SubjectId};
use crate::vault::VaultError;

/// Who looks, and what for.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Who.
    pub by: &'a str,
    /// As what he may come.
    pub standings: &'a [Standing],
    /// What for, in 1 to 1,024 bytes.
    pub purpose: &'a str,
}

/// What people decide by.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The case.
    pub case: Case,
    /// Whose registration waits.
    pub applicant: Side,
    /// Who may be the same person, in the order of the case, at most [`Evidence::MOST_SUSPECTS`].
    pub suspects: Vec<(Suspect, Side)>,
}

impl Evidence {
    /// The most suspects that are shown at a time: with the applicant six records, each of at most 256 KiB as the schema has it and 8
    /// registrations of 64 files. That is below 4 MiB, the most that clients of gRPC take where nobody tells them otherwise.
    pub const MOST_SUSPECTS: usize = 5;
}

/// One of two who may be one person.
#[derive(Clone, PartialEq)]
pub struct Side {
    /// What he is called in here; none where it is not known whose lost number it is, or the registration was erased.
    pub subject: Option<SubjectId>,
    /// How things stand with him. Of who is erased there is nothing else.
    pub status: Status,
    /// His demographic fields: as his record has them, with what the registration that waits brings; of who has no number yet as his
    /// registration says.
    pub demographics: Demographics,
    /// Biometrics that he has not.
    pub exceptions: Vec<BiometricException>,
    /// Registrations that are his, oldest first: those that are done, and the one that waits. At most [`Side::MOST_REGISTRATIONS`], the
    /// newest.
    pub registrations: Vec<Registration>,
    /// How many older ones were not looked at.
    pub earlier: usize,
}

/// A sample or document of a side.
#[derive(Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Whose; none where that is not known yet.
    pub subject: Option<SubjectId>,
    /// What it is.
    pub enclosed: Enclosed,
    /// As it was sent in.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl Layer {
    /// Both sides of a case, of the suspects those from number `first` on.
    ///
    /// # Errors
    /// [`AdjudicationError`].
    pub fn evidence(&self, id: CaseId, look: Look<'_>, first: usize) -> Result<Evidence, AdjudicationError> {
        self.database.read(|tables| {
            let case = look.at(Case::find(&self.vault, tables, id)?)?;
            let applicant = self.applicant(tables, &case)?;
            let shown = case.suspects.iter().skip(first).take(Evidence::MOST_SUSPECTS);
            let side = |suspect: &Suspect| Ok((suspect.clone(), self.side(tables, suspect.subject, None)?));
            let suspects = shown.map(side).collect::<Result<_, AdjudicationError>>()?;
            Ok(Evidence { case, applicant, suspects })
        })
    }

    /// A sample or document of one of the registrations that [`Layer::evidence`] shows, as it was sent in.
    ///
    /// # Errors
    /// [`AdjudicationError`].
    pub fn evidence_file(
        &self,
        id: CaseId,
        look: Look<'_>,
        registration: &RegistrationId,
        number: u16,
    ) -> Result<EvidenceFile, AdjudicationError> {
        self.database.read(|tables| {
            let case = look.at(Case::find(&self.vault, tables, id)?)?;
            let side = self.side_with(tables, &case, registration)?;
            let his = side.registrations.iter().find(|his| his.id == *registration);
            let his = his.ok_or_else(|| AdjudicationError::Elsewhere(registration.clone()))?;
            let enclosed = his.enclosed.get(usize::from(number)).cloned();
            let enclosed =
                enclosed.ok_or_else(|| AdjudicationError::NoFile { registration: registration.clone(), number })?;
            let bytes = self.enclosure(tables, registration, number)?;
            let bytes = bytes.ok_or_else(|| AdjudicationError::Gone(registration.clone()))?;
            Ok(EvidenceFile { subject: side.subject, enclosed, bytes })
        })
    }

    /// The side of a case that may have a registration.
    fn side_with(&self, tables: &dyn Tables, case: &Case, id: &RegistrationId) -> Result<Side, AdjudicationError> {
        let owner = Registration::load(&self.vault, tables, id)?.and_then(|(registration, _)| registration.subject);
        match owner.filter(|owner| case.suspects.iter().any(|suspect| suspect.subject == *owner)) {
            Some(suspect) => Ok(self.side(tables, suspect, None)?),
            None => self.applicant(tables, case),
        }
    }

    /// Whose registration waits.
    fn applicant(&self, tables: &dyn Tables, case: &Case) -> Result<Side, AdjudicationError> {
        let Some((waiting, _)) = Registration::load(&self.vault, tables, &case.registration)? else {
            return Ok(Side::erased(None));
        };
        if let Some(subject) = waiting.subject {
            return Ok(self.side(tables, subject, Some(waiting))?);
        }
        Ok(Side {
            subject: None,
            status: Status::Applicant,
            demographics: waiting.demographics.clone(),
            exceptions: waiting.exceptions.clone(),
            registrations: vec![waiting],
            earlier: 0,
        })
    }

    /// Somebody as he is shown: with what `waiting` brings, or else, where he has no number, what his last registration does.
    fn side(&self, tables: &dyn Tables, id: SubjectId, waiting: Option<Registration>) -> Result<Side, VaultError> {
        let found = Subject::load(&self.vault, tables, id)?.map(|found| found.subject);
        let Some(subject) = found.filter(|subject| subject.status != Status::Erased) else {
            return Ok(Side::erased(Some(id)));
        };
        let brought = match (waiting, subject.status, subject.registrations.last()) {
            (None, Status::Applicant | Status::Rejected, Some(last)) => {
                Registration::load(&self.vault, tables, last)?.map(|(found, _)| found)
            }
            (waiting, ..) => waiting,
        };
        let (registrations, earlier) = self.registrations_of(tables, &subject, brought.as_ref())?;
        let Subject { mut demographics, mut exceptions, status, .. } = subject;
        if let Some(brought) = brought {
            demographics = merged(&demographics, &brought.demographics);
            if !brought.exceptions.is_empty() {
                exceptions = brought.exceptions;
            }
        }
        Ok(Side { subject: Some(id), status, demographics, exceptions, registrations, earlier })
    }

    /// The registrations of a person that are shown, oldest first, and how many older ones there are. What was refused is left out: it may
    /// have been of somebody else's body.
    fn registrations_of(
        &self,
        tables: &dyn Tables,
        subject: &Subject,
        brought: Option<&Registration>,
    ) -> Result<(Vec<Registration>, usize), VaultError> {
        let is_his = |found: &Registration| {
            found.stage == Stage::Issued || brought.is_some_and(|brought| brought.id == found.id)
        };
        let mut shown = Vec::new();
        let mut ids = subject.registrations.iter().rev();
        while shown.len() < Side::MOST_REGISTRATIONS {
            let Some(id) = ids.next() else { break };
            let found = Registration::load(&self.vault, tables, id)?.map(|(found, _)| found);
            shown.extend(found.filter(is_his));
        }
        shown.reverse();
        Ok((shown, ids.len()))
    }
}

impl Look<'_> {
    /// The case, where who looks may decide about it now.
    fn at(self, case: Case) -> Result<Case, AdjudicationError> {
        if !(1..=MOST_REASON_BYTES).contains(&self.purpose.len()) {
            return Err(AdjudicationError::Purpose);
        }
        case.admit(self.by, self.standings)?;
        Ok(case)
    }
}

impl Side {
    /// The most registrations that are shown of a side: more than the gallery has references of anybody.
    pub const MOST_REGISTRATIONS: usize = 8;

    /// Whether nothing is known of him any more.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.status == Status::Erased
    }

    fn erased(subject: Option<SubjectId>) -> Self {
        Self {
            subject,
            status: Status::Erased,
            demographics: Demographics::new(),
            exceptions: Vec::new(),
            registrations: Vec::new(),
            earlier: 0,
        }
    }
}

impl Suspect {
    /// What his templates of a registration say, where the gallery found them.
    #[must_use]
    pub fn likeness_in(&self, registration: &Registration) -> Option<&Resembling> {
        self.biometric.iter().find(|found| found.reference == registration.reference)
    }
}

/// States and sizes, never content.
impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, demographics, registrations, .. } = self;
        write!(f, "Side({}, {} fields, {} registrations)", status.name(), demographics.len(), registrations.len())
    }
}

/// The size, never content.
impl fmt::Debug for EvidenceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EvidenceFile({} bytes)", self.bytes.len())
    }
}
