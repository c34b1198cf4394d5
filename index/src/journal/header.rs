//! The first bytes of a journal.

use bytemuck::{Pod, Zeroable};

use crate::flaw::{Flaw, Flawed};

/// The version of the layout in the clear.
const FORMAT_VERSION: u16 = 1;

/// The version whose templates are encrypted, the last that this program reads.
const ENCRYPTED_VERSION: u16 = 2;

const MAGIC: [u8; 8] = *b"WHORLJNL";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Header {
    magic: [u8; 8],
    format_version: u16,
    zeros: [u8; 6],
    pub(super) number: u64,
    /// The number of its first change.
    pub(super) first_sequence: u64,
    more_zeros: [u8; 28],
    /// Of all bytes before it. Differs from journal to journal, and so the checksums of their entries do.
    pub(super) checksum: u32,
}

const CHECKED_BYTES: usize = size_of::<Header>() - size_of::<u32>();

impl Header {
    pub(super) fn new(number: u64, first_sequence: u64, encrypted: bool) -> Self {
        let header = Self {
            magic: MAGIC,
            format_version: if encrypted { ENCRYPTED_VERSION } else { FORMAT_VERSION },
            zeros: [0; 6],
            number,
            first_sequence,
            more_zeros: [0; 28],
            checksum: 0,
        };
        Self { checksum: crc32c::crc32c(&bytemuck::bytes_of(&header)[..CHECKED_BYTES]), ..header }
    }

    /// The header at the start of the journal `number`; none where its writer died before it was durable.
    pub(super) fn read(file: &str, number: u64, bytes: &[u8]) -> Result<Option<Self>, Flawed> {
        let start = bytes.get(..size_of::<Self>());
        let found = start.map(bytemuck::pod_read_unaligned::<Self>);
        let due = |found: &Self, encrypted| *found == Self::new(number, found.first_sequence, encrypted);
        let Some(found) = found.filter(|found| due(found, false) || due(found, true)) else {
            let unfinished = bytes.len() <= size_of::<Self>();
            return if unfinished { Ok(None) } else { Err(Self::flaw(found).at(file, 0)) };
        };
        Ok(Some(found))
    }

    fn flaw(found: Option<Self>) -> Flaw {
        let known = u32::from(ENCRYPTED_VERSION);
        match found {
            Some(Self { magic: MAGIC, format_version, .. }) if u32::from(format_version) > known => {
                Flaw::FormatVersion { found: format_version.into(), known }
            }
            Some(Self { magic: MAGIC, .. }) => Flaw::Checksum,
            Some(_) | None => Flaw::Foreign,
        }
    }
}
