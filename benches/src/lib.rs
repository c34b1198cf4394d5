//! Criterion micro-benchmarks and scale runs, with their recorded results.
//!
//! The micro-benchmarks are under `benches/`; what runs for minutes over a synthetic gallery is a function here, so that the
//! binary can offer it: [`search::run`].
//!
//! What this crate is not: it measures no accuracy on real data, which is `whorl-eval`'s.

pub mod cpu;
pub mod search;
