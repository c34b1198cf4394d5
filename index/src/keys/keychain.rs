//! Keys for what others keep, each of which can be destroyed where it lies.

use std::sync::Arc;

use super::rotate::wrap_again;
use super::table::TABLE;
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
        let ring = match Self::ring(storage.as_ref(), master) {
            Ok(ring) => {
                table::clear_unfinished(storage.as_ref())?;
                ring
            }
            Err(GalleryError::Keys(KeyError::Missing(_))) => KeyRing::create(storage.as_ref(), master)?,
            Err(error) => return Err(error),
        };
        Ok(Self { storage, ring, _lock: lock })
    }

    /// Whether there is one in `storage`.
    #[must_use]
    pub fn is_in(storage: &dyn Storage) -> bool {
        storage.len(TABLE).is_ok()
    }

    /// What [`Keychain::own`] gives, without opening the chain: nothing is changed, and it may be in use. None where there is no chain.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] where `master` is not its master key; the table is damaged or cannot be read.
    pub fn look(storage: &dyn Storage, master: &MasterKey) -> Result<Option<PayloadKey>, GalleryError> {
        match Self::ring(storage, master) {
            Ok(ring) => Ok(Some(ring.payload_key())),
            Err(GalleryError::Keys(KeyError::Missing(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Wraps all keys of the chain in `storage` with the master key `new` instead of `old`, and says how many there are. What they
    /// encrypted stays as it is. Until this returns, either of the two may be the chain's, and then `new` is.
    ///
    /// # Errors
    /// [`KeyError::Missing`] where there is none, [`KeyError::Wrong`] where `old` is not its key,
    /// [`StorageError::Locked`](crate::StorageError::Locked) where another process uses it.
    pub fn rotate(storage: &dyn Storage, old: &MasterKey, new: &MasterKey) -> Result<u64, GalleryError> {
        // Before the lock, whose file would be made where there is nothing.
        table::read(storage)?;
        let _lock = storage.lock()?;
        let (header, _) = table::read(storage)?;
        wrap_again(storage, header.gallery, (old, new))
    }

    fn ring(storage: &dyn Storage, master: &MasterKey) -> Result<KeyRing, GalleryError> {
        let (header, _) = table::read(storage)?;
        KeyRing::open(storage, master, header.gallery)
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
    use crate::storage::{Fault, Memory};

    fn open(memory: &Memory, master: &MasterKey) -> Result<Keychain, GalleryError> {
        Keychain::open(Arc::new(memory.clone()), master)
    }

    fn is_wrong<T>(opened: &Result<T, GalleryError>) -> bool {
        matches!(opened, Err(GalleryError::Keys(KeyError::Wrong(_))))
    }

    #[test]
    fn a_key_that_is_destroyed_is_gone_after_a_power_cut_and_the_others_stay() {
        let (memory, master) = (Memory::new(), MasterKey::generate().unwrap());
        let chain = open(&memory, &master).unwrap();
        let own = chain.own();
        let ((one, key), (two, _)) = (chain.assign().unwrap(), chain.assign().unwrap());
        chain.destroy(&[two]).unwrap();
        drop(chain);
        let again = open(&memory.after_power_cut(3), &master).unwrap();
        assert_eq!((again.key(one).unwrap(), again.key(two).unwrap()), (Some(key), None));
        assert_eq!(again.own(), own);
        assert!(again.assign().unwrap().0 > two && again.key(u64::MAX).is_err());
        assert!(is_wrong(&open(&memory.after_power_cut(3), &MasterKey::generate().unwrap())));
    }

    #[test]
    fn who_looks_at_a_chain_changes_nothing_and_hears_whether_the_key_is_its_own() {
        let (memory, master) = (Memory::new(), MasterKey::generate().unwrap());
        assert_eq!(Keychain::look(&memory, &master).unwrap(), None);
        assert_eq!((memory.steps(), memory.paths()), (0, Vec::new()), "where there is none, none is made");
        let chain = open(&memory, &master).unwrap();
        let steps = memory.steps();
        assert_eq!(Keychain::look(&memory, &master).unwrap(), Some(chain.own()), "though it is in use");
        assert!(is_wrong(&Keychain::look(&memory, &MasterKey::generate().unwrap())));
        assert_eq!(memory.steps(), steps);
    }

    #[test]
    fn another_master_key_reads_what_the_first_did_and_is_refused_to_who_has_not_the_first() {
        let (memory, old, new) = (Memory::new(), MasterKey::generate().unwrap(), MasterKey::generate().unwrap());
        let none = Keychain::rotate(&memory, &old, &new).unwrap_err();
        assert!(matches!(none, GalleryError::Keys(KeyError::Missing(_))) && memory.steps() == 0, "{none}");
        let chain = open(&memory, &old).unwrap();
        let (own, (one, key), (two, _)) = (chain.own(), chain.assign().unwrap(), chain.assign().unwrap());
        chain.destroy(&[two]).unwrap();
        assert!(matches!(Keychain::rotate(&memory, &old, &new), Err(GalleryError::Storage(_))), "it is in use");
        drop(chain);
        assert!(is_wrong(&Keychain::rotate(&memory, &new, &old)));
        assert_eq!(Keychain::rotate(&memory, &old, &new).unwrap(), 65);
        assert!(is_wrong(&open(&memory, &old)));
        let again = open(&memory, &new).unwrap();
        assert_eq!((again.own(), again.key(one).unwrap(), again.key(two).unwrap()), (own, Some(key), None));
    }

    /// Turns the key with something going wrong at a step; what is left opens with one of the two, and nothing of a key that is destroyed
    /// afterwards is anywhere. Gives whether anything went wrong.
    fn turn((step, fault, seed): (u64, Fault, u64)) -> bool {
        let told = format!("{fault:?} at step {step}, seed {seed}");
        let (memory, old, new) = (Memory::new(), MasterKey::generate().unwrap(), MasterKey::generate().unwrap());
        let chain = open(&memory, &old).unwrap();
        let (own, (number, key)) = (chain.own(), chain.assign().unwrap());
        drop(chain);
        memory.fail(step, fault, seed);
        let is_done = Keychain::rotate(&memory, &old, &new).is_ok();
        memory.mend();
        for left in [memory.after_power_cut(seed), memory.after_power_cut(seed + 1)] {
            let is_new = !is_wrong(&Keychain::look(&left, &new));
            assert!(is_new || !is_done, "{told}: it was said to be turned, and is not");
            let chain = open(&left, if is_new { &new } else { &old }).unwrap_or_else(|error| panic!("{told}: {error}"));
            assert_eq!((chain.own(), chain.key(number).unwrap()), (own.clone(), Some(key.clone())), "{told}");
            assert_eq!(left.paths(), ["keys/table"], "{told}: keys that outlive their destruction");
            chain.destroy(&[number]).unwrap();
            drop(chain);
            let cut = left.after_power_cut(seed);
            assert_eq!(cut.paths(), ["keys/table"], "{told}: they come back");
            if !is_new {
                Keychain::rotate(&cut, &old, &new).unwrap_or_else(|error| panic!("{told}: {error}"));
            }
            assert_eq!(open(&cut, &new).unwrap().key(number).unwrap(), None, "{told}");
        }
        !is_done
    }

    #[test]
    fn whatever_goes_wrong_at_any_step_of_a_change_of_the_master_key_one_of_the_two_opens_all_of_it() {
        let mut went_wrong = 0;
        for fault in [Fault::PowerCut, Fault::NoSpace, Fault::SyncFailed, Fault::ShortWrite] {
            for (step, seed) in (0..8).flat_map(|step| (0..10).map(move |seed| (step, seed))) {
                went_wrong += u32::from(turn((step, fault, seed)));
            }
        }
        assert!(went_wrong > 100, "most of these steps are in the change: {went_wrong}");
    }
}
