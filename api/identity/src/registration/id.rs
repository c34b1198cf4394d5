//! What a registration is called by who sends it.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The name of a registration, given by the station that captured it: 1 to 64 letters, digits, dots, dashes and underlines. MOSIP's RID of
/// 29 digits is one. A packet that comes twice under one name is the same registration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegistrationId(String);

/// Why a text is no name of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a registration is named by 1 to {} letters, digits, dots, dashes and underlines", RegistrationId::MAX_BYTES)]
pub struct RegistrationIdError;

impl RegistrationId {
    /// The most letters.
    pub const MAX_BYTES: usize = 64;

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as the key of its record.
    pub(crate) fn key(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl TryFrom<String> for RegistrationId {
    type Error = RegistrationIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_fine = |letter: u8| letter.is_ascii_alphanumeric() || b".-_".contains(&letter);
        if (1..=Self::MAX_BYTES).contains(&text.len()) && text.bytes().all(is_fine) {
            Ok(Self(text))
        } else {
            Err(RegistrationIdError)
        }
    }
}

impl std::str::FromStr for RegistrationId {
    type Err = RegistrationIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

impl From<RegistrationId> for String {
    fn from(RegistrationId(text): RegistrationId) -> Self {
        text
    }
}

impl fmt::Display for RegistrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
