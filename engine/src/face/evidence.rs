//! What a comparison shows to a person.

use whorl_kernels::{Kernels, Products};
use whorl_types::Similarity;

use super::{EmbeddingRow, Probe, row, score};

/// How alike two faces are, and what that is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The comparator's raw score, the same as [`super::similarity`] gives.
    pub similarity: Similarity,
    /// The dot product of the embeddings, and the squares of their lengths: the probe's, the reference's.
    products: Option<(i32, [i32; 2])>,
}

impl Comparison {
    /// Of templates that have nothing in common.
    pub(super) const NONE: Self = Self { similarity: Similarity::NONE, products: None };

    pub(super) fn new(probe: &Probe, reference: &EmbeddingRow) -> Self {
        let Products { dot, square } = row::products(Kernels::best(), probe, reference);
        let points = score::points(dot, probe.square(), square);
        Self { similarity: Similarity::new(points), products: Some((dot, [probe.square(), square])) }
    }

    /// The cosine of the angle between the embeddings, -1 to 1: 1 for one direction, about 0 for strangers; none where they are
    /// of different models.
    #[must_use]
    pub fn cosine(&self) -> Option<f64> {
        self.products.map(|(dot, [probe, reference])| score::cosine(dot, probe, reference))
    }
}
