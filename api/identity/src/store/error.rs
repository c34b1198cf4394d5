//! What can go wrong in a store.

use thiserror::Error;

/// Why records cannot be read or written. No message has a part of a record in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The file or the server failed.
    #[error("the store \"{place}\" failed: {reason}")]
    Failed {
        /// Which store.
        place: String,
        /// What it said.
        reason: String,
    },
    /// Others wrote to the same records again and again.
    #[error("the store \"{place}\" gave up after {attempts} attempts, for others write to the same records: try again")]
    Contended {
        /// Which store.
        place: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// The connection broke while a change was being committed.
    #[error(
        "the connection to the store \"{place}\" broke at a commit, and whether the change was made is not known: look before you repeat it"
    )]
    Unsettled {
        /// Which store.
        place: String,
    },
    /// A key is longer than [`super::MAX_KEY_BYTES`].
    #[error("a key of table {table} has {bytes} bytes, and at most {most} are kept")]
    LongKey {
        /// Of which table.
        table: &'static str,
        /// Its length.
        bytes: usize,
        /// The bound.
        most: usize,
    },
    /// A value is longer than [`super::MAX_VALUE_BYTES`].
    #[error("a record of table {table} has {bytes} bytes, and at most {most} are kept")]
    LongValue {
        /// Of which table.
        table: &'static str,
        /// Its length.
        bytes: usize,
        /// The bound.
        most: usize,
    },
    /// A record is not what was written.
    #[error("a record of table {table} is damaged: restore the store from a backup")]
    Damaged {
        /// Of which table.
        table: &'static str,
    },
    /// The store was written by a newer Whorl.
    #[error(
        "the store \"{place}\" has version {found}, and this Whorl knows {known}: use the Whorl that wrote it, or a newer one"
    )]
    Version {
        /// Which store.
        place: String,
        /// Its version.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
}
