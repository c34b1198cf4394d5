//! Tokens by a key, the default.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::check_id;

/// What else is computed with the same key can never be one of these tokens.
const DOMAIN: &[u8] = b"whorl partner token 1";

/// Of the 32 bytes of the function: 160 bits. Among ten thousand million people two alike are expected with a probability of 10^-28.
const TOKEN_BYTES: usize = 20;

/// Base 32 of RFC 4648, in small letters.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// A key is too short to be secret, or too long to be one.
    #[error("a token key of {bytes} bytes; it has {shortest} to {longest}", shortest = TokenKey::SHORTEST_BYTES, longest = TokenKey::LONGEST_BYTES)]
    Key {
        /// How many.
        bytes: usize,
    },
    /// An id or a salt is empty or too long.
    #[error("{what} of {bytes} bytes; it has 1 to {most}")]
    Id {
        /// Whose.
        what: &'static str,
        /// How many.
        bytes: usize,
        /// By the limit.
        most: usize,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(#[from] getrandom::Error),
}

/// The secret that tokens are made with. It is wiped when it is dropped, and never printed.
#[derive(Clone)]
pub struct TokenKey(Zeroizing<Vec<u8>>);

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey")
    }
}

impl TokenKey {
    /// As long as what the function gives, which RFC 2104 asks for.
    pub const SHORTEST_BYTES: usize = 32;

    /// A block of SHA-256; a longer key is hashed to half of that.
    pub const LONGEST_BYTES: usize = 64;

    /// A new key, from the random generator of the system.
    ///
    /// # Errors
    /// [`TokenError::Random`].
    pub fn generate() -> Result<Self, TokenError> {
        let mut bytes = Zeroizing::new(vec![0; Self::SHORTEST_BYTES]);
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The key of these bytes, which must have been drawn at random.
    ///
    /// # Errors
    /// [`TokenError::Key`] for its length.
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Result<Self, TokenError> {
        if (Self::SHORTEST_BYTES..=Self::LONGEST_BYTES).contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(TokenError::Key { bytes: bytes.len() })
        }
    }

    /// Its bytes, to be kept where secrets are.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The token of a person towards a partner: 32 characters of a-z and 2-7, always the same for these two.
    ///
    /// # Errors
    /// [`TokenError::Id`] where an id is empty or longer than 256 bytes.
    pub fn token(&self, partner: &str, person: &str) -> Result<String, TokenError> {
        check_id("a partner id", partner)?;
        check_id("a person id", person)?;
        let keyed = Hmac::<Sha256>::new_from_slice(&self.0);
        let mut keyed = keyed.map_err(|_| TokenError::Key { bytes: self.0.len() })?;
        for part in [DOMAIN, partner.as_bytes(), person.as_bytes()] {
            // With its length before it, no other pair of ids gives the same bytes.
            keyed.update(&(part.len() as u64).to_be_bytes());
            keyed.update(part);
        }
        Ok(base32(&keyed.finalize().into_bytes()[..TOKEN_BYTES]))
    }
}

/// Five bits a character, of whole groups of five bytes.
fn base32(bytes: &[u8]) -> String {
    let groups = bytes.chunks_exact(5).map(|group| group.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)));
    let characters = |bits: u64| (0..8).rev().map(move |index| ALPHABET[(bits >> (5 * index)) as usize % 32]);
    groups.flat_map(characters).map(char::from).collect()
}
