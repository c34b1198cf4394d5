//! What can be wrong with sealed records.

use thiserror::Error;
use whorl_index::{GalleryError, KeyError};

use crate::chance::OpaqueError;
use crate::store::StoreError;

/// Why a record cannot be sealed or opened. No message has a part of a record or a key in it.
#[derive(Debug, Error)]
pub enum VaultError {
    /// The store failed, or the record is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of keys cannot be opened or written.
    #[error("the folder of keys: {0}")]
    Folder(#[from] GalleryError),
    /// A key is damaged.
    #[error("a key: {0}")]
    Key(#[from] KeyError),
    /// The keys are those of another store.
    #[error("the folder of keys belongs to another store: put the newest copy of this store's keys there")]
    Foreign,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers, and keys are made of them: {0}")]
    NoChance(String),
}

impl From<OpaqueError> for VaultError {
    fn from(error: OpaqueError) -> Self {
        Self::NoChance(error.to_string())
    }
}
