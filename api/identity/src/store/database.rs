//! A store as the modules above it use it.

use std::sync::Arc;

use super::{Draft, Store, StoreError, Table, Tables};

/// The version of the tables and records that this Whorl writes.
const FORMAT_VERSION: u32 = 1;

/// The record of [`Table::Meta`] that holds the version.
const VERSION: &[u8] = b"version";

/// How a version becomes the next: entry `n` of the table turns version `n + 1` into `n + 2`.
type Migration = fn(&mut Draft<'_>) -> Result<(), StoreError>;

const MIGRATIONS: [Migration; FORMAT_VERSION as usize - 1] = [];

/// A store whose tables have the version that this Whorl knows.
#[derive(Debug, Clone)]
pub struct Database {
    store: Arc<dyn Store>,
}

impl Database {
    /// Opens `store`; an older version is brought up to this one in one change.
    ///
    /// # Errors
    /// [`StoreError::Version`] where a newer Whorl wrote it, and other [`StoreError`]s.
    pub fn open(store: Arc<dyn Store>) -> Result<Self, StoreError> {
        let database = Self { store };
        let place = database.store.place();
        database.write(|draft| {
            let found = match draft.get(Table::Meta, VERSION)? {
                None => FORMAT_VERSION,
                Some(bytes) => {
                    let bytes = bytes.try_into().map_err(|_| StoreError::Damaged { table: Table::Meta.name() })?;
                    u32::from_be_bytes(bytes)
                }
            };
            if found == 0 || found > FORMAT_VERSION {
                return Err(StoreError::Version { place: place.clone(), found, known: FORMAT_VERSION });
            }
            for migrate in MIGRATIONS.iter().skip(found as usize - 1) {
                migrate(draft)?;
            }
            draft.put(Table::Meta, VERSION, FORMAT_VERSION.to_be_bytes().to_vec());
            Ok(())
        })?;
        Ok(database)
    }

    /// Looks at the tables at one moment.
    ///
    /// # Errors
    /// What `look` gives, and [`StoreError`].
    pub fn read<T, E: From<StoreError>>(&self, mut look: impl FnMut(&dyn Tables) -> Result<T, E>) -> Result<T, E> {
        let mut answer = None;
        self.store.view(&mut |tables| {
            answer = Some(look(tables));
            Ok(())
        })?;
        answer.unwrap_or_else(|| Err(self.silent().into()))
    }

    /// Changes the tables: what `work` did to the draft is durable when this returns, or nothing of it was done. `work` may be called
    /// several times and must do nothing else that lasts.
    ///
    /// # Errors
    /// What `work` gives, and then nothing is changed; [`StoreError`].
    pub fn write<T, E: From<StoreError>>(&self, mut work: impl FnMut(&mut Draft<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut answer = None;
        self.store.change(&mut |tables| {
            let mut draft = Draft::new(tables);
            let done = work(&mut draft);
            let changes = if done.is_ok() { Some(draft.changes()?) } else { None };
            answer = Some(done);
            Ok(changes)
        })?;
        answer.unwrap_or_else(|| Err(self.silent().into()))
    }

    /// A store that says it did and did not.
    fn silent(&self) -> StoreError {
        StoreError::Failed { place: self.store.place(), reason: "it did not look".to_owned() }
    }
}
