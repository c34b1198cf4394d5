//! The best of many, in bounded space.

use std::cmp::Ordering;

/// Keeps the `most` first items of a stream in the order `order`, whatever the order of the stream.
pub(super) struct Best<Item, Order> {
    items: Vec<Item>,
    most: usize,
    order: Order,
    /// The last item that is still among the best, once so many are known.
    worst: Option<Item>,
}

impl<Item: Clone, Order: Fn(&Item, &Item) -> Ordering> Best<Item, Order> {
    pub(super) fn new(most: usize, order: Order) -> Self {
        Self { items: Vec::new(), most, order, worst: None }
    }

    /// Whether an item may be among the best, by what is known so far.
    pub(super) fn takes(&self, item: &Item) -> bool {
        self.most > 0 && self.worst.as_ref().is_none_or(|worst| (self.order)(item, worst).is_lt())
    }

    /// The last item that is still among the best, as far as is known; none before there are more than enough.
    pub(super) fn worst(&self) -> Option<&Item> {
        self.worst.as_ref()
    }

    pub(super) fn push(&mut self, item: Item) {
        if !self.takes(&item) {
            return;
        }
        self.items.push(item);
        // Sorting out half of the items whenever there are twice as many as wanted costs a constant time for each.
        if self.items.len() >= 2 * self.most {
            self.sort_out();
        }
    }

    fn sort_out(&mut self) {
        if self.items.len() >= self.most && self.most > 0 {
            let (_, worst, _) = self.items.select_nth_unstable_by(self.most - 1, &self.order);
            self.worst = Some(worst.clone());
            self.items.truncate(self.most);
        }
    }

    /// The best, as a set: sorting many by an order that looks far afield takes its time.
    pub(super) fn into_unsorted(mut self) -> Vec<Item> {
        self.sort_out();
        self.items
    }

    /// The best, first of all the first in order.
    pub(super) fn into_sorted(mut self) -> Vec<Item> {
        self.sort_out();
        self.items.sort_unstable_by(&self.order);
        self.items
    }

    /// Takes in what another stream left.
    fn merge(mut self, other: Self) -> Self {
        for item in other.items {
            self.push(item);
        }
        self
    }
}

/// Of several lists of the best, each of one thread, one list of the best of all threads.
pub(super) fn merge<Item: Clone, Order: Fn(&Item, &Item) -> Ordering>(
    threads: Vec<Vec<Best<Item, Order>>>,
) -> Vec<Best<Item, Order>> {
    let merged = threads
        .into_iter()
        .reduce(|ours, theirs| ours.into_iter().zip(theirs).map(|(one, other)| one.merge(other)).collect());
    merged.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_are_those_that_sorting_everything_gives(
            items in prop::collection::vec(0u32..50, 0..300),
            most in 0usize..20,
            cut in 0usize..300,
        ) {
            let (left, right) = items.split_at(cut.min(items.len()));
            let [left, right] = [left, right].map(|part| {
                let mut best = Best::new(most, u32::cmp);
                for item in part {
                    best.push(*item);
                }
                best
            });
            let mut sorted = items;
            sorted.sort_unstable();
            sorted.truncate(most);
            prop_assert_eq!(left.merge(right).into_sorted(), sorted);
        }
    }
}
