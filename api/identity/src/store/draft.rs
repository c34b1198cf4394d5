//! Changes that are being made, seen by who makes them.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::{Changes, Entry, MAX_KEY_BYTES, MAX_LISTED, MAX_VALUE_BYTES, StoreError, Table, Tables, is_below};

/// The tables as they will be: as they are, with what was put and deleted here.
pub struct Draft<'tables> {
    tables: &'tables dyn Tables,
    changes: Changes,
}

impl<'tables> Draft<'tables> {
    pub(super) fn new(tables: &'tables dyn Tables) -> Self {
        Self { tables, changes: Changes::new() }
    }

    /// Writes `value` under `key`.
    pub fn put(&mut self, table: Table, key: &[u8], value: Vec<u8>) {
        self.changes.insert((table, key.to_vec()), Some(value));
    }

    /// Deletes `key`; one that is not there is well.
    pub fn delete(&mut self, table: Table, key: &[u8]) {
        self.changes.insert((table, key.to_vec()), None);
    }

    /// What was changed.
    ///
    /// # Errors
    /// [`StoreError::LongKey`], [`StoreError::LongValue`].
    pub(super) fn changes(self) -> Result<Changes, StoreError> {
        for ((table, key), value) in &self.changes {
            let table = table.name();
            if key.len() > MAX_KEY_BYTES {
                return Err(StoreError::LongKey { table, bytes: key.len(), most: MAX_KEY_BYTES });
            }
            let bytes = value.as_ref().map_or(0, Vec::len);
            if bytes > MAX_VALUE_BYTES {
                return Err(StoreError::LongValue { table, bytes, most: MAX_VALUE_BYTES });
            }
        }
        Ok(self.changes)
    }

    /// What was changed among these keys.
    fn changed(&self, table: Table, from: &[u8], to: &[u8]) -> impl Iterator<Item = (&Vec<u8>, &Option<Vec<u8>>)> {
        let start = Bound::Included((table, from.to_vec()));
        let changed = self.changes.range((start, Bound::Unbounded)).map(|((of, key), value)| (*of, key, value));
        let changed = changed.take_while(move |(of, key, _)| *of == table && is_below(key, to));
        changed.map(|(_, key, value)| (key, value))
    }
}

impl Tables for Draft<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.changes.get(&(table, key.to_vec())) {
            Some(value) => Ok(value.clone()),
            None => self.tables.get(table, key),
        }
    }

    fn range(&self, table: Table, from: &[u8], to: &[u8], most: usize) -> Result<Vec<Entry>, StoreError> {
        let most = most.min(MAX_LISTED);
        let changed = self.changed(table, from, to).collect::<Vec<_>>();
        // As many more as may have been deleted here.
        let listed = self.tables.range(table, from, to, (most + changed.len()).min(MAX_LISTED))?;
        if changed.is_empty() {
            return Ok(listed);
        }
        let mut merged = listed.into_iter().map(|(key, value)| (key, Some(value))).collect::<BTreeMap<_, _>>();
        merged.extend(changed.into_iter().map(|(key, value)| (key.clone(), value.clone())));
        Ok(merged.into_iter().filter_map(|(key, value)| Some((key, value?))).take(most).collect())
    }

    fn get_many(&self, table: Table, keys: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let mut values = self.tables.get_many(table, keys)?;
        for (value, key) in values.iter_mut().zip(keys) {
            if let Some(changed) = self.changes.get(&(table, key.clone())) {
                value.clone_from(changed);
            }
        }
        Ok(values)
    }
}
