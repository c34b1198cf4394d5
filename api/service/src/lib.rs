//! The operations: enrol, identify, verify, deduplicate. The only place where extraction, search, calibration and decision meet.
//!
//! What this crate is not: it has no network and no async.
