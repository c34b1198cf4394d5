//! WSQ: wavelet scalar quantisation, the compression of grey fingerprint images that law enforcement and passports use.
//!
//! Source: *WSQ Gray-Scale Fingerprint Image Compression Specification*, IAFIS-IC-0110 (v3), FBI CJIS, 1997; C. M. Brislawn,
//! J. N. Bradley, R. J. Onyshczak, T. Hopper, "The FBI compression standard for digitized fingerprint images", Proc. SPIE 2847,
//! 1996. The image is normalised, split into 64 subbands by a symmetric wavelet, each subband is quantised by its own step, and
//! the steps are Huffman coded in three blocks.
//!
//! - `subbands`: how the plane is cut, and in which order its parts are coded.
//! - `wavelet`: one split and its inverse.
//! - `quantise`: the step of each subband, from its variance and the wanted bit rate.
//! - `huffman`, `bits`: entropy coding.
//! - `segments`: the marker segments around it.

mod bits;
mod decode;
mod encode;
mod huffman;
mod quantise;
mod segments;
mod subbands;
mod wavelet;

use thiserror::Error;
use whorl_types::{GreyImage, ImageError, Ppi};

use crate::Truncated;

pub use decode::decode;
pub use encode::{BitRate, BitRateOutOfRange, encode};

/// A decoded WSQ file.
#[derive(Debug, Clone, PartialEq)]
pub struct WsqImage {
    /// The picture.
    pub image: GreyImage,
    /// The sampling rate that the file's NIST comment states, where it has one.
    pub ppi: Option<Ppi>,
}

/// Whether bytes start like a WSQ file: with a start-of-image marker and another marker behind it.
#[must_use]
pub fn is_wsq(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xA0, 0xFF, 0xA0..=0xA8, ..])
}

/// Why bytes are no WSQ image.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WsqError {
    /// The data ends inside a field.
    #[error("WSQ: {0}")]
    Truncated(#[from] Truncated),
    /// Something else where a marker must be.
    #[error("WSQ: no known marker at byte {offset}, but {found:#06x}: this is no WSQ file, or it is damaged")]
    Marker {
        /// Where.
        offset: usize,
        /// What stands there.
        found: u16,
    },
    /// A segment whose content cannot be.
    #[error("WSQ: the {segment} segment at byte {offset} is wrong: {reason}")]
    Segment {
        /// The segment's name in the specification.
        segment: &'static str,
        /// Where it starts.
        offset: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Coded data before what it needs was defined.
    #[error("WSQ: the coded block at byte {offset} comes before the {missing} it needs")]
    Undefined {
        /// What is missing.
        missing: &'static str,
        /// Where the block starts.
        offset: usize,
    },
    /// The size is not one an image may have.
    #[error("WSQ: {0}")]
    Size(#[from] ImageError),
    /// A bit pattern that is no code.
    #[error("WSQ: the coded data near byte {offset} holds a pattern that is no Huffman code: the file is damaged")]
    Code {
        /// Where, at most a few bytes late.
        offset: usize,
    },
    /// More or fewer coefficients than the image has.
    #[error("WSQ: {found} of {expected} coefficients were coded: the file is damaged or cut short")]
    Coefficients {
        /// Coded, counted up to the first that is too many.
        found: usize,
        /// What the size and the quantisation table ask for.
        expected: usize,
    },
}
