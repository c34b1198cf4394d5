//! Keys for what others keep, each of which can be destroyed where it lies.

use std::sync::Arc;

use super::{Held, KeyError, KeyRing, MasterKey, PayloadKey, ReferenceKey, table};
use crate::gallery::GalleryError;
use crate::storage::{Storage, WriterLock};

/// A table of keys like a gallery's, in a folder of its own, for records that are kept elsewhere: in a database, say. Who destroys a key
/// here makes every copy of what it encrypted unreadable, in backups and on freed pages too. One process at a time uses it.
#[derive(Debug)]
pub struct Keychain {
    storage: Arc<dyn Storage>,
    ring: KeyRing,
    _lock: WriterLock,
}

impl Keychain {
    /// The one in `storage`, or a new one where there is none.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] where `master` is not its master key, [`StorageError::Locked`](crate::StorageError::Locked) where another
    /// process uses it; the table is damaged or cannot be written.
    pub fn open(storage: Arc<dyn Storage>, master: &MasterKey) -> Result<Self, GalleryError> {
        storage.create_dir("")?;
        let lock = storage.lock()?;
        let ring = match table::read(storage.as_ref()) {
            Ok((header, _)) => KeyRing::open(storage.as_ref(), master, header.gallery)?,
            Err(GalleryError::Keys(KeyError::Missing(_))) => KeyRing::create(storage.as_ref(), master)?,
            Err(error) => return Err(error),
        };
        Ok(Self { storage, ring, _lock: lock })
    }

    /// A new key and its number, which is never given again. The key is durable.
    ///
    /// # Errors
    /// The table cannot be written.
    pub fn assign(&self) -> Result<(u64, PayloadKey), GalleryError> {
        let mut keys = self.ring.assign(self.storage.as_ref(), 1)?;
        let ReferenceKey { number, secret } = keys.pop().ok_or(KeyError::Payload)?;
        Ok((number, PayloadKey(secret)))
    }

    /// The key of this number; none where it was destroyed.
    ///
    /// # Errors
    /// [`KeyError::Payload`] where its place is damaged, or nothing was ever there.
    pub fn key(&self, number: u64) -> Result<Option<PayloadKey>, KeyError> {
        match self.ring.held(number) {
            Held::Key(ReferenceKey { secret, .. }) => Ok(Some(PayloadKey(secret))),
            Held::Destroyed(_) => Ok(None),
            Held::Damaged(_) | Held::Unknown(_) => Err(KeyError::Payload),
        }
    }

    /// Makes the keys of these numbers unreadable for ever; once this returns, that is durable.
    ///
    /// # Errors
    /// The table cannot be written.
    pub fn destroy(&self, numbers: &[u64]) -> Result<(), GalleryError> {
        self.ring.destroy(self.storage.as_ref(), numbers)
    }

    /// The key of the chain itself, which is never destroyed: for what belongs to nobody.
    #[must_use]
    pub fn own(&self) -> PayloadKey {
        self.ring.payload_key()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Memory;

    #[test]
    fn a_key_that_is_destroyed_is_gone_after_a_power_cut_and_the_others_stay() {
        let (memory, master) = (Memory::new(), MasterKey::generate().unwrap());
        let chain = Keychain::open(Arc::new(memory.clone()), &master).unwrap();
        let own = chain.own();
        let ((one, key), (two, _)) = (chain.assign().unwrap(), chain.assign().unwrap());
        chain.destroy(&[two]).unwrap();
        drop(chain);
        let again = Keychain::open(Arc::new(memory.after_power_cut(3)), &master).unwrap();
        assert_eq!((again.key(one).unwrap(), again.key(two).unwrap()), (Some(key), None));
        assert_eq!(again.own(), own);
        assert!(again.assign().unwrap().0 > two && again.key(u64::MAX).is_err());
        let other = MasterKey::generate().unwrap();
        let wrong = Keychain::open(Arc::new(memory.after_power_cut(3)), &other).unwrap_err();
        assert!(matches!(wrong, GalleryError::Keys(KeyError::Wrong(_))), "{wrong}");
    }
}
