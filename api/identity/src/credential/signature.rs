//! Signing and checking compact JWS (RFC 7515) and JWT (RFC 7519), with one algorithm.

use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header, encode};
use serde_json::{Map, Value};

use super::key::{IssuerKey, PublicKeys};
use super::statement::StatementError;

/// Of a token: far more than a credential with a portrait, and a bound on what is decoded for anybody.
pub(super) const MOST_TOKEN_BYTES: usize = 1 << 20;

/// Why a token is not made, or not believed.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// What it says cannot be said, or is not what a credential says.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// It is too long.
    #[error("a token of {bytes} bytes, more than {most}", most = MOST_TOKEN_BYTES)]
    TooLong {
        /// How many.
        bytes: usize,
    },
    /// It is of another type than it should be.
    #[error("a token of the type {found:?}, where {wanted:?} is due")]
    Type {
        /// Its `typ`, cut off.
        found: String,
        /// The type that is due.
        wanted: &'static str,
    },
    /// None of the keys has signed it, by its `kid`.
    #[error("no known key has signed the token: get the newest keys of its issuer, or refuse it")]
    UnknownKey,
    /// It is not a token, its algorithm is another, or its signature is wrong.
    #[error("the token is not as it was signed: {0}")]
    Signature(#[from] jsonwebtoken::errors::Error),
    /// The list in it cannot be compressed.
    #[error("the status list cannot be compressed: {0}")]
    Compression(#[from] std::io::Error),
}

/// Signs `payload`.
pub(super) fn sign(
    key: &IssuerKey,
    kind: &str,
    content: Option<&str>,
    payload: &Map<String, Value>,
) -> Result<String, TokenError> {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(kind.to_owned());
    header.cty = content.map(str::to_owned);
    header.kid = Some(key.id().to_owned());
    let token = encode(&header, payload, &key.secret)?;
    check_length(&token)?;
    Ok(token)
}

/// The payload of `token`, if one of `keys` has signed it as of the type `kind`. Times are for the caller to look at.
pub(super) fn verify(keys: &PublicKeys, kind: &'static str, token: &str) -> Result<Map<String, Value>, TokenError> {
    let header = header_of(kind, token)?;
    let key = header.kid.and_then(|id| keys.find(&id)).ok_or(TokenError::UnknownKey)?;
    payload(&key, token)
}

/// The payload of `token`, if `key` has signed it as of the type `kind`, whatever it calls its key.
pub(super) fn verify_by(key: &DecodingKey, kind: &'static str, token: &str) -> Result<Map<String, Value>, TokenError> {
    header_of(kind, token)?;
    payload(key, token)
}

/// The type of a token, by its own account.
pub(super) fn kind_of(token: &str) -> Result<String, TokenError> {
    check_length(token)?;
    Ok(media_type(&decode_header(token)?))
}

/// A media type is compared without regard to case, and may have its first part written out (RFC 7515, 4.1.9).
fn media_type(header: &Header) -> String {
    let written = header.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
    written.strip_prefix("application/").map(str::to_owned).unwrap_or(written)
}

fn header_of(kind: &'static str, token: &str) -> Result<Header, TokenError> {
    check_length(token)?;
    let header = decode_header(token)?;
    let found = media_type(&header);
    if found != kind.to_ascii_lowercase() {
        return Err(TokenError::Type { found: found.chars().take(64).collect(), wanted: kind });
    }
    Ok(header)
}

fn payload(key: &DecodingKey, token: &str) -> Result<Map<String, Value>, TokenError> {
    let mut validation = Validation::new(Algorithm::ES256);
    // Against the time that the caller says it is, not the clock; and no credential is for one audience.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    Ok(decode::<Map<String, Value>>(token, key, &validation)?.claims)
}

fn check_length(token: &str) -> Result<(), TokenError> {
    if token.len() > MOST_TOKEN_BYTES { Err(TokenError::TooLong { bytes: token.len() }) } else { Ok(()) }
}
