//! What a layer would find, seen without a change: for who checks a configuration, also while a server runs.

use std::path::Path;

use whorl_index::{Keychain, MasterKey, Storage};
use zeroize::Zeroizing;

use super::{BLINDING, Vault, VaultError};
use crate::store::{Embedded, Look, StoreError, Table};

/// What keys and store are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// There are no keys yet, and nothing that would need them.
    New,
    /// The master key opens the keys, and they open the store.
    Fitting,
    /// The master key opens the keys; the store was not looked into.
    Keys,
    /// The master key opens the keys, and their store is not there.
    Alone,
}

/// What is in the store in this file that shows whose keys it needs.
///
/// # Errors
/// [`StoreError`] where it is no such file.
pub fn look_at_file(path: &Path) -> Result<Look, StoreError> {
    Embedded::look(path, Table::Meta, BLINDING)
}

impl Vault {
    /// Whether `master` opens the keys in `storage`, and those the store that was looked at; none of them where it is in a database.
    ///
    /// # Errors
    /// [`VaultError`], as [`Vault::open`] would give.
    pub fn look(storage: &dyn Storage, master: &MasterKey, store: Option<&Look>) -> Result<Seen, VaultError> {
        let own = Keychain::look(storage, master)?;
        match (own, store) {
            (None, Some(Look::Record(Some(_)))) => Err(VaultError::Foreign),
            (None, _) => Ok(Seen::New),
            (Some(own), Some(Look::Record(Some(sealed)))) => {
                own.open(BLINDING, sealed).map(Zeroizing::new).map_err(|_| VaultError::Foreign)?;
                Ok(Seen::Fitting)
            }
            (Some(_), Some(Look::Absent | Look::Record(None))) => Ok(Seen::Alone),
            (Some(_), Some(Look::InUse | Look::Unclosed) | None) => Ok(Seen::Keys),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{has_keys, keys_in, rotate};
    use super::*;
    use crate::store::Database;

    #[test]
    fn keys_and_store_are_seen_to_fit_or_not_also_under_another_master_key() {
        let folder = tempfile::tempdir().unwrap();
        let (folder, path) = (folder.path(), folder.path().join("identity.redb"));
        let [master, other] = std::array::from_fn(|_| MasterKey::generate().unwrap());
        let look = |master: &MasterKey| Vault::look(&keys_in(folder), master, Some(&look_at_file(&path).unwrap()));
        assert_eq!((look(&master).unwrap(), has_keys(folder)), (Seen::New, false));
        let database = Database::open(Arc::new(Embedded::open(&path).unwrap())).unwrap();
        let vault = Vault::open(Arc::new(keys_in(folder)), &master, &database).unwrap();
        let blinded = vault.blind("uin", "5273140941");
        assert_eq!((look(&master).unwrap(), has_keys(folder)), (Seen::Keys, true));
        assert!(rotate(folder, &master, &other).is_err(), "it is in use");
        drop((database, vault));
        assert_eq!(look(&master).unwrap(), Seen::Fitting);
        assert!(matches!(look(&other), Err(VaultError::Folder(_))));
        rotate(folder, &master, &other).unwrap();
        assert_eq!(look(&other).unwrap(), Seen::Fitting);
        let database = Database::open(Arc::new(Embedded::open(&path).unwrap())).unwrap();
        let vault = Vault::open(Arc::new(keys_in(folder)), &other, &database).unwrap();
        assert_eq!(vault.blind("uin", "5273140941"), blinded, "numbers are looked up as before");
        drop((database, vault));
        std::fs::rename(folder.join("keys"), folder.join("elsewhere")).unwrap();
        assert!(matches!(look(&other), Err(VaultError::Foreign)), "a store whose keys are lost");
        std::fs::rename(folder.join("elsewhere"), folder.join("keys")).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(look(&other).unwrap(), Seen::Alone);
        assert_eq!(Vault::look(&keys_in(folder), &other, None).unwrap(), Seen::Keys);
    }
}
