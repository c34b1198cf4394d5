//! Goes over rows with a batch of probes.

use whorl_kernels::{Kernels, MAX_PAIRS, Pairs};

use super::geometry::TURNS;
use super::{CoarseProbe, CoarseRow, GATE, PASS_SCORE};

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
                let score = score(kernels, probe, row);
                if score >= PASS_SCORE {
                    report(which, number * BLOCK_ROWS + offset, score);
                }
            }
        }
    }
}

fn score(kernels: &Kernels, probe: &CoarseProbe, row: &CoarseRow) -> u32 {
    let mut nearest = [[u16::MAX; 8]; MAX_PAIRS / 8];
    kernels.nearest_b256(&probe.octets, &row.bits[..row.count()], &mut nearest);
    let weights = weights(probe, nearest.as_flattened());
    let sum: u16 = weights.iter().sum();
    if sum < GATE {
        return 0;
    }
    let pairs = pairs(probe, row, nearest.as_flattened(), weights);
    let support = kernels.support_i16(&pairs, &probe.slack, probe.count);
    u32::from(support.into_iter().max().unwrap_or(0).unsigned_abs())
}

/// What each minutia's nearest is worth: the bits it falls short of being far.
fn weights(probe: &CoarseProbe, nearest: &[u16]) -> [u16; MAX_PAIRS] {
    let mut weights = [0; MAX_PAIRS];
    for ((weight, key), far) in weights.iter_mut().zip(nearest).zip(probe.far) {
        *weight = far.saturating_sub(key >> whorl_kernels::NEAREST_INDEX_BITS);
    }
    weights
}

fn pairs(probe: &CoarseProbe, row: &CoarseRow, nearest: &[u16], weights: [u16; MAX_PAIRS]) -> Pairs {
    let mut pairs = Pairs {
        from_x: probe.places.x,
        from_y: probe.places.y,
        weight: weights.map(|weight| weight as i16),
        ..Pairs::NONE
    };
    for (which, key) in nearest.iter().enumerate().take(probe.count) {
        let to = usize::from(*key) % CoarseRow::MINUTIAE;
        let turn = row.angle[to].wrapping_sub(probe.places.angle[which]);
        (pairs.to_x[which], pairs.to_y[which]) = (row.x[to], row.y[to]);
        (pairs.cos[which], pairs.sin[which]) = (TURNS[usize::from(turn)].cos, TURNS[usize::from(turn)].sin);
        pairs.turn[which] = i16::from(turn as i8) << 8;
    }
    pairs
}
