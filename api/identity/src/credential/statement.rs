//! What an issuer says of a person, apart from how it is written and signed.

use serde_json::{Map, Value};

use super::holder::HolderKey;
use super::instant::END_UNIX_S;
use super::status::StatusEntry;
use super::status_list::LIST_KIND;
use super::vc::BASE_TYPE;

/// What an issuer says of a person. It borrows no form: see [`Statement::sign_vc`] and its kin.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Who says it: an absolute URI, such as the address where the keys are published.
    pub issuer: String,
    /// Of whom: an absolute URI where it is to be a W3C credential, such as `urn:uuid:` and a random UUID. A number that others
    /// know links all that the person shows.
    pub subject: String,
    /// What kind of credential it is, such as `IdentityCredential`: a letter, then letters and digits.
    pub kind: String,
    /// From when on it holds, in seconds since 1970.
    pub from_unix_s: u64,
    /// Until when it holds, in seconds since 1970; it no longer does in this second.
    pub until_unix_s: u64,
    /// What is said, by names of one to 64 of A-Z, a-z, 0-9, `_`, `.` and `-`.
    pub claims: Map<String, Value>,
    /// Where it can be asked whether it still counts; none where it counts until its end.
    pub status: Option<StatusEntry>,
    /// The key of who may show it; none where it counts in anybody's hands.
    pub holder: Option<HolderKey>,
}

/// Why something is not a statement, or does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// A text is missing, empty, too long or not of its form.
    #[error("{0} is missing, or not of its form")]
    Field(&'static str),
    /// The name of a claim is not of its form, or means something else in a credential.
    #[error("no claim can have the name {0:?}")]
    ClaimName(String),
    /// The value of a claim is nested too deep, or has in it what a selective credential gives a meaning of its own: the names
    /// `_sd` and `...`, and an empty object in a list.
    #[error("the claim {0:?} has a value that cannot be signed")]
    ClaimValue(String),
    /// There are too many claims.
    #[error("{claims} claims, more than {most}", most = Statement::MOST_CLAIMS)]
    TooManyClaims {
        /// How many.
        claims: usize,
    },
    /// It would hold at no time, or beyond the year 9999.
    #[error(
        "a validity from {from_unix_s} to {until_unix_s}, in seconds since 1970, is empty or ends after the year 9999"
    )]
    Validity {
        /// Its begin.
        from_unix_s: u64,
        /// Its end.
        until_unix_s: u64,
    },
    /// It does not hold yet.
    #[error("the credential is not valid before {from_unix_s}, in seconds since 1970")]
    NotYet {
        /// Its begin.
        from_unix_s: u64,
    },
    /// It no longer holds.
    #[error("the credential expired at {until_unix_s}, in seconds since 1970")]
    Expired {
        /// Its end.
        until_unix_s: u64,
    },
    /// It is of another issuer than it should be.
    #[error("the credential is of another issuer: {0:?}")]
    Issuer(String),
}

/// What the names mean in a JWT, an SD-JWT or as JSON-LD, so that no claim can have them.
const RESERVED: [&str; 16] = [
    "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "vct", "status", "id", "type", "vc", "vp", "_sd", "_sd_alg",
];

impl Statement {
    /// Of a statement: more than any document has.
    pub const MOST_CLAIMS: usize = 200;

    /// Of a URI or a kind, in bytes.
    const LONGEST_TEXT_BYTES: usize = 1024;

    /// Of the name of a claim, in bytes.
    const LONGEST_NAME_BYTES: usize = 64;

    /// Of objects and lists in one another: it bounds how deep anybody recurses who reads a claim.
    const MOST_LEVELS: usize = 16;

    /// Whether it can be signed, in any form; a QR code may still be too small for it.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn check(&self) -> Result<(), StatementError> {
        let short = |text: &str| (1..=Self::LONGEST_TEXT_BYTES).contains(&text.len());
        let uri = |text: &str| short(text) && is_uri(text);
        if !uri(&self.issuer) {
            return Err(StatementError::Field("issuer"));
        }
        if !uri(&self.subject) {
            return Err(StatementError::Field("subject"));
        }
        let letters = self.kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !short(&self.kind) || !letters || !self.kind.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Err(StatementError::Field("kind"));
        }
        // What credentials say that are no statement of a person.
        if [BASE_TYPE, LIST_KIND].contains(&self.kind.as_str()) {
            return Err(StatementError::Field("kind"));
        }
        if self.status.as_ref().is_some_and(|status| !uri(&status.list)) {
            return Err(StatementError::Field("status"));
        }
        let (from_unix_s, until_unix_s) = (self.from_unix_s, self.until_unix_s);
        if from_unix_s >= until_unix_s || until_unix_s >= END_UNIX_S {
            return Err(StatementError::Validity { from_unix_s, until_unix_s });
        }
        if self.claims.len() > Self::MOST_CLAIMS {
            return Err(StatementError::TooManyClaims { claims: self.claims.len() });
        }
        self.claims.iter().try_for_each(|(name, value)| {
            check_name(name)?;
            let plain = is_plain(value, Self::MOST_LEVELS);
            if plain { Ok(()) } else { Err(StatementError::ClaimValue(name.clone())) }
        })
    }

    /// Whether it is of `issuer`, and holds at an instant.
    pub(super) fn check_at(&self, issuer: &str, now_unix_ms: u64) -> Result<(), StatementError> {
        self.check()?;
        self.check_issuer(issuer)?;
        check_validity((self.from_unix_s, self.until_unix_s), now_unix_ms)
    }

    pub(super) fn check_issuer(&self, issuer: &str) -> Result<(), StatementError> {
        if self.issuer == issuer { Ok(()) } else { Err(StatementError::Issuer(self.issuer.clone())) }
    }
}

/// Whether an instant is within a validity, in seconds since 1970.
pub(super) fn check_validity((from_unix_s, until_unix_s): (u64, u64), now_unix_ms: u64) -> Result<(), StatementError> {
    let now_unix_s = now_unix_ms / 1000;
    if now_unix_s < from_unix_s {
        return Err(StatementError::NotYet { from_unix_s });
    }
    if now_unix_s >= until_unix_s {
        return Err(StatementError::Expired { until_unix_s });
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), StatementError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let short = (1..=Statement::LONGEST_NAME_BYTES).contains(&name.len());
    if short && name.bytes().all(plain) && name != "..." && !RESERVED.contains(&name) {
        Ok(())
    } else {
        Err(StatementError::ClaimName(name.chars().take(Statement::LONGEST_NAME_BYTES).collect()))
    }
}

/// Whether a value is of at most so many levels, and reads the same in every form of credential.
fn is_plain(value: &Value, levels: usize) -> bool {
    let empty = |item: &Value| item.as_object().is_some_and(Map::is_empty);
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        Value::Array(_) | Value::Object(_) if levels == 0 => false,
        Value::Array(items) => items.iter().all(|item| !empty(item) && is_plain(item, levels - 1)),
        Value::Object(fields) => {
            fields.iter().all(|(name, field)| name != "_sd" && name != "..." && is_plain(field, levels - 1))
        }
    }
}

/// Whether it begins with a scheme and has only what a URI can have (RFC 3986).
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_fits = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    scheme_fits
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte))
}

/// Takes a text out of what a token says.
pub(super) fn take_text(map: &mut Map<String, Value>, name: &'static str) -> Result<String, StatementError> {
    match map.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(StatementError::Field(name)),
    }
}

/// Takes a number of seconds out of what a token says.
pub(super) fn take_seconds(map: &mut Map<String, Value>, name: &'static str) -> Result<u64, StatementError> {
    map.remove(name).as_ref().and_then(Value::as_u64).ok_or(StatementError::Field(name))
}
