//! The operations: enrol, identify, verify, deduplicate. The only place where extraction, search, calibration and decision meet.
//!
//! - [`sample`]: a file of any kind becomes templates, or says why not;
//! - [`population`]: a manifest becomes references, extracted on all processors, with no picture kept;
//! - [`Engine`]: the operations, each a straight line over the crates;
//! - [`desk`]: an open gallery that many ask at once;
//! - [`galleries`]: those of a server, by name;
//! - [`jobs`]: deduplications that run for long, and go on after a crash;
//! - [`exchange`]: galleries in and out in open formats;
//! - [`audit`]: who did what, in a log that shows when it was changed;
//! - [`cluster`]: who belongs together when verdicts are edges of a graph.
//!
//! What this crate is not: it has no network and no async, it prints nothing, and it draws no conclusion of its own.

mod agreement;
pub mod audit;
pub mod cluster;
pub mod deduplicate;
pub mod desk;
mod engine;
mod enrol;
mod evidence;
pub mod exchange;
pub mod galleries;
mod identify;
pub mod jobs;
mod omission;
pub mod population;
pub mod sample;
mod verify;
mod watch;

pub use agreement::Agreement;
pub use engine::{Engine, EngineError};
pub use enrol::Enrolment;
pub use evidence::{Compared, Evidence, weigh};
pub use identify::{Candidate, CandidateList, IdentifyError, Search};
pub use omission::{Omission, Reason};
pub use watch::{Unwatched, Watch};
