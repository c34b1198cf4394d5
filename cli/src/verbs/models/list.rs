//! `whorl models list`

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;
use whorl_extractors::face::model::{Description, Model, Sha256};

use super::Kept;
use super::store::{Installed, Store};
use crate::console::{Console, Show, Table};
use crate::outcome::Outcome;

/// The model of this program, and those of a folder.
#[derive(Debug, Serialize)]
struct Listed {
    folder: PathBuf,
    /// The one that is used where none is named; it has no files of its own.
    shipped: Row,
    models: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    version: Option<u32>,
    id: Option<String>,
    dimension: Option<usize>,
    licence: Option<String>,
    tells_attacks: bool,
    whole: bool,
    flaws: Vec<String>,
}

pub(super) fn run(kept: &Kept, console: Console) -> anyhow::Result<Outcome> {
    let store = Store::of(kept)?;
    let models: Vec<Row> = store.installed()?.iter().map(row).collect();
    let flawed = models.iter().filter(|model| !model.whole).count();
    let outcome = if flawed == 0 { Outcome::Complete } else { Outcome::Partial };
    let shipped = of(Model::shipped().description(), Vec::new());
    console.print(&Listed { folder: store.folder().to_owned(), shipped, models })?;
    Ok(outcome)
}

fn row(installed: &Installed) -> Row {
    match &installed.description {
        Ok(description) => described(installed, description),
        Err(error) => Row {
            name: installed.folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            version: None,
            id: None,
            dimension: None,
            licence: None,
            tells_attacks: false,
            whole: false,
            flaws: vec![error.to_string()],
        },
    }
}

fn described(installed: &Installed, description: &Description) -> Row {
    let networks = description.networks().map(|network| (network.file.as_str(), Some(network.sha256)));
    let files = networks.chain(description.calibration.as_deref().map(|file| (file, None)));
    of(description, files.filter_map(|(file, stated)| flaw(installed, file, stated)).collect())
}

fn of(description: &Description, flaws: Vec<String>) -> Row {
    Row {
        name: description.name.clone(),
        version: Some(description.version),
        id: Some(description.id().to_string()),
        dimension: Some(description.embedder.dimension),
        licence: Some(description.licence.name.clone()),
        tells_attacks: description.attack.is_some(),
        whole: flaws.is_empty(),
        flaws,
    }
}

/// What is wrong with a file: that it is absent, or not of the hash that is stated.
fn flaw(installed: &Installed, file: &str, stated: Option<Sha256>) -> Option<String> {
    let found = File::open(installed.folder.join(file)).and_then(Sha256::of_reader);
    match (found, stated) {
        (Err(error), _) => Some(format!("{file}: {error}")),
        (Ok((found, _)), Some(stated)) if found != stated => {
            Some(format!("{file} was changed: its SHA-256 is {found}"))
        }
        (Ok(_), _) => None,
    }
}

impl Show for Listed {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(["name", "version", "id", "dimension", "licence", "attacks", "state"]);
        let dash = || "-".to_owned();
        for (place, row) in std::iter::once(&self.shipped).chain(&self.models).enumerate() {
            table.push([
                row.name.clone(),
                row.version.map_or_else(dash, |version| version.to_string()),
                row.id.clone().unwrap_or_else(dash),
                row.dimension.map_or_else(dash, |dimension| dimension.to_string()),
                row.licence.clone().unwrap_or_else(dash),
                if row.tells_attacks { "told" } else { "not told" }.to_owned(),
                match (place, row.whole) {
                    (0, _) => "shipped".to_owned(),
                    (_, true) => "whole".to_owned(),
                    (_, false) => row.flaws.join("; "),
                },
            ]);
        }
        table.write(out)?;
        writeln!(out, "{} installed in {}", self.models.len(), self.folder.display())
    }
}
