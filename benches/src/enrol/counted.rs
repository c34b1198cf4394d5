//! A storage that counts what is written to another.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use whorl_index::{Access, Append, Bytes, Storage, StorageError, WriterLock};

/// What was written so far.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Counts {
    /// Appends to journals, each of which waits for the disk once.
    pub(super) commits: u64,
    /// Seconds that these took.
    pub(super) committing_s: f64,
    /// Waits for the disk, those of commits included.
    pub(super) syncs: u64,
    /// Bytes appended to journals.
    pub(super) journal_bytes: u64,
    /// Bytes of other files.
    pub(super) segment_bytes: u64,
}

#[derive(Debug, Default)]
struct Tally {
    commits: AtomicU64,
    committing_ns: AtomicU64,
    other_syncs: AtomicU64,
    journal_bytes: AtomicU64,
    segment_bytes: AtomicU64,
}

/// A storage, and what was written to it.
#[derive(Debug)]
pub(super) struct Counted<S> {
    storage: S,
    tally: Arc<Tally>,
}

#[derive(Debug)]
struct Growing {
    file: Box<dyn Append>,
    tally: Arc<Tally>,
}

impl<S: Storage> Counted<S> {
    pub(super) fn new(storage: S) -> Self {
        Self { storage, tally: Arc::default() }
    }

    pub(super) fn counts(&self) -> Counts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let commits = read(&self.tally.commits);
        Counts {
            commits,
            committing_s: read(&self.tally.committing_ns) as f64 / 1e9,
            syncs: commits + read(&self.tally.other_syncs),
            journal_bytes: read(&self.tally.journal_bytes),
            segment_bytes: read(&self.tally.segment_bytes),
        }
    }
}

fn add(count: &AtomicU64, more: u64) {
    count.fetch_add(more, Ordering::Relaxed);
}

fn length(parts: &[&[u8]]) -> u64 {
    parts.iter().map(|part| part.len() as u64).sum()
}

impl Append for Growing {
    fn append(&mut self, parts: &[&[u8]]) -> Result<(), StorageError> {
        let start = Instant::now();
        self.file.append(parts)?;
        add(&self.tally.commits, 1);
        add(&self.tally.committing_ns, start.elapsed().as_nanos() as u64);
        add(&self.tally.journal_bytes, length(parts));
        Ok(())
    }
}

impl<S: Storage> Storage for Counted<S> {
    fn place(&self) -> String {
        self.storage.place()
    }

    fn lock(&self) -> Result<WriterLock, StorageError> {
        self.storage.lock()
    }

    fn create_dir(&self, path: &str) -> Result<(), StorageError> {
        self.storage.create_dir(path)
    }

    fn write(&self, path: &str, parts: &[&[u8]]) -> Result<(), StorageError> {
        add(&self.tally.other_syncs, 1);
        add(&self.tally.segment_bytes, length(parts));
        self.storage.write(path, parts)
    }

    fn append(&self, path: &str) -> Result<Box<dyn Append>, StorageError> {
        Ok(Box::new(Growing { file: self.storage.append(path)?, tally: Arc::clone(&self.tally) }))
    }

    fn sync_dir(&self, path: &str) -> Result<(), StorageError> {
        add(&self.tally.other_syncs, 1);
        self.storage.sync_dir(path)
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        self.storage.rename(from, to)
    }

    fn remove(&self, path: &str) -> Result<(), StorageError> {
        self.storage.remove(path)
    }

    fn list(&self, path: &str) -> Result<Vec<String>, StorageError> {
        self.storage.list(path)
    }

    fn len(&self, path: &str) -> Result<u64, StorageError> {
        self.storage.len(path)
    }

    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, StorageError> {
        self.storage.read(path, most)
    }

    fn write_at(&self, path: &str, parts: &[(u64, &[u8])]) -> Result<(), StorageError> {
        add(&self.tally.other_syncs, 1);
        self.storage.write_at(path, parts)
    }

    fn read_at(&self, path: &str, at: u64, most: usize) -> Result<Vec<u8>, StorageError> {
        self.storage.read_at(path, at, most)
    }

    fn map(&self, path: &str, length: u64, access: Access) -> Result<Bytes, StorageError> {
        self.storage.map(path, length, access)
    }
}

#[cfg(test)]
mod tests {
    use whorl_index::Memory;

    use super::*;

    #[test]
    fn what_is_written_and_waited_for_is_counted() {
        let storage = Counted::new(Memory::new());
        storage.create_dir("").unwrap();
        storage.write("column", &[b"loop", b"whorl"]).unwrap();
        let mut journal = storage.append("journal").unwrap();
        journal.append(&[b"arch"]).unwrap();
        journal.append(&[b"tented", b"arch"]).unwrap();
        storage.sync_dir("").unwrap();
        let Counts { commits, syncs, journal_bytes, segment_bytes, .. } = storage.counts();
        assert_eq!((commits, syncs, journal_bytes, segment_bytes), (2, 4, 14, 9));
    }
}
