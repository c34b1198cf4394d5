//! A statement as a verifiable credential: W3C Verifiable Credentials Data Model 2.0, secured with JOSE (W3C Securing Verifiable
//! Credentials using JOSE and COSE, section 3.1).

use serde_json::{Map, Value, json};

use super::instant;
use super::key::{IssuerKey, PublicKeys};
use super::signature::{TokenError, sign, verify};
use super::statement::{Statement, StatementError, take_seconds, take_text};

const TYPE: &str = "vc+jwt";
const CONTENT: &str = "vc";
const BASE_TYPE: &str = "VerifiableCredential";

/// The context of every credential, and the one by which terms that are in no context mean what their issuer says.
const CONTEXTS: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"];

impl Statement {
    /// Signs it as a verifiable credential in a JWT of the type `vc+jwt`.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn sign_vc(&self, key: &IssuerKey) -> Result<String, TokenError> {
        self.check()?;
        let mut subject = Map::from_iter([("id".to_owned(), json!(self.subject))]);
        subject.extend(self.claims.clone());
        // A JWT library that knows nothing of credentials still sees the issuer and the end.
        let payload = Map::from_iter([
            ("@context".to_owned(), json!(CONTEXTS)),
            ("type".to_owned(), json!([BASE_TYPE, self.kind])),
            ("issuer".to_owned(), json!(self.issuer)),
            ("validFrom".to_owned(), json!(instant::text(self.from_unix_s))),
            ("validUntil".to_owned(), json!(instant::text(self.until_unix_s))),
            ("credentialSubject".to_owned(), Value::Object(subject)),
            ("iss".to_owned(), json!(self.issuer)),
            ("exp".to_owned(), json!(self.until_unix_s)),
        ]);
        sign(key, TYPE, Some(CONTENT), &payload)
    }
}

/// What a verifiable credential of [`Statement::sign_vc`] says, if one of `keys`, which are those of `issuer`, has signed it and it
/// holds at an instant in milliseconds since 1970.
///
/// # Errors
/// [`TokenError`] where it is not to be believed.
pub fn verify_vc(keys: &PublicKeys, issuer: &str, token: &str, now_unix_ms: u64) -> Result<Statement, TokenError> {
    let statement = read(verify(keys, TYPE, token)?)?;
    statement.check_at(issuer, now_unix_ms)?;
    Ok(statement)
}

fn read(mut payload: Map<String, Value>) -> Result<Statement, StatementError> {
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
    Ok(Statement { issuer, subject, kind, from_unix_s, until_unix_s, claims })
}
