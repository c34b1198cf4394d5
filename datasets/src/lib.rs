//! Manifests, loaders of known layouts, and synthetic samples.
//!
//! What this crate is not: it holds no biometric data; what it makes is nobody's.
