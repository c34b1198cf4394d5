//! Reading journals again.

use rayon::prelude::*;

use super::entry::{self, Entry};
use super::header::Header;
use super::{PREFIX, file};
use crate::change::Change;
use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;
use crate::keys::{Held, Keys};
use crate::storage::Storage;

/// The numbers of the journals that a gallery has, in rising order.
pub(crate) fn numbers(storage: &dyn Storage) -> Result<Vec<u64>, GalleryError> {
    let names = storage.list("")?;
    let number = |name: &String| u64::from_str_radix(name.strip_prefix(PREFIX)?, 16).ok();
    let mut numbers = names.iter().filter_map(number).collect::<Vec<_>>();
    numbers.sort_unstable();
    Ok(numbers)
}

/// A change as a journal has it.
#[derive(Debug)]
pub(crate) struct Replayed {
    pub(crate) change: Change,
    /// What is known of the key that it was encrypted with. Without the key, its reference has no templates.
    pub(crate) held: Option<Held>,
}

/// What journals say, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    /// The number of the last change.
    pub(crate) sequence: u64,
    /// The changes, in their order.
    pub(crate) changes: Vec<Replayed>,
    /// Where what was not whole any more begins: an entry whose writer died before anybody was told that it was safe.
    pub(crate) torn: Vec<Flawed>,
    /// Bytes of whole entries, and of what stands before them.
    pub(crate) bytes: u64,
}

impl Replay {
    /// Reads the journals from `first` on; the first change is to be the one after `sequence`.
    pub(crate) fn read(storage: &dyn Storage, first: u64, sequence: u64, keys: &Keys) -> Result<Self, GalleryError> {
        let mut replay = Self { sequence, ..Self::default() };
        for number in numbers(storage)?.into_iter().filter(|number| *number >= first) {
            let path = file(number);
            replay.take((&path, number), &storage.read(&path, usize::MAX)?, keys)?;
        }
        Ok(replay)
    }

    /// Reads one journal, whose first change is to be the one after `sequence`, without keys.
    pub(crate) fn of(journal: (&str, u64), bytes: &[u8], sequence: u64) -> Result<Self, Flawed> {
        let mut replay = Self { sequence, ..Self::default() };
        replay.take(journal, bytes, &Keys::Blind)?;
        Ok(replay)
    }

    fn take(&mut self, (path, number): (&str, u64), bytes: &[u8], keys: &Keys) -> Result<(), Flawed> {
        let Some(header) = Header::read(path, number, bytes)? else {
            self.torn.push(Flaw::Unfinished.at(path, 0));
            return Ok(());
        };
        if header.first_sequence.checked_sub(1) != Some(self.sequence) {
            return Err(Flaw::Value("number of the first change").at(path, 24));
        }
        let (mut at, mut entries) = (size_of::<Header>(), Vec::new());
        while let Some((entry, payload)) = Entry::read(header, bytes.get(at..).unwrap_or_default()) {
            if entry.sequence.checked_sub(1) != Some(self.sequence) {
                return Err(Flaw::Value("number of a change").at(path, at as u64));
            }
            entries.push(((at + entry::ENTRY_BYTES) as u64, payload, entry.changes));
            self.sequence += u64::from(entry.changes);
            at += entry.bytes();
        }
        // Templates are checked bit by bit, which is most of the work of a start.
        let changes = entries
            .into_par_iter()
            .map(|(offset, payload, changes)| entry::decode((path, offset), payload, changes, keys));
        for changes in changes.collect::<Result<Vec<_>, _>>()? {
            self.changes.extend(changes);
        }
        self.bytes += at as u64;
        self.end(path, header, bytes, at)
    }

    /// What stands after the last whole entry is the rest of a torn one, unless another whole one follows: then it was durable, and
    /// is damaged.
    fn end(&mut self, path: &str, header: Header, bytes: &[u8], end: usize) -> Result<(), Flawed> {
        if bytes.get(end..).is_none_or(<[u8]>::is_empty) {
            return Ok(());
        }
        let mut later = (end..bytes.len()).step_by(super::ALIGNMENT).skip(1);
        if later.any(|at| Entry::read(header, &bytes[at..]).is_some()) {
            return Err(Flaw::Checksum.at(path, end as u64));
        }
        self.torn.push(Flaw::Unfinished.at(path, end as u64));
        Ok(())
    }
}
