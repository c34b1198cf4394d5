//! Finger image records: ISO/IEC 19794-4:2005 and 2011.
//!
//! [`decode`] keeps everything a record says, so that [`FingerImageRecord::encode`] gives the same bytes back;
//! [`FingerImage::picture`] decodes the picture within.
//!
//! Records in the field are often wrong about themselves. Tolerated, because what was meant is unambiguous:
//!
//! - a total length that disagrees with the bytes, where all counted images are there; what follows them is kept;
//! - a number of fingers (2005) that counts images, and a count of views that goes beyond what is there;
//! - a compression code that disagrees with the picture's own signature, and a size that disagrees with its own header;
//! - a sampling rate given per centimetre and labelled per inch, or the other way round: see [`FingerImage::ppi`].
//!
//! Everything else is refused with the field and its offset.

mod compose;
mod header;
mod pixels;
mod wire;

use thiserror::Error;
use whorl_types::{Position, Ppi, Quality};

use crate::image::ImageFormatError;
use crate::representation::{RepresentationHead, finger_of_code};
use crate::{InvalidField, QualityBlock, Truncated};
pub use compose::Picture;
use header::Header;
pub use wire::{decode, sniff};

/// The most bytes of a record: a ten-finger record of uncompressed 1000 ppi rolls has less than half.
pub const MAX_RECORD_BYTES: usize = 256 << 20;

/// What every record starts with.
const SIGNATURE: &[u8; 4] = b"FIR\0";

/// An edition of ISO/IEC 19794-4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edition {
    /// ISO/IEC 19794-4:2005.
    Iso2005,
    /// ISO/IEC 19794-4:2011.
    Iso2011,
}

/// How the pixels of a finger image are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all, whole bytes a pixel.
    Raw,
    /// Not at all, as many bits a pixel as it needs.
    Packed,
    /// Wavelet scalar quantisation.
    Wsq,
    /// JPEG.
    Jpeg,
    /// JPEG 2000.
    Jpeg2000,
    /// JPEG 2000 without loss; a code of its own since 2011.
    Jpeg2000Lossless,
    /// PNG.
    Png,
    /// A code that no edition knows.
    Unknown(u8),
}

impl Compression {
    const OF_2005: [Self; 6] = [Self::Raw, Self::Packed, Self::Wsq, Self::Jpeg, Self::Jpeg2000, Self::Png];
    const OF_2011: [Self; 7] =
        [Self::Raw, Self::Packed, Self::Wsq, Self::Jpeg, Self::Jpeg2000, Self::Jpeg2000Lossless, Self::Png];

    fn codes(edition: Edition) -> &'static [Self] {
        match edition {
            Edition::Iso2005 => &Self::OF_2005,
            Edition::Iso2011 => &Self::OF_2011,
        }
    }

    fn of_code(edition: Edition, code: u8) -> Self {
        Self::codes(edition).get(usize::from(code)).copied().unwrap_or(Self::Unknown(code))
    }

    /// The code in `edition`; none where it has none.
    fn code(self, edition: Edition) -> Option<u8> {
        Self::codes(edition).iter().position(|known| *known == self).map(|code| code as u8)
    }
}

/// How an image was sampled and written: what the edition of 2005 says once and that of 2011 with each image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sampling {
    /// 1: rates are per inch; 2: per centimetre.
    units: u8,
    /// Rates of the scanner: horizontal, vertical.
    scan: [u16; 2],
    /// Rates of the image: horizontal, vertical.
    image: [u16; 2],
    depth_bits: u8,
    compression: u8,
}

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

/// One picture of one finger (or of several, or of a palm) as a record holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerImage {
    edition: Edition,
    position: u8,
    /// Views of this finger in the record, as stated in 2005; 1 in 2011, which does not state it.
    views: u8,
    number: u8,
    quality: Vec<QualityBlock>,
    impression: u8,
    sampling: Sampling,
    width_px: u16,
    height_px: u16,
    /// The image length as stated, true or not (2005: of header and data together).
    stated_length: u32,
    data: Vec<u8>,
    reserved: u8,
    head: Option<RepresentationHead>,
    /// What a representation of 2011 holds beyond its image: segmentation, annotation, comments, vendors' own data.
    extended: Vec<u8>,
}

impl FingerImage {
    /// Which finger; unknown for palms and for several fingers at once.
    #[must_use]
    pub fn position(&self) -> Position {
        finger_of_code(self.position)
    }

    /// The position code as written.
    #[must_use]
    pub fn position_code(&self) -> u8 {
        self.position
    }

    /// The number of this view among those of its finger, as written: from 1 in 2005, from 0 in 2011.
    #[must_use]
    pub fn number(&self) -> u8 {
        self.number
    }

    /// The impression type code as written.
    #[must_use]
    pub fn impression_code(&self) -> u8 {
        self.impression
    }

    /// Every judgement of the quality of the image.
    #[must_use]
    pub fn quality_blocks(&self) -> &[QualityBlock] {
        &self.quality
    }

    /// The first quality that is one.
    #[must_use]
    pub fn quality(&self) -> Option<Quality> {
        self.quality.iter().find_map(|block| Quality::new(block.score).ok())
    }

    /// How the pixels are written, as stated.
    #[must_use]
    pub fn compression(&self) -> Compression {
        Compression::of_code(self.edition, self.sampling.compression)
    }

    /// The bytes of the picture, as they are in the record.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The sampling rate: that of the image, else that of the scan; none where both are missing, uneven or impossible.
    ///
    /// 197 and 394 cannot be rates per inch of a finger image, nor 500 and 1000 rates per centimetre: where they are
    /// labelled so, the label is wrong and the number is right.
    #[must_use]
    pub fn ppi(&self) -> Option<Ppi> {
        self.sampling.ppi()
    }
}

impl std::fmt::Debug for FingerImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { width_px, height_px, data, .. } = self;
        write!(f, "FingerImage({}, {width_px} x {height_px} px, {} bytes)", self.position(), data.len())
    }
}

/// A finger image record as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerImageRecord {
    header: Header,
    images: Vec<FingerImage>,
    /// What follows the last image.
    trailing: Vec<u8>,
}

impl FingerImageRecord {
    /// The edition it was written by.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.header.edition
    }

    /// The images, at least one, in the order of the record.
    #[must_use]
    pub fn images(&self) -> &[FingerImage] {
        &self.images
    }
}

impl std::fmt::Debug for FingerImageRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FingerImageRecord({:?}, {:?})", self.header.edition, self.images)
    }
}
