//! From evidence to an answer: fusion of instances, thresholds that follow from the request, verdicts.
//!
//! A threshold is never a constant here. A search states how many references it covers and how often a stranger may be
//! mistaken for one of them ([`Policy`]), a verification states its false match rate ([`Verification`]), and the
//! [`Calibrations`](crate::calibrate::Calibrations) translate.

mod assignment;
mod basis;
mod fusion;
mod policy;

use whorl_types::Fmr;

pub use assignment::{Assignment, assign};
pub use basis::Basis;
pub use fusion::{false_match_rate, fuse};
pub use policy::{Policy, PolicyError, Thresholds, Verification};

fn rate(fraction: f64) -> Fmr {
    Fmr::new(fraction.clamp(0.0, 1.0)).expect("clamped to a rate")
}
