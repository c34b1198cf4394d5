//! The bytes of a column, as they are written.

use super::header::{Header, RowKind};
use super::name::ColumnName;
use super::{BLOCK_BYTES, PADDING_BYTES};
use crate::keys::Stamp;

const ZEROS: [u8; PADDING_BYTES] = [0; PADDING_BYTES];

/// The bytes of a column, part by part.
pub(crate) struct Image<'a> {
    pub(super) header: Header,
    body: &'a [u8],
    padding: &'static [u8],
    checksums: Vec<u8>,
}

impl<'a> Image<'a> {
    /// The column `name` of a segment: `data` is whole rows.
    pub(crate) fn new(segment: u64, name: ColumnName, kind: RowKind, data: &'a [u8]) -> Self {
        let rows = (data.len() / kind.bytes as usize) as u64;
        Self::of(data, |checksum| Header::new(segment, name, kind, (rows, 0), checksum))
    }

    /// The same of rows whose `pieces` are encrypted; `body` is what [`encrypted_body`] makes of them.
    pub(crate) fn encrypted(
        segment: u64,
        name: ColumnName,
        kind: RowKind,
        (rows, pieces): (usize, usize),
        body: &'a [u8],
    ) -> Self {
        let counts = (rows as u64, pieces as u64);
        Self::of(body, |checksum| Header::new(segment, name, kind, counts, checksum))
    }

    fn of(body: &'a [u8], header: impl FnOnce(u32) -> Header) -> Self {
        let padding = padding(body.len());
        let checksums = block_checksums(body, padding);
        Self { header: header(crc32c::crc32c(&checksums)), body, padding, checksums }
    }

    pub(super) fn parts(&self) -> [&[u8]; 4] {
        [bytemuck::bytes_of(&self.header), self.body, self.padding, &self.checksums]
    }
}

/// Encrypted rows, and behind them what it takes to read them.
pub(crate) fn encrypted_body(mut rows: Vec<u8>, stamps: &[Stamp]) -> Vec<u8> {
    rows.extend(padding(rows.len()));
    rows.extend(bytemuck::cast_slice::<_, u8>(stamps));
    rows
}

/// The zeros up to a multiple of [`PADDING_BYTES`].
fn padding(length: usize) -> &'static [u8] {
    &ZEROS[..length.next_multiple_of(PADDING_BYTES) - length]
}

/// The checksums of the blocks of `body` and the padding after it.
fn block_checksums(body: &[u8], padding: &[u8]) -> Vec<u8> {
    let mut blocks = body.chunks(BLOCK_BYTES).map(crc32c::crc32c).collect::<Vec<_>>();
    // A block is whole cache lines, so padding never begins one.
    if let Some(last) = blocks.last_mut() {
        *last = crc32c::crc32c_append(*last, padding);
    }
    blocks.into_iter().flat_map(u32::to_le_bytes).collect()
}
