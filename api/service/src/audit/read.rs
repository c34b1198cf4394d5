//! Reading a log.

use std::path::Path;
use std::vec::IntoIter;

use whorl_index::Files;

use super::error::AuditError;
use super::line::{self, Record};
use super::log::{file_numbers, read_file};

/// Which lines are wanted; what is left out, all are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those that concern this reference.
    pub reference: Option<String>,
    /// Those of this client.
    pub client: Option<String>,
    /// Those of this gallery.
    pub gallery: Option<String>,
    /// Those written then or later, in milliseconds since 1970.
    pub since_unix_ms: Option<u64>,
    /// Those written before, in milliseconds since 1970.
    pub before_unix_ms: Option<u64>,
}

impl Filter {
    fn admits(&self, record: &Record) -> bool {
        self.reference.as_ref().is_none_or(|id| record.references.contains(id))
            && self.client.as_ref().is_none_or(|client| *client == record.client)
            && (self.gallery.is_none() || self.gallery == record.gallery)
            && self.since_unix_ms.is_none_or(|since| record.time_unix_ms >= since)
            && self.before_unix_ms.is_none_or(|before| record.time_unix_ms < before)
    }
}

/// The lines of a log, a file at a time.
#[derive(Debug)]
pub struct Records {
    storage: Files,
    filter: Filter,
    files: IntoIter<u64>,
    lines: IntoIter<Record>,
    passed_over: u64,
}

/// The lines of the log in `folder` that `filter` wants, in their order. Damaged lines are passed over and counted: reading does not
/// say whether the log is whole, [`super::verify`] does.
///
/// # Errors
/// [`AuditError`] where the folder cannot be read.
pub fn read(folder: &Path, filter: Filter) -> Result<Records, AuditError> {
    let storage = Files::new(folder);
    let files = file_numbers(&storage)?.into_iter();
    Ok(Records { storage, filter, files, lines: IntoIter::default(), passed_over: 0 })
}

impl Records {
    /// How many damaged lines were passed over so far.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    fn load(&mut self, file: u64) -> Result<(), AuditError> {
        let bytes = read_file(&self.storage, file)?;
        let mut wanted = Vec::new();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match line::check(line) {
                Some(record) if self.filter.admits(&record) => wanted.push(record),
                Some(_) => (),
                None => self.passed_over += 1,
            }
        }
        self.lines = wanted.into_iter();
        Ok(())
    }
}

impl Iterator for Records {
    type Item = Result<Record, AuditError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.lines.next() {
                return Some(Ok(record));
            }
            let file = self.files.next()?;
            if let Err(error) = self.load(file) {
                return Some(Err(error));
            }
        }
    }
}
