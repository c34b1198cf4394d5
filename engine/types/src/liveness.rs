//! What somebody else's presentation attack detection says of a sample.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Whether a person was there: the result of a presentation attack detection (ISO/IEC 30107-3) that ran at the sensor or
/// elsewhere, with its score and who vouches for it. It is an input: Whorl keeps it with the evidence and has no detector of
/// its own.
///
/// As text it is `OUTCOME:SCORE:SOURCE`, such as `live:87:vendor-x`, or `attack::vendor-x` without a score.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Liveness {
    outcome: LivenessOutcome,
    score: Option<u8>,
    source: Box<str>,
}

/// What a presentation attack detection decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LivenessOutcome {
    /// A bona fide presentation: a person, as the capture was meant.
    Live,
    /// A presentation attack: an artefact, a recording, or somebody who means to mislead.
    Attack,
    /// It looked and could not tell; a non-response counts as this.
    Undecided,
}

impl LivenessOutcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Live, Self::Attack, Self::Undecided];

    /// The word for it in manifests and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Attack => "attack",
            Self::Undecided => "undecided",
        }
    }
}

impl fmt::Display for LivenessOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a text is no liveness.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LivenessError {
    /// Fewer than three parts.
    #[error("a liveness is OUTCOME:SCORE:SOURCE, such as live:87:vendor-x, or attack::vendor-x without a score")]
    Parts,
    /// No such outcome.
    #[error("the outcome \"{0}\" is none of live, attack, undecided")]
    Outcome(String),
    /// Not a score.
    #[error("the score \"{0}\" is not a whole number of 0 to 100, nor empty where there is none")]
    Score(String),
    /// Nobody vouches for it.
    #[error("the source is empty: name who says so")]
    NoSource,
    /// A source too long.
    #[error("the source has {0} bytes; at most {max} are kept", max = Liveness::MAX_SOURCE_BYTES)]
    SourceTooLong(usize),
    /// A source that cannot be printed.
    #[error("the source holds a control character at byte {0}")]
    Control(usize),
}

/// Letters of a bad value that a message repeats.
const SHOWN_LETTERS: usize = 40;

impl Liveness {
    /// The longest name of a source, in bytes: as long as that of a subject.
    pub const MAX_SOURCE_BYTES: usize = 64;

    /// What `source` (1 to 64 bytes, printable) says. `score` is its confidence that the presentation is bona fide, 0 to 100 on
    /// its own scale, where it gives one.
    ///
    /// # Errors
    /// [`LivenessError`] where the score is over 100, or the source is empty, too long, or cannot be printed.
    pub fn new(outcome: LivenessOutcome, score: Option<u8>, source: &str) -> Result<Self, LivenessError> {
        if let Some(score) = score.filter(|&score| score > 100) {
            return Err(LivenessError::Score(score.to_string()));
        }
        if source.is_empty() {
            return Err(LivenessError::NoSource);
        }
        if source.len() > Self::MAX_SOURCE_BYTES {
            return Err(LivenessError::SourceTooLong(source.len()));
        }
        match source.char_indices().find(|(_, letter)| letter.is_control()) {
            Some((at, _)) => Err(LivenessError::Control(at)),
            None => Ok(Self { outcome, score, source: source.into() }),
        }
    }

    /// What was decided.
    #[must_use]
    pub fn outcome(&self) -> LivenessOutcome {
        self.outcome
    }

    /// How sure the source is that the presentation is bona fide, 0 to 100 on its own scale, where it gives a score.
    #[must_use]
    pub fn score(&self) -> Option<u8> {
        self.score
    }

    /// Who says so.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl fmt::Display for Liveness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { outcome, score, source } = self;
        match score {
            Some(score) => write!(f, "{outcome}:{score}:{source}"),
            None => write!(f, "{outcome}::{source}"),
        }
    }
}

impl FromStr for Liveness {
    type Err = LivenessError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shown = |part: &str| part.chars().take(SHOWN_LETTERS).collect();
        let mut parts = text.splitn(3, ':');
        let (Some(outcome), Some(score), Some(source)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(LivenessError::Parts);
        };
        let named = LivenessOutcome::ALL.into_iter().find(|known| known.name() == outcome);
        let outcome = named.ok_or_else(|| LivenessError::Outcome(shown(outcome)))?;
        let is_number = score.bytes().all(|byte| byte.is_ascii_digit());
        let score = match score {
            "" => None,
            _ if is_number => Some(score.parse().map_err(|_| LivenessError::Score(shown(score)))?),
            _ => return Err(LivenessError::Score(shown(score))),
        };
        Self::new(outcome, score, source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_liveness_comes_back_from_its_text() {
        for text in ["live:87:vendor-x", "attack:0:booth 3", "undecided::a:b:c", "live:100:Ärzte"] {
            let liveness: Liveness = text.parse().unwrap();
            assert_eq!(liveness.to_string(), text);
        }
        let liveness: Liveness = "attack::x:y".parse().unwrap();
        assert_eq!((liveness.outcome(), liveness.score(), liveness.source()), (LivenessOutcome::Attack, None, "x:y"));
    }

    #[test]
    fn what_is_no_liveness_is_said_to_be_wrong_where_it_is() {
        let error = |text: &str| text.parse::<Liveness>().unwrap_err();
        for parts in ["", "live", "live:vendor-x"] {
            assert_eq!(error(parts), LivenessError::Parts);
        }
        assert_eq!(error("Live:1:x"), LivenessError::Outcome("Live".to_owned()));
        for score in ["101", "-1", "+1", "1.5", "256", "99999999999999999999", " 5"] {
            assert_eq!(error(&format!("live:{score}:x")), LivenessError::Score(score.to_owned()));
        }
        assert_eq!(error("live:1:"), LivenessError::NoSource);
        assert_eq!(error(&format!("live:1:{}", "x".repeat(65))), LivenessError::SourceTooLong(65));
        assert_eq!(error("live:1:a\nb"), LivenessError::Control(1));
        assert!(error(&"x".repeat(1000)).to_string().len() < 200);
    }
}
