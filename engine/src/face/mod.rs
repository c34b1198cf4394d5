//! Compares two faces.
//!
//! A face is an embedding, a direction in as many dimensions as its model has; what counts is the angle between two of them
//! (Wang et al., "`CosFace`", CVPR 2018, as every network since that is trained for a margin of angles). The similarity is
//! `32,768 * (1 + cosine)`, rounded down: 65,536 for equal directions, 32,768 for such as have nothing to do with one another,
//! as most strangers have, 0 for opposite ones.
//!
//! Embeddings are eight bits a dimension, so their dot product and their lengths squared are integers, and exact. What follows
//! is one square root and one division in 64 bits, which IEEE 754 rounds alike everywhere: a score is the same on every machine
//! and instruction set. Two embeddings that point exactly the same way, whatever their lengths, reach the full score, and no
//! others do.

mod batch;
pub mod coarse;
mod evidence;
mod probe;
mod row;
mod score;
#[cfg(test)]
mod tests;

pub use batch::Batch;
pub use evidence::Comparison;
pub use probe::Probe;
pub use row::{EmbeddingRow, similarities, similarities_on};

use whorl_kernels::{Kernels, Products};
use whorl_types::{FaceTemplate, Similarity};

/// Name and version of this comparator, raised whenever scores change their meaning: calibrations are fitted for it.
pub const COMPARATOR: &str = "whorl-face 1";

/// How alike two faces are; that both embeddings are of one model is for the caller to see to.
#[must_use]
pub fn similarity(probe: &Probe, reference: &EmbeddingRow) -> Similarity {
    similarity_on(Kernels::best(), probe, reference)
}

/// How alike two faces are, with the evidence. Embeddings of different models have nothing in common.
#[must_use]
pub fn compare(probe: &Probe, reference: &FaceTemplate) -> Comparison {
    if probe.model() != reference.model() || probe.dimension() != reference.dimension() {
        return Comparison::NONE;
    }
    Comparison::new(probe, &EmbeddingRow::from(reference))
}

fn similarity_on(kernels: &Kernels, probe: &Probe, reference: &EmbeddingRow) -> Similarity {
    let Products { dot, square } = row::products(kernels, probe, reference);
    Similarity::new(score::points(dot, probe.square(), square))
}
