//! What becomes of an identity after it is issued: suspended, merged, shown to its holder, erased.

mod credential;
mod erase;
mod error;
mod export;
mod merge;
mod retain;
mod status;

pub use erase::Erasure;
pub use error::LifecycleError;
pub use export::Export;
pub use retain::Retained;

/// Who does something to a person's record, and why.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// Who: an officer, or the holder.
    pub by: &'a str,
    /// Why, in words; of no more than [`Deed::MOST_REASON_BYTES`].
    pub reason: &'a str,
}

impl Deed<'_> {
    /// The most bytes of a reason.
    pub const MOST_REASON_BYTES: usize = 1_024;

    fn check(&self) -> Result<(), LifecycleError> {
        let fits = !self.by.is_empty() && (1..=Self::MOST_REASON_BYTES).contains(&self.reason.len());
        if fits { Ok(()) } else { Err(LifecycleError::Reason) }
    }
}
