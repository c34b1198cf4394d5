//! Which rows of a manifest take part.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use clap::Args;
use whorl_datasets::manifest::Manifest;
use whorl_service::population::Listing;
use whorl_types::Modality;

use crate::console::Console;

/// Which rows of a manifest take part.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Chosen {
    /// Only fingerprint or only iris; rows that say neither what they show nor a position are taken for it
    /// [default: both, and for a fingerprint]
    #[arg(long, value_name = "MODALITY")]
    modality: Option<Modality>,
}

impl Chosen {
    /// Reads a manifest, says which rows look like mistakes, and groups the rows that take part.
    ///
    /// # Errors
    /// Where the manifest cannot be read or lists nobody, or faces are chosen.
    pub(crate) fn list(self, manifest: &Path, console: Console) -> anyhow::Result<Listing> {
        if let Some(modality @ Modality::Face) = self.modality {
            return Err(unsupported(modality));
        }
        let rows = Manifest::read(manifest, Some(self.modality.unwrap_or(Modality::Fingerprint)))?;
        if rows.entries.is_empty() && rows.faults.is_empty() {
            bail!("{} lists nobody: no row follows the names of its columns", manifest.display());
        }
        warn_of_rows(console, &rows);
        Ok(Listing::new(rows, self.modality))
    }

    /// The modality of all rows of `manifests`, where one is not chosen.
    ///
    /// # Errors
    /// Where a manifest cannot be read, or rows show different things.
    pub(crate) fn single(self, manifests: &[PathBuf]) -> anyhow::Result<Modality> {
        if let Some(modality) = self.modality {
            return Ok(modality);
        }
        let mut found = BTreeSet::new();
        for manifest in manifests {
            let entries = Manifest::read(manifest, Some(Modality::Fingerprint))?.entries;
            found.extend(entries.into_iter().map(|entry| entry.modality));
        }
        match Vec::from_iter(found)[..] {
            [] => Ok(Modality::Fingerprint),
            [modality] => Ok(modality),
            [one, other, ..] => bail!("the manifest holds {one} and {other} samples: choose with --modality"),
        }
    }
}

/// What is said of a modality that this version cannot recognise.
pub(crate) fn unsupported(modality: Modality) -> anyhow::Error {
    anyhow!("{modality} is not supported by this version: fingerprint and iris are")
}

/// Rows that look like mistakes and are named one by one; the rest is counted.
pub(crate) const NAMED_WARNINGS: usize = 5;

/// Says which rows of a manifest were kept but look like mistakes.
fn warn_of_rows(console: Console, manifest: &Manifest) {
    for warning in manifest.warnings.iter().take(NAMED_WARNINGS) {
        console.note(format_args!("note: {warning}"));
    }
    if manifest.warnings.len() > NAMED_WARNINGS {
        console.note(format_args!("note: {} more rows look like mistakes", manifest.warnings.len() - NAMED_WARNINGS));
    }
}
