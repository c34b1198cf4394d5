//! The chunks of a PNG file (ISO/IEC 15948, clause 11), as far as Whorl needs them beside the decoder.

use crate::cursor::{Cursor, Truncated};

/// The most chunks looked at: the pixels of the largest picture in pieces of 8 kB, as most software writes them, are fewer.
const MAX_CHUNKS: usize = 1 << 16;

/// What the chunks around the pixels say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chunks<'a> {
    /// Columns and rows per metre, by the chunk pHYs before the pixels (clause 11.3.5.3).
    pub(super) per_m: Option<(u32, u32)>,
    /// Exif data, by the first chunk eXIf, which may also follow the pixels.
    pub(super) exif: Option<&'a [u8]>,
    /// Frames of an animation, by the chunk acTL before the pixels; none where the file is one picture.
    pub(super) frames: Option<u32>,
}

impl<'a> Chunks<'a> {
    /// Reads the chunks of a file; what is cut short ends the walk.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        const SIGNATURE_BYTES: usize = 8;
        let (mut chunks, mut has_pixels) = (Self::default(), false);
        let mut cursor = Cursor::at(bytes, SIGNATURE_BYTES);
        for _ in 0..MAX_CHUNKS {
            let Ok((kind, content)) = next_chunk(&mut cursor) else { break };
            match kind {
                b"pHYs" if !has_pixels => chunks.per_m = chunks.per_m.or_else(|| per_metre(content)),
                b"acTL" if !has_pixels => chunks.frames = Cursor::new(content).u32("num_frames").ok(),
                b"eXIf" => chunks.exif = chunks.exif.or(Some(content)),
                b"IDAT" => has_pixels = true,
                b"IEND" => break,
                _ => {}
            }
        }
        chunks
    }
}

/// The next chunk: its type and its content. The decoder checks the sums of those that it needs.
fn next_chunk<'a>(cursor: &mut Cursor<'a>) -> Result<(&'a [u8], &'a [u8]), Truncated> {
    const SUM_BYTES: usize = 4;
    let length = cursor.u32("chunk length")? as usize;
    let (kind, content) = (cursor.take(4, "chunk type")?, cursor.take(length, "chunk content")?);
    cursor.take(SUM_BYTES, "chunk checksum")?;
    Ok((kind, content))
}

fn per_metre(content: &[u8]) -> Option<(u32, u32)> {
    const METRE: u8 = 1;
    let mut cursor = Cursor::new(content);
    let rates = (cursor.u32("pHYs x").ok()?, cursor.u32("pHYs y").ok()?);
    (cursor.u8("pHYs unit").ok()? == METRE).then_some(rates)
}
