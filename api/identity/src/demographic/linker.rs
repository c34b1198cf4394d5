//! Blocks in memory.

use std::collections::HashMap;
use std::convert::Infallible;

use super::address::hash;
use super::blocks::{BlockKey, block_keys};
use super::prepared::Prepared;
use super::rules::Rules;
use super::search::{Block, Blocks, Bounds, Found, search};

/// The end of a chain.
const NONE: u32 = u32::MAX;

/// Persons in memory, numbered from 0 in the order in which they came: for measurements, tests, and the records of one batch.
#[derive(Default)]
pub struct Linker {
    rules: Rules,
    /// Of each person what was prepared, packed.
    persons: Vec<Box<[u8]>>,
    /// The last link of each key's chain.
    heads: HashMap<u64, u32>,
    /// A person, and the link before.
    links: Vec<(u32, u32)>,
    /// How many names have this word.
    words: HashMap<Box<str>, u32>,
    total_words: u64,
}

impl Linker {
    /// None yet.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// The rules it compares by.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// How many persons there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// Adds a person; the number is how many there were before.
    ///
    /// # Panics
    /// With more than four thousand million links.
    pub fn add(&mut self, prepared: &Prepared) -> u64 {
        let person = self.persons.len() as u32;
        for key in block_keys(prepared) {
            let link = self.links.len() as u32;
            assert!(link != NONE, "a linker in memory holds no country");
            let before = self.heads.insert(hash(key.as_str().as_bytes()), link).unwrap_or(NONE);
            self.links.push((person, before));
        }
        for word in prepared.words() {
            self.total_words += 1;
            match self.words.get_mut(word) {
                Some(count) => *count += 1,
                None => drop(self.words.insert(word.into(), 1)),
            }
        }
        self.persons.push(prepared.to_bytes().into_boxed_slice());
        u64::from(person)
    }

    /// Who `probe` could be.
    #[must_use]
    pub fn search(&self, probe: &Prepared, bounds: Bounds) -> Found<u64> {
        match search(&self.rules, probe, self, bounds) {
            Ok(found) => found,
            Err(never) => match never {},
        }
    }
}

impl Blocks for Linker {
    type Error = Infallible;
    type Person = u64;

    /// Those who came last come first.
    fn of(&self, key: &BlockKey, most: usize) -> Result<Block<u64>, Infallible> {
        let mut at = self.heads.get(&hash(key.as_str().as_bytes())).copied().unwrap_or(NONE);
        let mut persons = Vec::new();
        while at != NONE && persons.len() < most {
            let (person, before) = self.links[at as usize];
            persons.push(u64::from(person));
            at = before;
        }
        Ok(Block { persons, capped: at != NONE })
    }

    fn prepared(&self, person: u64) -> Result<Option<Prepared>, Infallible> {
        Ok(self.persons.get(person as usize).and_then(|bytes| Prepared::from_bytes(bytes).ok()))
    }

    fn frequency(&self, word: &str) -> f64 {
        self.words.get(word).map_or(0.0, |count| f64::from(*count) / self.total_words as f64)
    }
}
