//! Partners: those who may ask whether somebody is who he claims to be, and what each of them may ask.
//!
//! A partner shows an API key, of which only a keyed hash is kept, and signs its requests where it has a public key here. What it may ask is
//! its [`Policy`].

mod error;
mod policy;
mod register;
mod signature;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use error::PartnerError;
pub use policy::{Attribute, FactorRule, FieldRule, Policy, Strategy, StrategyRule, TokenKind};
pub use register::ApiKey;
pub use signature::{SignatureError, check_keys, check_signature};

/// What a partner is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerKind {
    /// It gets yes or no.
    Authentication,
    /// It also gets what its policy lets it know of a person.
    Kyc,
}

/// How things stand with a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerStatus {
    /// It may ask.
    Active,
    /// It may not, until it is active again.
    Disabled,
}

/// What people say of a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What it is called towards people.
    pub name: String,
    /// What it is there for.
    pub kind: PartnerKind,
    /// Its public keys, a JWK set or one key as PEM, for ES256 or RS256. Where there are some, its requests must be signed.
    #[serde(default)]
    pub keys: Option<String>,
    /// What it may ask.
    pub policy: Policy,
}

/// A partner as it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// What it is called in requests: see [`Partner::is_id`].
    pub id: String,
    /// What people say of it.
    pub terms: Terms,
    /// How things stand with it.
    pub status: PartnerStatus,
    /// The keyed hash of its API key.
    pub(crate) api_key: [u8; 32],
    /// When it was entered, in milliseconds since 1970.
    pub created_ms: u64,
    /// When it last changed.
    pub updated_ms: u64,
}

impl Partner {
    /// The most letters of an id.
    pub const MOST_ID_BYTES: usize = 64;

    /// The most bytes of a name.
    pub const MOST_NAME_BYTES: usize = 256;

    /// Whether a text can be the id of a partner: 1 to 64 letters, digits, dots, dashes and underlines.
    #[must_use]
    pub fn is_id(text: &str) -> bool {
        let is_fine = |letter: u8| letter.is_ascii_alphanumeric() || b".-_".contains(&letter);
        (1..=Self::MOST_ID_BYTES).contains(&text.len()) && text.bytes().all(is_fine)
    }
}

/// Not the hash of the API key.
impl fmt::Debug for Partner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Partner({}, {:?}, {:?})", self.id, self.terms.kind, self.status)
    }
}
