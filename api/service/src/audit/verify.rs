//! Whether a log is as it was written.

use std::path::Path;

use serde::Serialize;
use whorl_index::{Files, Storage};

use super::anchor::Anchor;
use super::error::AuditError;
use super::flaw::Flaw;
use super::head::{self, Head};
use super::log::{file_numbers, read_file};
use super::walk::{SetAside, Walk};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Lines.
    pub records: u64,
    /// Files.
    pub files: u64,
    /// The last line: keep it elsewhere, and the next check can be held against it.
    pub last: Anchor,
    /// What is wrong, at most 1,000 flaws; nothing where the log is as it was written.
    pub flaws: Vec<Flaw>,
    /// What crashes left unfinished, and the log tells of. Each should be a crash that somebody remembers.
    pub set_aside: Vec<SetAside>,
    /// What is unfinished at the end: the log is being written at this moment, or a crash left it.
    pub unfinished: Option<SetAside>,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.flaws.is_empty()
    }
}

/// Reads the log in `folder` from the first line to the last and says what is wrong with it; `anchors` are lines that are known from
/// elsewhere. It may be written meanwhile.
///
/// # Errors
/// [`AuditError`] where it cannot be read. What is wrong with it is in the report.
pub fn verify(folder: &Path, anchors: &[Anchor]) -> Result<Report, AuditError> {
    verify_on(&Files::new(folder), anchors)
}

/// As [`verify`], on any storage.
///
/// # Errors
/// As [`verify`].
pub fn verify_on(storage: &dyn Storage, anchors: &[Anchor]) -> Result<Report, AuditError> {
    // Before the lines: what is written meanwhile comes after it.
    let head = head::read(storage)?;
    let numbers = file_numbers(storage)?;
    let mut known = anchors.to_vec();
    let mut no_head = None;
    match head {
        Head::At(anchor) => known.push(anchor),
        Head::Missing | Head::Unreadable => no_head = Some(Flaw::NoHead),
    }
    let mut walk = Walk::new(Some(Anchor::START), &known);
    walk.flaws.extend(no_head);
    walk.flaws.extend(missing(&numbers));
    for number in &numbers {
        walk.file(*number, &read_file(storage, *number)?);
    }
    let unfinished = walk.end();
    Ok(Report {
        records: walk.records,
        files: numbers.len() as u64,
        last: walk.last.unwrap_or(Anchor::START),
        flaws: walk.flaws,
        set_aside: walk.set_aside,
        unfinished,
    })
}

/// The first file of each gap in the numbers.
fn missing(numbers: &[u64]) -> Vec<Flaw> {
    let expected = std::iter::once(1).chain(numbers.iter().map(|number| number + 1));
    expected.zip(numbers).filter(|(next, number)| next != *number).map(|(next, _)| Flaw::FileMissing(next)).collect()
}
