//! `[search]`

use super::section::Section;

/// How galleries are searched where a request does not say it.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// The most candidates, 1 to 10,000.
    pub candidates: usize,
    /// How often a search for somebody who is not there may end with a duplicate, above 0 and below 1.
    pub target_fpir: f64,
    /// How often a stranger may pass a verification, above 0 and below 1.
    pub target_fmr: f64,
    /// How many fingers of everybody are scanned first, 1 to 10.
    pub fingers_first: usize,
    /// What is compared in full.
    pub mode: SearchMode,
}

/// What a search compares in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchMode {
    /// What a first stage over everybody finds most alike.
    Cascade,
    /// Everything.
    Exact,
}

impl Default for Search {
    fn default() -> Self {
        Self { candidates: 20, target_fpir: 1e-3, target_fmr: 1e-4, fingers_first: 2, mode: SearchMode::Cascade }
    }
}

impl Search {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            candidates: section.whole("candidates", 1..=10_000),
            target_fpir: section.rate("target_fpir"),
            target_fmr: section.rate("target_fmr"),
            fingers_first: section.whole("fingers_first", 1..=10),
            mode: section.word("mode", &[("cascade", SearchMode::Cascade), ("exact", SearchMode::Exact)]),
        }
    }
}
