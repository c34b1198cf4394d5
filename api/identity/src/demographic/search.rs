//! A search for who a record could be of.

use serde::{Deserialize, Serialize};

use super::blocks::{BlockKey, block_keys};
use super::prepared::Prepared;
use super::rules::Rules;
use super::weight::{MatchWeight, Verdict};
use crate::store::MAX_LISTED;

/// The persons under a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block<P> {
    /// Their numbers, at most as many as were asked for.
    pub persons: Vec<P>,
    /// Whether there are more.
    pub capped: bool,
}

/// What a search reads: the store, or a [`Linker`](super::Linker) in memory.
pub trait Blocks {
    /// What can fail.
    type Error;
    /// What a person is called there.
    type Person: Copy + Ord;

    /// Up to `most` persons under `key`.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn of(&self, key: &BlockKey, most: usize) -> Result<Block<Self::Person>, Self::Error>;

    /// What was prepared of `person`; none where they are gone by now.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn prepared(&self, person: Self::Person) -> Result<Option<Prepared>, Self::Error>;

    /// How large a share of all words of names `word` is; 0 where it was not counted.
    fn frequency(&self, word: &str) -> f64;
}

/// How much a search may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Persons of one block.
    pub per_block: usize,
    /// Persons in all.
    pub compared: usize,
}

impl Bounds {
    /// The most persons of one block: what a store lists at once, less the one that shows that there are more.
    pub const MOST_PER_BLOCK: usize = MAX_LISTED - 1;

    /// The most persons in all: half a second of comparing, which nobody should have to wait for at every registration.
    pub const MOST_COMPARED: usize = 100_000;

    /// Whether both are within 1 and the most.
    pub(super) fn are_fine(self) -> bool {
        (1..=Self::MOST_PER_BLOCK).contains(&self.per_block) && (1..=Self::MOST_COMPARED).contains(&self.compared)
    }
}

impl Default for Bounds {
    /// 1,000 persons of a block and 5,000 in all: some 25 milliseconds of comparing.
    fn default() -> Self {
        Self { per_block: 1_000, compared: 5_000 }
    }
}

/// What a search covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Blocks that were read.
    pub blocks: usize,
    /// The kinds of those of which only a part was read, or none, because of the bounds: see [`BlockKey::kind`].
    pub capped: Vec<char>,
    /// Persons that were compared.
    pub compared: usize,
}

impl Coverage {
    /// Whether everybody was compared who shares a key with the probe.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.capped.is_empty()
    }
}

/// Somebody that the probe could be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate<P> {
    /// Their number.
    pub person: P,
    /// How probable it is, and why.
    pub weight: MatchWeight,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found<P> {
    /// Whose verdict is not [`Verdict::Unique`], the most probable first.
    pub candidates: Vec<Candidate<P>>,
    /// What was looked at.
    pub coverage: Coverage,
}

/// Compares `probe` with everybody who shares a key with it.
///
/// Where a block is larger than the bounds, the part of it that the store gives is compared, and [`Coverage`] says so. That loses less than
/// it seems: the blocks of other keys hold the same person, and a key that thousands share is one whose agreement says little.
///
/// # Errors
/// What `blocks` fails with.
pub fn search<B: Blocks>(
    rules: &Rules,
    probe: &Prepared,
    blocks: &B,
    bounds: Bounds,
) -> Result<Found<B::Person>, B::Error> {
    let mut coverage = Coverage::default();
    let mut persons: Vec<B::Person> = Vec::new();
    for key in block_keys(probe) {
        let room = bounds.compared.saturating_sub(persons.len());
        let block = blocks.of(&key, bounds.per_block.min(room))?;
        coverage.blocks += 1;
        if block.capped {
            coverage.capped.push(key.kind());
        }
        persons.extend(block.persons);
        persons.sort_unstable();
        persons.dedup();
    }
    let mut candidates = Vec::new();
    for person in persons {
        let Some(prepared) = blocks.prepared(person)? else { continue };
        coverage.compared += 1;
        let weight = rules.compare(probe, &prepared, &|word| blocks.frequency(word));
        if weight.verdict != Verdict::Unique {
            candidates.push(Candidate { person, weight });
        }
    }
    candidates.sort_by(|one, other| other.weight.bits.total_cmp(&one.weight.bits).then(one.person.cmp(&other.person)));
    Ok(Found { candidates, coverage })
}
