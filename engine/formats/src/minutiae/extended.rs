use std::iter;

use super::MinutiaeError;
use crate::Truncated;
use crate::cursor::Cursor;

/// What follows the minutiae of a view: ridge counts, cores and deltas, zonal quality, vendors' own data.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ExtendedData {
    /// The length as stated; more than there is in the one case that [`ExtendedData::read`] tolerates.
    stated_length: u16,
    bytes: Vec<u8>,
}

/// One block of extended data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtendedBlock<'a> {
    /// What it is: 1 ridge counts, 2 cores and deltas, 3 zonal quality, from 0x0100 on a vendor's own.
    pub kind: u16,
    /// Its content.
    pub content: &'a [u8],
}

impl ExtendedData {
    /// Reads extended data. With `may_overrun` a length that runs past the end is taken to the end.
    pub(super) fn read(cursor: &mut Cursor, may_overrun: bool) -> Result<Self, MinutiaeError> {
        let stated_length = cursor.u16("extended data block length")?;
        let length = usize::from(stated_length);
        let length = if may_overrun { length.min(cursor.left()) } else { length };
        Ok(Self { stated_length, bytes: cursor.take(length, "extended data")?.to_vec() })
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.stated_length.to_be_bytes());
        bytes.extend(&self.bytes);
    }

    /// All bytes of the blocks.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The blocks, up to the first whose length cannot be.
    pub fn blocks(&self) -> impl Iterator<Item = ExtendedBlock<'_>> {
        let mut cursor = Cursor::new(&self.bytes);
        iter::from_fn(move || next_block(&mut cursor).ok())
    }
}

fn next_block<'a>(cursor: &mut Cursor<'a>) -> Result<ExtendedBlock<'a>, Truncated> {
    const HEADER_BYTES: usize = 4;
    let kind = cursor.u16("extended data type")?;
    let length = usize::from(cursor.u16("extended data length")?);
    // A length below that of its own header cannot be: asking for more than there is ends the walk.
    let content_length = length.checked_sub(HEADER_BYTES).unwrap_or(usize::MAX);
    Ok(ExtendedBlock { kind, content: cursor.take(content_length, "extended data content")? })
}
