//! Tokens that stand for a person towards one partner, so that partners cannot tell whether their tokens are of the same person.
//!
//! The default is a keyed pseudorandom function, HMAC-SHA-256 (RFC 2104, FIPS 198-1), of the partner and the person. Who lacks the key
//! cannot tell its values from random ones, so two partners that lay their tokens side by side learn nothing, even of people whose
//! numbers both know; nor can a partner try all numbers, as with a hash that has no key. The key is all there is to keep: whoever has
//! it can link every token, and without it no token can be made again.
//!
//! MOSIP's own tokens are there for those who move from it.

mod error;
mod key;
mod mosip;

#[cfg(test)]
mod tests;

pub use error::SaltsError;
pub use key::{TokenError, TokenKey};
pub use mosip::MosipSalts;

/// Of the id of a partner or a person, in bytes: more than any has, and a bound on what is hashed.
const LONGEST_ID_BYTES: usize = 256;

fn check_id(what: &'static str, id: &str) -> Result<(), TokenError> {
    if (1..=LONGEST_ID_BYTES).contains(&id.len()) {
        Ok(())
    } else {
        Err(TokenError::Id { what, bytes: id.len(), most: LONGEST_ID_BYTES })
    }
}
