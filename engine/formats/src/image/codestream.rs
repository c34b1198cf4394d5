//! The headers of a JPEG 2000 codestream (ISO/IEC 15444-1, annex A), read ahead of the decoder.
//!
//! Two hundred bytes can ask for gigabytes: a huge picture, or a small one cut into millions of precincts or code blocks. What
//! is over the limits here never reaches the decoder.

use thiserror::Error;
use whorl_types::{GreyImage, ImageError};

use crate::Truncated;
use crate::cursor::Cursor;

/// The most samples (pixels times components) of one picture. The decoder keeps several 32-bit planes of them: a whole
/// ten-print card at 500 ppi, or a face of 16 megapixels in colour.
const MAX_SAMPLES: u64 = 48 << 20;

/// The most components: red, green, blue, alpha.
const MAX_COMPONENTS: u16 = 4;

/// The deepest samples that are read, in bits.
const MAX_DEPTH_BITS: u8 = 16;

/// The most tiles of one picture: tile numbers have 16 bits (clause A.4.2).
const MAX_TILES: u64 = 65_535;

/// The most wavelet decompositions (table A.15).
const MAX_DECOMPOSITIONS: u8 = 32;

/// The most precincts of one component; the largest pictures in precincts of 64 x 64 pixels have a tenth.
const MAX_PRECINCTS: u64 = 1 << 17;

/// The most code blocks of one component; the largest pictures in blocks of 16 x 16 pixels have a fifth.
const MAX_CODE_BLOCKS: u64 = 1 << 20;

/// The most marker segments looked at.
const MAX_SEGMENTS: usize = 1 << 18;

/// Why a codestream is not given to the decoder.
#[derive(Debug, PartialEq, Eq, Error)]
pub(super) enum CodestreamError {
    #[error(transparent)]
    Truncated(#[from] Truncated),
    #[error(transparent)]
    Size(#[from] ImageError),
    #[error("{0} components")]
    Components(u16),
    #[error("{0} bits")]
    Depth(u8),
    #[error("it asks for {found} {what}; the limit is {limit}")]
    TooMany { what: &'static str, found: u64, limit: u64 },
    #[error("a tile of it has no size")]
    EmptyTile,
}

/// Whether every header of `codestream` keeps within the limits.
pub(super) fn check(codestream: &[u8]) -> Result<(), CodestreamError> {
    let mut cursor = Cursor::new(codestream);
    cursor.take(2, "SOC")?;
    let size = Size::read(&mut Cursor::at(codestream, 8))?;
    size.check()?;
    // A damaged or missing tail is the decoder's to judge: what comes after it is never reached.
    let mut tile_part = None;
    for _ in 0..MAX_SEGMENTS {
        let start = cursor.offset();
        let Ok((marker, content)) = next_segment(&mut cursor) else { break };
        match marker {
            COD => size.check_coding_style(&mut Cursor::new(content), 4)?,
            COC => size.check_coding_style(&mut Cursor::new(content), 0)?,
            SOT => tile_part = tile_part_end(content, start),
            SOD => match tile_part.take() {
                Some(end) if end > start => cursor = Cursor::at(codestream, end),
                _ => break,
            },
            _ => {}
        }
    }
    Ok(())
}

/// Markers (table A.2): coding style of all components and of one, start of a tile-part and of its data.
const COD: u8 = 0x52;
const COC: u8 = 0x53;
const SOT: u8 = 0x90;
const SOD: u8 = 0x93;

/// The next marker segment: the second byte of its marker, and its content. The marker before data has none.
fn next_segment<'a>(cursor: &mut Cursor<'a>) -> Result<(u8, &'a [u8]), Truncated> {
    cursor.take(1, "marker")?;
    let marker = cursor.u8("marker")?;
    if marker == SOD {
        return Ok((marker, &[]));
    }
    let length = usize::from(cursor.u16("segment length")?);
    Ok((marker, cursor.take(length.saturating_sub(2), "segment")?))
}

/// Where the tile-part ends that began at `start` (clause A.4.2); none where it goes to the end.
fn tile_part_end(content: &[u8], start: usize) -> Option<usize> {
    let length = Cursor::at(content, 2).u32("Psot").ok()? as usize;
    (length > 0).then(|| start.saturating_add(length))
}

/// The segment SIZ, which every codestream starts with (clause A.5.1).
struct Size {
    width_px: u32,
    height_px: u32,
    /// Tiles that cover the reference grid; none where a tile has no size.
    tiles: Option<u64>,
    components: u16,
    depth_bits: u8,
}

impl Size {
    fn read(cursor: &mut Cursor) -> Result<Self, Truncated> {
        let (right, bottom) = (cursor.u32("Xsiz")?, cursor.u32("Ysiz")?);
        let (left, top) = (cursor.u32("XOsiz")?, cursor.u32("YOsiz")?);
        let (tile_width, tile_height) = (cursor.u32("XTsiz")?, cursor.u32("YTsiz")?);
        let (tiles_left, tiles_top) = (cursor.u32("XTOsiz")?, cursor.u32("YTOsiz")?);
        let components = cursor.u16("Csiz")?;
        let mut depth_bits = 0;
        for _ in 0..components.min(MAX_COMPONENTS) {
            depth_bits = depth_bits.max((cursor.u8("Ssiz")? & 0x7F) + 1);
            cursor.take(2, "XRsiz, YRsiz")?;
        }
        let count = |end: u32, start: u32, side: u32| {
            end.saturating_sub(start)
                .checked_next_multiple_of(side)
                .and_then(|end| end.checked_div(side))
                .map(u64::from)
        };
        let columns = count(right, tiles_left, tile_width);
        let rows = count(bottom, tiles_top, tile_height);
        let tiles = columns.zip(rows).map(|(columns, rows)| columns.saturating_mul(rows));
        let (width_px, height_px) = (right.saturating_sub(left), bottom.saturating_sub(top));
        Ok(Self { width_px, height_px, tiles, components, depth_bits })
    }

    fn check(&self) -> Result<(), CodestreamError> {
        GreyImage::check_size(self.width_px, self.height_px)?;
        if !(1..=MAX_COMPONENTS).contains(&self.components) {
            return Err(CodestreamError::Components(self.components));
        }
        if self.depth_bits > MAX_DEPTH_BITS {
            return Err(CodestreamError::Depth(self.depth_bits));
        }
        at_most("samples", self.area_px() * u64::from(self.components), MAX_SAMPLES)?;
        at_most("tiles", self.tiles.ok_or(CodestreamError::EmptyTile)?, MAX_TILES)
    }

    fn area_px(&self) -> u64 {
        u64::from(self.width_px) * u64::from(self.height_px)
    }

    /// Checks a segment COD or COC (clauses A.6.1 and A.6.2), of which `between` bytes lie between its style and its
    /// parameters.
    fn check_coding_style(&self, cursor: &mut Cursor, between: usize) -> Result<(), CodestreamError> {
        const HAS_PRECINCTS: u8 = 1;
        const WHOLE_PICTURE: u8 = 0xFF;
        if between == 0 {
            // With at most four components its number has one byte.
            cursor.take(1, "Ccoc")?;
        }
        let style = cursor.u8("Scod or Scoc")?;
        cursor.take(between, "SGcod")?;
        let decompositions = cursor.u8("number of decomposition levels")?;
        at_most("decomposition levels", decompositions.into(), MAX_DECOMPOSITIONS.into())?;
        let block_exponents = [cursor.u8("code-block width")?, cursor.u8("code-block height")?].map(|size| size & 0x0F);
        let block_area = 16_u64 << block_exponents[0] << block_exponents[1];
        at_most("code blocks", self.area_px() / block_area, MAX_CODE_BLOCKS)?;
        cursor.take(2, "code-block style and transformation")?;
        let mut precincts = 0;
        for level in (0..=decompositions).rev() {
            let exponents = if style & HAS_PRECINCTS == 0 { WHOLE_PICTURE } else { cursor.u8("precinct size")? };
            let count = |side_px: u32, exponent: u8| {
                let side = u64::from(side_px).div_ceil(1 << level);
                side.div_ceil(1 << exponent)
            };
            precincts += count(self.width_px, exponents & 0x0F) * count(self.height_px, exponents >> 4);
        }
        at_most("precincts", precincts, MAX_PRECINCTS)
    }
}

fn at_most(what: &'static str, found: u64, limit: u64) -> Result<(), CodestreamError> {
    if found <= limit { Ok(()) } else { Err(CodestreamError::TooMany { what, found, limit }) }
}
