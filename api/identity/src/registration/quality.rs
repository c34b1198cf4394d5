//! Samples become templates, or say why not.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use whorl_service::sample::{Instance, SampleError};
use whorl_types::{Capture, Liveness, LivenessOutcome, Modality, Position, Ppi};

use super::record::{Enclosed, TEMPLATES, enclosure_key};
use super::{Registration, RegistrationError, RegistrationId, Rejection, Stage, Turn};
use crate::layer::Layer;
use crate::matcher::{Matcher, has_attack};
use crate::store::{Table, Tables};
use crate::vault::Place;

/// A template as it is kept until the registration is done: the code of its position, and its bytes.
#[derive(Serialize, Deserialize)]
struct Kept {
    position: u8,
    template: Vec<u8>,
}

/// What an enclosure gave; of a document nothing.
type Extracted = Option<Result<Vec<Instance>, SampleError>>;

impl Layer {
    pub(super) fn check_quality(&self, seen: &Registration) -> Result<(), RegistrationError> {
        let Some(matcher) = self.matcher.as_ref().filter(|_| seen.has_samples()) else {
            return self.finish(seen, |_, registration, _| Ok(self.without_samples(registration)));
        };
        let extracted = self.extract_all(matcher, seen)?;
        let instances = extracted.iter().flatten().flatten().flatten().cloned().collect::<Vec<_>>();
        let is_attack = has_attack(&instances) || seen.enclosed.iter().any(is_reported_attack);
        let least = self.settings.biometrics.least_templates;
        let kept =
            instances.iter().map(|instance| Kept { position: instance.position.code(), template: instance.to_bytes() });
        let kept = kept.collect::<Vec<_>>();
        self.finish(seen, |draft, registration, lock| {
            for (enclosed, extracted) in registration.enclosed.iter_mut().zip(&extracted) {
                enclosed.refusal = extracted.as_ref().and_then(|found| found.as_ref().err()).map(ToString::to_string);
            }
            if is_attack {
                return Ok(Turn::Refused(Rejection::Attack));
            }
            if kept.len() < least {
                return Ok(Turn::Refused(Rejection::Quality { found: kept.len(), least }));
            }
            let key = enclosure_key(&registration.id, TEMPLATES);
            self.vault.put(draft, lock, Place::new(Table::Enclosures, &key), &kept)?;
            Ok(Turn::On(Stage::QualityChecked))
        })
    }

    /// What follows where there is nothing to extract: biometrics are optional, for a person and for a deployment.
    fn without_samples(&self, registration: &Registration) -> Turn {
        let is_excused = !registration.exceptions.is_empty() || self.matcher.is_none();
        let is_needed = self.settings.biometrics.are_required && registration.kind == super::PacketKind::New;
        if is_needed && !is_excused {
            Turn::Refused(Rejection::Quality { found: 0, least: self.settings.biometrics.least_templates })
        } else {
            Turn::On(Stage::QualityChecked)
        }
    }

    /// What each enclosure of a registration gave; of documents nothing.
    fn extract_all(&self, matcher: &Matcher, registration: &Registration) -> Result<Vec<Extracted>, RegistrationError> {
        let extract = |(number, enclosed): (u16, &Enclosed)| {
            let Some(capture) = capture(enclosed) else { return Ok(None) };
            let kept = self.database.read(|tables| self.enclosure(tables, &registration.id, number))?;
            let Some(bytes) = kept else {
                // It was erased meanwhile, or else it is lost.
                self.registration(&registration.id)?;
                return Err(RegistrationError::Torn(registration.id.clone()));
            };
            Ok(Some(matcher.extract(&bytes, &capture)))
        };
        (0..).zip(&registration.enclosed).map(extract).collect()
    }

    /// The templates that the samples of a registration gave.
    pub(crate) fn templates(
        &self,
        matcher: &Matcher,
        tables: &dyn Tables,
        id: &RegistrationId,
    ) -> Result<Vec<Instance>, RegistrationError> {
        let key = enclosure_key(id, TEMPLATES);
        let Some((kept, _)) = self.vault.get::<Vec<Kept>>(tables, Place::new(Table::Enclosures, &key))? else {
            return Ok(Vec::new());
        };
        let instance = |kept: Kept| {
            let position = Position::from_code(kept.position).unwrap_or(Position::Unknown);
            let modality = position.modality().or_else(|| whorl_service::sample::modality(&kept.template));
            let modality = modality.unwrap_or(Modality::Fingerprint);
            let found = matcher.extract(&kept.template, &Capture { modality, position, ppi: None, liveness: None });
            found.map_err(|_| RegistrationError::Torn(id.clone()))
        };
        Ok(kept.into_iter().map(instance).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}

/// What is known of a sample; none of a document.
fn capture(enclosed: &Enclosed) -> Option<Capture> {
    let position = Position::from_code(enclosed.position?).unwrap_or(Position::Unknown);
    let modality = Modality::from_str(&enclosed.category).ok()?;
    let liveness = enclosed.liveness.as_ref().and_then(|(outcome, score, source)| {
        let outcome = LivenessOutcome::ALL.into_iter().find(|known| known.name() == outcome)?;
        Liveness::new(outcome, *score, source).ok()
    });
    let ppi = enclosed.ppi.and_then(|ppi| Ppi::new(f32::from(ppi)).ok());
    Some(Capture { modality, position, ppi, liveness })
}

fn is_reported_attack(enclosed: &Enclosed) -> bool {
    enclosed.liveness.as_ref().is_some_and(|(outcome, _, _)| *outcome == LivenessOutcome::Attack.name())
}
