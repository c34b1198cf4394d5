//! Names that mean nothing: drawn by chance, so that nothing follows from them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// 128 bits drawn by the operating system. Two of 10^12 are alike with a chance of 10^-15.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Opaque([u8; Opaque::BYTES]);

/// Why there is no such name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpaqueError {
    /// The system gives no random numbers.
    #[error("the system gives no random numbers, and names are made of them: {0}")]
    NoChance(String),
    /// A text is no such name.
    #[error("a name of this kind is 32 hexadecimal digits")]
    Spelled,
}

impl Opaque {
    /// How many bytes it has.
    pub const BYTES: usize = 16;

    /// A new one.
    ///
    /// # Errors
    /// [`OpaqueError::NoChance`].
    pub fn draw() -> Result<Self, OpaqueError> {
        let mut bytes = [0; Self::BYTES];
        getrandom::fill(&mut bytes).map_err(|error| OpaqueError::NoChance(error.to_string()))?;
        Ok(Self(bytes))
    }

    /// The one of these bytes; none where they are not as many as it has.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl fmt::Display for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes of hexadecimal digits; none where a text is anything else.
pub(crate) fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

impl fmt::Debug for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Opaque {
    type Err = OpaqueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        from_hexadecimal(text).and_then(|bytes| Self::from_bytes(&bytes)).ok_or(OpaqueError::Spelled)
    }
}

impl Serialize for Opaque {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Opaque {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_what_is_none_is_refused() {
        let name = Opaque::draw().unwrap();
        assert_eq!(name.to_string().parse(), Ok(name));
        assert_ne!(Opaque::draw().unwrap(), name);
        for spelled in ["", "0", &"g".repeat(32), &"0".repeat(33), "+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1", &"é".repeat(16)]
        {
            assert_eq!(spelled.parse::<Opaque>(), Err(OpaqueError::Spelled), "{spelled}");
        }
    }
}
