//! Numbers for persons: UINs, and VIDs that stand for them.

mod error;
mod owner;
mod vid;

pub use error::IssuanceError;
pub use vid::Vid;

pub(crate) use owner::{claim_number, number_owner};
