use std::ops::RangeInclusive;

use whorl_types::{Position, Quality};

use super::eye::position_of_code;
use super::header::Raster;
use super::{Compression, ImageKind, Orientation};
use crate::QualityBlock;
use crate::image_record::Edition;
use crate::representation::RepresentationHead;

/// What a field of an angle says where nobody measured it.
pub(super) const UNDEFINED_ANGLE: u16 = 0xFFFF;

/// One picture of one eye as a record holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct IrisImage {
    pub(super) edition: Edition,
    pub(super) eye: u8,
    pub(super) number: u16,
    pub(super) quality: Vec<QualityBlock>,
    pub(super) kind: ImageKind,
    pub(super) raster: Raster,
    /// Distance of the camera, in millimetres (2011).
    pub(super) range: u16,
    pub(super) roll: u16,
    pub(super) roll_uncertainty: u16,
    /// The least and the most of the centre's x and y and of the iris' diameter; 0 where it is not known.
    pub(super) bounds_px: [[u16; 2]; 3],
    /// What a representation of 2011 starts with.
    pub(super) head: Option<RepresentationHead>,
    pub(super) data: Vec<u8>,
    /// What a representation of 2011 holds beyond its image.
    pub(super) extended: Vec<u8>,
}

impl IrisImage {
    /// Which eye.
    #[must_use]
    pub fn position(&self) -> Position {
        position_of_code(self.eye)
    }

    /// The eye's code as written.
    #[must_use]
    pub fn eye_code(&self) -> u8 {
        self.eye
    }

    /// The number of this image as written: in 2005 among those of its eye, in 2011 among all.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }

    /// What it shows.
    #[must_use]
    pub fn kind(&self) -> ImageKind {
        self.kind
    }

    /// Whether left and right are as one sees the person: for a right eye, the nose is on the right.
    #[must_use]
    pub fn horizontal_orientation(&self) -> Orientation {
        Orientation::of_bits(self.raster.properties)
    }

    /// Whether the brow is at the top.
    #[must_use]
    pub fn vertical_orientation(&self) -> Orientation {
        Orientation::of_bits(self.raster.properties >> 2)
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
        Compression::of_code(self.edition, self.raster.format).0
    }

    /// The bytes of the picture, as they are in the record.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// By how many degrees the eye is turned in the picture, 0 to 360; none where nobody measured it.
    #[must_use]
    pub fn roll_degrees(&self) -> Option<f32> {
        (self.roll != UNDEFINED_ANGLE).then(|| f32::from(self.roll) * (360.0 / 65536.0))
    }

    /// How far the camera was, in millimetres, where it is known.
    #[must_use]
    pub fn distance_mm(&self) -> Option<u16> {
        /// 0: not told; 1: could not be measured.
        const NOT_MEASURED: u16 = 1;
        (self.range > NOT_MEASURED).then_some(self.range)
    }

    /// Between which distances from the left edge the centre of the iris lies, in pixels, where it is known.
    #[must_use]
    pub fn centre_x_px(&self) -> Option<RangeInclusive<u16>> {
        known(self.bounds_px[0])
    }

    /// Between which distances from the top edge the centre of the iris lies, in pixels, where it is known.
    #[must_use]
    pub fn centre_y_px(&self) -> Option<RangeInclusive<u16>> {
        known(self.bounds_px[1])
    }

    /// Between which lengths the diameter of the iris is, in pixels, where it is known.
    #[must_use]
    pub fn diameter_px(&self) -> Option<RangeInclusive<u16>> {
        known(self.bounds_px[2])
    }
}

fn known([least, most]: [u16; 2]) -> Option<RangeInclusive<u16>> {
    (least > 0 && most >= least).then_some(least..=most)
}

impl std::fmt::Debug for IrisImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Raster { width_px, height_px, .. } = self.raster;
        write!(f, "IrisImage({}, {width_px} x {height_px} px, {} bytes)", self.position(), self.data.len())
    }
}
