//! A statement as a verifiable credential: W3C Verifiable Credentials Data Model 2.0, secured with JOSE (W3C Securing Verifiable
//! Credentials using JOSE and COSE, section 3.1).

use serde_json::{Map, Value, json};

use super::holder::{DID, take_confirmation};
use super::instant;
use super::key::{IssuerKey, PublicKeys};
use super::signature::{TokenError, sign, verify};
use super::statement::{Statement, StatementError, take_seconds, take_text};
use super::status::take_entries;

pub(super) const TYPE: &str = "vc+jwt";
pub(super) const CONTENT: &str = "vc";
pub(super) const BASE_TYPE: &str = "VerifiableCredential";

/// The context of every credential, and the one by which terms that are in no context mean what their issuer says.
const CONTEXTS: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"];

impl Statement {
    /// Signs it as a verifiable credential in a JWT of the type `vc+jwt`.
    ///
    /// A holder's key is its confirmation, `cnf` (the same specification, section 4.1.3; RFC 7800, section 3.2), beside whatever the
    /// subject is called; the place in a status list is `credentialStatus` (Verifiable Credentials Data Model 2.0, section 4.10).
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn sign_vc(&self, key: &IssuerKey) -> Result<String, TokenError> {
        self.check()?;
        let mut subject = Map::from_iter([("id".to_owned(), json!(self.subject))]);
        subject.extend(self.claims.clone());
        let validity = (self.from_unix_s, self.until_unix_s);
        let mut payload = payload(&self.kind, &self.issuer, validity, Value::Object(subject));
        if let Some(status) = &self.status {
            payload.insert("credentialStatus".to_owned(), status.entries());
        }
        if let Some(holder) = &self.holder {
            payload.insert("cnf".to_owned(), holder.confirmation());
        }
        sign(key, TYPE, Some(CONTENT), &payload)
    }
}

/// What every verifiable credential says, of whatever kind. A JWT library that knows nothing of credentials still sees the issuer and
/// the end.
pub(super) fn payload(
    kind: &str,
    issuer: &str,
    (from_unix_s, until_unix_s): (u64, u64),
    subject: Value,
) -> Map<String, Value> {
    Map::from_iter([
        ("@context".to_owned(), json!(CONTEXTS)),
        ("type".to_owned(), json!([BASE_TYPE, kind])),
        ("issuer".to_owned(), json!(issuer)),
        ("validFrom".to_owned(), json!(instant::text(from_unix_s))),
        ("validUntil".to_owned(), json!(instant::text(until_unix_s))),
        ("credentialSubject".to_owned(), subject),
        ("iss".to_owned(), json!(issuer)),
        ("exp".to_owned(), json!(until_unix_s)),
    ])
}

/// What a verifiable credential of [`Statement::sign_vc`] says, if one of `keys`, which are those of `issuer`, has signed it and it
/// holds at an instant in milliseconds since 1970. Whether it was revoked since is in the list that its `status` names: see
/// [`super::PublishedList`].
///
/// # Errors
/// [`TokenError`] where it is not to be believed.
pub fn verify_vc(keys: &PublicKeys, issuer: &str, token: &str, now_unix_ms: u64) -> Result<Statement, TokenError> {
    let statement = read(verify(keys, TYPE, token)?)?;
    statement.check_at(issuer, now_unix_ms)?;
    Ok(statement)
}

/// What a credential says, of whatever kind.
pub(super) fn read(mut payload: Map<String, Value>) -> Result<Statement, StatementError> {
    let field = StatementError::Field;
    if payload.get("@context").and_then(|contexts| contexts.get(0)) != Some(&json!(CONTEXTS[0])) {
        return Err(field("@context"));
    }
    let kind = match payload.remove("type").as_ref().and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::String(base), Value::String(kind)]) if base == BASE_TYPE => kind.clone(),
        _ => return Err(field("type")),
    };
    let issuer = take_text(&mut payload, "issuer")?;
    let from_unix_s = instant::parse(&take_text(&mut payload, "validFrom")?).ok_or(field("validFrom"))?;
    let until_unix_s = instant::parse(&take_text(&mut payload, "validUntil")?).ok_or(field("validUntil"))?;
    if take_text(&mut payload, "iss")? != issuer {
        return Err(field("iss"));
    }
    if take_seconds(&mut payload, "exp")? != until_unix_s {
        return Err(field("exp"));
    }
    let Some(Value::Object(mut claims)) = payload.remove("credentialSubject") else {
        return Err(field("credentialSubject"));
    };
    let subject = take_text(&mut claims, "id")?;
    let (status, holder) = (take_entries(&mut payload)?, take_confirmation(&mut payload)?);
    // A subject that is a key is the key that it is bound to.
    if subject.starts_with(DID) && holder.as_ref().is_none_or(|holder| holder.did() != subject) {
        return Err(field("cnf"));
    }
    Ok(Statement { issuer, subject, kind, from_unix_s, until_unix_s, claims, status, holder })
}
