//! What is kept of persons, each record encrypted by the key of the person it is about.
//!
//! The keys lie in a folder of their own ([`whorl_index::Keychain`]), wrapped by a master key, and never in the store: so that no copy of
//! the store, however old, reads a person whose key was destroyed. Numbers by which somebody is looked up (UIN, VID, tokens, block keys
//! of demographic comparison) are kept as HMAC-SHA-256 (RFC 2104) under a secret of the store's.

mod error;
mod folder;
mod look;

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use whorl_index::{Keychain, MasterKey, PayloadKey, Storage};
use zeroize::Zeroizing;

use crate::store::{Database, Draft, StoreError, Table, Tables};
pub use error::VaultError;
pub use folder::{has_keys, keys_in, rotate};
pub use look::{Seen, look_at_file};

/// The record of [`Table::Meta`] that holds the secret of blinded numbers, sealed.
const BLINDING: &[u8] = b"blinding";

/// The bytes of that secret: as many as HMAC-SHA-256 takes without hashing them first.
const BLINDING_BYTES: usize = 64;

/// The bytes of what follows from it: a hash of SHA-256.
const SECRET_BYTES: usize = 32;

/// How many bytes a blinded number keeps. Among 10^11 of them two are alike with a chance of 10^-17.
pub const BLINDED_BYTES: usize = 16;

/// A number or a text that can be looked up and not read.
pub type Blinded = [u8; BLINDED_BYTES];

/// The key of a person, and its place in the folder of keys.
#[derive(Debug, Clone)]
pub struct Lock {
    slot: u64,
    key: PayloadKey,
}

impl Lock {
    /// The place of the key, by which it is destroyed.
    #[must_use]
    pub fn slot(&self) -> u64 {
        self.slot
    }
}

/// Bytes that were sealed, in the clear, and their key.
pub type Opened = (Zeroizing<Vec<u8>>, Lock);

/// Seals and opens records. Any number of threads may use it.
pub struct Vault {
    chain: Keychain,
    blinding: Zeroizing<[u8; BLINDING_BYTES]>,
}

impl Vault {
    /// Opens the keys in `storage` for the records of `database`; both are new or both are not.
    ///
    /// # Errors
    /// [`VaultError`]: another master key, another folder of keys, or one of them cannot be read.
    pub fn open(storage: Arc<dyn Storage>, master: &MasterKey, database: &Database) -> Result<Self, VaultError> {
        let chain = Keychain::open(storage, master)?;
        let own = chain.own();
        let mut fresh = Zeroizing::new([0; BLINDING_BYTES]);
        getrandom::fill(fresh.as_mut()).map_err(|error| VaultError::NoChance(error.to_string()))?;
        let blinding = database.write(|draft| {
            let Some(sealed) = draft.get(Table::Meta, BLINDING)? else {
                draft.put(Table::Meta, BLINDING, own.seal(BLINDING, fresh.as_ref())?);
                return Ok(fresh.clone());
            };
            let clear = Zeroizing::new(own.open(BLINDING, &sealed).map_err(|_| VaultError::Foreign)?);
            clear.as_slice().try_into().map(Zeroizing::new).map_err(|_| VaultError::Foreign)
        })?;
        Ok(Self { chain, blinding })
    }

    /// A new key, for a new person.
    ///
    /// # Errors
    /// [`VaultError`] where the folder of keys cannot be written.
    pub fn assign(&self) -> Result<Lock, VaultError> {
        let (slot, key) = self.chain.assign()?;
        Ok(Lock { slot, key })
    }

    /// The key in a place; none where it was destroyed.
    ///
    /// # Errors
    /// [`VaultError::Key`] where the place is damaged.
    pub fn lock(&self, slot: u64) -> Result<Option<Lock>, VaultError> {
        Ok(self.chain.key(slot)?.map(|key| Lock { slot, key }))
    }

    /// Destroys keys: what they encrypted is unreadable for ever once this returns, wherever there are copies of it.
    ///
    /// # Errors
    /// [`VaultError`] where the folder of keys cannot be written.
    pub fn destroy(&self, slots: &[u64]) -> Result<(), VaultError> {
        Ok(self.chain.destroy(slots)?)
    }

    /// `record`, encrypted for its place in the store.
    ///
    /// # Errors
    /// [`VaultError::NoChance`] where the system gives no random numbers.
    pub fn seal(&self, lock: &Lock, place: Place<'_>, record: &impl Serialize) -> Result<Vec<u8>, VaultError> {
        let clear = Zeroizing::new(serde_json::to_vec(record).map_err(|_| place.damaged())?);
        self.seal_bytes(lock, place, &clear)
    }

    /// Bytes as they are, encrypted for their place in the store.
    ///
    /// # Errors
    /// [`VaultError::NoChance`] where the system gives no random numbers.
    pub fn seal_bytes(&self, lock: &Lock, place: Place<'_>, clear: &[u8]) -> Result<Vec<u8>, VaultError> {
        let sealed = lock.key.seal(&place.context(), clear)?;
        Ok([&lock.slot.to_be_bytes()[..], &sealed].concat())
    }

    /// A record that was sealed, and its key; none where the key was destroyed.
    ///
    /// # Errors
    /// [`VaultError::Store`] where it is damaged, or stands in another place.
    pub fn open_record<T: DeserializeOwned>(
        &self,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Option<(T, Lock)>, VaultError> {
        let Some((clear, lock)) = self.open_bytes(place, sealed)? else { return Ok(None) };
        let record = serde_json::from_slice(&clear).map_err(|_| place.damaged())?;
        Ok(Some((record, lock)))
    }

    /// Bytes that were sealed, and their key; none where the key was destroyed.
    ///
    /// # Errors
    /// [`VaultError::Store`] where they are damaged, or stand in another place.
    pub fn open_bytes(&self, place: Place<'_>, sealed: &[u8]) -> Result<Option<Opened>, VaultError> {
        let (slot, sealed) = sealed.split_first_chunk().ok_or_else(|| place.damaged())?;
        let Some(lock) = self.lock(u64::from_be_bytes(*slot))? else { return Ok(None) };
        let clear = lock.key.open(&place.context(), sealed).map_err(|_| place.damaged())?;
        Ok(Some((Zeroizing::new(clear), lock)))
    }

    /// The record of `key`, if there is one that can be read.
    ///
    /// # Errors
    /// [`VaultError`] where the store cannot be read or the record is damaged.
    pub fn get<T: DeserializeOwned>(
        &self,
        tables: &dyn Tables,
        place: Place<'_>,
    ) -> Result<Option<(T, Lock)>, VaultError> {
        match tables.get(place.table, place.key)? {
            Some(sealed) => self.open_record(place, &sealed),
            None => Ok(None),
        }
    }

    /// Writes `record` in its place, sealed.
    ///
    /// # Errors
    /// [`VaultError::NoChance`].
    pub fn put(
        &self,
        draft: &mut Draft<'_>,
        lock: &Lock,
        place: Place<'_>,
        record: &impl Serialize,
    ) -> Result<(), VaultError> {
        draft.put(place.table, place.key, self.seal(lock, place, record)?);
        Ok(())
    }

    /// The records of a table whose keys are at least the first of `keys` and below the second, in their order, `most` of them, but for
    /// those that cannot be read any more.
    ///
    /// # Errors
    /// [`VaultError`] where the store cannot be read or a record is damaged.
    pub fn range<T: DeserializeOwned>(
        &self,
        tables: &dyn Tables,
        table: Table,
        keys: (&[u8], &[u8]),
        most: usize,
    ) -> Result<Vec<T>, VaultError> {
        let rows = tables.range(table, keys.0, keys.1, most)?;
        let opened = rows.iter().map(|(key, sealed)| self.open_record(Place::new(table, key), sealed));
        opened.filter_map(|found| found.map(|found| found.map(|(record, _)| record)).transpose()).collect()
    }

    /// The key of what belongs to no person: partners, cases.
    #[must_use]
    pub fn common(&self) -> Lock {
        Lock { slot: COMMON_SLOT, key: self.chain.own() }
    }

    /// `text` as it is looked up among what is blinded for `purpose`: two purposes have nothing in common.
    #[must_use]
    pub fn blind(&self, purpose: &str, text: &str) -> Blinded {
        let mut blinded = [0; BLINDED_BYTES];
        blinded.copy_from_slice(&self.secret(purpose, text)[..BLINDED_BYTES]);
        blinded
    }

    /// 32 bytes that follow from `text` for `purpose`, and are as good as chance to who has not the secret of this store.
    #[must_use]
    pub fn secret(&self, purpose: &str, text: &str) -> Zeroizing<[u8; SECRET_BYTES]> {
        let mut mac = Hmac::<Sha256>::new(&(*self.blinding).into());
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(text.as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

/// The place of the key of the chain itself, which [`Keychain::own`] gives.
const COMMON_SLOT: u64 = 0;

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

/// Where a record stands: it cannot be read in another place.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its table.
    pub table: Table,
    /// Its key there.
    pub key: &'a [u8],
}

impl<'a> Place<'a> {
    /// The place of `key` in `table`.
    #[must_use]
    pub fn new(table: Table, key: &'a [u8]) -> Self {
        Self { table, key }
    }

    fn context(self) -> Vec<u8> {
        [self.table.name().as_bytes(), b"\0", self.key].concat()
    }

    fn damaged(self) -> VaultError {
        StoreError::Damaged { table: self.table.name() }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Memory;

    fn vault(storage: &whorl_index::Memory, master: &MasterKey, store: &Memory) -> Result<Vault, VaultError> {
        let database = Database::open(Arc::new(store.clone())).unwrap();
        Vault::open(Arc::new(storage.clone()), master, &database)
    }

    #[test]
    fn a_record_reads_in_its_place_until_its_key_is_destroyed() {
        let (storage, store, master) = (whorl_index::Memory::new(), Memory::new(), MasterKey::generate().unwrap());
        let first = vault(&storage, &master, &store).unwrap();
        let lock = first.assign().unwrap();
        let place = Place::new(Table::Subjects, b"one");
        let sealed = first.seal(&lock, place, &("Ada", 1815)).unwrap();
        assert!(!sealed.windows(3).any(|three| three == b"Ada"));
        let blinded = first.blind("uin", "5273140941");
        drop(first);
        let again = vault(&storage, &master, &store).unwrap();
        assert_eq!(again.open_record::<(String, u32)>(place, &sealed).unwrap().unwrap().0, ("Ada".to_owned(), 1815));
        assert!(again.open_bytes(Place::new(Table::Subjects, b"two"), &sealed).is_err());
        assert!(again.open_bytes(Place::new(Table::Profiles, b"one"), &sealed).is_err());
        assert!(again.open_bytes(place, &sealed[..7]).is_err());
        assert_eq!(again.blind("uin", "5273140941"), blinded);
        assert_ne!(again.blind("vid", "5273140941"), blinded);
        assert_ne!(again.blind("uin5", "273140941"), blinded);
        again.destroy(&[lock.slot()]).unwrap();
        assert!(again.open_record::<(String, u32)>(place, &sealed).unwrap().is_none());
    }

    #[test]
    fn keys_of_another_store_or_another_master_are_refused() {
        let (storage, store, master) = (whorl_index::Memory::new(), Memory::new(), MasterKey::generate().unwrap());
        drop(vault(&storage, &master, &store).unwrap());
        let other = vault(&storage, &MasterKey::generate().unwrap(), &store).unwrap_err();
        assert!(matches!(other, VaultError::Folder(_)), "{other}");
        let foreign = vault(&whorl_index::Memory::new(), &master, &store).unwrap_err();
        assert!(matches!(foreign, VaultError::Foreign), "{foreign}");
    }
}
