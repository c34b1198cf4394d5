//! What somebody else said of a sample's liveness.

use std::fmt;

use serde::Serialize;
use whorl_types::Liveness;

/// A report of liveness; it prints as a few words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Reported {
    /// `live`, `attack` or `undecided`.
    outcome: &'static str,
    /// 0 to 100, where the source gives one.
    score: Option<u8>,
    /// Who says so.
    source: String,
}

impl Reported {
    pub(crate) fn new(liveness: &Liveness) -> Self {
        Self { outcome: liveness.outcome().name(), score: liveness.score(), source: liveness.source().to_owned() }
    }
}

impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { outcome, score, source } = self;
        match score {
            Some(score) => write!(f, "reported {outcome}, score {score}, by {source}"),
            None => write!(f, "reported {outcome} by {source}"),
        }
    }
}
