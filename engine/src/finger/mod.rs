//! Compares two fingerprints.

pub mod coarse;
