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
//!
//! # What it keeps
//!
//! Mates missed where the first stage passes 20, 10, 5, 2 and 1 % of strangers, and strangers passed, mates missed and the FNMR
//! of the whole cascade at FMR 1e-3 (that of comparing everything in brackets) at [`PASS_SCORE`], all in %, every capture of a
//! set against every other one (`cargo run --release -p whorl-eval --example retention -- fingerprint`, 23 November 2026):
//!
//! | set | missed at 20 / 10 / 5 / 2 / 1 % | passed | missed | FNMR |
//! |---|---|---|---|---|
//! | FVC2002 DB1B | 0.00 0.00 0.36 0.36 0.54 | 8.72 | 0.00 | 0.36 (0.36) |
//! | FVC2002 DB3B | 0.00 0.18 0.36 1.25 1.96 | 4.86 | 0.36 | 1.25 (1.25) |
//! | FVC2004 DB1B | 0.00 0.89 1.61 2.86 3.57 | 4.93 | 1.61 | 7.68 (7.68) |
//! | FVC2004 DB3B | 0.00 0.00 0.00 0.00 0.00 | 5.31 | 0.00 | 0.71 (0.71) |
//! | FCJ2020 | 0.71 0.71 0.81 0.86 0.86 | 1.61 | 0.86 | 0.86 (0.71) |
//! | mean | 0.14 0.36 0.63 1.07 1.39 | 5.09 | 0.57 | 2.17 (2.14) |
//!
//! The numbers of minutiae, the slack, [`FAR`] and the passing score were chosen on these same sets, all of them at once, which
//! flatters the figures a little. While the mean at 5 % was 3.0 % (an earlier extractor), slacks of 6 to 15 pixels and 7 to
//! 16 % and a `FAR` of 88 to 112 moved it by 0.3 at most, 32 minutiae of the probe by 0.0, and 24 of the row by 1.3.
//! What it takes: `benches/results/coarse.md`.

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

/// The least coarse score that [`scan`] reports: what one of 23 strangers reaches, and all but one of 115 mates.
pub const PASS_SCORE: u32 = 60;
