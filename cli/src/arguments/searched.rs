//! How a gallery is searched.

use clap::Args;
use whorl_index::{Limits, Mode, Positions, Shortlist};
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
}

impl Default for Searched {
    fn default() -> Self {
        Self { target_fpir: 0.001, exact: false, any_position: false, mirrored: false }
    }
}

impl Searched {
    /// The search for at most so many `candidates`.
    ///
    /// # Errors
    /// Where the target is no rate.
    pub(crate) fn search(&self, candidates: usize) -> anyhow::Result<Search> {
        Ok(Search {
            candidates: candidates.min(Limits::MAX_CANDIDATES),
            mode: if self.exact { Mode::Exact } else { Mode::Cascade(Shortlist::default()) },
            positions: if self.any_position { Positions::Blind } else { Positions::Labelled },
            mirrored: self.mirrored,
            target: Fpir::new(self.target_fpir)?,
        })
    }
}
