//! Galleries that are read and copied while a writer seals what journals held.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::fmt;
use std::sync::{Arc, Mutex};
use std::thread;

use population::{id, reference};
use whorl_index::{
    Access, Append, Bytes, Files, Gallery, Memory, Snapshot, Storage, StorageError, WriterLock, back_up,
};
use whorl_types::Position::Face;

/// A storage in which something happens once, just before somebody looks which journals there are.
struct Meanwhile {
    storage: Memory,
    happens: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Meanwhile {
    fn new(storage: &Memory, happens: impl FnOnce() + Send + 'static) -> Self {
        Self { storage: storage.clone(), happens: Mutex::new(Some(Box::new(happens))) }
    }
}

impl fmt::Debug for Meanwhile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.storage.fmt(f)
    }
}

impl Storage for Meanwhile {
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
        self.storage.write(path, parts)
    }

    fn append(&self, path: &str) -> Result<Box<dyn Append>, StorageError> {
        self.storage.append(path)
    }

    fn sync_dir(&self, path: &str) -> Result<(), StorageError> {
        self.storage.sync_dir(path)
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        self.storage.rename(from, to)
    }

    fn remove(&self, path: &str) -> Result<(), StorageError> {
        self.storage.remove(path)
    }

    fn list(&self, path: &str) -> Result<Vec<String>, StorageError> {
        let happens = self.happens.lock().unwrap().take_if(|_| path.is_empty());
        if let Some(happens) = happens {
            happens();
        }
        self.storage.list(path)
    }

    fn len(&self, path: &str) -> Result<u64, StorageError> {
        self.storage.len(path)
    }

    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, StorageError> {
        self.storage.read(path, most)
    }

    fn write_at(&self, path: &str, parts: &[(u64, &[u8])]) -> Result<(), StorageError> {
        self.storage.write_at(path, parts)
    }

    fn read_at(&self, path: &str, at: u64, most: usize) -> Result<Vec<u8>, StorageError> {
        self.storage.read_at(path, at, most)
    }

    fn map(&self, path: &str, length: u64, access: Access) -> Result<Bytes, StorageError> {
        self.storage.map(path, length, access)
    }
}

/// Somebody in a segment, somebody in the journal, which is sealed while the gallery is looked at.
fn sealed_meanwhile() -> Meanwhile {
    let memory = Memory::new();
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    gallery.enrol(vec![reference("ada", &[Face])]).unwrap();
    gallery.settle().unwrap();
    gallery.enrol(vec![reference("bea", &[Face])]).unwrap();
    // As another process would, on threads of its own.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let gallery = gallery.on(Arc::new(pool));
    Meanwhile::new(&memory, move || {
        thread::spawn(move || gallery.settle().unwrap()).join().unwrap();
    })
}

#[test]
fn who_opens_a_gallery_while_its_journal_is_sealed_misses_nobody() {
    let snapshot = Snapshot::open(&sealed_meanwhile()).unwrap();
    assert_eq!((snapshot.len(), snapshot.sequence()), (2, 2));
    assert!(snapshot.contains(&id("bea")) && snapshot.verify().is_empty());
}

#[test]
fn a_copy_made_while_a_journal_is_sealed_has_everybody_who_was_enrolled_before() {
    let directory = tempfile::tempdir().unwrap();
    let copy = Files::new(directory.path().join("copy"));
    let copied = back_up(&sealed_meanwhile(), &copy).unwrap();
    assert_eq!((copied.references, copied.sequence), (2, 2));
    let held = Snapshot::open(&copy).unwrap();
    assert!(held.contains(&id("bea")) && held.verify().is_empty());
}
