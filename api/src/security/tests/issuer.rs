//! An issuer of tokens.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::KeyPair;
use serde_json::{Value, json};

use crate::security::{KeySource, TokenSettings};

/// Made for these tests, and used nowhere else: making an RSA key takes longer than all of them.
const TEST_ONLY_RSA_KEY: &[u8] = include_bytes!("test_only_rsa_key.pem");

pub(crate) const ISSUER: &str = "https://login.example";
pub(crate) const AUDIENCE: &str = "whorl";

/// A key that signs, with its id.
pub(crate) struct Signer {
    pub(crate) id: &'static str,
    pub(crate) algorithm: Algorithm,
    pub(crate) key: EncodingKey,
}

impl Signer {
    /// With a new key.
    pub(crate) fn es256(id: &'static str) -> Self {
        let pair = KeyPair::generate().unwrap();
        Self { id, algorithm: Algorithm::ES256, key: EncodingKey::from_ec_der(pair.serialized_der()) }
    }

    pub(crate) fn rs256(id: &'static str) -> Self {
        Self { id, algorithm: Algorithm::RS256, key: EncodingKey::from_rsa_pem(TEST_ONLY_RSA_KEY).unwrap() }
    }

    pub(crate) fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.id.to_owned());
        serde_json::to_value(jwk).unwrap()
    }

    pub(crate) fn token(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.to_owned()), ..Header::new(self.algorithm) };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }
}

pub(crate) fn es256_jwk(id: &'static str) -> Value {
    Signer::es256(id).jwk()
}

pub(crate) fn rs256_jwk(id: &'static str) -> Value {
    Signer::rs256(id).jwk()
}

pub(crate) fn key_set(signers: &[&Signer]) -> String {
    let keys: Vec<_> = signers.iter().map(|signer| signer.jwk()).collect();
    json!({ "keys": keys }).to_string()
}

/// Claims that are believed, but for those in `other`; null takes one away.
pub(crate) fn claims(other: &Value) -> Value {
    let mut claims = json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "station-7",
        "exp": now() + 600,
        "roles": ["enrol"],
    });
    for (name, value) in other.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub(crate) fn settings(keys: KeySource) -> TokenSettings {
    TokenSettings {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        keys,
        keys_authority: None,
        refresh_s: 300,
        retry_s: 10,
        leeway_s: 30,
        name_claim: "sub".to_owned(),
        roles_claim: "roles".to_owned(),
        role_names: BTreeMap::new(),
    }
}

/// Writes the key set of `signers` into `folder`.
pub(crate) fn write_keys(folder: &Path, signers: &[&Signer]) -> PathBuf {
    let path = folder.join("keys.json");
    std::fs::write(&path, key_set(signers)).unwrap();
    path
}
