//! Samples of a request become templates, or refusals; what cannot be read at all fails the call.

use whorl_proto::v1;
use whorl_service::Engine;
use whorl_service::sample::{self, Instance, NoTrace, SampleError};
use whorl_types::{Capture, Liveness, Modality, Position, Ppi};

use super::vocabulary::{liveness_outcome, stated_modality, stated_position};
use crate::grpc::failure::{Failure, Reason};

/// What a server takes of samples.
#[derive(Debug, Clone, Copy)]
pub(in crate::grpc) struct Taken {
    /// Whether it takes templates, which it cannot look into.
    pub(in crate::grpc) templates: bool,
    /// The most samples of a request.
    pub(in crate::grpc) most: usize,
}

/// What the samples of a request gave.
#[derive(Debug, Default)]
pub(in crate::grpc) struct Extracted {
    /// Templates, each with the number of its sample.
    pub(in crate::grpc) instances: Vec<(u32, Instance)>,
    /// Samples that gave none.
    pub(in crate::grpc) refusals: Vec<v1::Refusal>,
}

impl Extracted {
    /// The templates alone.
    pub(in crate::grpc) fn into_instances(self) -> Vec<Instance> {
        self.instances.into_iter().map(|(_, instance)| instance).collect()
    }
}

/// Extracts the samples of the field `field`, on the threads of the engine.
pub(in crate::grpc) fn extract(
    engine: &Engine,
    samples: &[v1::Sample],
    field: &str,
    taken: Taken,
) -> Result<Extracted, Failure> {
    if samples.is_empty() || samples.len() > taken.most {
        let message = format!("{field}: a request has 1 to {} samples, not {}", taken.most, samples.len());
        return Err(Failure::field(field, message));
    }
    let mut extracted = Extracted::default();
    for (number, sample) in samples.iter().enumerate() {
        let capture = capture(sample, field, number)?;
        if !taken.templates && sample::is_template(&sample.data) {
            let message =
                format!("{field}[{number}] is a template, and this server takes pictures only: send the sample itself");
            return Err(Failure::new(Reason::TemplatesRefused, message));
        }
        for content in engine.install(|| contents(engine, &sample.data, &capture)) {
            match content {
                Ok(instance) => extracted.instances.push((number as u32, instance)),
                Err(error) => extracted.refusals.push(refusal(&error, field, number)?),
            }
        }
    }
    Ok(extracted)
}

/// Each finger, eye or face of a sample.
fn contents(engine: &Engine, data: &[u8], capture: &Capture) -> Vec<Result<Instance, SampleError>> {
    match sample::decode(data, capture) {
        Ok(contents) => contents.into_iter().map(|content| content?.extract(engine.faces(), &mut NoTrace)).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// What is known of a sample besides its bytes.
pub(crate) fn capture(sample: &v1::Sample, field: &str, number: usize) -> Result<Capture, Failure> {
    let at = |name: &str| format!("{field}[{number}].{name}");
    let position = stated_position(sample.position).ok_or_else(|| {
        let message = format!("{}: there is no position {}", at("position"), sample.position);
        Failure::field(at("position"), message)
    })?;
    let stated = v1::Modality::try_from(sample.modality).ok().and_then(stated_modality);
    let known = stated.or_else(|| position.modality()).or_else(|| sample::modality(&sample.data));
    let modality = known.ok_or_else(|| {
        let message = format!("{}: a picture may show anything; state its modality or position", at("modality"));
        Failure::field(at("modality"), message)
    })?;
    let position = if modality == Modality::Face { Position::Face } else { position };
    let liveness = sample.liveness.as_ref().map(|liveness| reported(liveness, &at("liveness"))).transpose()?;
    Ok(Capture { modality, position, ppi: resolution(sample.ppi, &at("ppi"))?, liveness })
}

/// A sampling rate, in pixels per inch.
fn resolution(ppi: Option<u32>, field: &str) -> Result<Option<Ppi>, Failure> {
    let of = |ppi: u32| {
        let rate = u16::try_from(ppi).ok().and_then(|ppi| Ppi::new(f32::from(ppi)).ok());
        rate.ok_or_else(|| Failure::field(field, format!("{field}: {ppi} pixels per inch are out of range")))
    };
    ppi.map(of).transpose()
}

fn reported(liveness: &v1::Liveness, field: &str) -> Result<Liveness, Failure> {
    let refused = |message: String| Failure::field(field, format!("{field}: {message}"));
    let outcome = liveness_outcome(liveness.outcome()).ok_or_else(|| refused("state its outcome".to_owned()))?;
    let score = liveness.score.map(|score| u8::try_from(score).unwrap_or(u8::MAX));
    Liveness::new(outcome, score, &liveness.source).map_err(|error| refused(error.to_string()))
}

/// A sample that could be read and gave no template is something to count; one that could not be read is a mistake of the caller.
fn refusal(error: &SampleError, field: &str, number: usize) -> Result<v1::Refusal, Failure> {
    match error.refusal() {
        Some(_) => {
            Ok(v1::Refusal { sample: number as u32, reason: error.name().to_owned(), message: error.to_string() })
        }
        None => Err(Failure::sample(field, number, error)),
    }
}
