//! Manifests: which file shows which finger, eye or face of whom.
//!
//! A manifest is a CSV file with a header. It needs the columns `path` and `subject`; `modality`, `position`, `encounter`, `ppi`
//! and `liveness` may be there, in any order, beside others that are ignored. Paths are relative to the folder of the manifest.
//! ```csv
//! path,subject,modality,position,encounter,ppi
//! prints/101_1.png,101,fingerprint,right-index,1,500
//! ```
//! A liveness is what somebody's presentation attack detection says, such as `live:87:vendor-x`: see [`Liveness`].
//!
//! A row that cannot be used becomes a [`RowFault`] that names its line; the other rows go on.

mod duplicates;
mod fault;
mod pairs;
mod row;
mod table;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};

use whorl_types::{Liveness, Modality, Position, Ppi};

pub use fault::{ManifestError, Problem, RowFault};
pub use pairs::{Pair, Pairs};
pub use row::Rows;
pub use write::write;

/// The most rows read from one file: more than any corpus has, and a stop for a file that is none.
pub const MAX_ROWS: u64 = 50_000_000;

/// One usable row: a sample and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where the file is: the listed path, resolved against the manifest's folder.
    pub path: PathBuf,
    /// The path as the manifest has it.
    pub listed: String,
    /// The line of the manifest, from 1; 0 for a row that was never in a file.
    pub line: u64,
    /// Whose sample it is: 1 to 64 bytes, printable, as a `ReferenceId` must be.
    pub subject: String,
    /// The characteristic shown.
    pub modality: Modality,
    /// Which finger, eye or face, or the face; unknown where nothing is said.
    pub position: Position,
    /// Which capture session, `1` where nothing is said.
    pub encounter: String,
    /// The sampling rate, where it is said.
    pub ppi: Option<Ppi>,
    /// Whether a person was there, where it is said.
    pub liveness: Option<Liveness>,
}

/// A whole manifest in memory.
#[derive(Debug, Default)]
pub struct Manifest {
    /// The usable rows, in file order.
    pub entries: Vec<Entry>,
    /// The rows left out, in file order, and why.
    pub faults: Vec<RowFault>,
    /// Rows that were kept but look like mistakes, in file order.
    pub warnings: Vec<RowFault>,
}

impl Manifest {
    /// Reads the manifest at `path`; `assumed` is the modality of rows that do not say it, nor by their position.
    ///
    /// A second row of the same file for the same subject and position is a fault. The same file under another subject, and
    /// a second file for the same subject, known position and encounter, are warnings.
    ///
    /// # Errors
    /// [`ManifestError`] where the file cannot be read, has no header, lacks a column, or is too large. Nothing else is fatal.
    pub fn read(path: &Path, assumed: Option<Modality>) -> Result<Self, ManifestError> {
        let mut manifest = Self::default();
        for row in Rows::open(path, assumed)? {
            match row? {
                Ok(entry) => manifest.entries.push(entry),
                Err(fault) => manifest.faults.push(fault),
            }
        }
        duplicates::set_aside(&mut manifest, path);
        Ok(manifest)
    }
}

/// The folder of real samples, where this machine has it.
#[cfg(test)]
pub(crate) fn samples() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"));
    let data = std::env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from);
    if !data.is_dir() {
        eprintln!("skipped: no samples at {} (set WHORL_DATA)", data.display());
    }
    data.is_dir().then_some(data)
}
