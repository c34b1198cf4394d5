//! From rows to entries.

use std::path::{Path, PathBuf};

use whorl_types::{Liveness, Modality, Position, Ppi, ReferenceId};

use super::Entry;
use super::fault::{ManifestError, Problem, RowFault, fits};
use super::table::{Row, Table};

/// The longest path, in bytes: what Linux and most others can open.
pub(super) const MAX_PATH_BYTES: usize = 4096;
/// The longest name of an encounter, in bytes: as long as that of a subject.
const MAX_ENCOUNTER_BYTES: usize = 64;

pub(super) const COLUMNS: [&str; 7] = ["path", "subject", "modality", "position", "encounter", "ppi", "liveness"];
const REQUIRED: usize = 2;
const PATH: usize = 0;
const SUBJECT: usize = 1;
const MODALITY: usize = 2;
const POSITION: usize = 3;
const ENCOUNTER: usize = 4;
const PPI: usize = 5;
pub(super) const LIVENESS: usize = 6;

/// The rows of a manifest, one after the other, however long it is.
///
/// An outer error ends the iteration; an inner one is a single row at fault.
pub struct Rows {
    table: Table<{ COLUMNS.len() }>,
    folder: PathBuf,
    assumed: Option<Modality>,
    ended: bool,
}

impl Rows {
    /// Opens the manifest at `path`; `assumed` is the modality of rows that do not say it, nor by their position.
    ///
    /// # Errors
    /// [`ManifestError`] where the file cannot be read, has no header, or lacks a column.
    pub fn open(path: &Path, assumed: Option<Modality>) -> Result<Self, ManifestError> {
        let table = Table::open(path, COLUMNS, REQUIRED)?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { table, folder, assumed, ended: false })
    }
}

impl Iterator for Rows {
    type Item = Result<Result<Entry, RowFault>, ManifestError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.table.next_row()?.map(|row| entry(&row, &self.folder, self.assumed));
        self.ended = row.is_err();
        Some(row)
    }
}

fn entry(row: &Row<{ COLUMNS.len() }>, folder: &Path, assumed: Option<Modality>) -> Result<Entry, RowFault> {
    let listed = row.filled(PATH, MAX_PATH_BYTES)?;
    let subject = row.text(SUBJECT)?;
    ReferenceId::new(subject).map_err(|error| row.fault(SUBJECT, subject, error.into()))?;
    let modality = modality(row, assumed)?;
    Ok(Entry {
        path: folder.join(listed),
        listed: listed.to_owned(),
        line: row.line,
        subject: subject.to_owned(),
        modality,
        position: position(row, modality)?,
        encounter: encounter(row)?,
        ppi: ppi(row)?,
        liveness: liveness(row)?,
    })
}

fn modality(row: &Row<{ COLUMNS.len() }>, assumed: Option<Modality>) -> Result<Modality, RowFault> {
    let word = row.text(MODALITY)?;
    if !word.is_empty() {
        return word.parse().map_err(|error| row.fault(MODALITY, word, Problem::Word(error)));
    }
    let position: Option<Position> = row.text(POSITION)?.parse().ok();
    let said = position.and_then(Position::modality).or(assumed);
    said.ok_or_else(|| row.fault(MODALITY, "", Problem::NoModality))
}

fn position(row: &Row<{ COLUMNS.len() }>, modality: Modality) -> Result<Position, RowFault> {
    let word = row.text(POSITION)?;
    if word.is_empty() {
        return Ok(Position::Unknown);
    }
    let position = word.parse().map_err(|error| row.fault(POSITION, word, Problem::Word(error)))?;
    if fits(modality, position) {
        Ok(position)
    } else {
        Err(row.fault(POSITION, word, Problem::WrongPosition { modality }))
    }
}

fn encounter(row: &Row<{ COLUMNS.len() }>) -> Result<String, RowFault> {
    match row.text(ENCOUNTER)? {
        "" => Ok("1".to_owned()),
        _ => row.filled(ENCOUNTER, MAX_ENCOUNTER_BYTES).map(str::to_owned),
    }
}

fn ppi(row: &Row<{ COLUMNS.len() }>) -> Result<Option<Ppi>, RowFault> {
    match row.text(PPI)? {
        "" => Ok(None),
        number => {
            let ppi = number.parse().ok().and_then(|rate| Ppi::new(rate).ok());
            ppi.map(Some).ok_or_else(|| row.fault(PPI, number, Problem::Ppi))
        }
    }
}

fn liveness(row: &Row<{ COLUMNS.len() }>) -> Result<Option<Liveness>, RowFault> {
    match row.text(LIVENESS)? {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|error| row.fault(LIVENESS, text, Problem::Liveness(error))),
    }
}
