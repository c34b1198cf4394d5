//! Words of the wire and those of `whorl-types`.

use whorl_proto::v1;
use whorl_types::{Decision, LivenessOutcome, Modality, Position, Verdict};

use super::error::ClientError;

pub(super) fn modality(modality: Modality) -> v1::Modality {
    match modality {
        Modality::Fingerprint => v1::Modality::Fingerprint,
        Modality::Iris => v1::Modality::Iris,
        Modality::Face => v1::Modality::Face,
    }
}

pub(super) fn told_modality(number: i32) -> Result<Modality, ClientError> {
    match v1::Modality::try_from(number) {
        Ok(v1::Modality::Fingerprint) => Ok(Modality::Fingerprint),
        Ok(v1::Modality::Iris) => Ok(Modality::Iris),
        Ok(v1::Modality::Face) => Ok(Modality::Face),
        Ok(v1::Modality::Unspecified) | Err(_) => Err(ClientError::Answer("modality")),
    }
}

/// The numbers of the wire are those of the positions.
pub(super) fn position(position: Position) -> i32 {
    i32::from(position.code())
}

pub(super) fn told_position(number: i32) -> Result<Position, ClientError> {
    u8::try_from(number).ok().and_then(Position::from_code).ok_or(ClientError::Answer("position"))
}

pub(super) fn liveness_outcome(outcome: LivenessOutcome) -> v1::LivenessOutcome {
    match outcome {
        LivenessOutcome::Live => v1::LivenessOutcome::Live,
        LivenessOutcome::Attack => v1::LivenessOutcome::Attack,
        LivenessOutcome::Undecided => v1::LivenessOutcome::Undecided,
    }
}

pub(super) fn told_verdict(number: i32) -> Result<Verdict, ClientError> {
    match v1::Verdict::try_from(number) {
        Ok(v1::Verdict::Unique) => Ok(Verdict::Unique),
        Ok(v1::Verdict::Adjudicate) => Ok(Verdict::Adjudicate),
        Ok(v1::Verdict::Duplicate) => Ok(Verdict::Duplicate),
        Ok(v1::Verdict::Unspecified) | Err(_) => Err(ClientError::Answer("verdict")),
    }
}

pub(super) fn told_decision(number: i32) -> Result<Decision, ClientError> {
    match v1::Decision::try_from(number) {
        Ok(v1::Decision::Match) => Ok(Decision::Match),
        Ok(v1::Decision::NonMatch) => Ok(Decision::NonMatch),
        Ok(v1::Decision::Unspecified) | Err(_) => Err(ClientError::Answer("decision")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_and_modality_comes_back_and_what_is_not_known_is_said_so() {
        for known in Position::ALL {
            assert_eq!(told_position(position(known)).unwrap(), known);
            assert!(v1::Position::try_from(position(known)).is_ok());
        }
        for known in [Modality::Fingerprint, Modality::Iris, Modality::Face] {
            assert_eq!(told_modality(modality(known).into()).unwrap(), known);
        }
        for number in [-1, 14, 300] {
            assert!(told_position(number).is_err() && told_modality(number).is_err() && told_verdict(number).is_err());
        }
        assert!(told_decision(0).is_err());
    }
}
