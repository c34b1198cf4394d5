//! Another master key.

use super::{KeyError, KeyRing, MasterKey, table};
use crate::gallery::GalleryError;
use crate::manifest::Manifest;
use crate::storage::Storage;

/// Wraps all keys of the gallery in `storage` with the master key `new` instead of `old`, and says how many there are. Nothing else is
/// written, whatever the size of the gallery; until this returns, either of them may be the gallery's, and then `new` is.
///
/// # Errors
/// [`KeyError::Plain`] where the gallery is not encrypted, [`KeyError::Wrong`] where `old` is not its key,
/// [`StorageError::Locked`](crate::StorageError::Locked) where somebody writes to it.
pub fn rotate(storage: &dyn Storage, old: &MasterKey, new: &MasterKey) -> Result<u64, GalleryError> {
    let _lock = storage.lock()?;
    let manifest = Manifest::load(storage)?.ok_or_else(|| GalleryError::absent(storage))?;
    let gallery = manifest.encryption.ok_or_else(|| KeyError::Plain(storage.place()))?.gallery;
    wrap_again(storage, gallery, (old, new))
}

/// Wraps all keys of the table of this gallery with the second of two master keys instead of the first. Who calls holds the writer's lock.
pub(super) fn wrap_again(
    storage: &dyn Storage,
    gallery: u64,
    (old, new): (&MasterKey, &MasterKey),
) -> Result<u64, GalleryError> {
    let slots = KeyRing::open(storage, old, gallery)?.rewrapped(new)?;
    table::replace(storage, gallery, &slots)?;
    Ok(slots.len() as u64)
}
