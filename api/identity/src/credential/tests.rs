mod binding;
mod keys;
mod printing;
mod selecting;
mod signing;
mod statuses;

use serde_json::{Value, json};

use super::{IssuerKey, Statement};

const ISSUER: &str = "https://id.example/issuer";
const NOW_MS: u64 = 1_800_000_000_000;
const HOUR_S: u64 = 3600;

fn key() -> IssuerKey {
    IssuerKey::from_pem(&IssuerKey::generate_pem().unwrap()).unwrap()
}

/// One that holds an hour before and after [`NOW_MS`].
fn statement() -> Statement {
    let claims = json!({"name": "Zoë <Ängström> & Sons", "birth_date": "1990-02-28", "over_18": true, "address": {"city": "Łódź"}});
    let Value::Object(claims) = claims else { unreachable!("an object") };
    Statement {
        issuer: ISSUER.to_owned(),
        subject: "urn:uuid:6f0fb8a5-3c44-4b0c-9d1e-2f5a2f1f9f6e".to_owned(),
        kind: "IdentityCredential".to_owned(),
        from_unix_s: NOW_MS / 1000 - HOUR_S,
        until_unix_s: NOW_MS / 1000 + HOUR_S,
        claims,
        status: None,
        holder: None,
    }
}

/// A part of a token before its signature, as JSON.
fn part(token: &str, index: usize) -> Value {
    use base64::Engine;
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn encoded(json: &Value) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json.to_string())
}
