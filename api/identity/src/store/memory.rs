//! A store in memory, for tests: it dies when it is told to.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Entry, MAX_LISTED, Store, StoreError, Table, Tables, Work, is_below};

/// What becomes of the change at which the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crash {
    /// It is not there.
    Before,
    /// It is there, and who made it never heard so.
    After,
}

#[derive(Default)]
struct Contents {
    records: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
    /// How many changes were made.
    changes: u64,
    armed: Option<(u64, Crash)>,
    is_dead: bool,
}

/// A store in memory; a clone of it is the same store.
#[derive(Clone, Default)]
pub struct Memory {
    contents: Arc<Mutex<Contents>>,
}

impl Memory {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many changes were made so far.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.contents().changes
    }

    /// Dies at the change of this number, from 0: it and whatever is asked afterwards fails.
    pub fn die_at(&self, change: u64, crash: Crash) {
        self.contents().armed = Some((change, crash));
    }

    /// What the next process finds.
    #[must_use]
    pub fn reborn(&self) -> Self {
        let records = self.contents().records.clone();
        Self { contents: Arc::new(Mutex::new(Contents { records, ..Contents::default() })) }
    }

    /// All bytes of all records, to look for what must not be there.
    #[must_use]
    pub fn raw(&self) -> Vec<u8> {
        let contents = self.contents();
        let bytes = contents.records.iter().flat_map(|((_, key), value)| key.iter().chain(value));
        bytes.copied().collect()
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        // It is changed only once a change is whole.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn dead(&self) -> StoreError {
        StoreError::Failed { place: self.place(), reason: "the process died".to_owned() }
    }
}

impl Tables for Contents {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.records.get(&(table, key.to_vec())).cloned())
    }

    fn range(&self, table: Table, from: &[u8], to: &[u8], most: usize) -> Result<Vec<Entry>, StoreError> {
        let records = self.records.range((Bound::Included((table, from.to_vec())), Bound::Unbounded));
        let records = records.take_while(|((of, key), _)| *of == table && is_below(key, to));
        Ok(records.take(most.min(MAX_LISTED)).map(|((_, key), value)| (key.clone(), value.clone())).collect())
    }
}

impl Store for Memory {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn view(&self, look: &mut dyn FnMut(&dyn Tables) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let contents = self.contents();
        if contents.is_dead { Err(self.dead()) } else { look(&*contents) }
    }

    fn change(&self, work: &mut Work<'_>) -> Result<(), StoreError> {
        let mut contents = self.contents();
        if contents.is_dead {
            return Err(self.dead());
        }
        let Some(changes) = work(&*contents)? else { return Ok(()) };
        let crash = contents.armed.filter(|(at, _)| *at == contents.changes).map(|(_, crash)| crash);
        contents.changes += 1;
        contents.is_dead = crash.is_some();
        if crash == Some(Crash::Before) {
            return Err(self.dead());
        }
        for (key, value) in changes {
            match value {
                Some(value) => contents.records.insert(key, value),
                None => contents.records.remove(&key),
            };
        }
        if crash.is_some() { Err(self.dead()) } else { Ok(()) }
    }
}

/// How many records there are, never which.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({} records)", self.contents().records.len())
    }
}
