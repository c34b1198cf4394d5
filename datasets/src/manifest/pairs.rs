//! Lists of pairs to compare: `probe,reference,mated[,fold]`, paths as the manifest lists them.

use std::path::Path;

use super::fault::{ManifestError, Problem, RowFault};
use super::row::MAX_PATH_BYTES;
use super::table::{Row, Table};

const COLUMNS: [&str; 4] = ["probe", "reference", "mated", "fold"];
const REQUIRED: usize = 3;
const PROBE: usize = 0;
const REFERENCE: usize = 1;
const MATED: usize = 2;
const FOLD: usize = 3;

/// One comparison of a protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The line of the file, from 1.
    pub line: u64,
    /// The probe's path, as the manifest lists it.
    pub probe: String,
    /// The reference's path, as the manifest lists it.
    pub reference: String,
    /// Whether both show the same instance of the same person.
    pub mated: bool,
    /// The part of a cross-validation it belongs to, where the file says one.
    pub fold: Option<u32>,
}

/// A whole list of pairs in memory.
#[derive(Debug, Default)]
pub struct Pairs {
    /// The usable rows, in file order.
    pub pairs: Vec<Pair>,
    /// The rows left out, in file order, and why.
    pub faults: Vec<RowFault>,
}

impl Pairs {
    /// Reads the list at `path`: a CSV file with a header that has the columns `probe`, `reference`, `mated` (1, true, yes,
    /// 0, false, no) and maybe `fold` (a whole number), in any order.
    ///
    /// # Errors
    /// [`ManifestError`] where the file cannot be read, has no header, lacks a column, or is too large. Nothing else is fatal.
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        let mut table = Table::open(path, COLUMNS, REQUIRED)?;
        let mut list = Self::default();
        while let Some(row) = table.next_row() {
            match pair(&row?) {
                Ok(pair) => list.pairs.push(pair),
                Err(fault) => list.faults.push(fault),
            }
        }
        Ok(list)
    }
}

fn pair(row: &Row<4>) -> Result<Pair, RowFault> {
    Ok(Pair {
        line: row.line,
        probe: row.filled(PROBE, MAX_PATH_BYTES)?.to_owned(),
        reference: row.filled(REFERENCE, MAX_PATH_BYTES)?.to_owned(),
        mated: mated(row)?,
        fold: fold(row)?,
    })
}

fn mated(row: &Row<4>) -> Result<bool, RowFault> {
    let word = row.text(MATED)?;
    match word.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" => Ok(true),
        "0" | "false" | "no" => Ok(false),
        _ => Err(row.fault(MATED, word, Problem::YesNo)),
    }
}

fn fold(row: &Row<4>) -> Result<Option<u32>, RowFault> {
    match row.text(FOLD)? {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| row.fault(FOLD, number, Problem::Fold)),
    }
}
