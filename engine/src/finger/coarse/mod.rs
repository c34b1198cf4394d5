//! The first stage of a search for a fingerprint: every finger of a gallery, in well under a microsecond each.
//!
//! 1. *Nearest*: each of the probe's best minutiae finds the row's minutia whose surroundings look most alike (Hamming distance
//!    of 256 bits). What it falls short of [`FAR`] is the weight of that pair.
//! 2. *Vote*: each pair supposes how the finger was turned and moved, and adds up the weights of the pairs that its motion
//!    explains, within a slack that grows with distance as skin does; those well within it count twice. A second round weighs
//!    the voters by what they got in the first. The most that any pair gets, relative to how many minutiae there are to agree,
//!    is the coarse score.
//!
//! All of it is integer arithmetic: a score is the same on every machine and instruction set. Nothing depends on how the finger
//! lay on the sensor.

mod geometry;
mod probe;
mod row;
mod scan;
#[cfg(test)]
mod tests;

pub use probe::CoarseProbe;
pub use row::CoarseRow;
pub use scan::{scan, scan_on, score};

/// Bits in which two descriptors may differ before they are no evidence at all.
pub const FAR: u16 = 96;

/// The least coarse score that [`scan`] reports.
pub const PASS_SCORE: u32 = 60;
