//! What was changed since the last segment was sealed: files to which every change is added before it is acknowledged.
//!
//! `FORMAT.md` says what every byte is.

mod entry;
mod header;
mod replay;

use crate::gallery::GalleryError;
use crate::storage::{Append, Storage};
pub(crate) use entry::encode;
use entry::{ENTRY_BYTES, Entry};
use header::Header;
pub(crate) use replay::{Replay, Replayed, numbers};

const PREFIX: &str = "journal-";

/// Entries begin at multiples of this.
const ALIGNMENT: usize = 8;

/// The most bytes of the changes of one entry: what a reader has in memory at a time.
pub(crate) const MAX_ENTRY_BYTES: usize = 1 << 30;

/// The file of a journal.
pub(crate) fn file(number: u64) -> String {
    format!("{PREFIX}{number:016x}")
}

/// A journal that is being written.
#[derive(Debug)]
pub(crate) struct Journal {
    file: Box<dyn Append>,
    path: String,
    header: Header,
    bytes: u64,
}

impl Journal {
    /// Begins the journal `number`, whose first change will be `first_sequence`.
    pub(crate) fn create(
        storage: &dyn Storage,
        number: u64,
        first_sequence: u64,
        encrypted: bool,
    ) -> Result<Self, GalleryError> {
        let (path, header) = (file(number), Header::new(number, first_sequence, encrypted));
        let mut file = storage.append(&path)?;
        // Entries follow only when the header is durable: a damaged header before entries is then damage and no torn write.
        file.append(&[bytemuck::bytes_of(&header)])?;
        let bytes = size_of::<Header>() as u64;
        storage.check_length(&path, bytes)?;
        storage.sync_dir("")?;
        Ok(Self { file, path, header, bytes })
    }

    /// Adds an entry of `changes` changes, the first of which is number `sequence`; once this returns it is durable.
    pub(crate) fn append(
        &mut self,
        storage: &dyn Storage,
        sequence: u64,
        changes: u32,
        payload: &[&[u8]],
    ) -> Result<(), GalleryError> {
        let length = payload.iter().map(|part| part.len()).sum::<usize>();
        let padding = &[0; ALIGNMENT][..length.next_multiple_of(ALIGNMENT) - length];
        let entry = Entry::new(self.header, sequence, changes, payload);
        let parts = [&[bytemuck::bytes_of(&entry)][..], payload, &[padding]].concat();
        self.file.append(&parts)?;
        self.bytes += (ENTRY_BYTES + length + padding.len()) as u64;
        // A disk that says it wrote and did not is found out before anybody is told that a change is safe.
        Ok(storage.check_length(&self.path, self.bytes)?)
    }

    /// Its number.
    pub(crate) fn number(&self) -> u64 {
        self.header.number
    }

    /// How long it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}
