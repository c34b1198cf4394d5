//! A store in one file of this machine, by redb.
//!
//! redb and not `SQLite`, because it is Rust throughout, which needs no C compiler and leaves no unsafe binding to trust; because its readers
//! never wait for the writer; and because what lies here are encrypted records under opaque keys, for which SQL would do nothing.

mod commit;
mod look;

use std::fmt;
use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use redb::{ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};

use self::commit::{Transactions, Writers};
use super::{Changes, Entry, MAX_LISTED, Store, StoreError, Table, Tables, Work};

pub use look::Look;

/// How much of the file is kept in memory: the upper levels of the trees of some ten million persons.
const CACHE_BYTES: usize = 512 << 20;

type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// A store in a file. Those who change it at the same time share a commit and its sync.
pub struct Embedded {
    path: PathBuf,
    database: redb::Database,
    writers: Writers,
}

impl Embedded {
    /// Opens the file at `path`, or makes a new one that its owner alone may read.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where it is no such file, is damaged, or another process has it open.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let failed = |reason: String| StoreError::Failed { place: path.display().to_string(), reason };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
        }
        let database = redb::Builder::new().set_cache_size(CACHE_BYTES).create(&path);
        let database = database.map_err(|error| failed(error.to_string()))?;
        private(&path).map_err(|error| failed(error.to_string()))?;
        let store = Self { path, database, writers: Writers::default() };
        store.make_tables()?;
        Ok(store)
    }

    /// Makes every table, so that readers find it.
    fn make_tables(&self) -> Result<(), StoreError> {
        let write = self.database.begin_write().map_err(|error| self.failed(error))?;
        for table in Table::ALL {
            write.open_table(definition(table)).map_err(|error| self.failed(error))?;
        }
        write.commit().map_err(|error| self.failed(error))
    }

    fn failed(&self, reason: impl fmt::Display) -> StoreError {
        StoreError::Failed { place: self.place(), reason: reason.to_string() }
    }
}

impl Store for Embedded {
    fn place(&self) -> String {
        self.path.display().to_string()
    }

    fn view(&self, look: &mut dyn FnMut(&dyn Tables) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let read = self.database.begin_read().map_err(|error| self.failed(error))?;
        look(&Reading { store: self, read })
    }

    fn change(&self, work: &mut Work<'_>) -> Result<(), StoreError> {
        self.writers.change(self, work)
    }
}

impl Transactions for Embedded {
    fn begin(&self) -> Result<WriteTransaction, StoreError> {
        let mut write = self.database.begin_write().map_err(|error| self.failed(error))?;
        // So that a crash costs no walk through the whole file.
        write.set_quick_repair(true);
        Ok(write)
    }

    fn look<'a>(&'a self, write: &'a WriteTransaction) -> Box<dyn Tables + 'a> {
        Box::new(Writing { store: self, write })
    }

    fn apply(&self, write: &WriteTransaction, changes: Changes) -> Result<(), StoreError> {
        apply(write, changes).map_err(|error| self.failed(error))
    }

    fn commit(&self, write: WriteTransaction) -> Result<(), StoreError> {
        write.commit().map_err(|error| self.failed(error))
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Embedded({:?})", self.path)
    }
}

fn apply(write: &WriteTransaction, changes: Changes) -> Result<(), redb::Error> {
    for ((table, key), value) in changes {
        let mut table = write.open_table(definition(table))?;
        match value {
            Some(value) => table.insert(key.as_slice(), value.as_slice())?,
            None => table.remove(key.as_slice())?,
        };
    }
    Ok(())
}

/// The tables as the last commit left them.
struct Reading<'store> {
    store: &'store Embedded,
    read: ReadTransaction,
}

impl Tables for Reading<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let table = self.read.open_table(definition(table)).map_err(|error| self.store.failed(error))?;
        get(&table, key).map_err(|error| self.store.failed(error))
    }

    fn range(&self, table: Table, from: &[u8], to: &[u8], most: usize) -> Result<Vec<Entry>, StoreError> {
        let table = self.read.open_table(definition(table)).map_err(|error| self.store.failed(error))?;
        range(&table, from, to, most).map_err(|error| self.store.failed(error))
    }
}

/// The tables as those have left them who share the commit to come.
struct Writing<'store> {
    store: &'store Embedded,
    write: &'store WriteTransaction,
}

impl Tables for Writing<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let table = self.write.open_table(definition(table)).map_err(|error| self.store.failed(error))?;
        get(&table, key).map_err(|error| self.store.failed(error))
    }

    fn range(&self, table: Table, from: &[u8], to: &[u8], most: usize) -> Result<Vec<Entry>, StoreError> {
        let table = self.write.open_table(definition(table)).map_err(|error| self.store.failed(error))?;
        range(&table, from, to, most).map_err(|error| self.store.failed(error))
    }
}

fn get<T>(records: &T, key: &[u8]) -> Result<Option<Vec<u8>>, redb::StorageError>
where
    T: ReadableTable<&'static [u8], &'static [u8]>,
{
    Ok(records.get(key)?.map(|value| value.value().to_vec()))
}

fn range<T>(records: &T, from: &[u8], to: &[u8], most: usize) -> Result<Vec<Entry>, redb::StorageError>
where
    T: ReadableTable<&'static [u8], &'static [u8]>,
{
    if !to.is_empty() && from >= to {
        return Ok(Vec::new());
    }
    let end = if to.is_empty() { Bound::Unbounded } else { Bound::Excluded(to) };
    let found = records.range::<&[u8]>((Bound::Included(from), end))?.take(most.min(MAX_LISTED));
    found.map(|record| record.map(|(key, value)| (key.value().to_vec(), value.value().to_vec()))).collect()
}

fn definition(table: Table) -> Definition {
    TableDefinition::new(table.name())
}

#[cfg(unix)]
fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn private(_path: &Path) -> std::io::Result<()> {
    Ok(())
}
