//! Embeddings as a gallery holds them, compared in bulk.

use bytemuck::{Pod, TransparentWrapper, Zeroable};
use whorl_kernels::{Chosen, Kernels, Numbers, Products};
use whorl_types::{FaceTemplate, Similarity};

use super::{Batch, Probe};

/// An embedding in 512 bytes, zero beyond its model's dimension, the same in memory and on disk.
#[derive(Clone, Copy, PartialEq, Eq, Pod, Zeroable, TransparentWrapper)]
#[repr(transparent)]
pub struct EmbeddingRow(Numbers);

impl EmbeddingRow {
    /// The values.
    #[must_use]
    pub fn values(&self) -> &[i8] {
        self.0.get()
    }
}

impl From<&FaceTemplate> for EmbeddingRow {
    fn from(template: &FaceTemplate) -> Self {
        Self(Numbers::new(template.embedding()))
    }
}

impl std::fmt::Debug for EmbeddingRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmbeddingRow")
    }
}

/// What is made of a probe and a row.
pub(super) fn products(kernels: &Kernels, probe: &Probe, row: &EmbeddingRow) -> Products {
    let mut products = [Products::default()];
    let rows = std::slice::from_ref(EmbeddingRow::peel_ref(row));
    kernels.chosen_i8(&[probe.factors()], rows, probe.blocks(), &[Chosen { factors: 0, row: 0 }], &mut products);
    products[0]
}

/// Compares every probe with every row in full and reports (probe, row, similarity) of each pair; that all are of one model is
/// for the caller to see to.
///
/// For one probe the rows come in their order. Of a row no more is read than a probe's dimensions ask for.
pub fn similarities(probes: &[Probe], rows: &[EmbeddingRow], report: &mut impl FnMut(usize, usize, Similarity)) {
    similarities_on(Kernels::best(), probes, rows, report);
}

/// [`similarities`] with the kernels of a chosen instruction set.
pub fn similarities_on(
    kernels: &Kernels,
    probes: &[Probe],
    rows: &[EmbeddingRow],
    report: &mut impl FnMut(usize, usize, Similarity),
) {
    let everything = vec![Similarity::NONE; probes.len()];
    Batch::new(probes.iter().collect()).similarities_from_on(kernels, rows, &everything, report);
}
