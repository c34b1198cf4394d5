//! What follows from the evidence.

/// The answer of a verification (1:1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The evidence reaches the threshold.
    Match,
    /// It does not.
    NonMatch,
}

/// The answer of a deduplication (1:N).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nobody in the gallery is near.
    Unique,
    /// Somebody is near enough that a person must look.
    Adjudicate,
    /// Enrolled already.
    Duplicate,
}

impl Verdict {
    /// A word for tables and programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unique => "unique",
            Self::Adjudicate => "adjudicate",
            Self::Duplicate => "duplicate",
        }
    }
}
