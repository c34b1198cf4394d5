//! Where the keys of persons lie in the folder of a layer, and another master key for them.

use std::path::Path;

use whorl_index::{Files, GalleryError, Keychain, MasterKey};

/// The folder of the keys in that of the layer.
const KEYS: &str = "keys";

/// The keys of persons in the folder of a layer, there or not yet.
#[must_use]
pub fn keys_in(folder: &Path) -> Files {
    Files::new(folder.join(KEYS))
}

/// Whether a folder is that of a layer: has keys of persons.
#[must_use]
pub fn has_keys(folder: &Path) -> bool {
    Keychain::is_in(&keys_in(folder))
}

/// Wraps the keys of persons in the folder of a layer with the master key `new` instead of `old`, and says how many there are. No record is
/// written again: the secret of the store, by which numbers are looked up, is encrypted by one of these keys. No server may have the
/// folder open meanwhile.
///
/// # Errors
/// As [`Keychain::rotate`].
pub fn rotate(folder: &Path, old: &MasterKey, new: &MasterKey) -> Result<u64, GalleryError> {
    Keychain::rotate(&keys_in(folder), old, new)
}
