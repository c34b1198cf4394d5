//! MOSIP's tokens, for those who move from it.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{SaltsError, TokenError, check_id};

/// The digits of a token, `mosip.kernel.tokenid.length` of MOSIP.
const TOKEN_DIGITS: usize = 36;

/// What the two salts are called in MOSIP's properties.
const UIN_SALT: &str = "mosip.kernel.tokenid.uin.salt";
const PARTNER_SALT: &str = "mosip.kernel.tokenid.partnercode.salt";

/// Decimal digits a limb of the long division gives.
const CHUNK: u64 = 1_000_000_000;

/// The two salts that MOSIP's tokens are made with. They are wiped when they are dropped, and never printed.
///
/// Whoever has them can try all UINs against a token. And the leading digits of all tokens are much alike, because they come from a
/// text of hexadecimal digits: use [`super::TokenKey`] where nothing is to be matched.
#[derive(Clone)]
pub struct MosipSalts {
    uin: Zeroizing<String>,
    partner: Zeroizing<String>,
}

impl fmt::Debug for MosipSalts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MosipSalts")
    }
}

impl MosipSalts {
    /// The salts `mosip.kernel.tokenid.uin.salt` and `mosip.kernel.tokenid.partnercode.salt`.
    ///
    /// # Errors
    /// [`TokenError::Id`] where one is empty or longer than 256 bytes.
    pub fn new(uin: Zeroizing<String>, partner: Zeroizing<String>) -> Result<Self, TokenError> {
        check_id("a salt", &uin)?;
        check_id("a salt", &partner)?;
        Ok(Self { uin, partner })
    }

    /// The salts in a text of the two lines that MOSIP's own configuration has of them: `mosip.kernel.tokenid.uin.salt=` and
    /// `mosip.kernel.tokenid.partnercode.salt=`, each with its value as it is. Empty lines, and those that begin with `#`, say nothing.
    ///
    /// # Errors
    /// [`SaltsError`], which names lines and never what is in them.
    pub fn from_properties(text: &str) -> Result<Self, SaltsError> {
        let (mut uin, mut partner) = (None, None);
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_start();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line.split_once('=').ok_or(SaltsError::Line(number))?;
            let salt = match key.trim_end() {
                UIN_SALT => &mut uin,
                PARTNER_SALT => &mut partner,
                _ => return Err(SaltsError::Line(number)),
            };
            let value = value.trim_start();
            // What a program that reads properties would take for something else than it says.
            if value.starts_with("{cipher}") || value.contains("${") || value.contains('\\') {
                return Err(SaltsError::Unresolved(number));
            }
            if salt.replace(Zeroizing::new(value.to_owned())).is_some() {
                return Err(SaltsError::Twice(number));
            }
        }
        let (uin, partner) =
            (uin.ok_or(SaltsError::Missing(UIN_SALT))?, partner.ok_or(SaltsError::Missing(PARTNER_SALT))?);
        Ok(Self::new(uin, partner)?)
    }

    /// The token of the holder of `uin` towards a partner: 36 decimal digits.
    ///
    /// Source: MOSIP 1.2, `TokenIDGenerator` of id-repository-core.
    ///
    /// # Errors
    /// [`TokenError::Id`] where an id is empty or longer than 256 bytes.
    pub fn token(&self, partner: &str, uin: &str) -> Result<String, TokenError> {
        check_id("a partner id", partner)?;
        check_id("a UIN", uin)?;
        let person = hex_digest(&[uin, &self.uin]);
        let text = hex_digest(&[&self.partner, partner, &person]);
        Ok(decimal(text.as_bytes()).chars().take(TOKEN_DIGITS).collect())
    }
}

/// SHA-256 of the parts one after the other, in large hexadecimal letters.
fn hex_digest(parts: &[&str]) -> Zeroizing<String> {
    let hasher = parts.iter().fold(Sha256::new(), Sha256::chain_update);
    let nibbles = hasher.finalize().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Zeroizing::new(nibbles.map(|nibble| char::from(b"0123456789ABCDEF"[nibble as usize])).collect())
}

/// The whole number whose bytes these are, the highest first, in decimal.
fn decimal(bytes: &[u8]) -> String {
    let mut rest = bytes.to_vec();
    let mut chunks = Vec::new();
    while rest.iter().any(|byte| *byte != 0) {
        let mut remainder = 0;
        for byte in &mut rest {
            let part = remainder << 8 | u64::from(*byte);
            *byte = (part / CHUNK) as u8;
            remainder = part % CHUNK;
        }
        chunks.push(format!("{remainder:09}"));
    }
    let digits = chunks.into_iter().rev().collect::<String>();
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn bytes_are_written_as_the_number_that_they_are() {
        for number in [1_u128, 255, 256, 999_999_999, 1_000_000_000, 1_000_000_001, u128::MAX] {
            assert_eq!(decimal(&number.to_be_bytes()), number.to_string());
        }
    }
}
