//! Goes over blocks with a batch of probes.

use bytemuck::TransparentWrapper;
use whorl_kernels::Kernels;

use super::{CoarseBlock, CoarseProbe, PASS_SCORE, WEIGHTS};

/// Blocks that are scored before any score is looked at.
const BLOCKS: usize = 16;

/// Compares every probe with every eye and reports (probe, row, coarse score) of those that reach [`PASS_SCORE`], where row
/// `r` is lane `r % 8` of block `r / 8`.
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
    if probes.is_empty() {
        return;
    }
    let mut margins = vec![[0; 8]; probes.len() * BLOCKS.min(blocks.len())];
    for (number, some) in blocks.chunks(BLOCKS).enumerate() {
        let margins = &mut margins[..some.len() * probes.len()];
        kernels.margins_b1024(CoarseBlock::peel_slice(some), CoarseProbe::peel_slice(probes), WEIGHTS, margins);
        for (place, margins) in margins.iter().enumerate() {
            let block = number * BLOCKS + place / probes.len();
            for (lane, score) in passing(margins) {
                report(place % probes.len(), block * CoarseBlock::LANES + lane, score);
            }
        }
    }
}

/// The lanes that pass, which in most blocks none does.
fn passing(margins: &[i16; CoarseBlock::LANES]) -> impl Iterator<Item = (usize, u32)> {
    let some = margins.iter().fold(0, |most, &margin| most.max(margin)) >= PASS_SCORE as i16;
    let lanes = if some { margins.as_slice() } else { &[] };
    lanes.iter().map(|&margin| score(margin)).enumerate().filter(|&(_, score)| score >= PASS_SCORE)
}

/// The coarse scores of the eyes of one block, below [`PASS_SCORE`] too.
#[must_use]
pub fn scores(probe: &CoarseProbe, block: &CoarseBlock) -> [u32; CoarseBlock::LANES] {
    let mut margins = [[0; 8]];
    let (octet, poses) = (CoarseBlock::peel_ref(block), CoarseProbe::peel_ref(probe));
    Kernels::best().margins_b1024(std::slice::from_ref(octet), std::slice::from_ref(poses), WEIGHTS, &mut margins);
    margins[0].map(score)
}

fn score(margin: i16) -> u32 {
    u32::from(margin.max(0).unsigned_abs())
}
