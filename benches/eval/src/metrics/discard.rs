//! Whether the quality measure knows what will fail.

use serde::{Deserialize, Serialize};

/// One point of the error-versus-discard characteristic.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Discard {
    /// Fraction of the mated comparisons that was set aside, those of the lowest quality first.
    pub discarded: f64,
    /// FNMR of the rest.
    pub fnmr: f64,
}

/// Sets mated comparisons aside by rising quality, up to half of them, in steps of one in fifty
/// (Grother and Tabassi, "Performance of biometric quality measures", 2007).
///
/// `comparisons` are (lower quality of the two samples, score); a failed sample has quality 0. Of equal quality the ones
/// that match go first, so that ties never flatter the measure.
#[must_use]
pub fn error_versus_discard(comparisons: &[(u8, u32)], threshold: u64) -> Vec<Discard> {
    const STEPS: usize = 25;
    let mut errors: Vec<(u8, bool)> =
        comparisons.iter().map(|&(quality, score)| (quality, u64::from(score) < threshold)).collect();
    errors.sort_unstable();
    let after = |step: usize| {
        let set_aside = errors.len() * step / (2 * STEPS);
        let rest = &errors[set_aside..];
        let failed = rest.iter().filter(|(_, error)| *error).count();
        Discard { discarded: step as f64 / (2 * STEPS) as f64, fnmr: failed as f64 / rest.len() as f64 }
    };
    if errors.is_empty() { Vec::new() } else { (0..=STEPS).map(after).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_that_knows_removes_all_errors() {
        let comparisons: Vec<(u8, u32)> = (0..100).map(|index| (index, if index < 10 { 0 } else { 50 })).collect();
        let curve = error_versus_discard(&comparisons, 20);
        assert_eq!(curve[0], Discard { discarded: 0.0, fnmr: 0.1 });
        assert_eq!(curve[5], Discard { discarded: 0.1, fnmr: 0.0 });
        assert_eq!(curve.len(), 26);
    }

    #[test]
    fn a_measure_that_says_nothing_gains_nothing_by_ties() {
        let comparisons: Vec<(u8, u32)> = (0..100).map(|index| (50, if index < 10 { 0 } else { 50 })).collect();
        let curve = error_versus_discard(&comparisons, 20);
        assert!(curve.iter().all(|point| point.fnmr >= 0.1));
        assert!(error_versus_discard(&[], 20).is_empty());
    }
}
