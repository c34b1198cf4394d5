//! How a gallery is searched.

use whorl_proto::v1;
use whorl_types::Fpir;

/// How a gallery is searched; what is left out is as the server's configuration says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SearchOptions {
    /// The most candidates, 1 to 10,000.
    pub candidates: Option<u32>,
    /// How often a search for somebody who is not there may end with a duplicate.
    pub target_fpir: Option<Fpir>,
    /// What is compared in full.
    pub mode: Option<SearchMode>,
    /// Whether labels of fingers and eyes are not trusted. Ten times the work.
    pub any_position: bool,
    /// Whether eyes are also looked for as a mirror shows them.
    pub mirrored: bool,
    /// Of a cascade: how many fingers of everybody are scanned first, 1 to 10.
    pub fingers_first: Option<u32>,
}

/// What a search compares in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SearchMode {
    /// What a first stage over everybody finds most alike.
    Cascade,
    /// Everything.
    Exact,
}

impl SearchOptions {
    /// The message; none where everything is as the server has it.
    pub(super) fn message(self) -> Option<v1::SearchOptions> {
        let Self { candidates, target_fpir, mode, any_position, mirrored, fingers_first } = self;
        let mode = match mode {
            None => v1::SearchMode::Unspecified,
            Some(SearchMode::Cascade) => v1::SearchMode::Cascade,
            Some(SearchMode::Exact) => v1::SearchMode::Exact,
        };
        (self != Self::default()).then(|| v1::SearchOptions {
            candidates: candidates.unwrap_or(0),
            target_fpir: target_fpir.map(Fpir::get),
            mode: mode.into(),
            any_position,
            mirrored,
            fingers_first,
        })
    }
}
