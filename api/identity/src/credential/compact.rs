//! A statement in few characters, for a QR code: a JWT (RFC 7519) with the claims beside the registered ones.

use serde_json::{Map, Value, json};

use super::holder::take_confirmation;
use super::key::{IssuerKey, PublicKeys};
use super::signature::{TokenError, sign, verify};
use super::statement::{Statement, take_seconds, take_text};
use super::status::take_claim;

/// So that no other token of the issuer passes for one of these.
const TYPE: &str = "card+jwt";

impl Statement {
    /// Signs it as a JWT of the type `card+jwt`, which has some 330 characters, some 170 more with its place in a status list, and four
    /// for every three bytes of what is said. What of it fits into a QR code, see [`super::QrCode::new`].
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn sign_compact(&self, key: &IssuerKey) -> Result<String, TokenError> {
        self.check()?;
        sign(key, TYPE, None, &self.flat())
    }

    /// All in one object: the registered claims and those of the statement, which have other names.
    pub(super) fn flat(&self) -> Map<String, Value> {
        let mut payload = Map::from_iter([
            ("iss".to_owned(), json!(self.issuer)),
            ("sub".to_owned(), json!(self.subject)),
            ("vct".to_owned(), json!(self.kind)),
            ("nbf".to_owned(), json!(self.from_unix_s)),
            ("exp".to_owned(), json!(self.until_unix_s)),
        ]);
        payload.extend(self.claims.clone());
        if let Some(status) = &self.status {
            payload.insert("status".to_owned(), status.claim());
        }
        if let Some(holder) = &self.holder {
            payload.insert("cnf".to_owned(), holder.confirmation());
        }
        payload
    }
}

/// What a token of [`Statement::sign_compact`] says, if one of `keys`, which are those of `issuer`, has signed it and it holds at an
/// instant in milliseconds since 1970. Whether it was revoked since is in the list that its `status` names: see
/// [`super::PublishedList`].
///
/// # Errors
/// [`TokenError`] where it is not to be believed.
pub fn verify_compact(keys: &PublicKeys, issuer: &str, token: &str, now_unix_ms: u64) -> Result<Statement, TokenError> {
    let mut payload = verify(keys, TYPE, token)?;
    let statement = Statement {
        issuer: take_text(&mut payload, "iss")?,
        subject: take_text(&mut payload, "sub")?,
        kind: take_text(&mut payload, "vct")?,
        from_unix_s: take_seconds(&mut payload, "nbf")?,
        until_unix_s: take_seconds(&mut payload, "exp")?,
        status: take_claim(&mut payload)?,
        holder: take_confirmation(&mut payload)?,
        claims: payload,
    };
    statement.check_at(issuer, now_unix_ms)?;
    Ok(statement)
}
