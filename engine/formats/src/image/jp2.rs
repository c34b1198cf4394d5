//! The boxes of a JP2 file (ISO/IEC 15444-1, annex I), as far as Whorl needs them.

use crate::cursor::{Cursor, Truncated};

/// The most boxes looked at in one file; real ones have fewer than twenty.
const MAX_BOXES: usize = 256;

/// What the boxes around a codestream say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Boxes<'a> {
    /// The JPEG 2000 codestream.
    pub(super) codestream: Option<&'a [u8]>,
    /// The number of an enumerated colour space.
    pub(super) colour_space: Option<u32>,
    /// Whether samples are indices into a palette.
    pub(super) has_palette: bool,
    /// The capture (preferred) or display resolution, in pixels per metre: vertical, horizontal.
    pub(super) resolution: Option<Resolution>,
}

/// Pixels per metre as fractions with a decimal exponent (clause I.5.3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resolution {
    vertical: Rate,
    horizontal: Rate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rate {
    numerator: u16,
    denominator: u16,
    exponent: i8,
}

impl Rate {
    fn per_m(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator) * libm::pow(10.0, f64::from(self.exponent))
    }
}

impl Resolution {
    /// Pixels per metre: horizontal, vertical.
    pub(super) fn per_m(self) -> (f64, f64) {
        (self.horizontal.per_m(), self.vertical.per_m())
    }

    fn read(content: &[u8]) -> Result<Self, Truncated> {
        let mut cursor = Cursor::new(content);
        let mut fraction = || Ok((cursor.u16("resolution numerator")?, cursor.u16("resolution denominator")?));
        let (vertical, horizontal) = (fraction()?, fraction()?);
        let mut rate = |(numerator, denominator)| {
            Ok(Rate { numerator, denominator, exponent: cursor.u8("resolution exponent")?.cast_signed() })
        };
        Ok(Self { vertical: rate(vertical)?, horizontal: rate(horizontal)? })
    }
}

impl<'a> Boxes<'a> {
    /// Reads the boxes of a whole file, or takes `bytes` for a bare codestream. What is cut short ends the walk.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let mut boxes = Self::default();
        if bytes.starts_with(&[0xFF, 0x4F]) {
            boxes.codestream = Some(bytes);
        } else {
            boxes.walk(bytes, &mut 0);
        }
        boxes
    }

    fn walk(&mut self, bytes: &'a [u8], seen: &mut usize) {
        let mut cursor = Cursor::new(bytes);
        while *seen < MAX_BOXES
            && let Ok((kind, content)) = next_box(&mut cursor)
        {
            *seen += 1;
            match kind {
                b"jp2h" | b"res " => self.walk(content, seen),
                b"jp2c" => self.codestream = self.codestream.or(Some(content)),
                b"pclr" => self.has_palette = true,
                b"colr" => self.colour_space = self.colour_space.or_else(|| enumerated_colour_space(content)),
                b"resc" => self.resolution = Resolution::read(content).ok().or(self.resolution),
                b"resd" => self.resolution = self.resolution.or_else(|| Resolution::read(content).ok()),
                _ => {}
            }
        }
    }
}

/// The next box: its type and its content. A last box may leave its length open or promise more than there is.
fn next_box<'a>(cursor: &mut Cursor<'a>) -> Result<(&'a [u8; 4], &'a [u8]), Truncated> {
    let short = cursor.u32("box length")?;
    let kind = cursor.take(4, "box type")?.first_chunk().expect("four bytes were taken");
    let content_length = match short {
        0 => cursor.left(),
        1 => {
            let high = cursor.u32("box length, high half")?;
            let low = cursor.u32("box length, low half")?;
            if high == 0 { (low as usize).saturating_sub(16) } else { usize::MAX }
        }
        length => (length as usize).saturating_sub(8),
    };
    Ok((kind, cursor.take(content_length.min(cursor.left()), "box content")?))
}

fn enumerated_colour_space(content: &[u8]) -> Option<u32> {
    const ENUMERATED: u8 = 1;
    match content {
        [ENUMERATED, _, _, number @ ..] => number.first_chunk().map(|bytes| u32::from_be_bytes(*bytes)),
        _ => None,
    }
}
