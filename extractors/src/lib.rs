//! A decoded sample becomes a template, or a refusal with its reason.
//!
//! What this crate is not: it compares nothing, and reads no files but those of a face model that is named to it.

pub mod face;
pub mod fingerprint;
pub mod iris;

/// Watches nothing, and costs nothing: a trace of every extraction.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTrace;
