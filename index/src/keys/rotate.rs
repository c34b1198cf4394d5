//! Another master key.

use super::table::{self, DIRECTORY, Header, NEW_TABLE, TABLE};
use super::{KeyError, KeyRing, MasterKey};
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
    let slots = KeyRing::open(storage, old, gallery)?.rewrapped(new)?;
    if storage.len(NEW_TABLE).is_ok() {
        storage.remove(NEW_TABLE)?;
    }
    table::write(storage, NEW_TABLE, Header::new(gallery), &slots)?;
    storage.rename(NEW_TABLE, TABLE)?;
    storage.sync_dir(DIRECTORY)?;
    Ok(slots.len() as u64)
}
