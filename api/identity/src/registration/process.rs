//! A registration goes on, from wherever it is.

use super::{Registration, RegistrationError, RegistrationId, Rejection, Stage};
use crate::event;
use crate::layer::Layer;
use crate::store::{Draft, Table, following};
use crate::subject::{Found, Status, Subject};
use crate::vault::Lock;

/// What a stage found: where the registration goes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Turn {
    /// To the next stage.
    On(Stage),
    /// It is refused.
    Refused(Rejection),
}

/// How many registrations are looked up at a time among those to be worked on.
const PENDING_LISTED: usize = 1_000;

impl Layer {
    /// A registration as it is.
    ///
    /// # Errors
    /// [`RegistrationError::Unknown`], [`RegistrationError::Erased`].
    pub fn registration(&self, id: &RegistrationId) -> Result<Registration, RegistrationError> {
        self.database.read(|tables| match Registration::load(&self.vault, tables, id)? {
            Some((registration, _)) => Ok(registration),
            None if tables.get(Table::Registrations, id.key())?.is_some() => Err(RegistrationError::Erased(id.clone())),
            None => Err(RegistrationError::Unknown(id.clone())),
        })
    }

    /// The UIN that a registration ended with: issued, changed or found by it; none before it is done.
    ///
    /// # Errors
    /// [`RegistrationError::Unknown`], [`RegistrationError::Erased`].
    pub fn uin_of(&self, id: &RegistrationId) -> Result<Option<String>, RegistrationError> {
        let registration = self.registration(id)?;
        let (Stage::Issued, Some(subject)) = (registration.stage, registration.subject) else { return Ok(None) };
        let found = self.database.read(|tables| Subject::load(&self.vault, tables, subject))?;
        Ok(found.and_then(|found| found.subject.uin))
    }

    /// Works on a registration until it is done, or waits for people.
    ///
    /// # Errors
    /// [`RegistrationError`]: it stays where it was, and this may be asked again.
    pub fn process(&self, id: &RegistrationId) -> Result<Stage, RegistrationError> {
        loop {
            let registration = self.registration(id)?;
            if !registration.stage.is_pending() {
                return Ok(registration.stage);
            }
            self.step(&registration)?;
        }
    }

    /// The registrations that are to be worked on, `most` of them, after the one named.
    ///
    /// # Errors
    /// [`RegistrationError`].
    pub fn pending(
        &self,
        after: Option<&RegistrationId>,
        most: usize,
    ) -> Result<Vec<RegistrationId>, RegistrationError> {
        let from = after.map_or_else(Vec::new, |after| following(after.key()));
        let keys = self.database.read(|tables| tables.range(Table::Pending, &from, &[], most.min(PENDING_LISTED)))?;
        let id = |(key, _)| String::from_utf8(key).ok().and_then(|text| text.parse().ok());
        Ok(keys.into_iter().filter_map(id).collect())
    }

    /// Does the next stage.
    fn step(&self, registration: &Registration) -> Result<(), RegistrationError> {
        match registration.stage {
            Stage::Received => self.validate(registration),
            Stage::Validated => self.check_quality(registration),
            Stage::QualityChecked => self.compare_demographics(registration),
            Stage::DemographicallyChecked => self.compare_biometrics(registration),
            Stage::BiometricallyChecked => self.issue(registration),
            Stage::InAdjudication | Stage::Issued | Stage::Rejected => Ok(()),
        }
    }

    /// Ends a stage: `finish` does what belongs to it in the change that moves the registration on. Where somebody else ended it meanwhile,
    /// nothing is done.
    pub(super) fn finish(
        &self,
        seen: &Registration,
        mut finish: impl FnMut(&mut Draft<'_>, &mut Registration, &Lock) -> Result<Turn, RegistrationError>,
    ) -> Result<(), RegistrationError> {
        self.write(|draft| {
            let loaded = Registration::load(&self.vault, draft, &seen.id)?;
            let (mut registration, lock) = loaded.ok_or_else(|| RegistrationError::Erased(seen.id.clone()))?;
            if (registration.stage, registration.steps.len()) != (seen.stage, seen.steps.len()) {
                return Ok(());
            }
            match finish(draft, &mut registration, &lock)? {
                Turn::On(stage) => registration.reach(stage, self.now_ms()),
                Turn::Refused(rejection) => self.reject(draft, &mut registration, rejection)?,
            }
            registration.save(&self.vault, draft, &lock)?;
            Ok::<_, RegistrationError>(event::tell(draft, &registration)?)
        })
    }

    /// Refuses a registration: whoever it made is not there any more, and whoever it held up is free.
    pub(crate) fn reject(
        &self,
        draft: &mut Draft<'_>,
        registration: &mut Registration,
        rejection: Rejection,
    ) -> Result<(), RegistrationError> {
        if let Some(mut found) = self.subject_of(draft, registration)? {
            if found.subject.in_process.as_ref() == Some(&registration.id) {
                found.subject.in_process = None;
            }
            if found.subject.status == Status::Applicant {
                found.subject.status = Status::Rejected;
                crate::linkage::leave(&self.vault, draft, found.subject.id)?;
            }
            found.save(&self.vault, draft)?;
        }
        registration.rejection = Some(rejection);
        registration.reach(Stage::Rejected, self.now_ms());
        Ok(())
    }

    /// The record of the person that a registration is about, once there is one.
    pub(crate) fn subject_of(
        &self,
        draft: &Draft<'_>,
        registration: &Registration,
    ) -> Result<Option<Found>, RegistrationError> {
        match registration.subject {
            Some(subject) => Ok(Subject::load(&self.vault, draft, subject)?),
            None => Ok(None),
        }
    }
}
