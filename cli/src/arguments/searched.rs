//! How a gallery is searched.

use std::time::Duration;

use clap::Args;
use whorl_index::{Limits, Mode, Positions, Shortlist};
use whorl_sdk::client::{SearchMode, SearchOptions};
use whorl_service::Search;
use whorl_types::Fpir;

use super::rate;

/// How a gallery is searched, and what may go wrong.
#[derive(Debug, Clone, Args)]
pub(crate) struct Searched {
    /// How often a search for somebody who is not there may end with a duplicate
    #[arg(long, default_value = "0.001", value_name = "RATE", value_parser = rate)]
    pub(crate) target_fpir: f64,

    /// Compare everything in full, without the first stage of the cascade: slower, and nothing is missed
    #[arg(long)]
    exact: bool,

    /// Do not trust positions: compare every finger with every other, and every eye
    #[arg(long)]
    any_position: bool,

    /// Also look for eyes as a mirror shows them: pictures may be flipped by mistake or by intent
    #[arg(long)]
    mirrored: bool,

    /// How many fingers of everybody are looked at first, with eyes and faces; the others are compared with those who stand out,
    /// and with those who have none of these [default: 2; of deduplications by manifest all]
    #[arg(long, value_name = "N", conflicts_with = "exact")]
    fingers_first: Option<usize>,

    /// Give up a search that takes longer, in seconds: there is then no answer, rather than half of one
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    within: Option<Duration>,
}

/// A time that a search may take.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|time| !time.is_zero()).ok_or_else(|| format!("\"{text}\" is no time above 0, such as 2.5"))
}

impl Default for Searched {
    fn default() -> Self {
        Self {
            target_fpir: 0.001,
            exact: false,
            any_position: false,
            mirrored: false,
            fingers_first: None,
            within: None,
        }
    }
}

impl Searched {
    /// The search for at most so many `candidates`.
    ///
    /// # Errors
    /// Where the target is no rate.
    pub(crate) fn search(&self, candidates: usize) -> anyhow::Result<Search> {
        self.search_by(candidates, Shortlist::default())
    }

    /// The same where all fingers are looked at unless fewer are asked for: samples that were filed under the wrong name show only
    /// where every finger is held against every other.
    ///
    /// # Errors
    /// Where the target is no rate.
    pub(crate) fn search_all(&self, candidates: usize) -> anyhow::Result<Search> {
        self.search_by(candidates, Shortlist { fingers: usize::MAX, ..Shortlist::default() })
    }

    /// The same search as a server is asked for it; how long it may take is for the caller to see to.
    ///
    /// # Errors
    /// Where the target is no rate.
    pub(crate) fn asked(&self, candidates: usize) -> anyhow::Result<SearchOptions> {
        Ok(SearchOptions {
            candidates: Some(candidates.min(Limits::MAX_CANDIDATES) as u32),
            target_fpir: Some(Fpir::new(self.target_fpir)?),
            mode: Some(if self.exact { SearchMode::Exact } else { SearchMode::Cascade }),
            any_position: self.any_position,
            mirrored: self.mirrored,
            fingers_first: self.fingers_first.map(|fingers| fingers as u32),
        })
    }

    /// How long it may take, where that was said.
    pub(crate) fn within(&self) -> Option<Duration> {
        self.within
    }

    fn search_by(&self, candidates: usize, shortlist: Shortlist) -> anyhow::Result<Search> {
        let shortlist = Shortlist { fingers: self.fingers_first.unwrap_or(shortlist.fingers), ..shortlist };
        Ok(Search {
            candidates: candidates.min(Limits::MAX_CANDIDATES),
            mode: if self.exact { Mode::Exact } else { Mode::Cascade(shortlist) },
            positions: if self.any_position { Positions::Blind } else { Positions::Labelled },
            mirrored: self.mirrored,
            target: Fpir::new(self.target_fpir)?,
            within: self.within,
        })
    }
}
