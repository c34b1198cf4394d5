//! From common and disagreeing bits to a similarity.

use std::cmp::Reverse;

use whorl_kernels::Overlap;
use whorl_types::{IrisCode, Similarity};

/// Common bits beyond which more of them make an agreement no more credible. Of 2,500 to 4,000 on CASIA1, CASIA-Interval and
/// MMU1 no figure is better on all; here FNMR at FMR 0 on Interval is half that at 2,500, and nowhere is one worse by more than
/// a capture or two.
const REFERENCE_BITS: u64 = 3000;

/// Fewer common cells than this, a twentieth of all, say nothing.
const LEAST_CELLS: u16 = (IrisCode::CELLS as u16).div_ceil(20);

/// The similarity of codes of which half the bits agree.
const HALF: i64 = 1 << 15;

/// Binary places of [`PER_BIT`]: enough that what is rounded away never reaches a whole point.
const PLACES: u32 = 16;

/// What each agreeing bit in excess of the disagreeing ones is worth where so many cells are common: `HALF / n *
/// sqrt(min(1, n / nref))`, rounded up so that equal codes reach the full score.
static PER_BIT: [u32; IrisCode::CELLS + 1] = {
    let mut per_bit = [0; IrisCode::CELLS + 1];
    let mut cells = 1;
    while cells <= IrisCode::CELLS {
        let bits = (cells * IrisCode::CELL_BITS) as u64;
        let half = (HALF as u64) << PLACES;
        per_bit[cells] = if bits < REFERENCE_BITS {
            ((half * half / (bits * REFERENCE_BITS)).isqrt() + 1) as u32
        } else {
            half.div_ceil(bits) as u32
        };
        cells += 1;
    }
    per_bit
};

/// The turn at which two codes are most alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Best {
    /// The place of the turn among those looked at.
    pub(super) turn: usize,
    pub(super) overlap: Overlap,
}

/// The best of all turns, the least turned of equally good ones; none where too little is common at every one of them.
pub(super) fn best(overlaps: &[Overlap]) -> Option<Best> {
    let told =
        overlaps.iter().enumerate().filter_map(|(turn, &overlap)| Some((excess(overlap)?, Best { turn, overlap })));
    told.max_by_key(|(excess, best)| (*excess, Reverse(best.turn.abs_diff(overlaps.len() / 2)))).map(|(_, best)| best)
}

/// The similarity at the best of all turns.
pub(super) fn similarity(overlaps: &[Overlap]) -> Similarity {
    let most = overlaps.iter().filter_map(|&overlap| excess(overlap)).max();
    most.map_or(Similarity::NONE, |most| Similarity::new((HALF + (most >> PLACES)).max(0) as u32))
}

/// What the agreement of two codes is worth beyond that of half the bits, with [`PLACES`] binary places; none where too little
/// is common.
#[inline]
fn excess(overlap: Overlap) -> Option<i64> {
    let bits = i64::from(overlap.counted) * IrisCode::CELL_BITS as i64 - 2 * i64::from(overlap.unlike);
    (overlap.counted >= LEAST_CELLS).then(|| bits * i64::from(PER_BIT[usize::from(overlap.counted)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(counted: u16, unlike: u16) -> u32 {
        similarity(&[Overlap { counted, unlike }]).get()
    }

    #[test]
    fn a_similarity_is_the_formula_rounded_down() {
        for counted in LEAST_CELLS..=1024 {
            for unlike in (0..=counted * 8).step_by(37) {
                let bits = f64::from(counted) * 8.0;
                let distance = f64::from(unlike) / bits;
                let shrunk = 0.5 - (0.5 - distance) * (bits / REFERENCE_BITS as f64).min(1.0).sqrt();
                let exact = 65536.0 * (1.0 - shrunk);
                let got = f64::from(points(counted, unlike));
                assert!(got <= exact + 0.2 && got > exact - 1.2, "{unlike} of {bits}: {got}, {exact}");
            }
        }
    }

    #[test]
    fn equal_codes_reach_the_full_score_and_opposite_ones_none() {
        for counted in 375..=1024 {
            assert_eq!(points(counted, 0), 65_536);
            assert_eq!(points(counted, counted * 4), 32_768);
            assert_eq!(points(counted, counted * 8), 0);
        }
    }

    #[test]
    fn too_little_in_common_says_nothing() {
        assert_eq!(points(51, 0), 0);
        assert!(points(52, 0) > 32_768);
        assert!(best(&[Overlap { counted: 51, unlike: 0 }]).is_none());
    }

    #[test]
    fn of_equally_good_turns_the_least_turned_is_the_best() {
        let good = Overlap { counted: 400, unlike: 100 };
        let worse = Overlap { counted: 400, unlike: 101 };
        assert_eq!(best(&[good, good, worse, good, good]).map(|best| best.turn), Some(3));
    }

    #[test]
    fn few_common_bits_are_less_credible() {
        assert!(points(60, 0) < points(200, 100));
    }
}
