//! Creating and opening a gallery.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, RwLock};

use super::commit::Queue;
use super::keeper::Attention;
use super::{Gallery, GalleryError, Writer};
use crate::journal;
use crate::manifest::{self, Manifest, SegmentEntry};
use crate::snapshot::Snapshot;
use crate::storage::{Storage, WriterLock};

impl Gallery {
    /// Creates an empty gallery.
    ///
    /// # Errors
    /// [`GalleryError::Exists`] and [`GalleryError::Foreign`] where something is there already, [`GalleryError::Storage`].
    pub fn create(storage: Arc<dyn Storage>) -> Result<Self, GalleryError> {
        storage.create_dir("")?;
        if storage.list("")?.iter().any(|name| name == manifest::FILE) {
            return Err(GalleryError::Exists(storage.place()));
        }
        GalleryError::refuse_foreign(&*storage)?;
        let lock = storage.lock()?;
        if Manifest::load(&*storage)?.is_some() {
            return Err(GalleryError::Exists(storage.place()));
        }
        remove_leftovers(&*storage, &Manifest::default())?;
        Manifest::default().commit(&*storage)?;
        Self::of(storage, Manifest::default(), lock)
    }

    /// Opens a gallery to write to it, and removes what a crash left behind.
    ///
    /// # Errors
    /// [`GalleryError`] where there is none, another process writes to it, or it is damaged or of another version.
    pub fn open(storage: Arc<dyn Storage>) -> Result<Self, GalleryError> {
        if Manifest::load(&*storage)?.is_none() {
            return Err(GalleryError::absent(&*storage));
        }
        let lock = storage.lock()?;
        let manifest = Manifest::load(&*storage)?.ok_or_else(|| GalleryError::absent(&*storage))?;
        Self::of(storage, manifest, lock)
    }

    /// Opens the gallery, or creates it where nothing is.
    ///
    /// # Errors
    /// As [`Gallery::open`] and [`Gallery::create`].
    pub fn open_or_create(storage: Arc<dyn Storage>) -> Result<Self, GalleryError> {
        match Self::open(Arc::clone(&storage)) {
            Err(GalleryError::Absent(_)) => Self::create(storage),
            opened_or_failed => opened_or_failed,
        }
    }

    fn of(storage: Arc<dyn Storage>, manifest: Manifest, lock: WriterLock) -> Result<Self, GalleryError> {
        let snapshot = Snapshot::of(&*storage, &manifest)?;
        remove_leftovers(&*storage, &manifest)?;
        let journals = journal::numbers(&*storage)?;
        let lengths = journals.iter().map(|number| storage.len(&journal::file(*number)));
        let journalled = lengths.sum::<Result<u64, _>>()?;
        let next_journal = journals.last().map_or(manifest.journal, |last| last + 1);
        let frozen = snapshot.sealed();
        let published = RwLock::new(snapshot.clone());
        let writer = Writer { manifest, snapshot, journal: None, next_journal, frozen, journalled, unsettled: false };
        Ok(Self {
            storage,
            tending: Mutex::new(()),
            writer: Mutex::new(writer),
            queue: Mutex::new(Queue::default()),
            turned: Condvar::new(),
            published,
            attention: Attention::default(),
            _lock: lock,
        })
    }
}

/// Removes what no manifest names: what was being written when the last writer died, and what sealing took the place of.
pub(crate) fn remove_leftovers(storage: &dyn Storage, manifest: &Manifest) -> Result<(), GalleryError> {
    let segments = manifest.segments.iter().map(SegmentEntry::directory);
    let sets = manifest.segments.iter().filter_map(SegmentEntry::removed_file);
    let listed = segments.chain(sets).collect::<BTreeSet<_>>();
    let is_ours = |name: &str| ["segment-", "removed-", "journal-"].iter().any(|ours| name.starts_with(ours));
    let unlisted =
        |name: &str| !name.starts_with("journal-") && !listed.contains(name) || name.strip_suffix(".new").is_some();
    for name in storage.list("")? {
        if name == manifest::NEW_FILE || is_ours(&name) && unlisted(&name) {
            storage.remove(&name)?;
        }
    }
    for number in journal::numbers(storage)?.into_iter().filter(|number| *number < manifest.journal) {
        storage.remove(&journal::file(number))?;
    }
    Ok(())
}
