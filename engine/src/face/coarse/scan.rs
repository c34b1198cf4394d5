//! Goes over blocks with a batch of probes.

use bytemuck::TransparentWrapper;
use whorl_kernels::Kernels;

use super::signs::BITS;
use super::{CoarseBlock, CoarseProbe, PASS_DISTANCE};

/// Blocks that are scored before any score is looked at: what is stored of them stays in the first cache.
pub(super) const BLOCKS: usize = 16;

/// Places whose eight lanes are looked at together.
const TOGETHER: usize = 8;

/// Compares every probe with every face by their codes and reports (probe, row, coarse score) of those within
/// [`PASS_DISTANCE`], where row `r` is lane `r % 8` of block `r / 8`: the score counts the signs that agree, 0 to 512. A lane
/// without a face is one like any other.
///
/// For one probe the rows come in their order. The scores are the same on every machine.
pub fn scan(probes: &[CoarseProbe], blocks: &[CoarseBlock], report: &mut impl FnMut(usize, usize, u32)) {
    scan_on(Kernels::best(), probes, blocks, report);
}

/// [`scan`] with the kernels of a chosen instruction set.
pub fn scan_on(
    kernels: &Kernels,
    probes: &[CoarseProbe],
    blocks: &[CoarseBlock],
    report: &mut impl FnMut(usize, usize, u32),
) {
    let mut scan = Scan::new(kernels, probes);
    for (number, some) in blocks.chunks(BLOCKS).enumerate() {
        let first = number * BLOCKS * CoarseBlock::LANES;
        scan.some(some, &mut |probe, row, score| report(probe, first + row, score));
    }
}

/// A batch of probes, and room for what they have in common with [`BLOCKS`] blocks.
pub(super) struct Scan<'a> {
    kernels: &'a Kernels,
    probes: &'a [CoarseProbe],
    near: Vec<u8>,
    distances: Vec<[u16; CoarseBlock::LANES]>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(kernels: &'a Kernels, probes: &'a [CoarseProbe]) -> Self {
        let places = probes.len() * BLOCKS;
        Self { kernels, probes, near: vec![0; places], distances: vec![[0; CoarseBlock::LANES]; places] }
    }

    /// Compares every probe with the faces of at most [`BLOCKS`] blocks.
    pub(super) fn some(&mut self, blocks: &[CoarseBlock], report: &mut impl FnMut(usize, usize, u32)) {
        let (probes, places) = (self.probes.len(), blocks.len() * self.probes.len());
        let (near, distances) = (&mut self.near[..places], &mut self.distances[..places]);
        let (octets, codes) = (CoarseBlock::peel_slice(blocks), CoarseProbe::peel_slice(self.probes));
        self.kernels.near_b512(octets, codes, PASS_DISTANCE, near, distances);
        for (group, near) in near.chunks(TOGETHER).enumerate() {
            if near.iter().all(|&lanes| lanes == 0) {
                continue;
            }
            for (place, &lanes) in (group * TOGETHER..).zip(near) {
                for lane in set(lanes) {
                    let score = BITS as u32 - u32::from(distances[place][lane]);
                    report(place % probes, place / probes * CoarseBlock::LANES + lane, score);
                }
            }
        }
    }
}

/// The bits that are set.
fn set(mut bits: u8) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        lowest
    })
}

/// The coarse scores of the faces of one block, of those that do not pass too.
#[must_use]
pub fn scores(probe: &CoarseProbe, block: &CoarseBlock) -> [u32; CoarseBlock::LANES] {
    let (mut near, mut distances) = ([0], [[0; CoarseBlock::LANES]]);
    let (octet, code) = (CoarseBlock::peel_ref(block), CoarseProbe::peel_ref(probe));
    Kernels::best().near_b512(std::slice::from_ref(octet), std::slice::from_ref(code), 0, &mut near, &mut distances);
    distances[0].map(|distance| BITS as u32 - u32::from(distance))
}
