use whorl_types::{Position, Ppi, Quality};

use super::Compression;
use crate::QualityBlock;
use crate::image_record::Edition;
use crate::representation::{RepresentationHead, finger_of_code};

/// How an image was sampled and written: what the edition of 2005 says once and that of 2011 with each image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sampling {
    /// 1: rates are per inch; 2: per centimetre.
    pub(super) units: u8,
    /// Rates of the scanner: horizontal, vertical.
    pub(super) scan: [u16; 2],
    /// Rates of the image: horizontal, vertical.
    pub(super) image: [u16; 2],
    pub(super) depth_bits: u8,
    pub(super) compression: u8,
}

/// One picture of one finger (or of several, or of a palm) as a record holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerImage {
    pub(super) edition: Edition,
    pub(super) position: u8,
    /// Views of this finger in the record, as stated in 2005; 1 in 2011, which does not state it.
    pub(super) views: u8,
    pub(super) number: u8,
    pub(super) quality: Vec<QualityBlock>,
    pub(super) impression: u8,
    pub(super) sampling: Sampling,
    pub(super) width_px: u16,
    pub(super) height_px: u16,
    /// The image length as stated, true or not (2005: of header and data together).
    pub(super) stated_length: u32,
    pub(super) data: Vec<u8>,
    pub(super) reserved: u8,
    pub(super) head: Option<RepresentationHead>,
    /// What a representation of 2011 holds beyond its image: segmentation, annotation, comments, vendors' own data.
    pub(super) extended: Vec<u8>,
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
