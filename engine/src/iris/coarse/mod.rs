//! The first stage of a search for an iris: every eye of a gallery, in some twenty nanoseconds each.
//!
//! Of each eye it keeps four bits of the cells in every fourth direction: those of the first and the second wavelength in one
//! half of the cells, like one colour of a chess board, and those of the second and the third in the other. That is 1,024
//! bits, and 256 that say which cells are seen. Eight eyes lie side by side, so that one vector serves eight comparisons and is
//! never summed across; the probe is laid out at each of the 21 turns of the head that a comparison in full looks at. What
//! counts is by how much the disagreeing bits fall short of what [`WEIGHTS`] allow for the common cells: the coarse score. It
//! is a log-likelihood ratio up to its scale, for which few common cells are little evidence, whatever they say.
//!
//! All of it is integer arithmetic: a score is the same on every machine and instruction set.
//!
//! # What it keeps
//!
//! Mates missed where the first stage passes 5, 2, 1, 0.5 and 0.2 % of strangers, and strangers passed, mates missed and the
//! FNMR of the whole cascade at FMR 1e-4 (that of comparing everything in brackets) at [`PASS_SCORE`], all in %, every capture
//! of a set against every other one (`cargo run --release -p whorl-eval --example retention -- iris`, 23 November 2026):
//!
//! | set | missed at 5 / 2 / 1 / 0.5 / 0.2 % | passed | missed | FNMR |
//! |---|---|---|---|---|
//! | CASIA-IrisV1 | 0.000 0.022 0.022 0.044 0.132 | 1.524 | 0.022 | 0.044 (0.044) |
//! | CASIA-IrisV3-Interval | 0.000 0.000 0.000 0.017 0.034 | 1.002 | 0.000 | 0.011 (0.011) |
//! | MMU1 | 1.111 1.444 1.778 2.111 2.611 | 2.449 | 1.333 | 3.111 (3.111) |
//! | mean | 0.370 0.489 0.600 0.724 0.926 | 1.658 | 0.452 | 1.055 (1.055) |
//!
//! The mates that it misses are such as a comparison in full does not match either: of 23,870 pairs that it would match none
//! is lost, from a score of 200 on one or two are.
//!
//! What else was tried on the same sets (passed strangers, in %, where no mate within a distance of 0.365 is lost, CASIA1 /
//! Interval / MMU1, 13 turns, weights of 38 and 25; a snapshot of the extractor, so for comparison among themselves only):
//!
//! | which 1,024 bits | passed |
//! |---|---|
//! | the two longest wavelengths, every fourth direction | 6.07 / 2.57 / 2.17 |
//! | all four wavelengths, every eighth direction | 0.49 / 5.04 / 17.36 |
//! | these in turn by direction: first and second, second and third wavelength | 1.14 / 0.39 / 1.20 |
//! | these in turn like a chess board: what is kept | 0.16 / 0.10 / 0.40 |
//! | the same pairs on a chess board of every other direction | 0.29 / 0.11 / 0.06 |
//!
//! With the two longest wavelengths only, a grid of turns twice as coarse passed two to three times as many strangers for as
//! many mates. The bits, the weights and the passing score were chosen on these sets, all of them at once, which flatters the
//! figures a little. What it takes: `benches/results/coarse-iris.md`.

mod block;
mod probe;
mod scan;
#[cfg(test)]
mod tests;

pub use block::CoarseBlock;
pub use probe::CoarseProbe;
pub use scan::{scan, scan_on, scores};

use whorl_kernels::Weights;

/// Directions of the code for each one that the first stage looks at.
const DIRECTION_STEP: usize = 4;

/// What a common cell, four bits, adds to a score and what a disagreeing bit takes: nothing is left where two of five disagree.
pub const WEIGHTS: Weights = Weights { counted: 40, unlike: 25 };

/// The least coarse score that [`scan`] reports: what one of 60 strangers reaches.
pub const PASS_SCORE: u32 = 150;
