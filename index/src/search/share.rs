//! Work that all threads of the pool take from one heap.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

/// Does `work` for each of `items`, on every thread of the pool with a state of its own, and gives the states.
///
/// Which thread takes an item is chance, so states must be such that merging them gives the same for any cut.
pub(super) fn share<Item: Sync, State: Send, Error: Send>(
    items: &[Item],
    state: impl Fn() -> State + Sync,
    work: impl Fn(&mut State, &Item) -> Result<(), Error> + Sync,
) -> Result<Vec<State>, Error> {
    let next = AtomicUsize::new(0);
    let take = |_| {
        let mut mine = state();
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(&mut mine, item)?;
        }
        Ok(mine)
    };
    (0..rayon::current_num_threads()).into_par_iter().with_max_len(1).map(take).collect()
}
