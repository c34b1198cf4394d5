//! Embeddings as a gallery holds them, compared in bulk.

use bytemuck::{Pod, TransparentWrapper, Zeroable};
use whorl_kernels::{Chosen, Factors, Kernels, Numbers, Products, Work};
use whorl_types::{FaceTemplate, Similarity};

use super::{Probe, score};

/// Rows that all probes of a batch go over before the next ones: 32 KiB, which a core's second cache holds with ease.
const BLOCK_ROWS: usize = 64;

/// Probes that go over such rows together: enough that reading the rows costs nothing, few enough that the first cache holds
/// them.
const BLOCK_PROBES: usize = 16;

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
    let mut first = 0;
    // Probes of one model are of one dimension.
    for alike in probes.chunk_by(|one, other| one.blocks() == other.blocks()) {
        let factors = alike.iter().map(Probe::factors).collect::<Vec<_>>();
        let squares = alike.iter().map(Probe::square).collect::<Vec<_>>();
        let mut scored = Scored::new(alike[0].blocks());
        for (number, rows) in EmbeddingRow::peel_slice(rows).chunks(BLOCK_ROWS).enumerate() {
            scored.take(kernels, rows);
            for (batch, (factors, squares)) in
                factors.chunks(BLOCK_PROBES).zip(squares.chunks(BLOCK_PROBES)).enumerate()
            {
                let points = scored.points(kernels, (factors, squares), rows);
                for (row, points) in points.chunks_exact(factors.len()).enumerate() {
                    for (probe, &points) in points.iter().enumerate() {
                        let probe = first + batch * BLOCK_PROBES + probe;
                        report(probe, number * BLOCK_ROWS + row, Similarity::new(points));
                    }
                }
            }
        }
        first += alike.len();
    }
}

/// The numbers of one block of rows and one batch of probes.
struct Scored {
    blocks: usize,
    squares: [i32; BLOCK_ROWS],
    products: [i32; BLOCK_ROWS * BLOCK_PROBES],
    points: [u32; BLOCK_ROWS * BLOCK_PROBES],
}

impl Scored {
    fn new(blocks: usize) -> Self {
        Self {
            blocks,
            squares: [0; BLOCK_ROWS],
            products: [0; BLOCK_ROWS * BLOCK_PROBES],
            points: [0; BLOCK_ROWS * BLOCK_PROBES],
        }
    }

    fn take(&mut self, kernels: &Kernels, rows: &[Numbers]) {
        kernels.squares_i8(rows, self.blocks, &mut self.squares[..rows.len()]);
    }

    /// The points of each row with each probe.
    fn points(&mut self, kernels: &Kernels, (factors, squares): (&[&Factors], &[i32]), rows: &[Numbers]) -> &[u32] {
        let places = rows.len() * factors.len();
        kernels.products_i8(factors, rows, self.blocks, &mut self.products[..places]);
        kernels.run(Score {
            products: &self.products[..places],
            rows: &self.squares[..rows.len()],
            probes: squares,
            points: &mut self.points[..places],
        });
        &self.points[..places]
    }
}

/// What makes points of products, compiled for each instruction set.
struct Score<'a> {
    products: &'a [i32],
    rows: &'a [i32],
    probes: &'a [i32],
    points: &'a mut [u32],
}

impl Work for Score<'_> {
    type Answer = ();

    #[expect(clippy::inline_always, reason = "compiled for the instruction set only where it is inlined")]
    #[inline(always)]
    fn answer(self) {
        let count = self.probes.len();
        let rows = self.products.chunks_exact(count).zip(self.points.chunks_exact_mut(count)).zip(self.rows);
        for ((products, points), &row) in rows {
            for ((&product, points), &probe) in products.iter().zip(points).zip(self.probes) {
                *points = score::points(product, probe, row);
            }
        }
    }
}
