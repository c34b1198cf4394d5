use whorl_types::Quality;

use super::{ColourSpace, Compression, ImageKind};
use crate::QualityBlock;
use crate::image::{Decoded, ImageFormat, decode};
use crate::image_record::{Edition, ImageRecordError};
use crate::representation::RepresentationHead;

/// A place in a face that somebody marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeaturePoint {
    /// By which scheme `code` is meant: 1 is that of MPEG-4 (ISO/IEC 14496-2, annex C); 2011 adds anthropometric ones.
    pub kind: u8,
    /// Which place.
    pub code: u8,
    /// Distance from the left edge.
    pub x_px: u16,
    /// Distance from the top edge.
    pub y_px: u16,
    /// Depth where the scheme has one (2011), else 0.
    pub z: u16,
}

/// One picture of one face as a record holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct FaceImage {
    pub(super) edition: Edition,
    /// What a representation of 2011 starts with.
    pub(super) head: Option<RepresentationHead>,
    pub(super) quality: Vec<QualityBlock>,
    /// Sex, colours, features, expression and pose: 14 bytes in 2005, 15 in 2011, which adds the height.
    pub(super) description: Vec<u8>,
    pub(super) points: Vec<FeaturePoint>,
    pub(super) kind: ImageKind,
    pub(super) compression: u8,
    pub(super) width_px: u16,
    pub(super) height_px: u16,
    pub(super) colour_space: ColourSpace,
    /// 2005: source, device and quality, five bytes; 2011: sampling rate, processing and cross reference, four.
    pub(super) origin: Vec<u8>,
    pub(super) data: Vec<u8>,
    /// What a representation of 2011 holds beyond its image: a three-dimensional shape.
    pub(super) extended: Vec<u8>,
}

impl FaceImage {
    /// What it shows.
    #[must_use]
    pub fn kind(&self) -> ImageKind {
        self.kind
    }

    /// The places that somebody marked.
    #[must_use]
    pub fn points(&self) -> &[FeaturePoint] {
        &self.points
    }

    /// Every judgement of the quality of the image (2011).
    #[must_use]
    pub fn quality_blocks(&self) -> &[QualityBlock] {
        &self.quality
    }

    /// The first quality that is one.
    #[must_use]
    pub fn quality(&self) -> Option<Quality> {
        self.quality.iter().find_map(|block| Quality::new(block.score).ok())
    }

    /// What its samples mean, as stated.
    #[must_use]
    pub fn colour_space(&self) -> ColourSpace {
        self.colour_space
    }

    /// How the pixels are written, as stated.
    #[must_use]
    pub fn compression(&self) -> Compression {
        Compression::of_code(self.edition, self.compression)
    }

    /// The bytes of the picture, as they are in the record.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The picture, told by its own signature, and upright where Exif data within says that it is turned; the
    /// [`points`](Self::points) are places in it as it is stored.
    ///
    /// # Errors
    /// [`ImageRecordError`] where the compression is unknown, the picture damaged, or its size not allowed.
    pub fn picture(&self) -> Result<Decoded, ImageRecordError> {
        match self.compression() {
            Compression::Unknown(code) if ImageFormat::sniff(&self.data).is_none() => {
                Err(ImageRecordError::Compression(code.into()))
            }
            Compression::Jpeg
            | Compression::Jpeg2000
            | Compression::Jpeg2000Lossless
            | Compression::Png
            | Compression::Unknown(_) => Ok(decode(&self.data)?),
        }
    }
}

impl std::fmt::Debug for FaceImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kind, width_px, height_px, data, .. } = self;
        write!(f, "FaceImage({kind:?}, {width_px} x {height_px} px, {} bytes)", data.len())
    }
}
