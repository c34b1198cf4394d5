//! Which rows of a manifest take part.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use whorl_datasets::manifest::Manifest;
use whorl_service::population::{Attacks, Listing};
use whorl_types::Modality;

use crate::console::Console;

/// Which rows of a manifest take part.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Chosen {
    /// Only fingerprint, only iris or only face; rows that say neither what they show nor a position are taken for it
    /// [default: all, and for a fingerprint]
    #[arg(long, value_name = "MODALITY")]
    modality: Option<Modality>,
}

/// Whether samples that are reported to be presentation attacks take part.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Reports {
    /// Also take samples whose column liveness reports an attack; they are left out otherwise
    #[arg(long)]
    keep_attacks: bool,
}

impl From<Reports> for Attacks {
    fn from(Reports { keep_attacks }: Reports) -> Self {
        if keep_attacks { Self::Keep } else { Self::LeaveOut }
    }
}

impl Chosen {
    /// Reads a manifest, says which rows look like mistakes, and groups the rows that take part; reported `attacks` are kept or
    /// left out.
    ///
    /// # Errors
    /// Where the manifest cannot be read or lists nobody.
    pub(crate) fn list(self, manifest: &Path, attacks: Attacks, console: Console) -> anyhow::Result<Listing> {
        let rows = Manifest::read(manifest, Some(self.modality.unwrap_or(Modality::Fingerprint)))?;
        if rows.entries.is_empty() && rows.faults.is_empty() {
            bail!("{} lists nobody: no row follows the names of its columns", manifest.display());
        }
        warn_of_rows(console, &rows);
        Ok(Listing::with_attacks(rows, self.modality, attacks))
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
