//! People decide whether two registrations are of one person, where neither biometrics nor names do.
//!
//! A case names who is suspected and why. So many people as the rules ask for decide without seeing what others said; where they disagree, a
//! supervisor settles it. Nobody decides about what he registered himself.

mod case;
mod decide;
mod error;

pub use case::{Case, CaseState, Finding, Opinion, Suspect};
pub use error::AdjudicationError;

pub(crate) use case::open;

use crate::chance::Opaque;

/// What a case is called.
pub type CaseId = Opaque;
