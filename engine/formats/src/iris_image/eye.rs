//! What the codes of a record say of an eye and its picture.

use whorl_types::Position;

/// What an image shows, as its record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageKind {
    /// A photograph; the edition of 2005 says no more.
    Rectilinear,
    /// The ring unwrapped to a rectangle (2005).
    Polar,
    /// The whole picture of the camera.
    Uncropped,
    /// Likewise, of 640 x 480 pixels.
    Vga,
    /// Cut out around the iris, which is in the middle.
    Cropped,
    /// Likewise, with lids and sclera painted over.
    CroppedAndMasked,
    /// A code that the edition of 2011 does not know.
    Unknown(u8),
}

impl ImageKind {
    /// The kind of a code of 2011 (ISO/IEC 19794-6:2011, table 4).
    pub(super) fn of_code(code: u8) -> Self {
        match code {
            1 => Self::Uncropped,
            2 => Self::Vga,
            3 => Self::Cropped,
            7 => Self::CroppedAndMasked,
            _ => Self::Unknown(code),
        }
    }

    /// The code of 2011; none where it has none.
    pub(super) fn code(self) -> Option<u8> {
        match self {
            Self::Uncropped => Some(1),
            Self::Vga => Some(2),
            Self::Cropped => Some(3),
            Self::CroppedAndMasked => Some(7),
            Self::Unknown(code) => Some(code),
            Self::Rectilinear | Self::Polar => None,
        }
    }
}

/// How a picture lies, as its record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// Not told.
    Unknown,
    /// As one sees the person.
    Base,
    /// Reversed.
    Flipped,
}

impl Orientation {
    /// The orientation that the two lowest bits tell.
    pub(super) fn of_bits(bits: u16) -> Self {
        match bits & 3 {
            1 => Self::Base,
            2 => Self::Flipped,
            _ => Self::Unknown,
        }
    }
}

/// The eye of a code.
pub(super) fn position_of_code(code: u8) -> Position {
    match code {
        1 => Position::RightEye,
        2 => Position::LeftEye,
        _ => Position::Unknown,
    }
}

/// The code of an eye; undefined for what is none.
pub(super) fn code_of_position(position: Position) -> u8 {
    (1..=2).find(|code| position_of_code(*code) == position).unwrap_or(0)
}
