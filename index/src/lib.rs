//! Galleries on disk and in memory: who is near this probe.
//!
//! What this crate is not: it extracts nothing and decides nothing; it answers with candidates and what it covered.
