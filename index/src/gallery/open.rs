//! Creating and opening a gallery.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};

use super::commit::Queue;
use super::keeper::Attention;
use super::{Gallery, GalleryError, Writer};
use crate::journal;
use crate::keys::{self, Encryption, KeyError, KeyRing, Keys, MasterKey};
use crate::manifest::{self, EncryptionEntry, Manifest, SegmentEntry};
use crate::snapshot::Snapshot;
use crate::storage::{Storage, WriterLock};
use crate::workers::Workers;

impl Gallery {
    /// Creates an empty gallery.
    ///
    /// # Errors
    /// [`GalleryError::Exists`] and [`GalleryError::Foreign`] where something is there already, [`GalleryError::Storage`].
    pub fn create(storage: Arc<dyn Storage>) -> Result<Self, GalleryError> {
        Self::create_with(storage, None)
    }

    /// Creates an empty gallery, encrypted or not.
    ///
    /// # Errors
    /// [`GalleryError::Keys`] where keys of another gallery are there, or none can be made; else as [`Gallery::create`].
    pub fn create_with(storage: Arc<dyn Storage>, encryption: Option<&Encryption>) -> Result<Self, GalleryError> {
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
        keys::clear_leftover(&*storage)?;
        let keys = match encryption {
            Some(encryption) => Keys::Ring(Arc::new(KeyRing::create(&*storage, &encryption.master)?)),
            None => Keys::None,
        };
        let entry = encryption
            .zip(keys.ring())
            .map(|(encryption, ring)| EncryptionEntry { segments: encryption.segments, gallery: ring.gallery() });
        let manifest = Manifest::new(entry);
        manifest.commit(&*storage)?;
        Self::of(storage, manifest, keys, lock)
    }

    /// Opens a gallery to write to it, and removes what a crash left behind. Runs in the rayon pool of the caller.
    ///
    /// # Errors
    /// [`GalleryError`] where there is none, another process writes to it, or it is damaged or of another version.
    pub fn open(storage: Arc<dyn Storage>) -> Result<Self, GalleryError> {
        Self::open_with(storage, None)
    }

    /// As [`Gallery::open`]; `master` reads an encrypted gallery, and is not needed for another. Keys of references that were removed
    /// and that a crash left are destroyed first.
    ///
    /// # Errors
    /// [`GalleryError::Keys`] where the key is missing or another, or the table of keys is; else as [`Gallery::open`].
    pub fn open_with(storage: Arc<dyn Storage>, master: Option<&MasterKey>) -> Result<Self, GalleryError> {
        if Manifest::load(&*storage)?.is_none() {
            return Err(GalleryError::absent(&*storage));
        }
        let lock = storage.lock()?;
        let manifest = Manifest::load(&*storage)?.ok_or_else(|| GalleryError::absent(&*storage))?;
        let keys = manifest.keys(&*storage, master)?;
        keys.clear_unfinished(&*storage)?;
        Self::of(storage, manifest, keys, lock)
    }

    /// Opens the gallery, or creates it where nothing is.
    ///
    /// # Errors
    /// As [`Gallery::open`] and [`Gallery::create`].
    pub fn open_or_create(storage: Arc<dyn Storage>) -> Result<Self, GalleryError> {
        Self::open_or_create_with(storage, None)
    }

    /// Opens the gallery, or creates it where nothing is; encrypted where that is asked for. Whether segments are was decided when it
    /// was created.
    ///
    /// # Errors
    /// [`KeyError::Plain`] where there is one in the clear and another is asked for; else as [`Gallery::open_with`] and
    /// [`Gallery::create_with`].
    pub fn open_or_create_with(
        storage: Arc<dyn Storage>,
        encryption: Option<&Encryption>,
    ) -> Result<Self, GalleryError> {
        match Self::open_with(Arc::clone(&storage), encryption.map(|encryption| &encryption.master)) {
            Err(GalleryError::Absent(_)) => Self::create_with(storage, encryption),
            Ok(gallery) if encryption.is_some() && gallery.keys.ring().is_none() => {
                Err(KeyError::Plain(storage.place()).into())
            }
            opened_or_failed => opened_or_failed,
        }
    }

    /// Reads again what the disk holds after a write failed, and takes changes again; where none failed, nothing is done. All that is
    /// there is written anew, into segments: a disk that failed to sync may have forgotten what it still shows. Of the changes whose
    /// callers were told that they failed, all or none of each are there. Searches go on meanwhile.
    ///
    /// # Errors
    /// [`GalleryError`] where the storage still fails, or the gallery is damaged: it goes on taking no changes, and this can be tried
    /// again.
    pub fn reopen(&self) -> Result<(), GalleryError> {
        Workers::expect_no_worker();
        let turn = self.tending.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let is_poisoned = self.writer.is_poisoned() || self.tending.is_poisoned() || self.queue.is_poisoned();
        if !writer.unsettled && !is_poisoned {
            return Ok(());
        }
        writer.unsettled = true;
        // The names that the manifest lists become durable before any that it does not list are removed, and so does it.
        self.storage.sync_dir("")?;
        let manifest = Manifest::load(&*self.storage)?.ok_or_else(|| GalleryError::absent(&*self.storage))?;
        let manifest = manifest.successor();
        match self.storage.remove(manifest::NEW_FILE) {
            // The write that failed may have left it.
            Ok(()) => (),
            Err(error) if error.is_missing() => (),
            Err(error) => return Err(error.into()),
        }
        manifest.commit(&*self.storage)?;
        *writer = self.workers.run(|| Writer::replay(&*self.storage, manifest, &self.keys))?;
        self.publish(&writer.snapshot);
        // A thread that panicked while it had them left nothing half done that was not read again.
        self.writer.clear_poison();
        self.tending.clear_poison();
        self.queue.clear_poison();
        drop((writer, turn));
        self.settle().map(|_| ())
    }

    fn of(storage: Arc<dyn Storage>, manifest: Manifest, keys: Keys, lock: WriterLock) -> Result<Self, GalleryError> {
        let writer = Writer::replay(&*storage, manifest, &keys)?;
        let published = RwLock::new(writer.snapshot.clone());
        Ok(Self {
            storage,
            keys,
            workers: Workers::default(),
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

impl Writer {
    /// What the files hold, without what a writer left that died.
    fn replay(storage: &dyn Storage, manifest: Manifest, keys: &Keys) -> Result<Self, GalleryError> {
        let (snapshot, journalled) = Snapshot::replay(storage, &manifest, keys)?;
        keys.destroy(storage, &snapshot.keys_removed(journalled))?;
        remove_leftovers(storage, &manifest)?;
        let journals = journal::numbers(storage)?;
        let lengths = journals.iter().map(|number| storage.len(&journal::file(*number)));
        let journalled = lengths.sum::<Result<u64, _>>()?;
        let next_journal = journals.last().map_or(manifest.journal, |last| last + 1);
        let frozen = snapshot.sealed();
        Ok(Self { manifest, snapshot, journal: None, next_journal, frozen, journalled, unsettled: false })
    }
}

impl Manifest {
    /// The keys of the gallery that it lists, read with `master`.
    pub(crate) fn keys(&self, storage: &dyn Storage, master: Option<&MasterKey>) -> Result<Keys, GalleryError> {
        let Some(EncryptionEntry { gallery, .. }) = self.encryption else { return Ok(Keys::None) };
        let master = master.ok_or_else(|| KeyError::Needed(storage.place()))?;
        Ok(Keys::Ring(Arc::new(KeyRing::open(storage, master, gallery)?)))
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
