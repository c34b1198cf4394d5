//! `[policy]`

use std::time::Duration;

use super::section::Section;

/// What the server does and does not do, whoever asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether templates are taken in place of pictures and records.
    pub accept_templates: bool,
    /// Whether templates are let out.
    pub return_templates: bool,
    /// For how many hours an enrolment that is sent again gets its first answer, 0 to 720; 0 is not at all.
    pub idempotency_hours: u32,
    /// The most such answers that are kept, 0 to 10,000,000.
    pub idempotency_entries: usize,
    /// The most samples of a request, 1 to 64.
    pub max_samples: usize,
    /// What is searched for before somebody is enrolled whose request does not say it.
    pub duplicate_check: DuplicateCheck,
}

/// What is searched for before somebody is enrolled, and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DuplicateCheck {
    /// Enrolled only where the verdict is unique.
    Unique,
    /// Enrolled unless the verdict is duplicate.
    UnlessDuplicate,
    /// Enrolled without a search.
    None,
}

const CHECKS: [(&str, DuplicateCheck); 3] = [
    ("unique", DuplicateCheck::Unique),
    ("unless-duplicate", DuplicateCheck::UnlessDuplicate),
    ("none", DuplicateCheck::None),
];

impl Default for Policy {
    fn default() -> Self {
        Self {
            accept_templates: false,
            return_templates: false,
            idempotency_hours: 24,
            idempotency_entries: 100_000,
            max_samples: 64,
            duplicate_check: DuplicateCheck::Unique,
        }
    }
}

impl Policy {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            accept_templates: section.flag("accept_templates"),
            return_templates: section.flag("return_templates"),
            idempotency_hours: section.whole("idempotency_hours", 0..=720),
            idempotency_entries: section.whole("idempotency_entries", 0..=10_000_000),
            max_samples: section.whole("max_samples", 1..=64),
            duplicate_check: section.word("duplicate_check", &CHECKS),
        }
    }

    /// How long an answer is kept.
    #[must_use]
    pub fn idempotency(&self) -> Duration {
        Duration::from_hours(self.idempotency_hours.into())
    }
}
