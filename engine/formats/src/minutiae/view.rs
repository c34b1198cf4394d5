use whorl_types::{Position, Quality};

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

/// One judgement of a view's quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QualityBlock {
    /// 0 to 100; 254 and 255 where none could be given.
    pub score: u8,
    /// Who made the algorithm; zero where the format does not say.
    pub vendor: u16,
    /// Which algorithm of that vendor; zero where the format does not say.
    pub algorithm: u16,
}

/// What only ISO/IEC 19794-2:2011 says of a view.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Representation {
    /// The length of the representation as stated, true or not.
    pub(super) stated_length: u32,
    /// Capture date and time, capture device technology, vendor and type (clauses 7.4.1.3 to 7.4.1.6).
    pub(super) capture: [u8; 14],
    /// Certification authority and scheme of each certificate; none where the flag in the header says there is no list.
    pub(super) certificates: Option<Vec<[u8; 3]>>,
    /// Bytes of a minutia in the upper half, kind of the ridge endings in the lower.
    pub(super) minutia_form: u8,
}

impl Representation {
    pub(super) const MINUTIAE_WITH_QUALITY: u8 = 0x60;
    pub(super) const MINUTIAE_WITHOUT_QUALITY: u8 = 0x50;

    /// A representation of which nothing is known but its minutiae.
    pub(super) fn unknown() -> Self {
        /// A date that is not known is filled with ones (ISO/IEC 19794-1:2011, clause 12.3.2); a device with zeros.
        const UNKNOWN_CAPTURE: [u8; 14] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0];
        let minutia_form = Self::MINUTIAE_WITH_QUALITY;
        Self { stated_length: 0, capture: UNKNOWN_CAPTURE, certificates: None, minutia_form }
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
        const LAST_FINGER: u8 = Position::LeftLittle as u8;
        Position::from_code(self.position).filter(|_| self.position <= LAST_FINGER).unwrap_or(Position::Unknown)
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
