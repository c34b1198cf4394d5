//! `whorl models add`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use whorl_extractors::face::model::{Model, read_description};

use super::Named;
use super::card::Card;
use super::staging::{Placed, Staging, before};
use super::store::{DESCRIPTION, Store};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

/// A model in the store.
#[derive(Debug, Serialize)]
pub(super) struct Added {
    pub(super) folder: PathBuf,
    /// Whether it was there before.
    pub(super) before: bool,
    /// Bytes that came over the network now.
    pub(super) fetched_bytes: u64,
    pub(super) card: Card,
}

pub(super) fn run(named: &Named, console: Console) -> anyhow::Result<Outcome> {
    let store = Store::of(&named.kept)?;
    let toml = Path::new(&named.model);
    let description = read_description(toml)?;
    let card = Card::of(&description);
    if let Some(folder) = before(&store, &description)? {
        console.print(&Added { folder, before: true, fetched_bytes: 0, card })?;
        return Ok(Outcome::Complete);
    }
    // Before anything is copied, so that what is wrong is named by the files that the caller knows.
    Model::open(toml, named.runtime)?;
    let folder = toml.parent().unwrap_or(Path::new(""));
    let staging = Staging::new(&store)?;
    let networks = description.networks().map(|network| network.file.as_str());
    for file in networks.chain(description.calibration.as_deref()) {
        staging.copy(&folder.join(file), file)?;
    }
    staging.copy(toml, DESCRIPTION)?;
    console.print(&Added::of(staging.place(&description, named.runtime)?, 0, card))?;
    Ok(Outcome::Complete)
}

impl Added {
    pub(super) fn of(placed: Placed, fetched_bytes: u64, card: Card) -> Self {
        match placed {
            Placed::New(folder) => Self { folder, before: false, fetched_bytes, card },
            Placed::Before(folder) => Self { folder, before: true, fetched_bytes, card },
        }
    }
}

impl Show for Added {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let what = if self.before { "was installed before in" } else { "is installed in" };
        writeln!(out, "{}\n\nIt {what} {}", self.card, self.folder.display())
    }
}
