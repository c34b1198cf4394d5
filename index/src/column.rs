//! One file of a segment: rows of equal size behind a header, with a checksum for every block of them.
//!
//! `FORMAT.md` says what every byte is.

mod header;
mod image;
mod name;
mod pieces;

use bytemuck::Pod;

use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;
use crate::storage::{Access, Bytes, Storage};
pub(crate) use header::RowKind;
use header::{HEADER_BYTES, Header};
pub(crate) use image::{Image, encrypted_body};
pub(crate) use name::{ColumnName, Part};
pub(crate) use pieces::{Shape, Spot, cut};

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
    /// The file.
    bytes: Bytes,
    /// Its rows in memory, where they are encrypted in the file.
    plain: Option<Bytes>,
    spot: Spot,
    row_version: u32,
    data_bytes: usize,
    body_bytes: usize,
    stamps: usize,
}

/// The bytes of a row of a column that is to be opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowBytes {
    /// As it is searched.
    pub(crate) plain: usize,
    /// As it is encrypted in a file, where that differs.
    pub(crate) encrypted: usize,
}

impl From<usize> for RowBytes {
    fn from(bytes: usize) -> Self {
        Self { plain: bytes, encrypted: bytes }
    }
}

impl Column {
    /// Writes the column `name` of the segment in `directory`.
    pub(crate) fn write(
        storage: &dyn Storage,
        directory: &str,
        name: ColumnName,
        image: &Image<'_>,
    ) -> Result<Listed, GalleryError> {
        storage.write(&format!("{directory}/{}", name.file()), &image.parts())?;
        Ok(Listed { name, rows: image.header.rows, header_checksum: image.header.checksum })
    }

    /// The same in memory, where no file is.
    pub(crate) fn in_memory(name: ColumnName, kind: RowKind, data: &[u8]) -> Self {
        let image = Image::new(IN_MEMORY, name, kind, data);
        let bytes = Bytes::in_memory(&image.parts());
        let (file, spot) = (format!("memory/{}", name.file()), Spot { segment: IN_MEMORY, name });
        Self::of(file, bytes, spot, &image.header)
    }

    fn of(file: String, bytes: Bytes, spot: Spot, header: &Header) -> Self {
        let (row_version, data_bytes, body_bytes) = (header.row_version, header.data_bytes(), header.body_bytes());
        Self { file, bytes, plain: None, spot, row_version, data_bytes, body_bytes, stamps: header.stamps as usize }
    }

    /// Opens the column that a segment lists, checking all but its data.
    pub(crate) fn open(
        storage: &dyn Storage,
        segment: (u64, &str),
        listed: Listed,
        row_bytes: RowBytes,
    ) -> Result<Self, GalleryError> {
        let (number, directory) = segment;
        let file = format!("{directory}/{}", listed.name.file());
        let start = storage.read(&file, HEADER_BYTES)?;
        let header = bytemuck::try_pod_read_unaligned::<Header>(&start).map_err(|_| Flaw::Foreign.at(&file, 0))?;
        header.check(&file)?;
        let row_bytes = if header.stamps > 0 { row_bytes.encrypted } else { row_bytes.plain };
        let (kind, counts) =
            (RowKind { bytes: row_bytes as u32, version: header.row_version }, (listed.rows, header.stamps));
        let due = Header::new(number, listed.name, kind, counts, header.blocks_checksum);
        if header != due || header.checksum != listed.header_checksum {
            return Err(Flaw::Value("header, which is not the one that the segment lists,").at(&file, 0).into());
        }
        let length = header.file_bytes().ok_or_else(|| Flaw::Value("number of rows").at(&file, 24))?;
        // Until it is searched, nothing but its end is read: reading ahead would fetch whole columns at every start.
        let bytes = storage.map(&file, length, Access::Lookup)?;
        let column = Self::of(file, bytes, Spot { segment: number, name: listed.name }, &header);
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

    /// The same with its rows in memory, as [`Column::decrypted`] makes them or from them.
    pub(crate) fn with_plain(self, plain: Option<Bytes>) -> Self {
        Self { plain, ..self }
    }

    /// All rows; of an encrypted column that nobody decrypted, what of them is in the clear.
    pub(crate) fn data(&self) -> &[u8] {
        match &self.plain {
            Some(rows) => rows,
            None => &self.bytes[HEADER_BYTES..HEADER_BYTES + self.data_bytes],
        }
    }

    /// All rows, as what they are.
    pub(crate) fn rows<Row: Pod>(&self) -> &[Row] {
        bytemuck::cast_slice(self.data())
    }

    /// Fetches it into memory.
    pub(crate) fn preload(&self) {
        if self.plain.is_none() {
            self.bytes.preload();
        }
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
        HEADER_BYTES + self.body_bytes
    }

    fn checksums(&self) -> &[u8] {
        &self.bytes[self.padded_end()..]
    }
}
