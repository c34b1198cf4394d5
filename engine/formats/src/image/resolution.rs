//! The sampling rate that a picture file states.

use whorl_types::Ppi;

use super::chunks::Chunks;
use super::jp2::Boxes;
use super::{ImageFormat, jpeg};
use crate::cursor::{Cursor, Truncated};

/// Metres in an inch.
pub(super) const INCH_M: f64 = 0.0254;

/// Rates that drawing software writes into every file. No scanner of fingers, eyes or faces samples at them.
const SOFTWARE_DEFAULTS_PPI: [f64; 2] = [72.0, 96.0];

/// How far the rates of rows and columns may lie apart and still be one: a fiftieth, as rounding to whole units leaves.
const MAX_UNEVENNESS: f64 = 0.02;

/// The most directory entries looked at before giving up.
const MAX_PARTS: usize = 4096;

pub(super) fn stated(bytes: &[u8], format: ImageFormat) -> Option<Ppi> {
    let (x, y) = match format {
        ImageFormat::Png => {
            let (x, y) = Chunks::read(bytes).per_m?;
            (f64::from(x) * INCH_M, f64::from(y) * INCH_M)
        }
        ImageFormat::Jpeg => jpeg::Segments::read(bytes).per_inch?,
        ImageFormat::Bmp => bmp(bytes).ok()??,
        ImageFormat::Tiff => tiff(bytes).ok()??,
        ImageFormat::Jpeg2000 => {
            let (x, y) = Boxes::read(bytes).resolution?.per_m();
            (x * INCH_M, y * INCH_M)
        }
        // PNM has no room for it; the decoder of WSQ reads it from a comment.
        ImageFormat::Pnm | ImageFormat::Wsq => return None,
    };
    plausible(x, y)
}

/// One rate of two, unless they differ, nobody could have meant them, or they lie outside the range of [`Ppi`].
fn plausible(x_ppi: f64, y_ppi: f64) -> Option<Ppi> {
    // 500 ppi is 19685.04 pixels a metre, which files round: a rate next to a whole number of ppi means that number.
    let whole = x_ppi.round();
    let ppi = if (x_ppi - whole).abs() < 0.02 { whole } else { x_ppi };
    let is_even = (x_ppi - y_ppi).abs() <= MAX_UNEVENNESS * x_ppi.abs();
    if !is_even || SOFTWARE_DEFAULTS_PPI.contains(&ppi) {
        return None;
    }
    Ppi::new(ppi as f32).ok()
}

type Rates = Option<(f64, f64)>;

/// BMP: biXPelsPerMeter and biYPelsPerMeter of a BITMAPINFOHEADER or a later one.
fn bmp(bytes: &[u8]) -> Result<Rates, Truncated> {
    const INFO_HEADER_BYTES: u32 = 40;
    if Cursor::at(bytes, 14).u32_le("biSize")? < INFO_HEADER_BYTES {
        return Ok(None);
    }
    let mut cursor = Cursor::at(bytes, 38);
    let (x, y) = (cursor.u32_le("biXPelsPerMeter")?, cursor.u32_le("biYPelsPerMeter")?);
    Ok(Some((f64::from(x) * INCH_M, f64::from(y) * INCH_M)))
}

/// TIFF 6.0, section 8: the resolution fields of the first directory.
fn tiff(bytes: &[u8]) -> Result<Rates, Truncated> {
    const X_RESOLUTION: u16 = 282;
    const Y_RESOLUTION: u16 = 283;
    const RESOLUTION_UNIT: u16 = 296;
    let tiff = Tiff { bytes, is_little_endian: bytes.starts_with(b"II") };
    let mut cursor = Cursor::at(bytes, tiff.u32(&mut Cursor::at(bytes, 4))? as usize);
    let (mut x, mut y, mut per_inch) = (None, None, Some(1.0));
    for _ in 0..usize::from(tiff.u16(&mut cursor)?).min(MAX_PARTS) {
        let tag = tiff.u16(&mut cursor)?;
        cursor.take(6, "field type and count")?;
        let mut value = cursor;
        cursor.take(4, "field value")?;
        match tag {
            X_RESOLUTION => x = Some(tiff.rational(&mut value)?),
            Y_RESOLUTION => y = Some(tiff.rational(&mut value)?),
            RESOLUTION_UNIT => {
                per_inch = match tiff.u16(&mut value)? {
                    2 => Some(1.0),
                    3 => Some(2.54),
                    _ => None,
                }
            }
            _ => {}
        }
    }
    Ok(match (x, y, per_inch) {
        (Some(x), Some(y), Some(per_inch)) => Some((x * per_inch, y * per_inch)),
        _ => None,
    })
}

/// Numbers of a TIFF file, in the byte order that it declares.
struct Tiff<'a> {
    bytes: &'a [u8],
    is_little_endian: bool,
}

impl Tiff<'_> {
    fn u16(&self, cursor: &mut Cursor) -> Result<u16, Truncated> {
        if self.is_little_endian { cursor.u16_le("TIFF field") } else { cursor.u16("TIFF field") }
    }

    fn u32(&self, cursor: &mut Cursor) -> Result<u32, Truncated> {
        if self.is_little_endian { cursor.u32_le("TIFF field") } else { cursor.u32("TIFF field") }
    }

    /// The fraction that the offset at `cursor` points to.
    fn rational(&self, cursor: &mut Cursor) -> Result<f64, Truncated> {
        let mut fraction = Cursor::at(self.bytes, self.u32(cursor)? as usize);
        Ok(f64::from(self.u32(&mut fraction)?) / f64::from(self.u32(&mut fraction)?))
    }
}
