//! Watching an evaluation.

/// Somebody who wants to know how far an evaluation is. Called from all threads.
pub trait Progress: Sync {
    /// A stage of `total` steps begins, such as `extracting`.
    fn begin(&self, stage: &'static str, total: u64);

    /// So many more steps of the current stage are done.
    fn advance(&self, steps: u64);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _stage: &'static str, _total: u64) {}

    fn advance(&self, _steps: u64) {}
}
