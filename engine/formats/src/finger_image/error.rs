use thiserror::Error;

use super::MAX_RECORD_BYTES;
use crate::image::ImageFormatError;
use crate::{InvalidField, Truncated};

/// Why bytes are no finger image record, or a record's image no picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FingerImageError {
    /// The bytes do not start with `FIR` and a zero.
    #[error("not a finger image record: it starts with bytes {first:02x?} and not with 46 49 52 00 (\"FIR\")")]
    NotARecord {
        /// The first bytes, at most four.
        first: Vec<u8>,
    },
    /// A version that is not read here.
    #[error(
        "finger image record: version {found:?} at byte 4 is not supported; known are \"010\" (2005) and \"020\" (2011)"
    )]
    Version {
        /// The version as written.
        found: String,
    },
    /// More bytes than [`MAX_RECORD_BYTES`].
    #[error("finger image record: {bytes} bytes are over the limit of {MAX_RECORD_BYTES}")]
    TooLong {
        /// Bytes given.
        bytes: usize,
    },
    /// The record ends within a field.
    #[error("finger image record: {0}")]
    Truncated(#[from] Truncated),
    /// A field says what it cannot mean.
    #[error("finger image record: {0}")]
    Invalid(#[from] InvalidField),
    /// The pixels of an image cannot be decoded.
    #[error("finger image: {0}")]
    Pixels(#[from] ImageFormatError),
    /// Pixels that are not compressed and of a size that cannot be, or fewer than the size asks for.
    #[error(
        "finger image: {width_px} x {height_px} pixels of {depth_bits} bits need {needed} bytes, {found} are there"
    )]
    RawSize {
        /// Width as stated.
        width_px: u16,
        /// Height as stated.
        height_px: u16,
        /// Depth as stated.
        depth_bits: u8,
        /// Bytes that these ask for.
        needed: usize,
        /// Bytes of the image.
        found: usize,
    },
    /// A compression that is not read here.
    #[error("finger image: compression code {0} is not known, and its bytes are no picture in a known format")]
    Compression(u8),
    /// Images that cannot be written as asked.
    #[error("finger image record: {0}")]
    Unwritable(&'static str),
}
