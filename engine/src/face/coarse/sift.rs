//! Both steps of the first stage: sign codes, and then embeddings.

use bytemuck::TransparentWrapper;
use whorl_kernels::{Chosen, Factors, Kernels, Products};
use whorl_types::Similarity;

use super::super::{EmbeddingRow, Probe, score};
use super::scan::{BLOCKS, Scan};
use super::{CoarseBlock, CoarseProbe, PASS_SIMILARITY};

/// Compares every probe with every face by their codes, and with those within [`super::PASS_DISTANCE`] in full that `takes` says of
/// (probe, row, signs that agree); reports (probe, row, similarity) of those that reach [`PASS_SIMILARITY`].
///
/// `codes` and `probes` are of the same templates, all of one model; face `r` of `blocks` is row `r` of `rows`, and lanes beyond
/// the last row are passed over. For one probe the rows come in their order.
///
/// # Panics
/// Where there are not as many `probes` as `codes`.
pub fn sift(
    (codes, probes): (&[CoarseProbe], &[&Probe]),
    (blocks, rows): (&[CoarseBlock], &[EmbeddingRow]),
    takes: &impl Fn(usize, usize, u32) -> bool,
    report: &mut impl FnMut(usize, usize, Similarity),
) {
    sift_on(Kernels::best(), (codes, probes), (blocks, rows), takes, report);
}

/// [`sift`] with the kernels of a chosen instruction set.
///
/// # Panics
/// As [`sift`].
pub fn sift_on(
    kernels: &Kernels,
    (codes, probes): (&[CoarseProbe], &[&Probe]),
    (blocks, rows): (&[CoarseBlock], &[EmbeddingRow]),
    takes: &impl Fn(usize, usize, u32) -> bool,
    report: &mut impl FnMut(usize, usize, Similarity),
) {
    assert_eq!(codes.len(), probes.len(), "a code for each probe");
    let factors = probes.iter().map(|probe| probe.factors()).collect();
    // Numbers beyond a probe's dimension are zeros.
    let numbers = probes.iter().map(|probe| probe.blocks()).max().unwrap_or(1);
    let mut near = Near { kernels, probes, factors, numbers, chosen: Vec::new(), products: Vec::new() };
    let mut scan = Scan::new(kernels, codes);
    let rows = rows.chunks(BLOCKS * CoarseBlock::LANES);
    for (number, (blocks, rows)) in blocks.chunks(BLOCKS).zip(rows).enumerate() {
        let first = number * BLOCKS * CoarseBlock::LANES;
        scan.some(blocks, &mut |probe, row, agreeing| {
            if row < rows.len() && takes(probe, first + row, agreeing) {
                near.chosen.push(Chosen { factors: probe as u32, row: row as u32 });
            }
        });
        near.compare(rows, &mut |probe, row, similarity| report(probe, first + row, similarity));
    }
}

/// Faces that the sign codes passed, to be compared together.
struct Near<'a> {
    kernels: &'a Kernels,
    probes: &'a [&'a Probe],
    factors: Vec<&'a Factors>,
    /// Blocks of numbers that are compared.
    numbers: usize,
    chosen: Vec<Chosen>,
    products: Vec<Products>,
}

impl Near<'_> {
    /// Compares all that were passed and forgets them.
    fn compare(&mut self, rows: &[EmbeddingRow], report: &mut impl FnMut(usize, usize, Similarity)) {
        self.products.clear();
        self.products.resize(self.chosen.len(), Products::default());
        let rows = EmbeddingRow::peel_slice(rows);
        self.kernels.chosen_i8(&self.factors, rows, self.numbers, &self.chosen, &mut self.products);
        for (chosen, &Products { dot, square }) in self.chosen.drain(..).zip(&self.products) {
            let probe = chosen.factors as usize;
            let points = score::points(dot, self.probes[probe].square(), square);
            if points >= PASS_SIMILARITY {
                report(probe, chosen.row as usize, Similarity::new(points));
            }
        }
    }
}
