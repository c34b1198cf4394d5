//! A CSV file with a header, read row after row in bounded memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder, Trim};

use super::MAX_ROWS;
use super::fault::{ManifestError, Problem, RowFault};

/// The longest row, in bytes: a dozen of the longest paths.
pub(super) const MAX_ROW_BYTES: usize = 1 << 16;

/// Letters of a header that a message repeats.
const SHOWN_LETTERS: usize = 300;

/// Where each wanted column stands.
pub(super) struct Columns<const N: usize> {
    names: [&'static str; N],
    places: [Option<usize>; N],
}

/// A CSV file of which `N` columns matter.
pub(super) struct Table<const N: usize> {
    path: Arc<Path>,
    reader: csv::Reader<Lines<File>>,
    columns: Columns<N>,
    record: ByteRecord,
    rows: u64,
}

impl<const N: usize> Table<N> {
    /// Opens the file at `path` and finds the columns `names`, of which the first `required` must be there.
    pub(super) fn open(path: &Path, names: [&'static str; N], required: usize) -> Result<Self, ManifestError> {
        let unreadable = |source| ManifestError::Unreadable { path: path.to_owned(), source };
        let file =
            Lines { inner: File::open(path).map_err(unreadable)?, left: MAX_ROW_BYTES, last: b'\n', ended: false };
        let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::Headers).from_reader(file);
        let header = match reader.byte_headers() {
            Ok(header) => header.clone(),
            Err(error) => return Err(fatal(path, 1, reader.get_ref().left, error)),
        };
        if header.is_empty() {
            return Err(ManifestError::NoHeader { path: path.to_owned(), wanted: names.join(",") });
        }
        let place = |name: &str| header.iter().position(|found| found.eq_ignore_ascii_case(name.as_bytes()));
        let places = names.map(place);
        let missing: Vec<&str> = (0..required).filter(|&at| places[at].is_none()).map(|at| names[at]).collect();
        if !missing.is_empty() {
            let found = header.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(", ");
            let found = found.chars().take(SHOWN_LETTERS).collect();
            return Err(ManifestError::MissingColumns { path: path.to_owned(), missing: missing.join(", "), found });
        }
        let columns = Columns { names, places };
        Ok(Self { path: path.into(), reader, columns, record: ByteRecord::new(), rows: 0 })
    }

    /// The next row that is not blank; none at the end of the file.
    pub(super) fn next_row(&mut self) -> Option<Result<Row<'_, N>, ManifestError>> {
        self.reader.get_mut().left = MAX_ROW_BYTES;
        let begins = self.reader.position().line();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) if self.rows == MAX_ROWS => {
                Some(Err(ManifestError::TooManyRows { path: self.path.to_path_buf() }))
            }
            Ok(true) => {
                self.rows += 1;
                // The reader knows the line after the row; not where the row begins, because blank lines may come first. Every
                // row ends in one line feed, but for a last one whose open quote runs to the end of the file.
                let breaks_within = self.record.as_slice().split(|&byte| byte == b'\n').skip(1).count() as u64;
                let break_after = u64::from(!self.reader.get_ref().ended);
                let line = self.reader.position().line() - break_after - breaks_within;
                Some(Ok(Row { manifest: &self.path, columns: &self.columns, record: &self.record, line }))
            }
            Err(error) => Some(Err(fatal(&self.path, begins, self.reader.get_ref().left, error))),
        }
    }
}

/// One row of a [`Table`].
pub(super) struct Row<'a, const N: usize> {
    manifest: &'a Arc<Path>,
    pub(super) line: u64,
    columns: &'a Columns<N>,
    record: &'a ByteRecord,
}

impl<'a, const N: usize> Row<'a, N> {
    /// What stands in the wanted column number `at`; the empty text where the file has no such column.
    pub(super) fn text(&self, at: usize) -> Result<&'a str, RowFault> {
        let Some(place) = self.columns.places[at] else { return Ok("") };
        let Some(bytes) = self.record.get(place) else {
            return Err(self.fault(at, "", Problem::Absent { fields: self.record.len() }));
        };
        std::str::from_utf8(bytes)
            .map(str::trim)
            .map_err(|_| self.fault(at, &String::from_utf8_lossy(bytes), Problem::NotText))
    }

    /// As [`Row::text`], of a column that must hold a printable text of at most `limit` bytes.
    pub(super) fn filled(&self, at: usize, limit: usize) -> Result<&'a str, RowFault> {
        let text = self.text(at)?;
        match text {
            "" => Err(self.fault(at, text, Problem::Empty)),
            _ if text.len() > limit => Err(self.fault(at, text, Problem::TooLong { bytes: text.len(), limit })),
            _ if text.contains(char::is_control) => Err(self.fault(at, text, Problem::Control)),
            _ => Ok(text),
        }
    }

    /// This row, at fault for the `value` of column `at`.
    pub(super) fn fault(&self, at: usize, value: &str, problem: Problem) -> RowFault {
        RowFault::new(self.manifest, self.line, self.columns.names[at], value, problem)
    }
}

/// A reader of lines that end in a line feed, all of them, whatever the file has.
///
/// It hands out a ration of bytes a row, so that an open quote cannot pull a whole file into memory.
struct Lines<R> {
    inner: R,
    left: usize,
    last: u8,
    ended: bool,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        loop {
            let allowed = buffer.len().min(self.left);
            let got = self.inner.read(&mut buffer[..allowed])?;
            if got == 0 {
                return Ok(self.end(buffer));
            }
            let kept = without_returns(&mut buffer[..got]);
            if kept > 0 {
                self.left -= kept;
                self.last = buffer[kept - 1];
                return Ok(kept);
            }
        }
    }
}

impl<R> Lines<R> {
    /// Ends the last line, once.
    fn end(&mut self, buffer: &mut [u8]) -> usize {
        match buffer.first_mut() {
            Some(first) if self.last != b'\n' => {
                (*first, self.last) = (b'\n', b'\n');
                1
            }
            _ => {
                self.ended = true;
                0
            }
        }
    }
}

/// Moves the bytes that are no carriage return to the front and counts them.
fn without_returns(bytes: &mut [u8]) -> usize {
    let mut kept = 0;
    for at in 0..bytes.len() {
        if bytes[at] != b'\r' {
            bytes[kept] = bytes[at];
            kept += 1;
        }
    }
    kept
}

/// The end of reading `path` at `line`, with `left` bytes of the row's ration.
fn fatal(path: &Path, line: u64, left: usize, error: csv::Error) -> ManifestError {
    let path = path.to_owned();
    match left {
        0 => ManifestError::RowTooLong { path, line },
        _ => ManifestError::Unreadable { path, source: error.into() },
    }
}
