//! The tables as one transaction sees them.

use std::cell::RefCell;
use std::collections::HashMap;

use postgres::Row;
use postgres::types::ToSql;

use super::Server;
use super::connection::Connection;
use super::fault::Fault;
use crate::store::{Entry, MAX_LISTED, StoreError, Table, Tables};

/// A transaction that is open, to read in. After its first fault it reads nothing more.
pub(super) struct Snapshot<'lease> {
    server: &'lease Server,
    connection: RefCell<&'lease mut Connection>,
    fault: RefCell<Option<Fault>>,
}

impl<'lease> Snapshot<'lease> {
    pub(super) fn new(server: &'lease Server, connection: &'lease mut Connection) -> Self {
        Self { server, connection: RefCell::new(connection), fault: RefCell::new(None) }
    }

    /// What went wrong first.
    pub(super) fn fault(self) -> Option<Fault> {
        self.fault.into_inner()
    }

    fn read<T>(
        &self,
        statement: &str,
        parameters: &[&(dyn ToSql + Sync)],
        take: impl Fn(Vec<Row>) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        if let Some(fault) = &*self.fault.borrow() {
            return Err(fault.clone().into_error(self.server));
        }
        let rows = self.connection.borrow_mut().query(statement, parameters);
        rows.and_then(|rows| take(rows).map_err(|error| Fault::of(&error))).map_err(|fault| {
            self.fault.replace(Some(fault.clone()));
            fault.into_error(self.server)
        })
    }

    fn name(&self, table: Table) -> String {
        name(self.server.schema(), table)
    }
}

impl Tables for Snapshot<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let statement = format!("SELECT value FROM {} WHERE key = $1", self.name(table));
        self.read(&statement, &[&key], |rows| rows.first().map(|row| row.try_get(0)).transpose())
    }

    fn range(&self, table: Table, from: &[u8], to: &[u8], most: usize) -> Result<Vec<Entry>, StoreError> {
        let table = self.name(table);
        let most = most.min(MAX_LISTED) as i64;
        let entries =
            |rows: Vec<Row>| rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, _>>();
        if to.is_empty() {
            let statement = format!("SELECT key, value FROM {table} WHERE key >= $1 ORDER BY key LIMIT $2");
            return self.read(&statement, &[&from, &most], entries);
        }
        let statement = format!("SELECT key, value FROM {table} WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3");
        self.read(&statement, &[&from, &to, &most], entries)
    }

    fn get_many(&self, table: Table, keys: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let statement = format!("SELECT key, value FROM {} WHERE key = ANY ($1)", self.name(table));
        let found = self.read(&statement, &[&keys], |rows| {
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<HashMap<Vec<u8>, _>, _>>()
        })?;
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }
}

/// What a table is called in statements. The schema's name was checked, and ours are plain.
pub(super) fn name(schema: &str, table: Table) -> String {
    format!("\"{schema}\".\"{}\"", table.name())
}
