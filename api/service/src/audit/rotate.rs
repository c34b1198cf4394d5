//! Another master key.

use std::path::Path;

use whorl_index::{Files, MasterKey, Storage};

use super::error::AuditError;
use super::keys::Keys;

/// Wraps the keys of the log in `folder` with the master key `new` instead of `old`, and says how many there are. No line is written
/// again. Nobody may write the log meanwhile.
///
/// # Errors
/// [`AuditError::NotSealed`] where there is no key, [`AuditError::WrongKey`] where `old` is not theirs, [`AuditError::Locked`].
pub fn rotate(folder: &Path, old: &MasterKey, new: &MasterKey) -> Result<u64, AuditError> {
    let storage = Files::new(folder);
    let _lock = storage.lock()?;
    let keys = Keys::read(&storage, old)?;
    if keys.are_none() {
        return Err(AuditError::NotSealed(storage.place()));
    }
    let keys = keys.under(new.clone());
    keys.write(&storage)?;
    Ok(keys.count())
}

/// Whether the log in `folder` has keys, and so entries that are sealed.
#[must_use]
pub fn is_sealed(folder: &Path) -> bool {
    // A folder `keys` is a gallery's, where file names differ by more than capitals.
    folder.join(super::keys::FILE).is_file()
}
