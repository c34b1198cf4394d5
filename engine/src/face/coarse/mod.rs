//! The first stage of a search for a face.

mod block;
mod probe;
mod scan;
mod sift;
mod signs;
#[cfg(test)]
mod tests;

pub use block::CoarseBlock;
pub use probe::CoarseProbe;
pub use scan::{scan, scan_on, scores};
pub use sift::{sift, sift_on};

/// The most signs in which the codes of two faces may differ if [`scan`] is to report them.
pub const PASS_DISTANCE: u16 = 228;

/// The least similarity that [`sift`] reports.
pub const PASS_SIMILARITY: u32 = 40_000;
