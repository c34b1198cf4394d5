//! Where records lie: ordered tables of bytes under transactions, in a file of ours or in PostgreSQL.
//!
//! A store knows nothing of persons. It gets, puts and lists bytes by keys, and a change of several records is there whole or not at all.
//! What the records say, and that they are encrypted, is for [`crate::vault`] and the modules above it.

mod database;
mod draft;
mod embedded;
mod error;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod table;

use std::collections::BTreeMap;
use std::fmt;

pub use database::Database;
pub use draft::Draft;
pub use embedded::{Embedded, Look};
pub use error::StoreError;
pub use memory::{Crash, Memory};
#[cfg(feature = "postgres")]
pub use postgres::{Postgres, Server};
pub use table::Table;

/// The most bytes of a key: names of records are short.
pub const MAX_KEY_BYTES: usize = 512;

/// The most bytes of a value: one picture as it was sent in, encrypted.
pub const MAX_VALUE_BYTES: usize = 32 << 20;

/// The most records that one call lists.
pub const MAX_LISTED: usize = 10_000;

/// A record as it is listed: its key and its value.
pub type Entry = (Vec<u8>, Vec<u8>);

/// What is to be written: for each key of a table its new value, or nothing where it is to go.
pub type Changes = BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>>;

/// What is done in a change: it looks at the tables and says what is to be written, or gives up and says nothing.
pub type Work<'a> = dyn FnMut(&dyn Tables) -> Result<Option<Changes>, StoreError> + 'a;

/// The tables at one moment.
pub trait Tables {
    /// The value of `key`.
    ///
    /// # Errors
    /// [`StoreError`] where it cannot be read.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// The records whose keys are at least `from` and below `to`, in the order of the keys; `most` of them, at most [`MAX_LISTED`].
    ///
    /// # Errors
    /// [`StoreError`] where they cannot be read.
    fn range(&self, table: Table, from: &[u8], to: &[u8], most: usize) -> Result<Vec<Entry>, StoreError>;

    /// The values of `keys`, in their order.
    ///
    /// # Errors
    /// [`StoreError`] where they cannot be read.
    fn get_many(&self, table: Table, keys: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        keys.iter().map(|key| self.get(table, key)).collect()
    }
}

impl dyn Tables + '_ {
    /// The records whose keys begin with `prefix`, in the order of the keys; `most` of them, at most [`MAX_LISTED`].
    ///
    /// # Errors
    /// [`StoreError`] where they cannot be read.
    pub fn beginning(&self, table: Table, prefix: &[u8], most: usize) -> Result<Vec<Entry>, StoreError> {
        self.range(table, prefix, &after(prefix), most)
    }
}

/// Tables of which several threads may read and write.
pub trait Store: fmt::Debug + Send + Sync {
    /// Where this is, as people say it.
    fn place(&self) -> String;

    /// Calls `look` once with the tables at one moment.
    ///
    /// # Errors
    /// What `look` gives, or [`StoreError`] where the store cannot be read.
    fn view(&self, look: &mut dyn FnMut(&dyn Tables) -> Result<(), StoreError>) -> Result<(), StoreError>;

    /// Calls `work` with the tables as they are, and makes the changes that it gives durable before this returns: all or none, and as if
    /// nobody else had written meanwhile. Where somebody had, `work` is called again. Nothing is written where it gives nothing.
    ///
    /// # Errors
    /// What `work` gives, and then nothing is written; [`StoreError`] where the store cannot be read or written.
    fn change(&self, work: &mut Work<'_>) -> Result<(), StoreError>;
}

/// The key that follows `key` at once: where a list goes on behind it.
pub(crate) fn following(key: &[u8]) -> Vec<u8> {
    [key, &[0]].concat()
}

/// The first key that does not begin with `prefix` and comes after all that do; the empty key where there is none.
fn after(prefix: &[u8]) -> Vec<u8> {
    let mut next = prefix.to_vec();
    while let Some(last) = next.pop() {
        if last < u8::MAX {
            next.push(last + 1);
            break;
        }
    }
    next
}

/// Whether a key is below `to`, of which an empty one means the end of the table.
fn is_below(key: &[u8], to: &[u8]) -> bool {
    to.is_empty() || key < to
}

#[cfg(test)]
mod tests;
