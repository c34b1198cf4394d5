//! How sure a rate is.

use serde::{Deserialize, Serialize};

/// Two-sided 90 % of the normal distribution, which is one-sided 95 %.
const Z_90: f64 = 1.644_853_626_951_472;

/// A range that holds the true value at 90 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The 90 % score interval of a rate of `events` in `trials` (Wilson, "Probable inference", 1927); all of 0..=1 without
/// trials.
#[must_use]
pub fn wilson(events: u64, trials: u64) -> Interval {
    if trials == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let count = trials as f64;
    let (rate, square) = (events as f64 / count, Z_90 * Z_90 / count);
    let spread = Z_90 * (rate * (1.0 - rate) / count + square / (4.0 * count)).sqrt();
    let end = |towards: f64| ((rate + square / 2.0 + towards * spread) / (1.0 + square)).clamp(0.0, 1.0);
    Interval { low: if events == 0 { 0.0 } else { end(-1.0) }, high: if events == trials { 1.0 } else { end(1.0) } }
}

/// How well a corpus supports a rate of one in so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// Fewer trials than it takes for one event: the rate cannot be seen, and nothing is stated.
    None,
    /// At least one event would be expected, but fewer trials than the rule of 3 asks for: even without an event the rate
    /// might be exceeded (95 % confidence).
    Weak,
    /// The rule of 3 is kept (`trials >= 3 / rate`), the rule of 30 is not.
    #[serde(rename = "rule-of-3")]
    RuleOf3,
    /// 30 or more events are expected: the rate is within 30 % of the truth at 90 % confidence (Doddington et al. 2000).
    #[serde(rename = "rule-of-30")]
    RuleOf30,
}

impl Support {
    /// The support that `trials` comparisons give to a rate of one in `one_in`.
    #[must_use]
    pub fn of(trials: u64, one_in: u64) -> Self {
        let expected = |events: u64| trials >= events.saturating_mul(one_in);
        match () {
            () if expected(30) => Self::RuleOf30,
            () if expected(3) => Self::RuleOf3,
            () if expected(1) => Self::Weak,
            () => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_intervals_are_met() {
        // No event in 100: z^2 / (n + z^2).
        let none = wilson(0, 100);
        assert!(none.low == 0.0 && (none.high - 0.026_343).abs() < 1e-5, "{none:?}");
        // 5 of 10 lies symmetrically around one half.
        let half = wilson(5, 10);
        assert!((half.low + half.high - 1.0).abs() < 1e-12 && (half.low - 0.269_343).abs() < 1e-4, "{half:?}");
        assert_eq!(wilson(0, 0), Interval { low: 0.0, high: 1.0 });
    }

    #[test]
    fn support_grows_by_its_rules() {
        let supports = [999, 1000, 2999, 3000, 29_999, 30_000].map(|trials| Support::of(trials, 1000));
        let names = supports.map(|support| format!("{support:?}"));
        assert_eq!(names, ["None", "Weak", "Weak", "RuleOf3", "RuleOf3", "RuleOf30"]);
    }

    proptest! {
        #[test]
        fn the_rate_lies_within_its_interval(trials in 1u64..5000, share in 0.0f64..=1.0) {
            let events = (share * trials as f64) as u64;
            let Interval { low, high } = wilson(events, trials);
            let rate = events as f64 / trials as f64;
            prop_assert!(low <= rate && rate <= high);
        }
    }
}
