//! The last stage: what the registration is for is done.

use super::biometric::reference;
use super::validate::merged;
use super::{PacketKind, Registration, RegistrationError, Rejection, Stage, Turn};
use crate::issuance::claim_number;
use crate::layer::Layer;
use crate::linkage;
use crate::settings::DemographicMode;
use crate::store::{Draft, Table};
use crate::subject::{Change, Found, Status, Subject, note};

/// How many captures of a person are kept in the gallery: templates of some years ago still help, and each costs a row of every search.
const MOST_REFERENCES: usize = 3;

impl Layer {
    pub(super) fn issue(&self, seen: &Registration) -> Result<(), RegistrationError> {
        let is_enrolled = self.is_enrolled(seen);
        let outdated = if is_enrolled { self.outdated(seen)? } else { Vec::new() };
        if let Some(matcher) = &self.matcher {
            // Before the record forgets them: what is done twice does no harm, and what is forgotten would stay for ever.
            for reference in outdated.iter().filter_map(|text| reference(text)) {
                matcher.remove(reference)?;
            }
        }
        self.finish(seen, |draft, registration, _| {
            let Some(mut found) = self.subject_of(draft, registration)? else {
                return Ok(Turn::Refused(Rejection::NotFound));
            };
            let what = match registration.kind {
                PacketKind::New => self.issue_new(draft, registration, &mut found)?,
                PacketKind::Update | PacketKind::Correction => self.apply(draft, registration, &mut found)?,
                PacketKind::Lost => "found",
                PacketKind::Deactivate => {
                    found.subject.status = Status::Deactivated;
                    "deactivated"
                }
                PacketKind::Reactivate => {
                    found.subject.status = Status::Active;
                    "reactivated"
                }
            };
            if is_enrolled {
                for reference in &outdated {
                    draft.delete(Table::References, reference.as_bytes());
                }
                found.subject.references.retain(|kept| !outdated.contains(kept) && *kept != registration.reference);
                found.subject.references.push(registration.reference.clone());
            }
            self.close_subject(draft, registration, &mut found, what)?;
            Ok(Turn::On(Stage::Issued))
        })
    }

    /// The person's record at the end of a registration.
    fn close_subject(
        &self,
        draft: &mut Draft<'_>,
        registration: &Registration,
        found: &mut Found,
        what: &str,
    ) -> Result<(), RegistrationError> {
        let now_ms = self.now_ms();
        let Found { subject, .. } = found;
        subject.updated_ms = now_ms;
        subject.consents.extend(registration.consent.clone());
        if subject.in_process.as_ref() == Some(&registration.id) {
            subject.in_process = None;
        }
        if !subject.registrations.contains(&registration.id) {
            subject.registrations.push(registration.id.clone());
        }
        let fields = registration.demographics.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let detail = format!("registration {}: {fields}", registration.id);
        let change = Change { at_ms: now_ms, by: registration.operator.name.clone(), what: what.to_owned(), detail };
        note(&self.vault, draft, found, &change)?;
        Ok(found.save(&self.vault, draft)?)
    }

    fn issue_new(
        &self,
        draft: &mut Draft<'_>,
        registration: &Registration,
        found: &mut Found,
    ) -> Result<&'static str, RegistrationError> {
        let subject = &mut found.subject;
        subject.uin =
            Some(claim_number::<RegistrationError>(&self.vault, draft, ("uin", &self.filters.uin), subject.id)?);
        subject.status = Status::Active;
        subject.demographics.clone_from(&registration.demographics);
        subject.documents = registration.documents();
        subject.exceptions.clone_from(&registration.exceptions);
        Ok("issued")
    }

    fn apply(
        &self,
        draft: &mut Draft<'_>,
        registration: &Registration,
        found: &mut Found,
    ) -> Result<&'static str, RegistrationError> {
        let subject = &mut found.subject;
        subject.demographics = merged(&subject.demographics, &registration.demographics);
        subject.documents.extend(registration.documents());
        if !registration.exceptions.is_empty() {
            subject.exceptions.clone_from(&registration.exceptions);
        }
        if self.settings.demographic != DemographicMode::Off {
            let profile = self.demography.profile(&subject.demographics);
            linkage::leave(&self.vault, draft, subject.id)?;
            linkage::enter(&self.vault, draft, (subject.id, &found.lock), &profile)?;
        }
        Ok("updated")
    }

    /// Whether the templates of a registration are in the gallery.
    fn is_enrolled(&self, registration: &Registration) -> bool {
        let name = reference(&registration.reference);
        let enrols = matches!(registration.kind, PacketKind::New | PacketKind::Update);
        let is_there =
            |matcher: &crate::matcher::Matcher| name.is_some_and(|name| matcher.desk().snapshot().contains(&name));
        enrols && self.matcher.as_ref().is_some_and(is_there)
    }

    /// References of a person that make room for a new one.
    fn outdated(&self, registration: &Registration) -> Result<Vec<String>, RegistrationError> {
        let Some(id) = registration.subject else { return Ok(Vec::new()) };
        let found = self.database.read(|tables| Subject::load(&self.vault, tables, id))?;
        let mut references = found.map(|found| found.subject.references).unwrap_or_default();
        references.retain(|kept| *kept != registration.reference);
        let surplus = (references.len() + 1).saturating_sub(MOST_REFERENCES);
        references.truncate(surplus);
        Ok(references)
    }
}
