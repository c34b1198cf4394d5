//! Goes over rows with a batch of probes.

use whorl_kernels::{Kernels, NEAREST_INDEX_BITS, NEAREST_MAX_STRINGS, Pairs};

use super::geometry::{TURNS, Turn};
use super::{CoarseProbe, CoarseRow, PASS_SCORE};

/// Rows that all probes of a batch go over before the next ones: 192 KiB, which a core's second cache holds.
const BLOCK_ROWS: usize = 128;

/// Compares every probe with every row and reports (probe, row, coarse score) of those that reach [`PASS_SCORE`].
///
/// For one probe the rows come in their order. The scores are the same on every machine.
pub fn scan(probes: &[CoarseProbe], rows: &[CoarseRow], report: &mut impl FnMut(usize, usize, u32)) {
    scan_on(Kernels::best(), probes, rows, report);
}

/// [`scan`] with the kernels of a chosen instruction set.
pub fn scan_on(
    kernels: &Kernels,
    probes: &[CoarseProbe],
    rows: &[CoarseRow],
    report: &mut impl FnMut(usize, usize, u32),
) {
    for (number, block) in rows.chunks(BLOCK_ROWS).enumerate() {
        for (which, probe) in probes.iter().enumerate() {
            for (offset, row) in block.iter().enumerate() {
                let score = score_on(kernels, probe, row);
                if score >= PASS_SCORE {
                    report(which, number * BLOCK_ROWS + offset, score);
                }
            }
        }
    }
}

/// The coarse score of one comparison, below [`PASS_SCORE`] too.
#[must_use]
pub fn score(probe: &CoarseProbe, row: &CoarseRow) -> u32 {
    score_on(Kernels::best(), probe, row)
}

fn score_on(kernels: &Kernels, probe: &CoarseProbe, row: &CoarseRow) -> u32 {
    let mut nearest = [[u16::MAX; 8]; CoarseProbe::MINUTIAE / 8];
    kernels.nearest_b256(&probe.octets, &row.bits[..row.count()], &mut nearest);
    let pairs = pairs(probe, row, nearest.as_flattened());
    let consensus = kernels.consensus_i16(&pairs, &probe.slack, probe.count);
    (u32::from(consensus) * probe.scale[row.count()]) >> 12
}

/// Each minutia of the probe with its nearest of the row, weighed by the bits that it falls short of being far.
fn pairs(probe: &CoarseProbe, row: &CoarseRow, nearest: &[u16]) -> Pairs {
    let mut pairs = Pairs { from_x: probe.places.x, from_y: probe.places.y, ..Pairs::NONE };
    for (which, key) in nearest.iter().enumerate() {
        let to = usize::from(*key) % NEAREST_MAX_STRINGS % CoarseRow::MINUTIAE;
        let turn = row.angle[to].wrapping_sub(probe.places.angle[which]);
        let Turn { cos, sin } = TURNS[usize::from(turn)];
        (pairs.to_x[which], pairs.to_y[which]) = (row.x[to], row.y[to]);
        (pairs.cos[which], pairs.sin[which]) = (cos, sin);
        pairs.turn[which] = i16::from(turn as i8) << 8;
        pairs.weight[which] = probe.far[which].saturating_sub(key >> NEAREST_INDEX_BITS) as i16;
    }
    pairs
}
