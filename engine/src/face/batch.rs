//! Probes prepared to be compared with many rows together.

use bytemuck::TransparentWrapper;
use whorl_kernels::{Factors, Kernels, Numbers, Panel, Work};
use whorl_types::Similarity;

use super::{EmbeddingRow, Probe, score};

/// Rows that all probes go over before the next ones: 32 KiB, which with the panels a core's second cache holds with ease.
const BLOCK_ROWS: usize = 64;

/// The most probes that are multiplied one by one: from five on a panel is faster, whose time does not depend on how many of its
/// lanes are in use.
const FEW: usize = 4;

/// The similarity of embeddings at right angles.
const HALF: f64 = 32_768.0;

/// By how much a bound on products is lowered, as a part of it: far more than what three roundings of 24 bits make of it, far
/// less than the step between two similarities.
const SLACK: f64 = 1e-5;

/// Probes of one model, laid out to be compared with many rows together.
pub struct Batch<'a> {
    probes: Vec<&'a Probe>,
    panels: Vec<Panel>,
    /// Of the probes that are in no panel, the last ones.
    factors: Vec<&'a Factors>,
    /// Blocks of numbers that are not all zeros.
    blocks: usize,
}

impl<'a> Batch<'a> {
    /// Lays out `probes`; that all are of one model is for the caller to see to.
    #[must_use]
    pub fn new(probes: Vec<&'a Probe>) -> Self {
        let left = probes.len() % Panel::LANES;
        let (panelled, few) = probes.split_at(if left > FEW { probes.len() } else { probes.len() - left });
        let numbers = panelled.iter().map(|probe| probe.factors().numbers()).collect::<Vec<_>>();
        let panels = numbers.chunks(Panel::LANES).map(Panel::new).collect();
        let factors = few.iter().map(|probe| probe.factors()).collect();
        let blocks = probes.iter().map(|probe| probe.blocks()).max().unwrap_or(1);
        Self { probes, panels, factors, blocks }
    }

    /// How many probes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.probes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.probes.is_empty()
    }

    /// Compares every probe with every row in full and reports (probe, row, similarity) of the pairs that reach the least
    /// similarity that `least` has for the probe. Of a row no more is read than the probes' dimensions ask for.
    ///
    /// For one probe the rows come in their order. The answer is the same on every machine.
    ///
    /// # Panics
    /// Unless `least` has a value for each probe.
    pub fn similarities_from(
        &self,
        rows: &[EmbeddingRow],
        least: &[Similarity],
        report: &mut impl FnMut(usize, usize, Similarity),
    ) {
        self.similarities_from_on(Kernels::best(), rows, least, report);
    }

    /// [`Batch::similarities_from`] with the kernels of a chosen instruction set.
    ///
    /// # Panics
    /// As [`Batch::similarities_from`].
    pub fn similarities_from_on(
        &self,
        kernels: &Kernels,
        rows: &[EmbeddingRow],
        least: &[Similarity],
        report: &mut impl FnMut(usize, usize, Similarity),
    ) {
        assert_eq!(least.len(), self.len(), "a least similarity for each probe");
        let bounds = self.bounds(least);
        let mut block = Block::new(bounds.len());
        for (number, rows) in EmbeddingRow::peel_slice(rows).chunks(BLOCK_ROWS).enumerate() {
            block.multiply(kernels, self, rows);
            for (strip, probes) in self.probes.chunks(Panel::LANES).enumerate() {
                block.score(kernels, (strip, probes), &bounds[strip], rows.len());
                let first = strip * Panel::LANES;
                for (row, points) in block.points[..rows.len()].iter().enumerate().filter(|(row, _)| block.some[*row]) {
                    for ((probe, &points), least) in (first..).zip(&points[..probes.len()]).zip(&least[first..]) {
                        if points >= least.get() {
                            report(probe, number * BLOCK_ROWS + row, Similarity::new(points));
                        }
                    }
                }
            }
        }
    }

    /// For each strip of probes the least products of them that reach the least similarities, a row's length taken for one.
    fn bounds(&self, least: &[Similarity]) -> Vec<[f32; Panel::LANES]> {
        let bound = |(probe, least): (&&Probe, &Similarity)| {
            let bound = (f64::from(least.get()) / HALF - 1.0) * f64::from(probe.square()).sqrt();
            (bound - SLACK * bound.abs()) as f32
        };
        let bounds = self.probes.iter().zip(least).map(bound).collect::<Vec<_>>();
        let strips = bounds.chunks(Panel::LANES).map(|bounds| {
            // No product reaches what a lane without a probe asks for.
            let mut strip = [f32::INFINITY; Panel::LANES];
            strip[..bounds.len()].copy_from_slice(bounds);
            strip
        });
        strips.collect()
    }
}

impl std::fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Batch({} probes)", self.len())
    }
}

/// The numbers of one block of rows.
struct Block {
    /// Of each strip of probes, and in it of each row.
    products: Vec<[i32; Panel::LANES]>,
    squares: [i32; BLOCK_ROWS],
    lengths: [f32; BLOCK_ROWS],
    /// Whether a product of a row with one strip may be large enough.
    some: [bool; BLOCK_ROWS],
    /// The points of such a row with each probe of the strip.
    points: [[u32; Panel::LANES]; BLOCK_ROWS],
}

impl Block {
    fn new(strips: usize) -> Self {
        Self {
            products: vec![[0; Panel::LANES]; strips * BLOCK_ROWS],
            squares: [0; BLOCK_ROWS],
            lengths: [0.0; BLOCK_ROWS],
            some: [false; BLOCK_ROWS],
            points: [[0; Panel::LANES]; BLOCK_ROWS],
        }
    }

    /// Multiplies rows, [`BLOCK_ROWS`] at most, with all probes and with themselves.
    fn multiply(&mut self, kernels: &Kernels, batch: &Batch<'_>, rows: &[Numbers]) {
        let (panelled, squares) = (batch.panels.len() * rows.len(), &mut self.squares[..rows.len()]);
        if batch.panels.is_empty() {
            kernels.squares_i8(rows, batch.blocks, squares);
        } else {
            kernels.panel_products_i8(&batch.panels, rows, batch.blocks, &mut self.products[..panelled], squares);
        }
        if !batch.factors.is_empty() {
            let (few, mut products) = (batch.factors.len(), [0; FEW * BLOCK_ROWS]);
            kernels.products_i8(&batch.factors, rows, batch.blocks, &mut products[..few * rows.len()]);
            for (products, out) in products.chunks_exact(few).zip(&mut self.products[panelled..][..rows.len()]) {
                out[..few].copy_from_slice(products);
            }
        }
        for (length, &square) in self.lengths.iter_mut().zip(&self.squares[..rows.len()]) {
            // Below 2^24, and so exact; rounded once, by the root.
            *length = (square as f32).sqrt();
        }
    }

    /// Sees which of so many rows have a product with a probe of a strip that may be large enough, and scores these.
    fn score(
        &mut self,
        kernels: &Kernels,
        (strip, probes): (usize, &[&Probe]),
        bounds: &[f32; Panel::LANES],
        rows: usize,
    ) {
        let mut squares = [0; Panel::LANES];
        squares.iter_mut().zip(probes).for_each(|(square, probe)| *square = probe.square());
        kernels.run(Score {
            products: &self.products[strip * rows..][..rows],
            rows: (&self.squares, &self.lengths),
            probes: (&squares[..probes.len()], bounds),
            some: &mut self.some,
            points: &mut self.points,
        });
    }
}

/// What makes points of products that may be large enough, compiled for each instruction set.
struct Score<'a> {
    products: &'a [[i32; Panel::LANES]],
    /// The squares of the rows' lengths, and the lengths.
    rows: (&'a [i32], &'a [f32]),
    /// The squares of the probes' lengths, and for each lane the least product, a row's length taken for one.
    probes: (&'a [i32], &'a [f32; Panel::LANES]),
    some: &'a mut [bool],
    points: &'a mut [[u32; Panel::LANES]],
}

impl Work for Score<'_> {
    type Answer = ();

    #[expect(clippy::inline_always, reason = "compiled for the instruction set only where it is inlined")]
    #[inline(always)]
    fn answer(self) {
        let ((squares, lengths), (probes, bounds)) = (self.rows, self.probes);
        let rows = self.products.iter().zip(squares).zip(lengths).zip(self.some.iter_mut().zip(self.points));
        for (((products, &square), &length), (some, points)) in rows {
            // Never false where a product is large enough, seldom true where none is.
            let reach = |(&product, &bound): (&i32, &f32)| product as f32 >= bound * length;
            *some = products.iter().zip(bounds).fold(false, |some, lane| some | reach(lane));
            if *some {
                for ((&product, &probe), points) in products.iter().zip(probes).zip(points) {
                    *points = score::points(product, probe, square);
                }
            }
        }
    }
}
