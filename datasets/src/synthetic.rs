//! Samples that are nobody's: made from a seed, with the identity known.

pub mod face;
pub mod fingerprint;
pub mod iris;
mod plane;
pub mod population;
mod random;
pub mod templates;
