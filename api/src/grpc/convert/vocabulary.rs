//! Modalities, positions and outcomes, by their numbers.

use whorl_proto::v1;
use whorl_types::{LivenessOutcome, Modality, Position};

pub(crate) fn modality(modality: Modality) -> v1::Modality {
    match modality {
        Modality::Fingerprint => v1::Modality::Fingerprint,
        Modality::Iris => v1::Modality::Iris,
        Modality::Face => v1::Modality::Face,
    }
}

pub(super) fn stated_modality(modality: v1::Modality) -> Option<Modality> {
    match modality {
        v1::Modality::Unspecified => None,
        v1::Modality::Fingerprint => Some(Modality::Fingerprint),
        v1::Modality::Iris => Some(Modality::Iris),
        v1::Modality::Face => Some(Modality::Face),
    }
}

/// The numbers of the wire are those of the positions.
pub(crate) fn position(position: Position) -> v1::Position {
    v1::Position::try_from(position as i32).unwrap_or(v1::Position::Unspecified)
}

pub(super) fn stated_position(number: i32) -> Option<Position> {
    Position::ALL.into_iter().find(|position| *position as i32 == number)
}

pub(super) fn liveness_outcome(outcome: v1::LivenessOutcome) -> Option<LivenessOutcome> {
    match outcome {
        v1::LivenessOutcome::Unspecified => None,
        v1::LivenessOutcome::Live => Some(LivenessOutcome::Live),
        v1::LivenessOutcome::Attack => Some(LivenessOutcome::Attack),
        v1::LivenessOutcome::Undecided => Some(LivenessOutcome::Undecided),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_and_modality_has_its_own_word_and_comes_back() {
        for known in Position::ALL {
            let word = position(known);
            assert_eq!(stated_position(word as i32), Some(known));
            assert_eq!(word == v1::Position::Unspecified, known == Position::Unknown);
        }
        for known in [Modality::Fingerprint, Modality::Iris, Modality::Face] {
            assert_eq!(stated_modality(modality(known)), Some(known));
        }
        assert_eq!(stated_position(14), None);
    }
}
