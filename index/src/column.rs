//! One file of a segment: rows of equal size behind a header, with a checksum for every block of them.
//!
//! `FORMAT.md` says what every byte is.

use bytemuck::{Pod, Zeroable};
use whorl_types::Position;

use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;
use crate::storage::{Access, Bytes, Storage};

/// The version of the layout that this program writes and reads.
const FORMAT_VERSION: u16 = 1;

const MAGIC: [u8; 8] = *b"WHORLCOL";

/// Rows begin here, and at a multiple of a cache line.
const HEADER_BYTES: usize = size_of::<Header>();

/// Data is padded with zeros to a multiple of this.
const PADDING_BYTES: usize = 64;

/// How many bytes share a checksum: small against what a disk reads in a blink, large against four bytes.
const BLOCK_BYTES: usize = 1 << 20;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ColumnName {
    /// The ids of the segment's references, sorted.
    Ids,
    /// A part of what is known of the fingers of one position.
    Finger(Position, Part),
}

/// What is kept of every finger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// What the first stage scans.
    Coarse,
    /// Whose finger a row is, and where its template lies.
    Rows,
    /// Templates in full, one after the other.
    Fine,
}

impl ColumnName {
    /// Every column that a segment may have, in the order in which it lists them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let parts = |position| Part::ALL.map(|part| Self::Finger(position, part));
        std::iter::once(Self::Ids).chain(crate::finger::POSITIONS.into_iter().flat_map(parts))
    }

    /// The name of its file.
    pub(crate) fn file(self) -> String {
        match self {
            Self::Ids => "ids".into(),
            Self::Finger(position, part) => format!("fingerprint-{position}.{}", part.name()),
        }
    }

    /// How it is read.
    fn access(self) -> Access {
        match self {
            Self::Ids | Self::Finger(_, Part::Coarse) => Access::Scan,
            Self::Finger(_, Part::Rows | Part::Fine) => Access::Lookup,
        }
    }

    /// What the header says of it: kind of rows, modality, position.
    fn codes(self) -> [u8; 3] {
        match self {
            Self::Ids => [1, 0, 0],
            Self::Finger(position, part) => [part.code(), 1, position.code()],
        }
    }
}

impl Part {
    const ALL: [Self; 3] = [Self::Coarse, Self::Rows, Self::Fine];

    fn name(self) -> &'static str {
        match self {
            Self::Coarse => "coarse",
            Self::Rows => "rows",
            Self::Fine => "fine",
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Coarse => 2,
            Self::Rows => 3,
            Self::Fine => 4,
        }
    }
}

/// What the rows of a column are: bytes each, and the version of their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowKind {
    pub(crate) bytes: u32,
    pub(crate) version: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
struct Header {
    magic: [u8; 8],
    format_version: u16,
    codes: [u8; 3],
    zeros: [u8; 3],
    row_version: u32,
    row_bytes: u32,
    rows: u64,
    segment: u64,
    block_bytes: u32,
    blocks_checksum: u32,
    more_zeros: [u8; 12],
    checksum: u32,
}

impl Header {
    fn new(segment: u64, name: ColumnName, kind: RowKind, rows: u64, blocks_checksum: u32) -> Self {
        let header = Self {
            magic: MAGIC,
            format_version: FORMAT_VERSION,
            codes: name.codes(),
            zeros: [0; 3],
            row_version: kind.version,
            row_bytes: kind.bytes,
            rows,
            segment,
            block_bytes: BLOCK_BYTES as u32,
            blocks_checksum,
            more_zeros: [0; 12],
            checksum: 0,
        };
        Self { checksum: header.computed_checksum(), ..header }
    }

    fn computed_checksum(&self) -> u32 {
        crc32c::crc32c(&bytemuck::bytes_of(self)[..HEADER_BYTES - size_of::<u32>()])
    }

    fn data_bytes(&self) -> usize {
        self.rows as usize * self.row_bytes as usize
    }

    /// The length of the file, where it can be told.
    fn file_bytes(&self) -> Option<u64> {
        let padded =
            self.rows.checked_mul(u64::from(self.row_bytes))?.checked_next_multiple_of(PADDING_BYTES as u64)?;
        let checksums = padded.div_ceil(BLOCK_BYTES as u64) * size_of::<u32>() as u64;
        padded.checked_add(HEADER_BYTES as u64 + checksums)
    }

    /// Whether this is a header that this program can read, apart from what it says of the rows.
    fn check(&self, file: &str) -> Result<(), Flawed> {
        if self.magic != MAGIC {
            return Err(Flaw::Foreign.at(file, 0));
        }
        if self.format_version != FORMAT_VERSION {
            let found = u32::from(self.format_version);
            return Err(Flaw::FormatVersion { found, known: u32::from(FORMAT_VERSION) }.at(file, 8));
        }
        if self.checksum != self.computed_checksum() {
            return Err(Flaw::Checksum.at(file, 60));
        }
        Ok(())
    }
}

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
        let rows = (data.len() / kind.bytes as usize) as u64;
        let padding = &[0; PADDING_BYTES][..data.len().next_multiple_of(PADDING_BYTES) - data.len()];
        let checksums = block_checksums(data, padding);
        let header = Header::new(number, name, kind, rows, crc32c::crc32c(&checksums));
        let path = format!("{directory}/{}", name.file());
        storage.write(&path, &[bytemuck::bytes_of(&header), data, padding, &checksums])?;
        Ok(Listed { name, rows, header_checksum: header.checksum })
    }

    /// Opens the column that a segment lists, checking all but its data.
    pub(crate) fn open(
        storage: &dyn Storage,
        segment: (u64, &str),
        listed: Listed,
        row_bytes: u32,
    ) -> Result<Self, GalleryError> {
        let (number, directory) = segment;
        let file = format!("{directory}/{}", listed.name.file());
        let start = storage.read(&file, HEADER_BYTES)?;
        let header = bytemuck::try_pod_read_unaligned::<Header>(&start).map_err(|_| Flaw::Foreign.at(&file, 0))?;
        header.check(&file)?;
        let kind = RowKind { bytes: row_bytes, version: header.row_version };
        let due = Header::new(number, listed.name, kind, listed.rows, header.blocks_checksum);
        if header != due || header.checksum != listed.header_checksum {
            return Err(Flaw::Value("header, which is not the one that the segment lists,").at(&file, 0).into());
        }
        let length = header.file_bytes().ok_or_else(|| Flaw::Value("number of rows").at(&file, 24))?;
        let bytes = storage.map(&file, length, listed.name.access())?;
        let column = Self { bytes, row_version: header.row_version, data_bytes: header.data_bytes(), file };
        if crc32c::crc32c(column.checksums()) != header.blocks_checksum {
            return Err(Flaw::Checksum.at(&column.file, column.padded_end() as u64).into());
        }
        Ok(column)
    }

    /// This column, if its rows are of the version that this program reads.
    pub(crate) fn of_version(self, known: u32) -> Result<Self, Flawed> {
        if self.row_version == known { Ok(self) } else { Err(self.flawed_version(known)) }
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

/// The checksums of the blocks of `data` and the padding after it.
fn block_checksums(data: &[u8], padding: &[u8]) -> Vec<u8> {
    let mut blocks = data.chunks(BLOCK_BYTES).map(crc32c::crc32c).collect::<Vec<_>>();
    // A block is whole cache lines, so padding never begins one.
    if let Some(last) = blocks.last_mut() {
        *last = crc32c::crc32c_append(*last, padding);
    }
    blocks.into_iter().flat_map(u32::to_le_bytes).collect()
}
