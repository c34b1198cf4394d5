//! Samples of a body against the templates of the person.

use whorl_service::sample::Instance;
use whorl_types::{Capture, Modality, Ppi};

use super::error::Halt;
use super::{AuthenticationError, Biometric, Factor, IdKind, Refusal, Request};
use crate::layer::Layer;
use crate::matcher::has_attack;
use crate::partner::Partner;
use crate::registration::reference;

/// The templates that the samples gave, by factor.
pub(super) type Bodies = Vec<(Factor, Vec<Instance>)>;

impl Factor {
    /// The factor of a modality.
    #[must_use]
    pub fn of(modality: Modality) -> Self {
        match modality {
            Modality::Fingerprint => Self::Fingerprint,
            Modality::Iris => Self::Iris,
            Modality::Face => Self::Face,
        }
    }
}

impl Layer {
    /// The templates of a request's samples.
    pub(super) fn extract(&self, request: &Request) -> Result<Bodies, Halt> {
        let Some(matcher) = &self.matcher else {
            let factor = request.biometrics.first().map(|sample| Factor::of(sample.modality));
            return factor.map_or(Ok(Vec::new()), |factor| Err(Refusal::Unsupported(factor).into()));
        };
        let mut bodies = Bodies::new();
        for sample in &request.biometrics {
            let instances = matcher.extract(&sample.bytes, &capture(sample)).map_err(|_| Refusal::Unreadable)?;
            if instances.is_empty() {
                return Err(Refusal::Unreadable.into());
            }
            if has_attack(&instances) {
                return Err(Refusal::Attack.into());
            }
            let factor = Factor::of(sample.modality);
            match bodies.iter_mut().find(|(of, _)| *of == factor) {
                Some((_, all)) => all.extend(instances),
                None => bodies.push((factor, instances)),
            }
        }
        Ok(bodies)
    }

    /// What does not agree of them. It is asked before the store is changed, for it takes long.
    pub(super) fn compare_bodies(
        &self,
        partner: &Partner,
        (id, kinds): (&str, &[IdKind]),
        bodies: &Bodies,
    ) -> Result<Vec<Refusal>, AuthenticationError> {
        let Some(matcher) = self.matcher.as_ref().filter(|_| !bodies.is_empty()) else { return Ok(Vec::new()) };
        let holder = self.database.read(|tables| self.find_holder(tables, partner, id, kinds))?;
        let references = holder.found.subject.references.iter().filter_map(|text| reference(text)).collect::<Vec<_>>();
        let mut refusals = Vec::new();
        for (factor, instances) in bodies {
            if references.is_empty() {
                matcher.rehearse(instances);
                refusals.push(Refusal::BiometricMissing(*factor));
            } else if !matcher.is_of(&references, instances)? {
                refusals.push(Refusal::Biometric(*factor));
            }
        }
        Ok(refusals)
    }
}

fn capture(sample: &Biometric) -> Capture {
    Capture {
        modality: sample.modality,
        position: sample.position,
        ppi: sample.ppi.and_then(|ppi| Ppi::new(f32::from(ppi)).ok()),
        liveness: sample.liveness.clone(),
    }
}
