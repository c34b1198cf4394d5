//! One record of a file that is looked at and not changed.

use std::path::Path;

use redb::{DatabaseError, ReadOnlyDatabase, ReadableDatabase, TableError};

use super::{Embedded, definition, get};
use crate::store::{StoreError, Table};

/// What was seen of a store in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// There is no such file.
    Absent,
    /// Another process has it open.
    InUse,
    /// It was not closed; who opens it repairs it first.
    Unclosed,
    /// The record that was asked for, if it is there.
    Record(Option<Vec<u8>>),
}

impl Embedded {
    /// Looks at the record of `key` in the file at `path`, and changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where it is no such file, or is damaged.
    pub fn look(path: &Path, table: Table, key: &[u8]) -> Result<Look, StoreError> {
        let failed = |reason: String| StoreError::Failed { place: path.display().to_string(), reason };
        if !path.try_exists().map_err(|error| failed(error.to_string()))? {
            return Ok(Look::Absent);
        }
        let database = match ReadOnlyDatabase::open(path) {
            Ok(database) => database,
            Err(DatabaseError::DatabaseAlreadyOpen) => return Ok(Look::InUse),
            Err(DatabaseError::RepairAborted) => return Ok(Look::Unclosed),
            Err(error) => return Err(failed(error.to_string())),
        };
        let read = database.begin_read().map_err(|error| failed(error.to_string()))?;
        match read.open_table(definition(table)) {
            Ok(table) => Ok(Look::Record(get(&table, key).map_err(|error| failed(error.to_string()))?)),
            Err(TableError::TableDoesNotExist(_)) => Ok(Look::Record(None)),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::Database;

    #[test]
    fn a_file_is_looked_at_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity.redb");
        let look = |key: &[u8]| Embedded::look(&path, Table::Meta, key).unwrap();
        assert_eq!((look(b"a"), path.exists()), (Look::Absent, false));
        let database = Database::open(Arc::new(Embedded::open(&path).unwrap())).unwrap();
        database
            .write(|draft| {
                draft.put(Table::Meta, b"a", b"one".to_vec());
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert_eq!(look(b"a"), Look::InUse);
        drop(database);
        let before = std::fs::read(&path).unwrap();
        assert_eq!((look(b"a"), look(b"b")), (Look::Record(Some(b"one".to_vec())), Look::Record(None)));
        assert_eq!(std::fs::read(&path).unwrap(), before);
        std::fs::write(&path, "no such thing").unwrap();
        assert!(Embedded::look(&path, Table::Meta, b"a").is_err());
    }
}
