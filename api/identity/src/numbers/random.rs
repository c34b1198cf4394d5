//! Random digits from the generator of the system.

use zeroize::Zeroizing;

/// Bytes that are asked for at a time: a call of the system costs as much as dozens of bytes.
const BATCH_BYTES: usize = 256;

/// Bytes from here on are passed over, so that the rest stand for each digit equally often.
const FAIR_BYTES: u8 = 250;

/// The system gives no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes: {0}")]
pub struct RandomError(#[from] getrandom::Error);

/// Digits, each of 0 to 9 as likely as the others whatever came before.
pub(super) struct RandomDigits {
    bytes: Zeroizing<[u8; BATCH_BYTES]>,
    used: usize,
}

impl RandomDigits {
    pub(super) fn new() -> Self {
        Self { bytes: Zeroizing::new([0; BATCH_BYTES]), used: BATCH_BYTES }
    }

    pub(super) fn next(&mut self) -> Result<u8, RandomError> {
        loop {
            if self.used == BATCH_BYTES {
                getrandom::fill(&mut *self.bytes)?;
                self.used = 0;
            }
            let byte = self.bytes[self.used];
            self.used += 1;
            if byte < FAIR_BYTES {
                return Ok(byte % 10);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RandomDigits;

    #[test]
    fn every_digit_comes_equally_often() {
        let (mut random, mut counts, each) = (RandomDigits::new(), [0_u32; 10], 200_000.0);
        for _ in 0..2_000_000 {
            counts[random.next().unwrap() as usize] += 1;
        }
        let chi_squared: f64 = counts.iter().map(|count| (f64::from(*count) - each).powi(2) / each).sum();
        // Nine degrees of freedom: above 50 once in ten million times. Without passing over bytes it would be some 750.
        assert!(chi_squared < 50.0, "{chi_squared}: {counts:?}");
    }
}
