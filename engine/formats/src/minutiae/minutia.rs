use whorl_types::MinutiaKind;

use crate::Truncated;
use crate::cursor::Cursor;

/// A minutia as a record writes it, in the record's own units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedMinutia {
    /// Type in the upper two bits, distance from the left edge in the others.
    kind_and_x: u16,
    /// Reserved bits above, distance from the top edge in the lower fourteen.
    reserved_and_y: u16,
    angle: u8,
    quality: Option<u8>,
}

/// The bits of a coordinate.
const COORDINATE: u16 = 0x3FFF;

impl RecordedMinutia {
    /// A minutia of a record; the coordinates are kept to 14 bits.
    pub(super) fn new(kind: MinutiaKind, x_px: u16, y_px: u16, angle: u8, quality: Option<u8>) -> Self {
        let kind_bits = match kind {
            MinutiaKind::Other => 0,
            MinutiaKind::Ending => 1,
            MinutiaKind::Bifurcation => 2,
        };
        let kind_and_x = kind_bits << 14 | x_px.min(COORDINATE);
        Self { kind_and_x, reserved_and_y: y_px.min(COORDINATE), angle, quality }
    }

    pub(super) fn read(cursor: &mut Cursor, has_quality: bool) -> Result<Self, Truncated> {
        let kind_and_x = cursor.u16("minutia type and x")?;
        let reserved_and_y = cursor.u16("minutia y")?;
        let angle = cursor.u8("minutia angle")?;
        let quality = if has_quality { Some(cursor.u8("minutia quality")?) } else { None };
        Ok(Self { kind_and_x, reserved_and_y, angle, quality })
    }

    pub(super) fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.kind_and_x.to_be_bytes());
        bytes.extend(self.reserved_and_y.to_be_bytes());
        bytes.push(self.angle);
        bytes.extend(self.quality);
    }

    /// Ending, bifurcation, or not told.
    #[must_use]
    pub fn kind(self) -> MinutiaKind {
        match self.kind_and_x >> 14 {
            1 => MinutiaKind::Ending,
            2 => MinutiaKind::Bifurcation,
            _ => MinutiaKind::Other,
        }
    }

    /// Distance from the left edge, in pixels of the record.
    #[must_use]
    pub fn x_px(self) -> u16 {
        self.kind_and_x & COORDINATE
    }

    /// Distance from the top edge, in pixels of the record.
    #[must_use]
    pub fn y_px(self) -> u16 {
        self.reserved_and_y & COORDINATE
    }

    /// The angle as written: 256ths of a turn by ISO/IEC 19794-2, steps of 2 degrees by ANSI/INCITS 378.
    #[must_use]
    pub fn angle(self) -> u8 {
        self.angle
    }

    /// The quality, 1 to 100; none where the record does not report it.
    #[must_use]
    pub fn quality(self) -> Option<u8> {
        self.quality.filter(|quality| (1..=100).contains(quality))
    }
}
