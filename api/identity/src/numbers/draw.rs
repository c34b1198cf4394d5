//! Drawing a number: digits at random until they are permitted, so that every permitted number is as likely as any other.

use super::filter::Filter;
use super::random::{RandomDigits, RandomError};
use super::verhoeff::{close, multiply};

/// Attempts at a number. Where one in ten thousand is permitted, all these fail with a probability below 10^-43; rules that leave
/// less are not meant.
const MOST_ATTEMPTS: u32 = 1_000_000;

/// Why no number was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// None that was tried is permitted.
    #[error(
        "none of {attempts} random numbers is permitted: the rules leave nothing, or next to nothing; loosen one, or make numbers longer"
    )]
    NothingLeft {
        /// How many were tried.
        attempts: u32,
    },
    /// See [`RandomError`].
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl Filter {
    /// A permitted number, every one as likely as any other. It may have been drawn before: whoever issues it keeps it apart from
    /// those that were issued.
    ///
    /// # Errors
    /// [`DrawError`].
    pub fn draw(&self) -> Result<String, DrawError> {
        let mut random = RandomDigits::new();
        let mut digits = Vec::with_capacity(self.rules().length);
        for _ in 0..MOST_ATTEMPTS {
            if self.attempt(&mut random, &mut digits)? {
                return Ok(digits.iter().map(|digit| char::from(b'0' + digit)).collect());
            }
        }
        Err(DrawError::NothingLeft { attempts: MOST_ATTEMPTS })
    }

    /// Tries random digits, and says whether they are permitted. What is given up early could not have become a permitted number,
    /// so that giving it up leaves the others as likely as they were.
    pub(super) fn attempt(&self, random: &mut RandomDigits, digits: &mut Vec<u8>) -> Result<bool, RandomError> {
        let length = self.rules().length;
        let mut product = 0;
        digits.clear();
        for place in (1..length).rev() {
            let digit = random.next()?;
            if self.broken_after(digits, digit).is_some() {
                return Ok(false);
            }
            digits.push(digit);
            product = multiply(digit, place, product);
        }
        Ok(self.completes(digits, close(product)))
    }

    /// Whether `check` may be the last digit after `digits`, which are permitted so far; it is put there.
    pub(super) fn completes(&self, digits: &mut Vec<u8>, check: u8) -> bool {
        let breaks = self.broken_after(digits, check).is_some();
        digits.push(check);
        !breaks && self.broken_by_whole(digits).is_none()
    }
}
