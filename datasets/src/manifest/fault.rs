//! What can be wrong with a manifest, and with one of its rows.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use whorl_types::{LivenessError, Modality, ParsePositionError, Position, ReferenceIdError};

use super::MAX_ROWS;
use super::table::MAX_ROW_BYTES;

/// Why a manifest cannot be read, or not to its end.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// The operating system says no.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is not even a header.
    #[error("{} is empty; its first line must name the columns, such as {wanted}", path.display())]
    NoHeader {
        /// The file.
        path: PathBuf,
        /// A header that would do.
        wanted: String,
    },
    /// The header lacks columns.
    #[error("{} has no column {missing}; its first line names: {found}", path.display())]
    MissingColumns {
        /// The file.
        path: PathBuf,
        /// The columns wanted and not there.
        missing: String,
        /// The columns there.
        found: String,
    },
    /// A row never ends.
    #[error("{}: the row that begins at line {line} is over {MAX_ROW_BYTES} bytes long; is a quote left open?", path.display())]
    RowTooLong {
        /// The file.
        path: PathBuf,
        /// Where the row begins.
        line: u64,
    },
    /// A row too many.
    #[error("{} has more than {MAX_ROWS} rows; split it", path.display())]
    TooManyRows {
        /// The file.
        path: PathBuf,
    },
    /// A manifest cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// One row that was left out, or kept with a warning: where it is and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The file.
    pub manifest: Arc<Path>,
    /// The line, from 1.
    pub line: u64,
    /// The column.
    pub column: &'static str,
    /// What stands there, its first letters.
    pub value: Box<str>,
    /// What is wrong with it.
    pub problem: Problem,
}

/// Letters of a bad value that a message repeats.
const SHOWN_LETTERS: usize = 60;

impl RowFault {
    pub(super) fn new(manifest: &Arc<Path>, line: u64, column: &'static str, value: &str, problem: Problem) -> Self {
        Self {
            manifest: Arc::clone(manifest),
            line,
            column,
            value: value.chars().take(SHOWN_LETTERS).collect(),
            problem,
        }
    }
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { manifest, line, column, value, problem } = self;
        write!(f, "{}, line {line}, column {column}: {value:?} {problem}", manifest.display())
    }
}

impl std::error::Error for RowFault {}

/// What is wrong with a row; read after the value itself.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// The row ends before this column.
    #[error("is not there: the row has only {fields} fields")]
    Absent {
        /// How many it has.
        fields: usize,
    },
    /// Nothing stands there, and something must.
    #[error("is empty, and must not be")]
    Empty,
    /// Neither the row nor the caller says the modality.
    #[error("says no modality, and none was given for the whole manifest; allowed are: fingerprint, iris, face")]
    NoModality,
    /// Bytes that are no text.
    #[error("is not UTF-8 text")]
    NotText,
    /// Longer than anything sensible.
    #[error("is {bytes} bytes long; at most {limit} are allowed")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The longest allowed.
        limit: usize,
    },
    /// A line break or another control character.
    #[error("holds a line break or another control character; is a quote left open?")]
    Control,
    /// No subject can be called that.
    #[error("cannot name a subject: {0}")]
    Subject(#[from] ReferenceIdError),
    /// No modality or no position is called that.
    #[error("names no {}; known are: {}", .0.wanted(), .0.known())]
    Word(#[from] ParsePositionError),
    /// A finger of an iris, or an eye of a fingerprint.
    #[error("is no position of modality {modality}; allowed are: {}", names(*modality))]
    WrongPosition {
        /// The modality of the row.
        modality: Modality,
    },
    /// No sampling rate.
    #[error("is not a sampling rate; allowed are 50 to 4000 pixels per inch, or nothing")]
    Ppi,
    /// No result of a presentation attack detection.
    #[error("is no liveness: {0}")]
    Liveness(#[from] LivenessError),
    /// Neither yes nor no.
    #[error("says neither yes nor no; allowed are 1, true, yes, 0, false, no")]
    YesNo,
    /// Not a number of a fold.
    #[error("is not the number of a fold; allowed are 0 to {}", u32::MAX)]
    Fold,
    /// The same file of the same instance twice.
    #[error("is listed at line {first_line} already")]
    ListedTwice {
        /// Where it was first.
        first_line: u64,
    },
    /// The same file under two names.
    #[error("is the file of subject {other:?} at line {first_line}; one capture belongs to one person")]
    OtherSubject {
        /// The name it had first.
        other: String,
        /// Where it was first.
        first_line: u64,
    },
    /// Two files of one instance in one encounter.
    #[error("is the second file of this subject, position and encounter; the first is at line {first_line}")]
    SameCapture {
        /// Where the first is.
        first_line: u64,
    },
}

/// The names of the positions that `modality` has.
fn names(modality: Modality) -> String {
    Position::ALL
        .into_iter()
        .filter(|&position| fits(modality, position))
        .map(Position::name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Whether `modality` has such a `position`.
pub(super) fn fits(modality: Modality, position: Position) -> bool {
    position.modality().is_none_or(|of| of == modality)
}
