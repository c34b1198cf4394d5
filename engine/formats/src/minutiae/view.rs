use whorl_types::{Position, Quality};

use crate::QualityBlock;
use crate::representation::{RepresentationHead, finger_of_code};

use super::extended::ExtendedData;
use super::minutia::RecordedMinutia;

/// The picture that minutiae were found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Plane {
    /// Width, in pixels.
    pub width_px: u16,
    /// Height, in pixels.
    pub height_px: u16,
    /// Columns per centimetre.
    pub x_per_cm: u16,
    /// Rows per centimetre.
    pub y_per_cm: u16,
}

/// What only ISO/IEC 19794-2:2011 says of a view.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Representation {
    pub(super) head: RepresentationHead,
    /// Bytes of a minutia in the upper half, kind of the ridge endings in the lower.
    pub(super) minutia_form: u8,
}

impl Representation {
    pub(super) const MINUTIAE_WITH_QUALITY: u8 = 0x60;
    pub(super) const MINUTIAE_WITHOUT_QUALITY: u8 = 0x50;

    /// A representation of which nothing is known but its minutiae.
    pub(super) fn unknown() -> Self {
        Self { head: RepresentationHead::unknown(), minutia_form: Self::MINUTIAE_WITH_QUALITY }
    }
}

/// The minutiae of one impression of one finger.
#[derive(Clone, PartialEq, Eq)]
pub struct View {
    pub(super) position: u8,
    /// Number of the view and impression type, in one byte in the formats of 2004 and 2005, else in two.
    pub(super) number_and_impression: [u8; 2],
    pub(super) quality: Vec<QualityBlock>,
    pub(super) plane: Plane,
    pub(super) representation: Option<Representation>,
    pub(super) minutiae: Vec<RecordedMinutia>,
    pub(super) extended: ExtendedData,
}

impl View {
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

    /// The number of this view among those of its finger, from 0.
    #[must_use]
    pub fn number(&self) -> u8 {
        self.number_and_impression[0]
    }

    /// The impression type code as written: 0 live-scan plain, 1 live-scan rolled and so on.
    #[must_use]
    pub fn impression_code(&self) -> u8 {
        self.number_and_impression[1]
    }

    /// Every judgement of the quality of the view.
    #[must_use]
    pub fn quality_blocks(&self) -> &[QualityBlock] {
        &self.quality
    }

    /// The first quality that is one.
    #[must_use]
    pub fn quality(&self) -> Option<Quality> {
        self.quality.iter().find_map(|block| Quality::new(block.score).ok())
    }

    /// The picture that the minutiae were found in.
    #[must_use]
    pub fn plane(&self) -> Plane {
        self.plane
    }

    /// The minutiae in the order of the record, at most 255.
    #[must_use]
    pub fn minutiae(&self) -> &[RecordedMinutia] {
        &self.minutiae
    }

    /// What follows the minutiae.
    #[must_use]
    pub fn extended(&self) -> &ExtendedData {
        &self.extended
    }

    pub(super) fn has_minutia_quality(&self) -> bool {
        self.representation
            .as_ref()
            .is_none_or(|representation| representation.minutia_form & 0xF0 == Representation::MINUTIAE_WITH_QUALITY)
    }

    /// A view of `position` with nothing in it yet.
    pub(super) fn new(position: u8, number_and_impression: [u8; 2], plane: Plane) -> Self {
        Self {
            position,
            number_and_impression,
            quality: Vec::new(),
            plane,
            representation: None,
            minutiae: Vec::new(),
            extended: ExtendedData::default(),
        }
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "View({}, {} minutiae)", self.position(), self.minutiae.len())
    }
}
