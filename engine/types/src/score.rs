//! Scores and rates. A raw score belongs to its comparator; a calibrated one may be added up.

use std::iter::Sum;
use std::ops::Add;

use thiserror::Error;

/// A number that is no score.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum ScoreError {
    /// Not a finite number within the range of its type.
    #[error("{0} is outside the range of this score")]
    OutOfRange(f64),
}

/// How alike two templates are on the scale of the comparator that said so: 0 is nothing in common; it has no unit.
///
/// Similarities of different comparators, modalities or versions are not comparable: calibrate them first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Similarity(u32);

impl Similarity {
    /// Nothing in common; also the score of a template that could not be made.
    pub const NONE: Self = Self(0);

    /// A similarity of `points` on the comparator's own scale.
    #[must_use]
    pub fn new(points: u32) -> Self {
        Self(points)
    }

    /// The points on the comparator's own scale.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

/// Weight of evidence that two templates are of one person: `ln p(score | mated) - ln p(score | non-mated)`.
///
/// 0 says nothing either way. Only calibration makes one; independent ones add up.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct LogLikelihoodRatio(f32);

impl LogLikelihoodRatio {
    /// No evidence either way.
    pub const NEUTRAL: Self = Self(0.0);

    /// Evidence of weight `nats` (natural logarithm).
    ///
    /// # Errors
    /// [`ScoreError::OutOfRange`] unless it is finite.
    pub fn new(nats: f32) -> Result<Self, ScoreError> {
        if nats.is_finite() { Ok(Self(nats)) } else { Err(ScoreError::OutOfRange(f64::from(nats))) }
    }

    /// The weight in nats (natural logarithm).
    #[must_use]
    pub fn nats(self) -> f32 {
        self.0
    }

    /// The weight in bans (decimal logarithm): each is a factor of ten.
    #[must_use]
    pub fn bans(self) -> f32 {
        self.0 * std::f32::consts::LOG10_E
    }
}

impl Add for LogLikelihoodRatio {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sum for LogLikelihoodRatio {
    fn sum<I: Iterator<Item = Self>>(evidence: I) -> Self {
        evidence.fold(Self::NEUTRAL, Add::add)
    }
}

/// A number that is no rate.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("a rate lies within 0..=1, not at {0}")]
pub struct RateOutOfRange(pub f64);

macro_rules! rate {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// A rate of `fraction`.
            ///
            /// # Errors
            /// [`RateOutOfRange`] unless the fraction is within 0..=1.
            pub fn new(fraction: f64) -> Result<Self, RateOutOfRange> {
                if (0.0..=1.0).contains(&fraction) { Ok(Self(fraction)) } else { Err(RateOutOfRange(fraction)) }
            }

            /// The rate as a fraction, 0 to 1.
            #[must_use]
            pub fn get(self) -> f64 {
                self.0
            }
        }
    };
}

rate!(
    /// False match rate: the fraction of non-mated comparisons at or above a threshold (ISO/IEC 19795-1).
    Fmr
);
rate!(
    /// False non-match rate: the fraction of mated comparisons below a threshold (ISO/IEC 19795-1).
    Fnmr
);
rate!(
    /// False positive identification rate: the fraction of non-mated searches that return anyone (ISO/IEC 19795-1).
    Fpir
);
rate!(
    /// False negative identification rate: the fraction of mated searches that miss the mate (ISO/IEC 19795-1).
    Fnir
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_adds_up_from_nothing() {
        let weights = [2.5, -1.0, 0.5].map(|nats| LogLikelihoodRatio::new(nats).unwrap());
        assert_eq!(weights.into_iter().sum::<LogLikelihoodRatio>(), LogLikelihoodRatio::new(2.0).unwrap());
        assert_eq!([].into_iter().sum::<LogLikelihoodRatio>(), LogLikelihoodRatio::NEUTRAL);
    }

    #[test]
    fn a_ban_is_a_factor_of_ten() {
        let tenfold = LogLikelihoodRatio::new(10f32.ln()).unwrap();
        assert!((tenfold.bans() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn infinite_evidence_and_rates_over_one_do_not_exist() {
        assert!(LogLikelihoodRatio::new(f32::INFINITY).is_err());
        assert!(LogLikelihoodRatio::new(f32::NAN).is_err());
        assert!(Fmr::new(1.5).is_err());
        assert!(Fpir::new(f64::NAN).is_err());
    }
}
