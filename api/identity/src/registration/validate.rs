//! Consent, schema, documents, and whose registration it is.

use super::record::enclosure_key;
use super::{PacketKind, Registration, RegistrationError, Rejection, Stage, Turn};
use crate::issuance::number_owner;
use crate::layer::Layer;
use crate::store::{Draft, Table, Tables};
use crate::subject::{Demographics, Found, Status, Subject};
use crate::vault::{Lock, Place};

/// A year, in milliseconds: of 365.2425 days.
const YEAR_MS: u64 = 31_556_952_000;

impl Layer {
    pub(super) fn validate(&self, seen: &Registration) -> Result<(), RegistrationError> {
        // A key that is not used, where the stage is ended by another thread, is 64 bytes.
        let lock = if seen.kind == PacketKind::New { Some(self.vault.assign()?) } else { None };
        self.finish(seen, |draft, registration, own| {
            if registration.kind == PacketKind::Correction {
                if let Some(refused) = self.take_over(draft, registration, own)? {
                    return Ok(Turn::Refused(refused));
                }
                // It goes on as what it corrects, which takes a person of its own where that is new.
                return Ok(Turn::On(Stage::Received));
            }
            let checked = self.check_packet(draft, registration, lock.as_ref())?;
            Ok(checked.map_or(Turn::On(Stage::Validated), Turn::Refused))
        })
    }

    fn check_packet(
        &self,
        draft: &mut Draft<'_>,
        registration: &mut Registration,
        lock: Option<&Lock>,
    ) -> Result<Option<Rejection>, RegistrationError> {
        let consent = registration.consent.as_ref();
        let purpose = &self.settings.consent_purpose;
        if !consent.is_some_and(|consent| consent.is_given && consent.purpose == *purpose) {
            return Ok(Some(Rejection::Consent(purpose.clone())));
        }
        match registration.kind {
            PacketKind::New => self.check_new(draft, registration, lock),
            PacketKind::Update | PacketKind::Deactivate | PacketKind::Reactivate => self.check_own(draft, registration),
            PacketKind::Lost | PacketKind::Correction => Ok(None),
        }
    }

    /// Somebody who is new: his record begins here.
    fn check_new(
        &self,
        draft: &mut Draft<'_>,
        registration: &mut Registration,
        lock: Option<&Lock>,
    ) -> Result<Option<Rejection>, RegistrationError> {
        if let Err(error) = self.demography.check(&registration.demographics) {
            return Ok(Some(Rejection::Schema(error.to_string())));
        }
        let documents = registration.documents();
        let has = |category: &&String| documents.iter().any(|document| document.category == **category);
        if let Some(missing) = self.settings.required_documents.iter().find(|category| !has(category)) {
            return Ok(Some(Rejection::Document(missing.clone())));
        }
        let introducer = self.introducer(draft, registration)?;
        let below = self.settings.introducer_below_years;
        if introducer.is_none() && self.is_below(registration, below) {
            return Ok(Some(Rejection::Introducer(below)));
        }
        let (Some(id), Some(lock)) = (registration.subject, lock) else {
            return Err(RegistrationError::Torn(registration.id.clone()));
        };
        let mut subject = Subject::applicant(id, self.now_ms());
        subject.in_process = Some(registration.id.clone());
        subject.registrations.push(registration.id.clone());
        subject.introducer = introducer;
        Found { subject, lock: lock.clone() }.save(&self.vault, draft)?;
        Ok(None)
    }

    /// Somebody who has a UIN: one registration of his is worked on at a time.
    fn check_own(
        &self,
        draft: &mut Draft<'_>,
        registration: &mut Registration,
    ) -> Result<Option<Rejection>, RegistrationError> {
        let Some(mut found) = self.holder(draft, registration.uin.as_deref())? else {
            return Ok(Some(Rejection::Uin));
        };
        let fits = match registration.kind {
            PacketKind::Reactivate => found.subject.status == Status::Deactivated,
            PacketKind::New
            | PacketKind::Update
            | PacketKind::Correction
            | PacketKind::Lost
            | PacketKind::Deactivate => found.subject.status.is_in_force(),
        };
        if !fits {
            return Ok(Some(Rejection::Uin));
        }
        if found.subject.in_process.as_ref().is_some_and(|busy| *busy != registration.id) {
            return Ok(Some(Rejection::Busy));
        }
        if registration.kind == PacketKind::Update {
            let whole = merged(&found.subject.demographics, &registration.demographics);
            if let Err(error) = self.demography.check(&whole) {
                return Ok(Some(Rejection::Schema(error.to_string())));
            }
        }
        registration.subject = Some(found.subject.id);
        found.subject.in_process = Some(registration.id.clone());
        if !found.subject.registrations.contains(&registration.id) {
            found.subject.registrations.push(registration.id.clone());
        }
        found.save(&self.vault, draft)?;
        Ok(None)
    }

    /// A correction goes on as the registration that it corrects, with what that one had and this one does not bring.
    fn take_over(
        &self,
        draft: &mut Draft<'_>,
        registration: &mut Registration,
        own: &Lock,
    ) -> Result<Option<Rejection>, RegistrationError> {
        let Some(corrected) = registration.corrects.clone() else { return Ok(Some(Rejection::Corrected)) };
        let Some((earlier, _)) = Registration::load(&self.vault, draft, &corrected)? else {
            return Ok(Some(Rejection::Corrected));
        };
        let is_correctable = earlier.rejection.as_ref().is_some_and(Rejection::is_correctable);
        // Of several corrections of one registration the first goes on.
        let claim = [b"corrects\0", corrected.key()].concat();
        if !is_correctable || draft.get(Table::Seen, &claim)?.is_some() {
            return Ok(Some(Rejection::Corrected));
        }
        draft.put(Table::Seen, &claim, registration.id.key().to_vec());
        registration.kind = earlier.kind;
        registration.uin.clone_from(&earlier.uin);
        registration.demographics = merged(&earlier.demographics, &registration.demographics);
        registration.consent = registration.consent.take().or_else(|| earlier.consent.clone());
        registration.introducer = registration.introducer.take().or_else(|| earlier.introducer.clone());
        if registration.exceptions.is_empty() {
            registration.exceptions.clone_from(&earlier.exceptions);
        }
        if registration.kind == PacketKind::New {
            registration.subject = Some(crate::chance::Opaque::draw()?);
        }
        self.take_enclosures(draft, registration, &earlier, own)?;
        Ok(None)
    }

    /// Samples and documents of `earlier` that `registration` does not bring anew.
    fn take_enclosures(
        &self,
        draft: &mut Draft<'_>,
        registration: &mut Registration,
        earlier: &Registration,
        own: &Lock,
    ) -> Result<(), RegistrationError> {
        let brought = registration.enclosed.clone();
        let is_brought = |enclosed: &super::Enclosed| {
            brought.iter().any(|new| new.position == enclosed.position && new.category == enclosed.category)
        };
        for (number, enclosed) in (0..).zip(&earlier.enclosed).filter(|(_, enclosed)| !is_brought(enclosed)) {
            let Some(clear) = self.enclosure(draft, &earlier.id, number)? else { continue };
            let key = enclosure_key(&registration.id, registration.enclosed.len() as u16);
            let sealed = self.vault.seal_bytes(own, Place::new(Table::Enclosures, &key), &clear)?;
            draft.put(Table::Enclosures, &key, sealed);
            registration.enclosed.push(enclosed.clone());
        }
        Ok(())
    }

    /// Whose UIN this is.
    pub(crate) fn holder(&self, tables: &dyn Tables, uin: Option<&str>) -> Result<Option<Found>, RegistrationError> {
        let Some(owner) = uin.map(|uin| number_owner(&self.vault, tables, "uin", uin)).transpose()?.flatten() else {
            return Ok(None);
        };
        Ok(Subject::load(&self.vault, tables, owner)?)
    }

    /// Who vouches for a person: somebody grown up whose UIN is in force.
    fn introducer(
        &self,
        tables: &dyn Tables,
        registration: &Registration,
    ) -> Result<Option<crate::subject::SubjectId>, RegistrationError> {
        let found = self.holder(tables, registration.introducer.as_deref())?;
        let below = self.settings.introducer_below_years;
        let fits = |found: &Found| {
            let born = self.demography.birth_ms(&found.subject.demographics);
            found.subject.status.is_in_force() && born.is_none_or(|born| !is_younger(born, below, self.now_ms()))
        };
        Ok(found.filter(fits).map(|found| found.subject.id))
    }

    /// Whether a person is younger than so many years; who does not say when he was born is not.
    pub(super) fn is_below(&self, registration: &Registration, years: u16) -> bool {
        let born = self.demography.birth_ms(&registration.demographics);
        born.is_some_and(|born| is_younger(born, years, registration.captured_ms.min(self.now_ms())))
    }
}

/// Whether who was born at `born_ms` (since 1970, before it below zero) is younger than `years` at `now_ms`.
fn is_younger(born_ms: i64, years: u16, now_ms: u64) -> bool {
    let age_ms = i64::try_from(now_ms).unwrap_or(i64::MAX).saturating_sub(born_ms);
    age_ms < i64::from(years) * YEAR_MS as i64
}

/// `before`, with the fields of `changes` in the place of its own; a field that is changed to null goes.
pub(crate) fn merged(before: &Demographics, changes: &Demographics) -> Demographics {
    let mut whole = before.clone();
    for (name, value) in changes {
        if value.is_null() {
            whole.remove(name);
        } else {
            whole.insert(name.clone(), value.clone());
        }
    }
    whole
}
