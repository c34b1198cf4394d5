//! Whose fingers, eyes and face are like these, and what follows from that and from the demographic comparison.

use whorl_service::sample::Instance;
use whorl_types::ReferenceId;

use super::{PacketKind, Registration, RegistrationError, Rejection, Stage, Turn};
use crate::adjudication::{self, Suspect};
use crate::layer::Layer;
use crate::linkage::Likeness;
use crate::matcher::{Enrolled, Matcher, Resembling};
use crate::settings::{DemographicMode, OnDuplicate};
use crate::store::{Draft, Table, Tables};
use crate::subject::{Subject, SubjectId};

/// What the gallery says of a registration.
#[derive(Debug, Clone, PartialEq)]
enum Answer {
    /// There was nothing to compare.
    NotAsked,
    /// Nobody else is like it.
    Alone,
    /// These are.
    Resembling(Vec<Resembling>),
    /// The samples are not of the person that they should be of.
    OtherPerson,
}

impl Layer {
    pub(super) fn compare_biometrics(&self, seen: &Registration) -> Result<(), RegistrationError> {
        let answer = self.ask_gallery(seen)?;
        self.finish(seen, |draft, registration, _| match (&answer, registration.kind) {
            (Answer::OtherPerson, _) => Ok(Turn::Refused(Rejection::OtherPerson)),
            (_, PacketKind::Lost) => self.find_lost(draft, registration, &answer),
            (_, _) => self.suspect(draft, registration, &answer),
        })
    }

    /// Asks the gallery, and enrols who is new to it.
    fn ask_gallery(&self, registration: &Registration) -> Result<Answer, RegistrationError> {
        let Some(matcher) = &self.matcher else { return Ok(Answer::NotAsked) };
        let asked = self.database.read(|tables| {
            let instances = self.templates(matcher, tables, &registration.id)?;
            let own = match registration.subject {
                Some(subject) => Subject::load(&self.vault, tables, subject)?.map(|found| found.subject.references),
                None => None,
            };
            Ok::<_, RegistrationError>((instances, own.unwrap_or_default()))
        });
        let (instances, own) = asked?;
        if instances.is_empty() || self.is_below(registration, self.settings.infant_below_years) {
            return Ok(Answer::NotAsked);
        }
        self.note_reference(registration)?;
        let own = references(&own);
        let cleared = references(&registration.cleared).into_iter().chain(own.clone()).collect::<Vec<_>>();
        match registration.kind {
            PacketKind::New => enrol(matcher, registration, instances, &cleared),
            PacketKind::Lost => Ok(match matcher.identify(instances, &cleared)? {
                found if found.is_empty() => Answer::Alone,
                found => Answer::Resembling(found),
            }),
            PacketKind::Update | PacketKind::Correction | PacketKind::Deactivate | PacketKind::Reactivate => {
                if !own.is_empty() && !matcher.is_of(&own, &instances)? {
                    return Ok(Answer::OtherPerson);
                }
                let changes = registration.kind == PacketKind::Update;
                if changes { enrol(matcher, registration, instances, &cleared) } else { Ok(Answer::Alone) }
            }
        }
    }

    /// Notes whose reference it will be, before the gallery can name it to anybody.
    fn note_reference(&self, registration: &Registration) -> Result<(), RegistrationError> {
        let Some(subject) = registration.subject else { return Ok(()) };
        self.write(|draft| {
            draft.put(Table::References, registration.reference.as_bytes(), subject.bytes().to_vec());
            Ok::<_, RegistrationError>(())
        })
    }

    /// What follows from whoever is alike, of somebody new and of a change.
    fn suspect(
        &self,
        draft: &mut Draft<'_>,
        registration: &mut Registration,
        answer: &Answer,
    ) -> Result<Turn, RegistrationError> {
        let resembling = if let Answer::Resembling(found) = answer { found.as_slice() } else { &[] };
        let suspects = self.suspects(draft, registration, resembling, answer != &Answer::NotAsked)?;
        if suspects.is_empty() {
            return Ok(Turn::On(Stage::BiometricallyChecked));
        }
        let is_sure = resembling.iter().any(|found| found.is_duplicate);
        if is_sure && self.settings.biometrics.on_duplicate == OnDuplicate::Reject {
            return Ok(Turn::Refused(Rejection::Duplicate));
        }
        registration.case = Some(adjudication::open(self, draft, registration, suspects)?);
        Ok(Turn::On(Stage::InAdjudication))
    }

    /// Everybody who may be the same person, each once, with what speaks for it.
    fn suspects(
        &self,
        tables: &dyn Tables,
        registration: &Registration,
        resembling: &[Resembling],
        was_compared: bool,
    ) -> Result<Vec<Suspect>, RegistrationError> {
        let mut suspects: Vec<Suspect> = Vec::new();
        for found in resembling {
            let owner = reference_owner(tables, &found.reference)?;
            let subject = owner.ok_or_else(|| RegistrationError::Foreign(found.reference.clone()))?;
            let is_known = Some(subject) == registration.subject || registration.cleared_subjects.contains(&subject);
            if is_known || !self.counts(tables, subject)? {
                continue;
            }
            let at = suspects.iter().position(|suspect| suspect.subject == subject);
            let at = at.unwrap_or_else(|| {
                suspects.push(Suspect::new(subject));
                suspects.len() - 1
            });
            suspects[at].biometric.push(found.clone());
        }
        for likeness in &registration.alike {
            if registration.cleared_subjects.contains(&likeness.subject) {
                continue;
            }
            if let Some(suspect) = suspects.iter_mut().find(|suspect| suspect.subject == likeness.subject) {
                suspect.demographic = Some(likeness.clone());
            } else if self.is_open(tables, likeness, was_compared)? {
                suspects.push(Suspect { demographic: Some(likeness.clone()), ..Suspect::new(likeness.subject) });
            }
        }
        Ok(suspects)
    }

    /// Whether somebody like this person is a duplicate. Of one who was refused or erased the gallery may know a moment longer.
    fn counts(&self, tables: &dyn Tables, subject: SubjectId) -> Result<bool, RegistrationError> {
        let found = Subject::load(&self.vault, tables, subject)?;
        Ok(found.is_some_and(|found| found.subject.status.counts()))
    }

    /// Whether biometrics leave it open that somebody with such a name is the same person.
    fn is_open(&self, tables: &dyn Tables, likeness: &Likeness, was_compared: bool) -> Result<bool, RegistrationError> {
        let Some(found) = Subject::load(&self.vault, tables, likeness.subject)? else { return Ok(false) };
        let is_told_apart = was_compared && !found.subject.references.is_empty();
        let settles = self.settings.demographic == DemographicMode::BesideBiometrics && is_told_apart;
        Ok(found.subject.status.counts() && !settles)
    }

    /// Whose UIN was lost: the one person whom the samples, or else the demographic fields, leave.
    fn find_lost(
        &self,
        draft: &mut Draft<'_>,
        registration: &mut Registration,
        answer: &Answer,
    ) -> Result<Turn, RegistrationError> {
        if let Some(found) = registration.subject {
            // People decided whose it is.
            return Ok(if Subject::load(&self.vault, draft, found)?.is_some() {
                Turn::On(Stage::BiometricallyChecked)
            } else {
                Turn::Refused(Rejection::NotFound)
            });
        }
        let resembling = if let Answer::Resembling(found) = answer { found.as_slice() } else { &[] };
        let mut suspects = self.suspects(draft, registration, resembling, answer != &Answer::NotAsked)?;
        let mut by_body = suspects.iter().filter(|suspect| suspect.biometric.iter().any(|found| found.is_duplicate));
        let (only, another) = (by_body.next().map(|suspect| suspect.subject), by_body.next().is_some());
        if let (Some(only), false) = (only, another) {
            registration.subject = Some(only);
            return Ok(Turn::On(Stage::BiometricallyChecked));
        }
        if answer == &Answer::Alone {
            // Where samples are like nobody's, a name proves nothing.
            suspects.clear();
        }
        if suspects.is_empty() {
            return Ok(Turn::Refused(Rejection::NotFound));
        }
        registration.case = Some(adjudication::open(self, draft, registration, suspects)?);
        Ok(Turn::On(Stage::InAdjudication))
    }
}

fn enrol(
    matcher: &Matcher,
    registration: &Registration,
    instances: Vec<Instance>,
    cleared: &[ReferenceId],
) -> Result<Answer, RegistrationError> {
    let reference = reference(&registration.reference);
    let reference = reference.ok_or_else(|| RegistrationError::Torn(registration.id.clone()))?;
    Ok(match matcher.enrol(&reference, instances, cleared)? {
        Enrolled::Unique => Answer::Alone,
        Enrolled::Resembling(found) => Answer::Resembling(found),
    })
}

/// Whose a reference of the gallery is.
pub(crate) fn reference_owner(tables: &dyn Tables, reference: &str) -> Result<Option<SubjectId>, RegistrationError> {
    let owner = tables.get(Table::References, reference.as_bytes())?;
    Ok(owner.and_then(|bytes| SubjectId::from_bytes(&bytes)))
}

/// What templates are called in the gallery; none where the text cannot be such a name, which none of ours is.
pub(crate) fn reference(text: &str) -> Option<ReferenceId> {
    ReferenceId::new(text).ok()
}

/// The same of several.
pub(crate) fn references(texts: &[String]) -> Vec<ReferenceId> {
    texts.iter().filter_map(|text| reference(text)).collect()
}
