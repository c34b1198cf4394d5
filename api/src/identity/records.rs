//! Where the records of the layer lie.

use std::path::PathBuf;
use std::sync::Arc;

use whorl_identity::store::{Embedded, Look, Store, StoreError};
use whorl_identity::vault::look_at_file;

use super::office::OfficeError;
use crate::config::{Identity, IdentityStore};

/// The file of the store in the folder of the layer.
const STORE: &str = "identity.redb";

/// Where the records of the layer lie.
pub(super) enum Records {
    /// In this file.
    File(PathBuf),
    /// In a database.
    #[cfg(feature = "postgres")]
    Database(Box<whorl_identity::store::Server>),
}

impl Records {
    /// What `config` names.
    ///
    /// # Errors
    /// [`OfficeError`] where the connection string cannot be had or read.
    pub(super) fn named(config: &Identity) -> Result<Self, OfficeError> {
        match config.store {
            IdentityStore::File => Ok(Self::File(config.folder.join(STORE))),
            IdentityStore::Postgresql => in_database(config),
        }
    }

    /// The store, made where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn open(self) -> Result<Arc<dyn Store>, StoreError> {
        match self {
            Self::File(path) => Ok(Arc::new(Embedded::open(path)?)),
            #[cfg(feature = "postgres")]
            Self::Database(server) => Ok(Arc::new(whorl_identity::store::Postgres::open(*server)?)),
        }
    }

    /// What is seen of the store without a change; nothing of one in a database, which is not asked.
    ///
    /// # Errors
    /// [`StoreError`] where the file is none of a store.
    pub(super) fn look(&self) -> Result<Option<Look>, StoreError> {
        match self {
            Self::File(path) => look_at_file(path).map(Some),
            #[cfg(feature = "postgres")]
            Self::Database(_) => Ok(None),
        }
    }
}

#[cfg(feature = "postgres")]
fn in_database(config: &Identity) -> Result<Records, OfficeError> {
    const KEYS: [&str; 2] = ["identity.connection_file", "identity.connection_env"];
    let named = (config.connection_file.as_deref(), config.connection_env.as_deref());
    // The configuration has seen to it that one of the two is named.
    let connection = super::named::secret(KEYS, named.0, named.1)?.unwrap_or_default();
    Ok(Records::Database(Box::new(whorl_identity::store::Server::new(connection.trim())?)))
}

#[cfg(not(feature = "postgres"))]
fn in_database(_config: &Identity) -> Result<Records, OfficeError> {
    // The configuration refuses it before.
    let reason = "this program was built without PostgreSQL".to_owned();
    Err(OfficeError::File { key: "identity.store", reason })
}
