//! The first bytes of a column.

use bytemuck::{Pod, Zeroable};

use super::name::ColumnName;
use super::{BLOCK_BYTES, PADDING_BYTES};
use crate::flaw::{Flaw, Flawed};
use crate::keys::Stamp;

/// The version of the layout of columns in the clear.
const FORMAT_VERSION: u16 = 1;

/// The version of the layout of encrypted columns, the last that this program reads.
const ENCRYPTED_VERSION: u16 = 2;

const MAGIC: [u8; 8] = *b"WHORLCOL";

/// Rows begin here, and at a multiple of a cache line.
pub(super) const HEADER_BYTES: usize = size_of::<Header>();

/// What the rows of a column are: bytes each, and the version of their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowKind {
    pub(crate) bytes: u32,
    pub(crate) version: u32,
}

impl RowKind {
    pub(crate) fn of<Row: Pod>(version: u32) -> Self {
        Self { bytes: size_of::<Row>() as u32, version }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Header {
    magic: [u8; 8],
    format_version: u16,
    codes: [u8; 3],
    zeros: [u8; 3],
    pub(super) row_version: u32,
    row_bytes: u32,
    pub(super) rows: u64,
    segment: u64,
    block_bytes: u32,
    pub(super) blocks_checksum: u32,
    /// How many pieces of the rows are encrypted, each by itself.
    pub(super) stamps: u64,
    more_zeros: [u8; 4],
    pub(super) checksum: u32,
}

impl Header {
    /// Of a column of so many rows, of which so many pieces are encrypted.
    pub(super) fn new(
        segment: u64,
        name: ColumnName,
        kind: RowKind,
        (rows, stamps): (u64, u64),
        blocks_checksum: u32,
    ) -> Self {
        let header = Self {
            magic: MAGIC,
            format_version: if stamps == 0 { FORMAT_VERSION } else { ENCRYPTED_VERSION },
            codes: name.codes(),
            zeros: [0; 3],
            row_version: kind.version,
            row_bytes: kind.bytes,
            rows,
            segment,
            block_bytes: BLOCK_BYTES as u32,
            blocks_checksum,
            stamps,
            more_zeros: [0; 4],
            checksum: 0,
        };
        Self { checksum: header.computed_checksum(), ..header }
    }

    fn computed_checksum(&self) -> u32 {
        crc32c::crc32c(&bytemuck::bytes_of(self)[..HEADER_BYTES - size_of::<u32>()])
    }

    pub(super) fn body_bytes(&self) -> usize {
        let stamps = self.stamps as usize * size_of::<Stamp>();
        self.data_bytes().next_multiple_of(PADDING_BYTES) + stamps.next_multiple_of(PADDING_BYTES)
    }

    pub(super) fn data_bytes(&self) -> usize {
        self.rows as usize * self.row_bytes as usize
    }

    /// The length of the file, where it can be told.
    pub(super) fn file_bytes(&self) -> Option<u64> {
        let padded = |items: u64, bytes: u64| items.checked_mul(bytes)?.checked_next_multiple_of(PADDING_BYTES as u64);
        let stamps = padded(self.stamps, size_of::<Stamp>() as u64)?;
        let padded = padded(self.rows, u64::from(self.row_bytes))?.checked_add(stamps)?;
        let checksums = padded.div_ceil(BLOCK_BYTES as u64) * size_of::<u32>() as u64;
        padded.checked_add(HEADER_BYTES as u64 + checksums)
    }

    /// Whether this is a header that this program can read, apart from what it says of the rows.
    pub(super) fn check(&self, file: &str) -> Result<(), Flawed> {
        if self.magic != MAGIC {
            return Err(Flaw::Foreign.at(file, 0));
        }
        if !(FORMAT_VERSION..=ENCRYPTED_VERSION).contains(&self.format_version) {
            let found = u32::from(self.format_version);
            return Err(Flaw::FormatVersion { found, known: u32::from(ENCRYPTED_VERSION) }.at(file, 8));
        }
        if self.checksum != self.computed_checksum() {
            return Err(Flaw::Checksum.at(file, 60));
        }
        Ok(())
    }
}
