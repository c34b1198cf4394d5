//! What every template starts with, and the checks that need no knowledge of what is inside.

use whorl_types::Quality;

use super::TemplateError;
use crate::InvalidField;
use crate::cursor::Cursor;

/// Bytes before the part that the checksum covers.
const BYTES: usize = 16;

/// What the templates of a modality start with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub(super) magic: [u8; 4],
    /// The only version of the layout.
    pub(super) layout: u8,
}

impl Kind {
    /// The modality's own three bytes of the envelope and its body, to be read from `bytes` that are whole.
    pub(super) fn open(self, bytes: &[u8]) -> Result<(Cursor<'_>, Cursor<'_>), TemplateError> {
        let mut cursor = Cursor::new(bytes);
        if cursor.array("magic")? != self.magic {
            return Err(TemplateError::NotATemplate);
        }
        let found = cursor.u8("layout")?;
        if found != self.layout {
            return Err(TemplateError::UnknownLayout { found, known: self.layout });
        }
        let own = cursor;
        cursor.take(3, "envelope")?;
        let stated = cursor.u32_le("length")?;
        if usize::try_from(stated).ok() != Some(bytes.len()) {
            return Err(TemplateError::Length { stated, found: bytes.len() });
        }
        let stated = cursor.u32_le("checksum")?;
        let found = crc32c::crc32c(&bytes[cursor.offset()..]);
        if stated == found { Ok((own, cursor)) } else { Err(TemplateError::Checksum { stated, found }) }
    }

    /// `body` in its envelope, which holds `own` three bytes of the modality.
    pub(super) fn seal(self, own: [u8; 3], body: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(BYTES + body.len());
        bytes.extend(self.magic);
        bytes.push(self.layout);
        bytes.extend(own);
        bytes.extend(((BYTES + body.len()) as u32).to_le_bytes());
        bytes.extend(crc32c::crc32c(body).to_le_bytes());
        bytes.extend(body);
        bytes
    }
}

/// Nothing may be left to read.
pub(super) fn check_end(cursor: &Cursor) -> Result<(), InvalidField> {
    let left = cursor.left() as u32;
    InvalidField::unless(left == 0, "end", cursor.offset(), left, "there are bytes after the last field")
}

/// The modality's own three bytes, where it has none.
pub(super) fn check_reserved(own: &mut Cursor) -> Result<(), TemplateError> {
    let offset = own.offset();
    let [high, middle, low] = own.array("reserved bytes")?;
    let found = u32::from_be_bytes([0, high, middle, low]);
    Ok(InvalidField::unless(found == 0, "reserved bytes", offset, found, "they must be 0")?)
}

/// A byte that is `most` or less.
pub(super) fn at_most(cursor: &mut Cursor, most: u8, field: &'static str) -> Result<u8, TemplateError> {
    let offset = cursor.offset();
    let found = cursor.u8(field)?;
    InvalidField::unless(found <= most, field, offset, found, "it is more than can be")?;
    Ok(found)
}

/// A byte of quality, 0 to 100.
pub(super) fn quality(cursor: &mut Cursor) -> Result<Quality, TemplateError> {
    let value = at_most(cursor, 100, "quality")?;
    Ok(Quality::from_fraction(f32::from(value) / 100.0))
}
