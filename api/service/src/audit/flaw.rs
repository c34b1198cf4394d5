//! What is wrong with a log.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use super::anchor::Anchor;

/// A line of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The number of the file.
    pub file: u64,
    /// The number of the line, from 1.
    pub line: u64,
}

impl Place {
    /// The first line of the first file.
    pub const START: Self = Self { file: 1, line: 1 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}", super::log::file_name(self.file), self.line)
    }
}

/// What is wrong with a log.
#[derive(Debug, Error, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// A line does not have the hash that it states, or is none.
    #[error("{0}: the line was changed or damaged")]
    Changed(Place),
    /// Lines are not there.
    #[error("{at}: the line has number {found} where {expected} is next: lines before it were removed")]
    Missing {
        /// Where the next one is.
        at: Place,
        /// What it should be.
        expected: u64,
        /// What it is.
        found: u64,
    },
    /// A line is there again, or too late.
    #[error("{at}: the line has number {found} where {expected} is next: it was moved, or copied")]
    Moved {
        /// Where it is.
        at: Place,
        /// What should be there.
        expected: u64,
        /// What is.
        found: u64,
    },
    /// A line does not go on from the one before.
    #[error(
        "{at}: line number {sequence} does not go on from the one before: that one was replaced, or this one added"
    )]
    Unchained {
        /// Where it is.
        at: Place,
        /// Its number.
        sequence: u64,
    },
    /// A file is not there.
    #[error("the file {} is missing", super::log::file_name(*.0))]
    FileMissing(u64),
    /// The log ends too early.
    #[error("the log ends with line number {last} where line number {} was written: its end was cut off", known.sequence)]
    CutOff {
        /// The last line that is there.
        last: u64,
        /// A line that is known to have been there.
        known: Anchor,
    },
    /// A line is another than it was.
    #[error("line number {} is not the one that was written: everything up to it may have been replaced", known.sequence)]
    Replaced {
        /// The line that was there.
        known: Anchor,
    },
    /// What a crash had left is not there any more, though a line tells of it.
    #[error("{0}: the line tells of bytes that a crash left before it, and they are gone or changed")]
    SetAsideGone(Place),
    /// Nobody knows how far the log went.
    #[error("the file HEAD is missing or cannot be read")]
    NoHead,
}
