//! What a reference is called.

use std::fmt;

use thiserror::Error;

/// The name under which templates are enrolled: 1 to 64 bytes of printable UTF-8, compared byte by byte.
///
/// It is the only name of a person that reaches a gallery or a log; what it stands for is known to the layer above.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReferenceId(String);

/// Why a text cannot be a [`ReferenceId`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReferenceIdError {
    /// Nothing there.
    #[error("a reference id must not be empty")]
    Empty,
    /// Over 64 bytes.
    #[error("a reference id is at most 64 bytes long, this one has {0}")]
    TooLong(usize),
    /// A control character.
    #[error("a reference id holds no control characters, this one has one at byte {0}")]
    Control(usize),
}

impl ReferenceId {
    /// The longest id, in bytes: a UUID in any notation and MOSIP's registration ids fit with room to spare.
    pub const MAX_BYTES: usize = 64;

    /// The id spelled `text`.
    ///
    /// # Errors
    /// [`ReferenceIdError`] where the text is empty, longer than 64 bytes, or has a control character.
    pub fn new(text: impl Into<String>) -> Result<Self, ReferenceIdError> {
        let text = text.into();
        if text.is_empty() {
            return Err(ReferenceIdError::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(ReferenceIdError::TooLong(text.len()));
        }
        match text.char_indices().find(|(_, letter)| letter.is_control()) {
            Some((at, _)) => Err(ReferenceIdError::Control(at)),
            None => Ok(Self(text)),
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReferenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_and_printable() {
        assert!(ReferenceId::new("0a1b/17").is_ok());
        assert_eq!(ReferenceId::new(""), Err(ReferenceIdError::Empty));
        assert_eq!(ReferenceId::new("a\nb"), Err(ReferenceIdError::Control(1)));
        assert_eq!(ReferenceId::new("x".repeat(65)), Err(ReferenceIdError::TooLong(65)));
    }
}
