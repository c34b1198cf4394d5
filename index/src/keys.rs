//! Keys: what a gallery keeps is read with the key of its reference, and those are read with a master key.
//!
//! Every reference has a key of its own, drawn by chance, which encrypts its templates in journals and segments. The keys lie wrapped by
//! the master key in a table of the gallery's that no backup copies. Who destroys a key there makes every copy of what it encrypted
//! unreadable, wherever that is. `FORMAT.md` says what every byte is.

mod cipher;
mod error;
mod held;
mod keychain;
mod master;
mod payload;
mod ring;
mod rotate;
mod table;

use std::sync::Arc;

use crate::gallery::GalleryError;
use crate::storage::Storage;
pub(crate) use cipher::{Stamp, nonces};
pub use error::KeyError;
pub(crate) use held::{Held, ReferenceKey};
pub use keychain::Keychain;
pub use master::MasterKey;
pub use payload::{PayloadKey, WRAPPED_BYTES};
pub(crate) use ring::KeyRing;
pub use rotate::rotate;
pub(crate) use table::{DIRECTORY, TABLE, clear_leftover, slot_offset};

/// How a new gallery is encrypted.
#[derive(Debug, Clone)]
pub struct Encryption {
    /// Wraps the keys of the references.
    pub master: MasterKey,
    /// Whether segments are encrypted too, beside journals. Who has an encrypted disk may spare the memory that decrypted segments take.
    pub segments: bool,
}

/// How the files of a gallery are read and written.
#[derive(Debug, Clone)]
pub(crate) enum Keys {
    /// In the clear.
    None,
    /// By who has no key, and copies: whose templates there are, and not which.
    Blind,
    /// With these.
    Ring(Arc<KeyRing>),
}

impl Keys {
    /// The ring, where there is one.
    pub(crate) fn ring(&self) -> Option<&Arc<KeyRing>> {
        match self {
            Self::None | Self::Blind => None,
            Self::Ring(ring) => Some(ring),
        }
    }

    /// The keys of `count` references that are new; none in the clear.
    pub(crate) fn assign(&self, storage: &dyn Storage, count: usize) -> Result<Vec<ReferenceKey>, GalleryError> {
        self.ring().map_or(Ok(Vec::new()), |ring| ring.assign(storage, count))
    }

    /// Takes away what a change of the master key left that was broken off, for who writes from now on.
    pub(crate) fn clear_unfinished(&self, storage: &dyn Storage) -> Result<(), GalleryError> {
        self.ring().map_or(Ok(()), |_| table::clear_unfinished(storage))
    }

    /// Makes the keys of these numbers unreadable for ever; once this returns, that is durable.
    pub(crate) fn destroy(&self, storage: &dyn Storage, numbers: &[u64]) -> Result<(), GalleryError> {
        self.ring().map_or(Ok(()), |ring| ring.destroy(storage, numbers))
    }
}
