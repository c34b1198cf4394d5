//! What persons are given: UINs, VIDs that stand for them, and places in the lists that say whether their credentials still count.

mod error;
mod owner;
mod status;
mod vid;

pub use error::IssuanceError;
pub use status::Allotment;
pub use vid::Vid;

pub(crate) use owner::{claim_number, number_owner};
pub(crate) use status::publish;
