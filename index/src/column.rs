//! One file of a segment: rows of equal size behind a header, with a checksum for every block of them.
//!
//! `FORMAT.md` says what every byte is.

mod header;
mod name;

use bytemuck::Pod;

use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;
use crate::storage::{Access, Bytes, Storage};
pub(crate) use header::RowKind;
use header::{HEADER_BYTES, Header};
pub(crate) use name::{ColumnName, Part};

/// Data is padded with zeros to a multiple of this.
const PADDING_BYTES: usize = 64;

/// How many bytes share a checksum: small against what a disk reads in a blink, large against four bytes.
const BLOCK_BYTES: usize = 1 << 20;

/// The number of the segments that are not on a disk.
const IN_MEMORY: u64 = u64::MAX;

/// What a segment's list says of a column, so that no other file can stand in for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: ColumnName,
    pub(crate) rows: u64,
    pub(crate) header_checksum: u32,
}

/// An open column.
#[derive(Debug)]
pub(crate) struct Column {
    file: String,
    bytes: Bytes,
    row_version: u32,
    data_bytes: usize,
}

impl Column {
    /// Writes the column `name` of a segment: `data` is whole rows.
    pub(crate) fn write(
        storage: &dyn Storage,
        segment: (u64, &str),
        name: ColumnName,
        kind: RowKind,
        data: &[u8],
    ) -> Result<Listed, GalleryError> {
        let (number, directory) = segment;
        let image = Image::new(number, name, kind, data);
        storage.write(&format!("{directory}/{}", name.file()), &image.parts())?;
        Ok(Listed { name, rows: image.header.rows, header_checksum: image.header.checksum })
    }

    /// The same in memory, where no file is.
    pub(crate) fn in_memory(name: ColumnName, kind: RowKind, data: &[u8]) -> Self {
        let image = Image::new(IN_MEMORY, name, kind, data);
        let bytes = Bytes::in_memory(&image.parts());
        Self { file: format!("memory/{}", name.file()), bytes, row_version: kind.version, data_bytes: data.len() }
    }

    /// Opens the column that a segment lists, checking all but its data.
    pub(crate) fn open(
        storage: &dyn Storage,
        segment: (u64, &str),
        listed: Listed,
        row_bytes: usize,
    ) -> Result<Self, GalleryError> {
        let (number, directory) = segment;
        let file = format!("{directory}/{}", listed.name.file());
        let start = storage.read(&file, HEADER_BYTES)?;
        let header = bytemuck::try_pod_read_unaligned::<Header>(&start).map_err(|_| Flaw::Foreign.at(&file, 0))?;
        header.check(&file)?;
        let kind = RowKind { bytes: row_bytes as u32, version: header.row_version };
        let due = Header::new(number, listed.name, kind, listed.rows, header.blocks_checksum);
        if header != due || header.checksum != listed.header_checksum {
            return Err(Flaw::Value("header, which is not the one that the segment lists,").at(&file, 0).into());
        }
        let length = header.file_bytes().ok_or_else(|| Flaw::Value("number of rows").at(&file, 24))?;
        // Until it is searched, nothing but its end is read: reading ahead would fetch whole columns at every start.
        let bytes = storage.map(&file, length, Access::Lookup)?;
        let column = Self { bytes, row_version: header.row_version, data_bytes: header.data_bytes(), file };
        if crc32c::crc32c(column.checksums()) != header.blocks_checksum {
            return Err(Flaw::Checksum.at(&column.file, column.padded_end() as u64).into());
        }
        column.bytes.expect(listed.name.access());
        Ok(column)
    }

    /// This column, if its rows are of the version that this program reads.
    pub(crate) fn of_version(self, known: u32) -> Result<Self, Flawed> {
        self.check_version(known).map(|()| self)
    }

    /// Whether its rows are of the version that this program reads.
    pub(crate) fn check_version(&self, known: u32) -> Result<(), Flawed> {
        if self.row_version == known { Ok(()) } else { Err(self.flawed_version(known)) }
    }

    /// The version of its rows' content.
    pub(crate) fn version(&self) -> u32 {
        self.row_version
    }

    /// The flaw of having rows of another version than `known`.
    pub(crate) fn flawed_version(&self, known: u32) -> Flawed {
        Flaw::RowVersion { found: self.row_version, known }.at(&self.file, 16)
    }

    /// All rows.
    pub(crate) fn data(&self) -> &[u8] {
        &self.bytes[HEADER_BYTES..HEADER_BYTES + self.data_bytes]
    }

    /// All rows, as what they are.
    pub(crate) fn rows<Row: Pod>(&self) -> &[Row] {
        bytemuck::cast_slice(self.data())
    }

    /// Fetches it into memory.
    pub(crate) fn preload(&self) {
        self.bytes.preload();
    }

    /// How long the file is.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// A flaw of the data, found at a byte of it.
    pub(crate) fn flawed(&self, flaw: Flaw, data_offset: usize) -> Flawed {
        flaw.at(&self.file, (HEADER_BYTES + data_offset) as u64)
    }

    /// The blocks whose checksum does not fit, as flaws at their first byte.
    pub(crate) fn damaged_blocks(&self) -> impl Iterator<Item = Flawed> {
        let stated = self.checksums().chunks_exact(size_of::<u32>());
        let blocks = self.bytes[HEADER_BYTES..self.padded_end()].chunks(BLOCK_BYTES);
        let compared = blocks.zip(stated).enumerate();
        compared
            .filter(|(_, (block, stated))| crc32c::crc32c(block).to_le_bytes() != **stated)
            .map(|(number, _)| self.flawed(Flaw::Checksum, number * BLOCK_BYTES))
    }

    fn padded_end(&self) -> usize {
        HEADER_BYTES + self.data_bytes.next_multiple_of(PADDING_BYTES)
    }

    fn checksums(&self) -> &[u8] {
        &self.bytes[self.padded_end()..]
    }
}

/// The bytes of a column, part by part.
struct Image<'a> {
    header: Header,
    data: &'a [u8],
    padding: &'static [u8],
    checksums: Vec<u8>,
}

impl<'a> Image<'a> {
    fn new(segment: u64, name: ColumnName, kind: RowKind, data: &'a [u8]) -> Self {
        const ZEROS: [u8; PADDING_BYTES] = [0; PADDING_BYTES];
        let rows = (data.len() / kind.bytes as usize) as u64;
        let padding = &ZEROS[..data.len().next_multiple_of(PADDING_BYTES) - data.len()];
        let checksums = block_checksums(data, padding);
        let header = Header::new(segment, name, kind, rows, crc32c::crc32c(&checksums));
        Self { header, data, padding, checksums }
    }

    fn parts(&self) -> [&[u8]; 4] {
        [bytemuck::bytes_of(&self.header), self.data, self.padding, &self.checksums]
    }
}

/// The checksums of the blocks of `data` and the padding after it.
fn block_checksums(data: &[u8], padding: &[u8]) -> Vec<u8> {
    let mut blocks = data.chunks(BLOCK_BYTES).map(crc32c::crc32c).collect::<Vec<_>>();
    // A block is whole cache lines, so padding never begins one.
    if let Some(last) = blocks.last_mut() {
        *last = crc32c::crc32c_append(*last, padding);
    }
    blocks.into_iter().flat_map(u32::to_le_bytes).collect()
}
