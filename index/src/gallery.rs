//! The writer of a gallery.

mod check;
mod commit;
mod error;
mod keeper;
mod open;
mod seal;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};

use crate::change::Change;
use crate::journal::Journal;
use crate::keys::{self, Keys, PayloadKey};
use crate::manifest::{self, Manifest};
use crate::reference::Reference;
use crate::segment;
use crate::snapshot::Snapshot;
use crate::storage::{LOCK_FILE, Storage, WriterLock};
use crate::workers::Workers;
use commit::Queue;
pub use error::GalleryError;
pub use keeper::Keeper;
pub(crate) use open::remove_leftovers;
use rayon::ThreadPool;
pub use seal::Tended;
use whorl_types::ReferenceId;

/// A gallery open for writing: the only writer, beside any number of readers. Any number of threads may change it; changes that
/// arrive together become durable together.
///
/// Whoever changes or tends it may wait for the disk and for others, and is no thread of a rayon pool: what can be done on all cores runs
/// on rayon's threads, or on those of the pool that it was put [on](Gallery::on), meanwhile.
#[derive(Debug)]
pub struct Gallery {
    storage: Arc<dyn Storage>,
    keys: Keys,
    workers: Workers,
    /// Taken before `writer` by who seals and compacts, one at a time.
    tending: Mutex<()>,
    writer: Mutex<Writer>,
    queue: Mutex<Queue>,
    /// Rung when changes became durable, or failed.
    turned: Condvar,
    published: RwLock<Snapshot>,
    attention: keeper::Attention,
    _lock: WriterLock,
}

/// What the files hold, and what will be written next.
#[derive(Debug)]
struct Writer {
    manifest: Manifest,
    snapshot: Snapshot,
    /// The journal that takes changes; none until there is one.
    journal: Option<Journal>,
    next_journal: u64,
    /// The layers of the snapshot that stay where they are: sealed ones, and those that are being sealed.
    frozen: usize,
    /// Bytes of journals that are not sealed yet.
    journalled: u64,
    /// Whether a write failed, so that what the disk holds is known only to who opens it again.
    unsettled: bool,
}

impl Gallery {
    /// The most changes of one [`Gallery::apply`].
    pub const MAX_CHANGES: usize = segment::MAX_REFERENCES;

    /// This gallery, which does what can be done on all cores on the threads of `pool`, and on no others.
    #[must_use]
    pub fn on(mut self, pool: Arc<ThreadPool>) -> Self {
        self.workers = Workers::of(pool);
        self
    }

    /// The gallery as it is now, with every change that was acknowledged.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.published.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Enrols `references`: once this returns they survive a crash, all of them; when it fails, all or none do.
    ///
    /// # Errors
    /// As [`Gallery::apply`].
    pub fn enrol(&self, references: Vec<Reference>) -> Result<u64, GalleryError> {
        self.apply(references.into_iter().map(Change::Enrol).collect())
    }

    /// Takes out the references of these ids. Their templates are gone from the files after the next compaction; of an encrypted
    /// gallery they are unreadable at once, in every copy, for their keys are destroyed before this returns.
    ///
    /// # Errors
    /// As [`Gallery::apply`].
    pub fn remove(&self, ids: Vec<ReferenceId>) -> Result<u64, GalleryError> {
        self.apply(ids.into_iter().map(Change::Remove).collect())
    }

    /// Puts a reference in the place of the one of the same id, in one step.
    ///
    /// # Errors
    /// As [`Gallery::apply`].
    pub fn replace(&self, reference: Reference) -> Result<u64, GalleryError> {
        self.apply(vec![Change::Replace(reference)])
    }

    /// The key for what is kept beside an encrypted gallery, as an audit is; none where it is in the clear. It stays the same under
    /// another master key.
    #[must_use]
    pub fn payload_key(&self) -> Option<PayloadKey> {
        self.keys.ring().map(|ring| ring.payload_key())
    }

    fn publish(&self, snapshot: &Snapshot) {
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = snapshot.clone();
    }

    fn writer(&self) -> Result<MutexGuard<'_, Writer>, GalleryError> {
        // A panic while it was held leaves it as unsettled as a write that failed.
        let writer = self.writer.lock().map_err(|_| GalleryError::Unsettled)?;
        if writer.unsettled { Err(GalleryError::Unsettled) } else { Ok(writer) }
    }
}

impl Drop for Gallery {
    fn drop(&mut self) {
        let writer = self.writer.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Writer { journal: Some(journal), snapshot, unsettled: false, .. } = writer else { return };
        // An empty entry at the end tells the last changes from a torn write, should they be damaged one day. All is durable
        // without it.
        let _ = journal.append(&*self.storage, snapshot.sequence() + 1, 0, &[]);
    }
}

/// Whether a file is not what a crash while a gallery was created leaves, nor its keys, which are put where it is to be restored.
fn is_foreign(name: &str) -> bool {
    ![LOCK_FILE, manifest::NEW_FILE, keys::DIRECTORY].contains(&name)
}
