//! Why something was not recorded, or cannot be read.

use std::sync::Arc;

use thiserror::Error;
use whorl_index::{KeyError, StorageError};

use super::anchor::Anchor;
use super::flaw::Flaw;

/// Why something was not recorded, or cannot be read.
#[derive(Debug, Error, Clone)]
pub enum AuditError {
    /// The disk failed, or is full.
    #[error("the audit log cannot be read or written: {0}")]
    Storage(Arc<StorageError>),
    /// Another process writes it.
    #[error("the audit log \"{0}\" is being written by another process: end that one first")]
    Locked(String),
    /// It failed just before; what the disk holds of it is looked for again soon.
    #[error("the audit log failed just before and takes nothing at this moment: see to its disk; it goes on by itself")]
    Unsettled,
    /// It was changed.
    #[error(
        "the audit log was changed or damaged, and is not gone on with: {0}. Run `whorl audit verify`; keep the folder as \
         evidence, and begin another"
    )]
    Broken(Box<Flaw>),
    /// Its end is gone.
    #[error(
        "the file HEAD of the audit log is missing or cannot be read, and there are lines: keep the folder as evidence"
    )]
    NoHead,
    /// A file is longer than any that is written.
    #[error("the file {0} of the audit log is longer than any that Whorl writes")]
    FileTooLong(String),
    /// An entry has too much in it.
    #[error(
        "an entry of the audit log has at most {most_references} references, texts of at most {most_bytes} bytes, and a mebibyte \
         of them"
    )]
    TooLarge {
        /// The most bytes of a text.
        most_bytes: usize,
        /// The most references.
        most_references: usize,
    },
    /// The keys of its entries were wrapped by another master key.
    #[error(
        "the audit log is sealed under another master key than the one given: name that one, or put its file KEYS back"
    )]
    WrongKey,
    /// Its file of keys is none.
    #[error(
        "the file KEYS of the audit log is damaged: put a copy of it back, or move it away, and what it sealed is not read again"
    )]
    KeysDamaged,
    /// It has no keys that could be wrapped again.
    #[error("the audit log \"{0}\" has no file KEYS: nothing in it is sealed")]
    NotSealed(String),
    /// Nothing can be sealed.
    #[error(transparent)]
    Keys(Arc<KeyError>),
    /// There are no more numbers.
    #[error("the audit log is full after {0}: begin another folder")]
    Full(Anchor),
}

impl From<StorageError> for AuditError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Locked { path } => Self::Locked(path),
            StorageError::Io { .. } | StorageError::Length { .. } => Self::Storage(Arc::new(error)),
        }
    }
}

impl From<KeyError> for AuditError {
    fn from(error: KeyError) -> Self {
        Self::Keys(Arc::new(error))
    }
}
