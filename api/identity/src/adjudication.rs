//! People decide whether two registrations are of one person, where neither biometrics nor names do.
//!
//! A case names who is suspected and why. So many people as the rules ask for decide without seeing what others said; where they disagree, a
//! supervisor settles it. Nobody decides about what he registered himself. What they decide by, names and pictures of both sides, is
//! shown to those who may decide now, as long as they may.

mod case;
mod decide;
mod error;
mod evidence;
mod standing;

pub use case::{Case, CaseState, Finding, Opinion, Suspect};
pub use error::AdjudicationError;
pub use evidence::{Evidence, EvidenceFile, Look, Side};
pub use standing::Standing;

pub(crate) use case::open;

use crate::chance::Opaque;

/// What a case is called.
pub type CaseId = Opaque;
