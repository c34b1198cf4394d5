//! Accuracy of a matcher: protocols, metrics with their uncertainty, reports.
//!
//! What this crate is not: it tunes nothing and times nothing but what a report must show.

pub mod metrics;
