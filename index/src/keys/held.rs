//! The keys of references.

use super::cipher::{Nonce, Secret, Stamp};

/// The key of a reference. Its number is never used again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReferenceKey {
    pub(super) number: u64,
    pub(super) secret: Secret,
}

/// What is known of the key of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Held {
    /// It is there.
    Key(ReferenceKey),
    /// It was destroyed: the reference was removed, whatever an older copy of a file says.
    Destroyed(u64),
    /// Its place in the table is damaged.
    Damaged(u64),
    /// The table has no such number: it is an older copy.
    Unknown(u64),
}

impl ReferenceKey {
    /// Its number in the table of keys.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// As [`Secret::encrypt`].
    pub(crate) fn encrypt(&self, nonce: Nonce, context: &[u8], bytes: &mut [u8]) -> Stamp {
        self.secret.encrypt(nonce, context, bytes)
    }

    /// As [`Secret::decrypt`].
    #[must_use]
    pub(crate) fn decrypt(&self, stamp: &Stamp, context: &[u8], bytes: &mut [u8]) -> bool {
        self.secret.decrypt(stamp, context, bytes)
    }
}

impl Held {
    /// The number of the key.
    pub(crate) fn number(&self) -> u64 {
        match self {
            Self::Key(key) => key.number,
            Self::Destroyed(number) | Self::Damaged(number) | Self::Unknown(number) => *number,
        }
    }

    /// The key, if it is there.
    pub(crate) fn key(&self) -> Option<&ReferenceKey> {
        match self {
            Self::Key(key) => Some(key),
            Self::Destroyed(_) | Self::Damaged(_) | Self::Unknown(_) => None,
        }
    }
}
