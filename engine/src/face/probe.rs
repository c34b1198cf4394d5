//! A template prepared for many comparisons.

use whorl_kernels::{BLOCK_NUMBERS, Factors, Numbers};
use whorl_types::{FaceModelId, FaceTemplate};

/// A template prepared for many comparisons.
#[derive(Clone)]
pub struct Probe {
    model: FaceModelId,
    dimension: usize,
    factors: Factors,
    square: i32,
}

impl Probe {
    /// Prepares `template`.
    #[must_use]
    pub fn new(template: &FaceTemplate) -> Self {
        let square = template.embedding().iter().map(|&value| i32::from(value) * i32::from(value)).sum();
        let factors = Factors::new(&Numbers::new(template.embedding()));
        Self { model: template.model(), dimension: template.dimension(), factors, square }
    }

    /// The networks that made the template.
    #[must_use]
    pub fn model(&self) -> FaceModelId {
        self.model
    }

    /// How many values its embedding has.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// How many blocks of an embedding of this dimension may hold other numbers than zeros.
    pub(super) fn blocks(&self) -> usize {
        self.dimension.div_ceil(BLOCK_NUMBERS)
    }

    pub(super) fn factors(&self) -> &Factors {
        &self.factors
    }

    /// The square of the embedding's length.
    pub(super) fn square(&self) -> i32 {
        self.square
    }
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Probe(model {}, {} dimensions)", self.model, self.dimension)
    }
}
