//! Manifests, loaders of known layouts, and synthetic samples.
//!
//! - [`manifest`]: the CSV files that say which sample is of whom, and which pairs to compare.
//! - [`synthetic`]: fingerprints of people who do not exist, and whole populations of them.
//!
//! What this crate is not: it holds no biometric data; what it makes is nobody's. It decodes no images and compares nothing.

pub mod manifest;
pub mod synthetic;
