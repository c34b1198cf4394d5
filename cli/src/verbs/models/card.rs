//! The licence card.

use std::fmt;

use serde::Serialize;
use whorl_extractors::face::model::{Description, Licence};

/// What somebody should know before using a model.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Card {
    name: String,
    version: u32,
    id: String,
    dimension: usize,
    tells_attacks: bool,
    licence: String,
    text: String,
    source: Option<String>,
}

impl Card {
    pub(super) fn of(description: &Description) -> Self {
        let Licence { name: licence, text, source, .. } = description.licence.clone();
        Self {
            name: description.name.clone(),
            version: description.version,
            id: description.id().to_string(),
            dimension: description.embedder.dimension,
            tells_attacks: description.attack.is_some(),
            licence,
            text: text.trim().to_owned(),
            source,
        }
    }
}

impl fmt::Display for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, version, id, dimension, tells_attacks, licence, text, source } = self;
        writeln!(f, "{name} {version}  (id {id}, {dimension} dimensions)")?;
        writeln!(f, "licence  {licence}")?;
        if let Some(source) = source {
            writeln!(f, "source   {source}")?;
        }
        let attacks =
            if *tells_attacks { "told by a network of the model" } else { "not told: a picture of a picture passes" };
        writeln!(f, "attacks  {attacks}")?;
        for line in text.lines() {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}
