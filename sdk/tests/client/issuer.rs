//! Somebody whose tokens a server believes.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::KeyPair;
use serde_json::json;

use crate::running::write;

/// An issuer whose keys are in a folder, and what it signs.
pub(crate) struct Issuer(EncodingKey);

/// The configuration of a server that believes it.
pub(crate) const TOKENS: &str = r#"
[security]
authentication = "required"
[security.tokens]
issuer = "https://login.example"
audience = "whorl"
jwks_file = "keys.json"
"#;

impl Issuer {
    pub(crate) fn new(folder: &Path) -> Self {
        let key = EncodingKey::from_ec_der(KeyPair::generate().unwrap().serialized_der());
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some("k1".to_owned());
        write(folder, "keys.json", &json!({ "keys": [jwk] }).to_string());
        Self(key)
    }

    pub(crate) fn token(&self, name: &str, roles: &[&str], lasts_s: i64) -> String {
        let claims = json!({
            "iss": "https://login.example", "aud": "whorl", "sub": name, "exp": now_ms() as i64 / 1_000 + lasts_s,
            "roles": roles,
        });
        let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, &claims, &self.0).unwrap()
    }
}

pub(crate) fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}
