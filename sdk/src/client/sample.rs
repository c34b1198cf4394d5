//! What is captured of a person, and what became of it.

use std::fmt;

use whorl_proto::v1;
use whorl_types::{Liveness, Modality, Position, Ppi};

use super::vocabulary::{liveness_outcome, modality, position};

/// A sample: a picture, or a record of ISO/IEC 19794 or ANSI/INCITS 378.
#[derive(Clone, PartialEq)]
pub struct Sample {
    /// The file.
    pub data: Vec<u8>,
    /// What it shows, where neither the position nor the file says so.
    pub modality: Option<Modality>,
    /// Which finger, eye or face it shows.
    pub position: Position,
    /// The sampling rate, where the file does not say it or is wrong; fingerprints only. Whole pixels per inch are sent.
    pub ppi: Option<Ppi>,
    /// What somebody reports of its liveness.
    pub liveness: Option<Liveness>,
}

/// Why a characteristic of a person could not be captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExceptionReason {
    /// The person does not have it.
    Missing,
    /// It is hurt for now.
    Injured,
    /// It gives no usable sample.
    Unreadable,
    /// The person, or the deployment, does without.
    Declined,
}

/// A characteristic that was not captured, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exception {
    /// Which.
    pub position: Position,
    /// Why.
    pub reason: ExceptionReason,
}

/// A readable sample that gave no template: something to capture again, and no fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleRefusal {
    /// The number of the sample in its request, from 0.
    pub sample: usize,
    /// Why, as a word for programs, such as `too-blurred`.
    pub reason: String,
    /// Why, and what to do, for people.
    pub message: String,
}

impl Sample {
    /// A file of what is at `position`.
    #[must_use]
    pub fn at(position: Position, data: Vec<u8>) -> Self {
        Self { data, modality: None, position, ppi: None, liveness: None }
    }

    /// A file of this modality that does not say, or says itself, which finger or eye it shows.
    #[must_use]
    pub fn of(modality: Modality, data: Vec<u8>) -> Self {
        Self { modality: Some(modality), ..Self::at(Position::Unknown, data) }
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample")
            .field("bytes", &self.data.len())
            .field("modality", &self.modality)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

impl From<Sample> for v1::Sample {
    fn from(sample: Sample) -> Self {
        let Sample { data, modality: of, position: at, ppi, liveness } = sample;
        let liveness = liveness.map(|told| v1::Liveness {
            outcome: liveness_outcome(told.outcome()).into(),
            score: told.score().map(u32::from),
            source: told.source().to_owned(),
        });
        Self {
            data: data.into(),
            modality: of.map_or(0, |of| modality(of).into()),
            position: position(at),
            ppi: ppi.map(|ppi| ppi.get().round() as u32),
            liveness,
        }
    }
}

impl From<Exception> for v1::BiometricException {
    fn from(exception: Exception) -> Self {
        let reason = match exception.reason {
            ExceptionReason::Missing => v1::ExceptionReason::Missing,
            ExceptionReason::Injured => v1::ExceptionReason::Injured,
            ExceptionReason::Unreadable => v1::ExceptionReason::Unreadable,
            ExceptionReason::Declined => v1::ExceptionReason::Declined,
        };
        Self { position: position(exception.position), reason: reason.into() }
    }
}

impl From<v1::Refusal> for SampleRefusal {
    fn from(refusal: v1::Refusal) -> Self {
        let v1::Refusal { sample, reason, message } = refusal;
        Self { sample: sample as usize, reason, message }
    }
}

/// Messages from values, or values from messages, one by one.
pub(super) fn each<From, To>(values: Vec<From>) -> Vec<To>
where
    From: Into<To>,
{
    values.into_iter().map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_prints_its_size_only() {
        let printed = format!("{:?}", Sample::at(Position::Face, b"SECRET".to_vec()));
        assert!(printed.contains("bytes: 6") && !printed.contains("SECRET") && !printed.contains("83"), "{printed}");
    }
}
