//! Watching long work.

/// Hears how far an operation is; called from many threads at once.
pub trait Watch: Sync {
    /// A stage of `total` steps begins, and the one before is over.
    fn begin(&self, stage: &str, total: usize);

    /// `count` more steps of the stage are done.
    fn advance(&self, count: usize);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn begin(&self, _stage: &str, _total: usize) {}

    fn advance(&self, _count: usize) {}
}
