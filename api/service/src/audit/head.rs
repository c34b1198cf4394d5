//! The file that says how far the log went.

use whorl_index::Storage;

use super::anchor::Anchor;
use super::error::AuditError;

const FILE: &str = "HEAD";

/// Its successor's name, until it takes the place.
const NEW_FILE: &str = "HEAD.new";

/// More than any anchor has.
const MAX_BYTES: usize = 128;

/// What `HEAD` says.
pub(super) enum Head {
    /// The log has gone so far, or further.
    At(Anchor),
    /// There is none.
    Missing,
    /// It is no anchor.
    Unreadable,
}

pub(super) fn read(storage: &dyn Storage) -> Result<Head, AuditError> {
    let bytes = match storage.read(FILE, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.is_missing() => return Ok(Head::Missing),
        Err(error) => return Err(error.into()),
    };
    let text = std::str::from_utf8(&bytes).ok().and_then(|text| text.strip_suffix('\n'));
    Ok(text.and_then(|text| text.parse().ok()).map_or(Head::Unreadable, Head::At))
}

/// Puts `anchor` in the place of what was there, in one step.
pub(super) fn write(storage: &dyn Storage, anchor: Anchor) -> Result<(), AuditError> {
    put(storage, FILE, NEW_FILE, format!("{anchor}\n").as_bytes())
}

/// Puts `bytes` in the place of what the file `name` holds, in one step, by way of a file `new`.
pub(super) fn put(storage: &dyn Storage, name: &str, new: &str, bytes: &[u8]) -> Result<(), AuditError> {
    match storage.remove(new) {
        // A crash may have left it.
        Ok(()) => (),
        Err(error) if error.is_missing() => (),
        Err(error) => return Err(error.into()),
    }
    storage.write(new, &[bytes])?;
    storage.rename(new, name)?;
    Ok(storage.sync_dir("")?)
}
