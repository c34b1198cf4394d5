//! By what a person is authenticated, and what he may lock.

use serde::{Deserialize, Serialize};

/// A kind of authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// By demographic fields.
    Demographic,
    /// By a one-time password.
    Otp,
    /// By fingers.
    Fingerprint,
    /// By eyes.
    Iris,
    /// By the face.
    Face,
}

impl Factor {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Demographic, Self::Otp, Self::Fingerprint, Self::Iris, Self::Face];

    /// What it is called in requests and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Demographic => "demographic",
            Self::Otp => "otp",
            Self::Fingerprint => "fingerprint",
            Self::Iris => "iris",
            Self::Face => "face",
        }
    }
}

/// That a person locked a kind of authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticationLock {
    /// Which.
    pub factor: Factor,
    /// Since when, in milliseconds since 1970.
    pub since_ms: u64,
    /// Until when he opened it.
    pub open_until_ms: Option<u64>,
}

impl AuthenticationLock {
    /// Whether it holds at this time.
    #[must_use]
    pub fn holds(&self, now_ms: u64) -> bool {
        self.open_until_ms.is_none_or(|until| now_ms >= until)
    }
}
