//! The first stage of a search for an iris: every eye of a gallery, in some nanoseconds each.
//!
//! Of each eye it keeps the two longest wavelengths in every fourth direction: 1,024 bits, which bear a coarse grid of turns,
//! and for each of the 256 cells whether it is seen. Eight eyes lie side by side, so that one vector serves eight comparisons
//! and is never summed across. What counts is by how much the disagreeing bits fall short of what [`WEIGHTS`] allow for the
//! common cells: the coarse score.

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

/// The least coarse score that [`scan`] reports.
pub const PASS_SCORE: u32 = 150;
