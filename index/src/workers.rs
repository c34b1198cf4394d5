//! The threads that a gallery works on.

use std::sync::Arc;

use rayon::ThreadPool;

/// Where what is parallel in a gallery runs, while who asked for it waits and may hold locks.
///
/// A thread of a pool that waits for the others takes up whatever work of the pool there is. If that waited for a lock which the same
/// thread holds further down, it would wait for ever. So nobody waits for a gallery on the threads that work for it: callers come
/// from elsewhere, and what they give to a pool takes no lock that is held for longer than a disk takes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workers(Option<Arc<ThreadPool>>);

impl Workers {
    /// Those of a pool; by default, rayon's own.
    pub(crate) fn of(pool: Arc<ThreadPool>) -> Self {
        Self(Some(pool))
    }

    /// Runs `work` on them and waits for it.
    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        Self::expect_no_worker();
        match &self.0 {
            Some(pool) => pool.install(work),
            None => rayon::scope(|_| work()),
        }
    }

    /// That a caller who is about to wait is none of them, nor of any other pool.
    pub(crate) fn expect_no_worker() {
        debug_assert!(
            rayon::current_thread_index().is_none(),
            "a gallery is not changed from a thread of a rayon pool: another change that waits for this one could be put on top of it"
        );
    }
}
