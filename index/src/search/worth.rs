//! From which similarity on a pair that is alone may be worth enough, whatever the caller's weighing is.
//!
//! Most searches compare one template of a probe with one of each reference, and hardly anybody is among the strongest. What
//! such a pair is worth follows from its similarity alone, of which there are 65,537: once all of them are weighed, a pair
//! below the least that may count is passed over without being made.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use whorl_types::{Position, Similarity};

use super::pairs::pair;
use super::sought::{Likeness, Sought};
use super::{Pair, Weigh};

/// The highest similarity of two irises or two faces.
const MOST: u32 = 65_536;

/// How many pairs a search compares for each table that it makes, at least: weighing them one by one costs as much as two.
pub(super) const PAIRS_A_TABLE: u64 = 2 * (MOST as u64 + 1);

/// All that a pair has beside its similarity: its template of the probe, by modality, place and label, and that of the
/// reference, by place and label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    probe: (crate::kind::Kind, usize, Position),
    reference: (usize, Position),
}

/// For each similarity the most that a pair of up to so much is worth, in nats.
struct Table(Vec<f32>);

/// What lone pairs are worth, by their shapes: made when first asked for, for all passes of a search.
pub(super) struct Worth<'a> {
    weigh: &'a Weigh<'a>,
    tables: Mutex<BTreeMap<Shape, Arc<Table>>>,
    /// How many tables pay.
    most: u64,
}

impl<'a> Worth<'a> {
    /// For a search that compares so many `pairs`, and makes a table for each so many of them.
    pub(super) fn new(weigh: &'a Weigh<'a>, pairs: u64, pairs_a_table: u64) -> Self {
        Self { weigh, tables: Mutex::default(), most: pairs / pairs_a_table.max(1) }
    }

    /// The least similarity at which a pair of a template and a reference's template of this number and label may be worth
    /// `due` nats, in the order of [`f32::total_cmp`]: none below does.
    pub(super) fn least(&self, sought: &Sought<'_>, reference: (usize, Position), due: f32) -> Similarity {
        self.table(sought, reference).map_or(Similarity::NONE, |table| table.least(due))
    }

    fn table(&self, sought: &Sought<'_>, (number, position): (usize, Position)) -> Option<Arc<Table>> {
        let shape = Shape { probe: (sought.kind, sought.place, sought.position), reference: (number, position) };
        {
            let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(table) = tables.get(&shape) {
                return Some(Arc::clone(table));
            }
            if tables.len() as u64 >= self.most {
                return None;
            }
        }
        // Not while others wait: the weighing is somebody else's, and may wait itself. Two threads may make the same table.
        let made = Arc::new(Table::new(self.weigh, |similarity| {
            pair(sought, number, position, Likeness { similarity, mirrored: false })
        }));
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(tables.entry(shape).or_insert(made)))
    }
}

impl Table {
    fn new(weigh: &Weigh<'_>, pair: impl Fn(Similarity) -> Pair) -> Self {
        let worth = (0..=MOST).map(|points| weigh(&[pair(Similarity::new(points))]).nats());
        let rising = worth.scan(f32::NEG_INFINITY, |most, worth| {
            *most = if worth.total_cmp(most).is_gt() { worth } else { *most };
            Some(*most)
        });
        Self(rising.collect())
    }

    fn least(&self, due: f32) -> Similarity {
        Similarity::new(self.0.partition_point(|most| most.total_cmp(&due).is_lt()) as u32)
    }
}

#[cfg(test)]
mod tests {
    use whorl_types::{LogLikelihoodRatio, Modality};

    use super::*;

    fn table(worth: fn(u32) -> f32) -> Table {
        let weigh = move |pairs: &[Pair]| LogLikelihoodRatio::new(worth(pairs[0].similarity.get())).unwrap();
        Table::new(&weigh, |similarity| Pair {
            modality: Modality::Face,
            probe: 0,
            reference: 0,
            probe_position: Position::Face,
            reference_position: Position::Face,
            similarity,
            mirrored: false,
        })
    }

    #[test]
    fn the_least_is_the_first_that_is_worth_enough_even_where_more_alike_is_worth_less() {
        let rising = table(|points| points as f32 / 1_000.0);
        let least = [-1.0, 0.0, 0.0015, 65.536, 66.0].map(|due| rising.least(due).get());
        assert_eq!(least, [0, 0, 2, 65_536, 65_537]);
        let wavering = table(|points| if points == 700 { 9.0 } else { (points / 1_000) as f32 });
        assert_eq!([1.0, 9.0, 10.0].map(|due| wavering.least(due).get()), [700, 700, 10_000]);
    }

    #[test]
    fn no_zero_is_passed_over_for_its_sign() {
        let zero = table(|points| if points < 5 { -0.0 } else { 0.0 });
        assert_eq!([-0.0, 0.0].map(|due| zero.least(due).get()), [0, 5]);
    }
}
