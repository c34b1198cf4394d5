//! What share of the mates an index finds.

use std::fmt;

/// One-sided 95 % of the normal distribution.
const Z_95: f64 = 1.644_853_626_951_472;

/// One, in millionths.
const MILLION: f64 = 1e6;

/// How many of the mates that an exhaustive search puts first an index finds: copies of the gallery's own faces, altered as
/// much as another capture is, were looked for both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recall {
    /// How many copies were looked for.
    pub copies: u32,
    /// For how many of them the exhaustive search put the face that was copied first.
    pub first: u32,
    /// How many of these faces the index returned.
    pub found: u32,
}

impl Recall {
    /// The share that was found, in millionths, rounded down; 0 where there was nothing to find.
    #[must_use]
    pub fn ppm(self) -> u32 {
        if self.first == 0 { 0 } else { (MILLION * f64::from(self.found) / f64::from(self.first)) as u32 }
    }

    /// What that share is at least, with 95 % confidence, in millionths, rounded down: the lower end of the score interval
    /// (Wilson, "Probable inference", 1927).
    #[must_use]
    pub fn least_ppm(self) -> u32 {
        if self.first == 0 {
            return 0;
        }
        let count = f64::from(self.first);
        let (rate, square) = (f64::from(self.found) / count, Z_95 * Z_95 / count);
        let spread = Z_95 * (rate * (1.0 - rate) / count + square / (4.0 * count)).sqrt();
        let least = (rate + square / 2.0 - spread) / (1.0 + square);
        (MILLION * least.clamp(0.0, 1.0)) as u32
    }
}

impl fmt::Display for Recall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_cent = |ppm: u32| f64::from(ppm) / 1e4;
        write!(f, "{:.2} % (at least {:.2} %)", per_cent(self.ppm()), per_cent(self.least_ppm()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_that_of_wilson_and_never_certain() {
        let recall = |first, found| Recall { copies: 1_000, first, found };
        assert_eq!((recall(0, 0).ppm(), recall(0, 0).least_ppm()), (0, 0));
        // 1 / (1 + z² / n), in closed form where all are found.
        assert_eq!((recall(1_000, 1_000).ppm(), recall(1_000, 1_000).least_ppm()), (1_000_000, 997_301));
        assert_eq!((recall(1_000, 650).ppm(), recall(1_000, 650).least_ppm()), (650_000, 624_815));
        assert_eq!(recall(10, 0).least_ppm(), 0);
        assert_eq!(recall(1_000, 650).to_string(), "65.00 % (at least 62.48 %)");
    }
}
