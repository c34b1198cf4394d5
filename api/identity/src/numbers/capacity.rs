//! How many numbers rules leave: for a country this is how many people it can ever have.

use super::filter::{Filter, bit};
use super::random::{RandomDigits, RandomError};
use super::verhoeff::{close, multiply};

/// Up to this length numbers are counted: at worst 10^9 beginnings are walked.
const COUNTED_LENGTH: usize = 10;

/// The permitted numbers of a sample that an estimate waits for: they make its interval about 1 % wide to either side. That a sample
/// ends with one of them moves the estimate by less than one part in so many.
const ENOUGH_HITS: u64 = 40_000;

/// The numbers of a sample at most, where few are permitted.
const MOST_SAMPLES: u64 = 20_000_000;

/// The two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// How many numbers there are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Capacity {
    /// So many: they were counted.
    Exact(u64),
    /// About so many, by a random sample.
    Estimate {
        /// The share of the sample, times all there are.
        likely: f64,
        /// The lower end of a 95 % confidence interval.
        low: f64,
        /// Its upper end.
        high: f64,
        /// How many were tried.
        samples: u64,
        /// How many of these are permitted.
        permitted: u64,
    },
}

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no sample to estimate from: {0}")]
pub struct CapacityError(#[from] RandomError);

impl Filter {
    /// How many numbers are permitted. Up to ten digits they are counted, which takes some five
    /// seconds with MOSIP's rules and twenty with none; longer ones are estimated, in a second or two. Whoever asks often keeps the answer.
    ///
    /// # Errors
    /// [`CapacityError`] where the system gives no random bytes for an estimate.
    pub fn capacity(&self) -> Result<Capacity, CapacityError> {
        if self.rules().length <= COUNTED_LENGTH { Ok(Capacity::Exact(self.count())) } else { self.estimate() }
    }

    /// How many numbers are permitted, by walking every beginning that is permitted so far.
    pub(super) fn count(&self) -> u64 {
        self.count_from(&mut Vec::with_capacity(self.rules().length), 0)
    }

    fn count_from(&self, digits: &mut Vec<u8>, product: u8) -> u64 {
        let place = self.rules().length - 1 - digits.len();
        if place == 0 {
            let permitted = self.completes(digits, close(product));
            digits.pop();
            return u64::from(permitted);
        }
        let forbidden = self.forbidden_after(digits);
        let mut count = 0;
        for digit in (0..10).filter(|digit| forbidden & bit(*digit) == 0) {
            digits.push(digit);
            count += self.count_from(digits, multiply(digit, place, product));
            digits.pop();
        }
        count
    }

    /// About how many numbers are permitted, from a random sample of all with a right check digit.
    pub(super) fn estimate(&self) -> Result<Capacity, CapacityError> {
        let (mut random, mut digits) = (RandomDigits::new(), Vec::new());
        let (mut samples, mut permitted) = (0, 0);
        while samples < MOST_SAMPLES && permitted < ENOUGH_HITS {
            samples += 1;
            permitted += u64::from(self.attempt(&mut random, &mut digits)?);
        }
        let all = 10_f64.powi(self.rules().length as i32 - 1);
        let (low, high) = interval(permitted, samples);
        let likely = permitted as f64 / samples as f64 * all;
        Ok(Capacity::Estimate { likely, low: low * all, high: high * all, samples, permitted })
    }
}

/// The 95 % confidence interval of a share of which `hits` of `samples` were seen.
///
/// E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927).
fn interval(hits: u64, samples: u64) -> (f64, f64) {
    let (n, share) = (samples as f64, hits as f64 / samples as f64);
    let scale = 1.0 + Z * Z / n;
    let middle = (share + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}
