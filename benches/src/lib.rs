//! Criterion micro-benchmarks and scale runs, with their recorded results.
//!
//! The micro-benchmarks are under `benches/`; what runs for minutes over a synthetic gallery is a function here, so that the
//! binary can offer it: [`search::run`], [`enrol::run`], [`restart::run`], [`server::run`], and [`plan::rates`], from which [`plan::plan`]
//! says what a population needs.
//!
//! What this crate is not: it measures no accuracy on real data, which is `whorl-eval`'s.

mod at_rest;
mod clock;
mod composition;
pub mod cpu;
pub mod enrol;
mod failure;
pub mod plan;
mod population;
mod progress;
pub mod restart;
pub mod search;
pub mod server;
mod site;
pub mod system;

pub use at_rest::AtRest;
pub use composition::{Composition, CompositionError};
pub use failure::RunError;
pub use progress::Watch;
