//! The marker segments of a JPEG file (ITU-T T.81, annex B), as far as Whorl needs them beside the decoder.

use crate::cursor::{Cursor, Truncated};

/// The most segments looked at before the picture begins.
const MAX_SEGMENTS: usize = 4096;

/// What the segments before the coded picture say, and whether its end is there.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Segments<'a> {
    /// Columns and rows per inch by the JFIF header (ITU-T T.871, clause 10.1).
    pub(super) per_inch: Option<(f64, f64)>,
    /// Components by the frame header (clause B.2.2): 1 grey, 3 colour, 4 CMYK.
    pub(super) components: Option<u8>,
    /// Exif data, by the first application segment that holds some (Exif 2.32, clause 4.7.2).
    pub(super) exif: Option<&'a [u8]>,
    /// The coded picture and what follows it.
    coded: Option<&'a [u8]>,
}

impl<'a> Segments<'a> {
    /// Reads the segments of a file; what is cut short ends the walk.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        const START_OF_IMAGE_BYTES: usize = 2;
        let mut segments = Self::default();
        let mut cursor = Cursor::at(bytes, START_OF_IMAGE_BYTES);
        for _ in 0..MAX_SEGMENTS {
            let Ok((marker, content)) = next_segment(&mut cursor) else { break };
            match marker {
                APP0 => segments.per_inch = segments.per_inch.or_else(|| jfif_density(content)),
                APP1 => segments.exif = segments.exif.or_else(|| exif(content)),
                SOS => {
                    segments.coded = bytes.get(cursor.offset()..);
                    break;
                }
                DHT | JPG | DAC => {}
                SOF0..=SOF15 => segments.components = content.get(5).copied(),
                _ => {}
            }
        }
        segments
    }

    /// Whether the end-of-image marker follows the coded picture. The decoder would fill what is missing with grey.
    pub(super) fn has_end(&self) -> bool {
        const END_OF_IMAGE: &[u8] = &[0xFF, 0xD9];
        self.coded.is_some_and(|coded| coded.windows(END_OF_IMAGE.len()).any(|window| window == END_OF_IMAGE))
    }
}

/// Markers (table B.1): the application segments of JFIF and Exif, start of scan, the frame headers and the three others among their numbers.
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const SOS: u8 = 0xDA;
const SOF0: u8 = 0xC0;
const SOF15: u8 = 0xCF;
const DHT: u8 = 0xC4;
const JPG: u8 = 0xC8;
const DAC: u8 = 0xCC;

/// The next marker segment: its marker and its content.
fn next_segment<'a>(cursor: &mut Cursor<'a>) -> Result<(u8, &'a [u8]), Truncated> {
    while cursor.u8("marker")? != 0xFF {}
    let mut marker = cursor.u8("marker")?;
    while marker == 0xFF {
        marker = cursor.u8("marker")?;
    }
    let length = usize::from(cursor.u16("segment length")?);
    Ok((marker, cursor.take(length.saturating_sub(2), "segment content")?))
}

/// The TIFF structure in an application segment of Exif, behind its name, a zero and a byte that pads.
fn exif(content: &[u8]) -> Option<&[u8]> {
    let [b'E', b'x', b'i', b'f', 0, _, tiff @ ..] = content else { return None };
    Some(tiff)
}

fn jfif_density(content: &[u8]) -> Option<(f64, f64)> {
    let [b'J', b'F', b'I', b'F', 0, _, _, unit, x_high, x_low, y_high, y_low, ..] = *content else { return None };
    let per_inch = match unit {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    let rate = |high, low| f64::from(u16::from_be_bytes([high, low])) * per_inch;
    Some((rate(x_high, x_low), rate(y_high, y_low)))
}
