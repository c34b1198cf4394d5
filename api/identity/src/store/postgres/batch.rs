//! Changes as they are written: many records of many tables in one statement.

use std::collections::BTreeMap;

use postgres::types::ToSql;

use super::snapshot::name;
use crate::store::{Changes, MAX_VALUE_BYTES, Table};

/// The most bytes of a statement before one more record: a message of the server's protocol ends at 1 GiB.
const MAX_BATCH_BYTES: usize = 2 * MAX_VALUE_BYTES;

/// The most records of a statement: more no longer pay.
const MAX_BATCH_RECORDS: usize = 10_000;

/// What is to be written to one table.
#[derive(Default)]
struct Part<'changes> {
    keys: Vec<&'changes [u8]>,
    values: Vec<&'changes [u8]>,
    gone: Vec<&'changes [u8]>,
}

/// What one statement writes.
#[derive(Default)]
pub(super) struct Batch<'changes> {
    parts: BTreeMap<Table, Part<'changes>>,
    bytes: usize,
    records: usize,
}

/// `changes` in as few batches as the bounds allow.
pub(super) fn batches(changes: &Changes) -> Vec<Batch<'_>> {
    let mut batches = vec![Batch::default()];
    for ((table, key), value) in changes {
        if batches.last().is_none_or(Batch::is_full) {
            batches.push(Batch::default());
        }
        if let Some(batch) = batches.last_mut() {
            batch.add(*table, key, value.as_deref());
        }
    }
    batches.retain(|batch| batch.records > 0);
    batches
}

impl<'changes> Batch<'changes> {
    fn is_full(&self) -> bool {
        self.bytes >= MAX_BATCH_BYTES || self.records >= MAX_BATCH_RECORDS
    }

    fn add(&mut self, table: Table, key: &'changes [u8], value: Option<&'changes [u8]>) {
        let part = self.parts.entry(table).or_default();
        self.records += 1;
        self.bytes += key.len() + value.map_or(0, <[u8]>::len);
        match value {
            Some(value) => {
                part.keys.push(key);
                part.values.push(value);
            }
            None => part.gone.push(key),
        }
    }

    /// One statement for all tables; it depends on which of them are written to and in which ways, and on no record.
    pub(super) fn statement(&self, schema: &str) -> String {
        let (mut steps, mut next) = (Vec::new(), 1);
        for (table, part) in &self.parts {
            let table = name(schema, *table);
            let step = steps.len();
            if !part.keys.is_empty() {
                let (keys, values) = (next, next + 1);
                steps.push(format!(
                    "step{step} AS (INSERT INTO {table} (key, value) SELECT * FROM unnest(${keys}::bytea[], ${values}::bytea[]) \
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value)"
                ));
                next += 2;
            }
            let step = steps.len();
            if !part.gone.is_empty() {
                steps.push(format!("step{step} AS (DELETE FROM {table} WHERE key = ANY (${next}::bytea[]))"));
                next += 1;
            }
        }
        format!("WITH {} SELECT", steps.join(", "))
    }

    /// What the statement's places stand for.
    pub(super) fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        let mut parameters: Vec<&(dyn ToSql + Sync)> = Vec::new();
        for part in self.parts.values() {
            if !part.keys.is_empty() {
                parameters.push(&part.keys);
                parameters.push(&part.values);
            }
            if !part.gone.is_empty() {
                parameters.push(&part.gone);
            }
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(changes: &mut Changes, table: Table, key: &[u8], value: Option<Vec<u8>>) {
        changes.insert((table, key.to_vec()), value);
    }

    #[test]
    fn one_statement_writes_to_all_tables_and_says_nothing_of_the_records() {
        let mut changes = Changes::new();
        put(&mut changes, Table::Subjects, b"secret", Some(vec![1]));
        put(&mut changes, Table::Subjects, b"other", None);
        put(&mut changes, Table::Hooks, b"a", None);
        let batches = batches(&changes);
        assert_eq!(batches.len(), 1);
        assert_eq!(batches[0].parameters().len(), 4);
        assert_eq!(
            batches[0].statement("s"),
            "WITH step0 AS (INSERT INTO \"s\".\"subjects\" (key, value) SELECT * FROM unnest($1::bytea[], $2::bytea[]) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value), \
             step1 AS (DELETE FROM \"s\".\"subjects\" WHERE key = ANY ($3::bytea[])), \
             step2 AS (DELETE FROM \"s\".\"hooks\" WHERE key = ANY ($4::bytea[])) SELECT"
        );
    }

    #[test]
    fn batches_end_at_their_bounds_and_none_is_empty() {
        assert!(batches(&Changes::new()).is_empty());
        let mut changes = Changes::new();
        for number in 0..=MAX_BATCH_RECORDS as u32 {
            put(&mut changes, Table::Events, &number.to_be_bytes(), None);
        }
        let records = batches(&changes).iter().map(|batch| batch.records).collect::<Vec<_>>();
        assert_eq!(records, [MAX_BATCH_RECORDS, 1]);
        let mut changes = Changes::new();
        for number in 0..3_u8 {
            put(&mut changes, Table::Enclosures, &[number], Some(vec![0; MAX_VALUE_BYTES]));
        }
        let records = batches(&changes).iter().map(|batch| batch.records).collect::<Vec<_>>();
        assert_eq!(records, [2, 1]);
    }
}
