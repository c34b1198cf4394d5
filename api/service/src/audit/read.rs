//! Reading a log.

use std::path::Path;
use std::vec::IntoIter;

use whorl_index::{Files, MasterKey, Storage};

use super::error::AuditError;
use super::flaw::Place;
use super::keys::Keys;
use super::line::{self, Line, Record};
use super::log::{Audit, file_numbers, read_file};

/// The most bytes of lines in a page, but for one more line: little against what a client takes as one message.
const PAGE_BYTES: usize = 2 << 20;

/// A page ends after the file that makes so many bytes read, whether or not anything was found: nobody keeps a thread busy for long.
const READ_BYTES: usize = 64 << 20;

/// Which lines are wanted; what is left out, all are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those that concern this reference.
    pub reference: Option<String>,
    /// Those of this client.
    pub client: Option<String>,
    /// Those of this gallery.
    pub gallery: Option<String>,
    /// Those of this method, in full or what follows its service: `Identify`.
    pub method: Option<String>,
    /// Those written then or later, in milliseconds since 1970.
    pub since_unix_ms: Option<u64>,
    /// Those written before, in milliseconds since 1970.
    pub before_unix_ms: Option<u64>,
}

impl Filter {
    fn admits(&self, record: &Record) -> bool {
        let is_named = |method: &String| {
            record.method == *method || record.method.rsplit_once('/').is_some_and(|(_, name)| name == method)
        };
        self.reference.as_ref().is_none_or(|id| record.references.contains(id))
            && self.client.as_ref().is_none_or(|client| *client == record.client)
            && (self.gallery.is_none() || self.gallery == record.gallery)
            && self.method.as_ref().is_none_or(is_named)
            && self.admits_time(record.time_unix_ms)
    }

    fn admits_time(&self, time_unix_ms: u64) -> bool {
        self.since_unix_ms.is_none_or(|since| time_unix_ms >= since)
            && self.before_unix_ms.is_none_or(|before| time_unix_ms < before)
    }
}

/// How many lines were not read, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unread {
    /// Damaged ones, and sealed ones that their key does not open.
    pub damaged: u64,
    /// Sealed ones without a key, whatever they say: only those of another time than was asked for are not among them.
    pub sealed: u64,
}

/// A way of reading lines, and what it could not read.
#[derive(Debug)]
struct Reading {
    keys: Option<Keys>,
    filter: Filter,
    unread: Unread,
}

impl Reading {
    fn new(storage: &dyn Storage, master: Option<&MasterKey>, filter: Filter) -> Result<Self, AuditError> {
        let keys = master.map(|master| Keys::read(storage, master)).transpose()?;
        Ok(Self { keys, filter, unread: Unread::default() })
    }

    /// The record of a line, where it can be read and is wanted.
    fn record(&mut self, line: &[u8]) -> Option<Record> {
        let record = match line::check(line) {
            Some(Line::Clear(record)) => Some(record),
            Some(Line::Sealed(sealed)) => {
                if !self.filter.admits_time(sealed.time_unix_ms) {
                    return None;
                }
                let Some(key) = self.keys.as_ref().and_then(|keys| keys.of(sealed.sequence())) else {
                    self.unread.sealed += 1;
                    return None;
                };
                sealed.open(key)
            }
            None => None,
        };
        self.unread.damaged += u64::from(record.is_none());
        record.filter(|record| self.filter.admits(record))
    }
}

/// Lines that follow each other, as many as are read at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The lines that were wanted, in their order.
    pub records: Vec<Record>,
    /// Where to go on; none at the end of the log. There may be more to come though nothing was found so far.
    pub next: Option<Place>,
    /// What of the lines so far was not read.
    pub unread: Unread,
}

impl Page {
    /// At most `most` of the lines from `from` on that `reading` wants.
    fn read(storage: &dyn Storage, mut reading: Reading, from: Place, most: usize) -> Result<Self, AuditError> {
        let numbers = file_numbers(storage)?;
        let (mut records, mut taken, mut read) = (Vec::new(), 0, 0);
        for &file in numbers.iter().filter(|number| **number >= from.file) {
            let bytes = read_file(storage, file)?;
            let first = if file == from.file { from.line } else { 1 };
            for (line, at) in bytes.split_inclusive(|byte| *byte == b'\n').zip(1..).filter(|(_, at)| *at >= first) {
                if records.len() >= most || taken >= PAGE_BYTES {
                    return Ok(Self { records, next: Some(Place { file, line: at }), unread: reading.unread });
                }
                if let Some(record) = reading.record(line) {
                    taken += line.len();
                    records.push(record);
                }
            }
            read += bytes.len();
            if read >= READ_BYTES && numbers.last() != Some(&file) {
                return Ok(Self { records, next: Some(Place { file: file + 1, line: 1 }), unread: reading.unread });
            }
        }
        Ok(Self { records, next: None, unread: reading.unread })
    }
}

impl Audit {
    /// At most `most` of the lines that `filter` wants, from `from` on, while others record; the first page begins at [`Place::START`].
    ///
    /// # Errors
    /// [`AuditError`] where the log cannot be read.
    pub fn page(&self, filter: Filter, from: Place, most: usize) -> Result<Page, AuditError> {
        let reading = Reading::new(&*self.storage, self.master.as_ref(), filter)?;
        Page::read(&*self.storage, reading, from, most)
    }
}

/// The lines of a log, a file at a time.
#[derive(Debug)]
pub struct Records {
    storage: Files,
    reading: Reading,
    files: IntoIter<u64>,
    lines: IntoIter<Record>,
}

/// The lines of the log in `folder` that `filter` wants, in their order, sealed ones by `master`. Lines that cannot be read are passed
/// over and counted: reading does not say whether the log is whole, [`super::verify`] does.
///
/// # Errors
/// [`AuditError`] where the folder cannot be read; [`AuditError::WrongKey`].
pub fn read(folder: &Path, master: Option<&MasterKey>, filter: Filter) -> Result<Records, AuditError> {
    let storage = Files::new(folder);
    let files = file_numbers(&storage)?.into_iter();
    let reading = Reading::new(&storage, master, filter)?;
    Ok(Records { storage, reading, files, lines: IntoIter::default() })
}

impl Records {
    /// How many lines could not be read so far.
    #[must_use]
    pub fn unread(&self) -> Unread {
        self.reading.unread
    }

    fn load(&mut self, file: u64) -> Result<(), AuditError> {
        let bytes = read_file(&self.storage, file)?;
        let lines = bytes.split_inclusive(|byte| *byte == b'\n');
        self.lines = lines.filter_map(|line| self.reading.record(line)).collect::<Vec<_>>().into_iter();
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
