use thiserror::Error;

use super::MAX_RECORD_BYTES;
use crate::{InvalidField, Truncated};

/// Why bytes are no minutiae record.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MinutiaeError {
    /// The bytes do not start with `FMR` and a zero.
    #[error("not a minutiae record: it starts with bytes {first:02x?} and not with 46 4d 52 00 (\"FMR\")")]
    NotARecord {
        /// The first bytes, at most four.
        first: Vec<u8>,
    },
    /// A version that is not read here.
    #[error("minutiae record: version {found:?} at byte 4 is not supported; known are \" 20\", \"030\" and \"035\"")]
    Version {
        /// The version as written.
        found: String,
    },
    /// More bytes than [`MAX_RECORD_BYTES`].
    #[error("minutiae record: {bytes} bytes are over the limit of {MAX_RECORD_BYTES}")]
    TooLong {
        /// Bytes given.
        bytes: usize,
    },
    /// The record ends within a field.
    #[error("minutiae record: {0}")]
    Truncated(#[from] Truncated),
    /// A field says what it cannot mean.
    #[error("minutiae record: {0}")]
    Invalid(#[from] InvalidField),
}
