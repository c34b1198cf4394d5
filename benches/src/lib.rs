//! Criterion micro-benchmarks and scale runs, with their recorded results.
//!
//! What this crate is not: it measures time and memory; accuracy is measured by `whorl-eval`.
