//! What the image records of ISO/IEC 19794 have in common, whatever they show.

use std::fmt;
use std::ops::RangeBounds;

use thiserror::Error;
use whorl_types::{GreyImage, Modality};

use crate::cursor::Cursor;
use crate::image::ImageFormatError;
use crate::{InvalidField, Truncated};

/// The most bytes of a record: a ten-finger record of uncompressed 1000 ppi rolls has less than half.
pub const MAX_RECORD_BYTES: usize = 256 << 20;

/// An edition of ISO/IEC 19794.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edition {
    /// That of 2005.
    Iso2005,
    /// That of 2011.
    Iso2011,
}

/// A kind of image record, told by what every one starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// Of fingers and palms: ISO/IEC 19794-4.
    Finger,
    /// Of faces: ISO/IEC 19794-5.
    Face,
    /// Of irises: ISO/IEC 19794-6.
    Iris,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Finger, Self::Face, Self::Iris];

    /// The kind whose records start as `bytes` do.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| bytes.starts_with(kind.signature()))
    }

    /// What its pictures show.
    #[must_use]
    pub fn modality(self) -> Modality {
        match self {
            Self::Finger => Modality::Fingerprint,
            Self::Face => Modality::Face,
            Self::Iris => Modality::Iris,
        }
    }

    fn signature(self) -> &'static [u8; 4] {
        match self {
            Self::Finger => b"FIR\0",
            Self::Face => b"FAC\0",
            Self::Iris => b"IIR\0",
        }
    }

    fn version(self, edition: Edition) -> &'static [u8; 4] {
        match (edition, self) {
            (Edition::Iso2005, _) => b"010\0",
            (Edition::Iso2011, Self::Finger | Self::Iris) => b"020\0",
            (Edition::Iso2011, Self::Face) => b"030\0",
        }
    }

    fn known_versions(self) -> &'static str {
        match self {
            Self::Finger | Self::Iris => "\"010\" (2005) and \"020\" (2011)",
            Self::Face => "\"010\" (2005) and \"030\" (2011)",
        }
    }

    /// A place in `bytes` behind the format identifier and the version, and the edition of these.
    pub(crate) fn open(self, bytes: &[u8]) -> Result<(Cursor<'_>, Edition), ImageRecordError> {
        if bytes.len() > MAX_RECORD_BYTES {
            return Err(ImageRecordError::TooLong { bytes: bytes.len() });
        }
        let mut cursor = Cursor::new(bytes);
        let first = cursor.take(4, "format identifier")?;
        if first != self.signature() {
            return Err(ImageRecordError::NotARecord { kind: self, first: first.to_vec() });
        }
        let version = cursor.take(4, "version")?;
        let editions = [Edition::Iso2005, Edition::Iso2011];
        let edition = editions.into_iter().find(|edition| self.version(*edition) == version);
        let found = || String::from_utf8_lossy(version).into_owned();
        edition.map(|edition| (cursor, edition)).ok_or_else(|| ImageRecordError::Version { kind: self, found: found() })
    }

    /// Writes the format identifier and the version.
    pub(crate) fn write_start(self, edition: Edition, bytes: &mut Vec<u8>) {
        bytes.extend(self.signature());
        bytes.extend(self.version(edition));
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Finger => "finger image record",
            Self::Face => "face image record",
            Self::Iris => "iris image record",
        })
    }
}

/// Why bytes are no image record, or a record's image no picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImageRecordError {
    /// The bytes do not start as the record does.
    #[error("not a {kind}: it starts with bytes {first:02x?} and not with {:02x?}", .kind.signature())]
    NotARecord {
        /// What was wanted.
        kind: RecordKind,
        /// The first bytes, at most four.
        first: Vec<u8>,
    },
    /// A version that is not read here.
    #[error("version {found:?} at byte 4 is not supported; known are {}", .kind.known_versions())]
    Version {
        /// What was wanted.
        kind: RecordKind,
        /// The version as written.
        found: String,
    },
    /// More bytes than [`MAX_RECORD_BYTES`].
    #[error("{bytes} bytes are over the limit of {MAX_RECORD_BYTES}")]
    TooLong {
        /// Bytes given.
        bytes: usize,
    },
    /// The record ends within a field.
    #[error(transparent)]
    Truncated(#[from] Truncated),
    /// A field says what it cannot mean.
    #[error(transparent)]
    Invalid(#[from] InvalidField),
    /// The pixels of an image cannot be decoded.
    #[error(transparent)]
    Pixels(#[from] ImageFormatError),
    /// Pixels that are not compressed and of a size that cannot be, or fewer than the size asks for.
    #[error("{width_px} x {height_px} pixels of {depth_bits} bits need {needed} bytes, {found} are there")]
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
    #[error("compression code {0} is not known, and its bytes are no picture in a known format")]
    Compression(u16),
    /// Pixels that mean something else than those of a photograph, or are written as nothing here reads.
    #[error("{0}")]
    Unsupported(&'static str),
    /// Images that cannot be written as asked.
    #[error("{0}")]
    Unwritable(&'static str),
}

/// Checks that pixels which are not compressed may be an image and are all there.
pub(crate) fn check_raw(
    (width_px, height_px): (u16, u16),
    depth_bits: u8,
    depths_bits: impl RangeBounds<u8>,
    needed: usize,
    found: usize,
) -> Result<(), ImageRecordError> {
    let is_size_allowed = GreyImage::check_size(width_px.into(), height_px.into()).is_ok();
    if is_size_allowed && depths_bits.contains(&depth_bits) && needed <= found {
        return Ok(());
    }
    Err(ImageRecordError::RawSize { width_px, height_px, depth_bits, needed, found })
}
