//! An authority that signs certificates, and an issuer of tokens.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use serde_json::{Value, json};
use tonic::transport::{Certificate, ClientTlsConfig, Identity};

/// Signs the certificates of servers and clients.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        Self(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    /// The certificate and the key of this common name, as PEM, for this machine and for clients.
    pub fn issue(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> (String, String) {
        let mut parameters = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        change(&mut parameters);
        let key = KeyPair::generate().unwrap();
        (parameters.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }

    /// Writes `server.pem`, `server.key` and `authority.pem`.
    pub fn write(&self, folder: &Path) {
        let (certificate, key) = self.issue("server", |_| ());
        for (name, text) in [("server.pem", certificate), ("server.key", key), ("authority.pem", self.0.pem())] {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }

    /// How a client connects that trusts this authority and shows nothing.
    pub fn trusting(&self) -> ClientTlsConfig {
        ClientTlsConfig::new().ca_certificate(Certificate::from_pem(self.0.pem())).domain_name("localhost")
    }

    /// How a client of this name connects.
    pub fn client(&self, name: &str) -> ClientTlsConfig {
        self.client_with(name, |_| ())
    }

    pub fn client_with(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> ClientTlsConfig {
        let (certificate, key) = self.issue(name, change);
        self.trusting().identity(Identity::from_pem(certificate, key))
    }
}

pub const ISSUER: &str = "https://login.example";
pub const AUDIENCE: &str = "whorl";

/// Signs tokens.
pub struct Issuer(EncodingKey);

impl Issuer {
    const KEY: &str = "a";

    pub fn new() -> Self {
        Self(EncodingKey::from_ec_der(KeyPair::generate().unwrap().serialized_der()))
    }

    /// The public keys, a JSON Web Key Set.
    pub fn keys(&self) -> String {
        let mut key = Jwk::from_encoding_key(&self.0, Algorithm::ES256).unwrap();
        key.common.key_id = Some(Self::KEY.to_owned());
        json!({ "keys": [key] }).to_string()
    }

    /// A token of this client for ten minutes, but for the claims in `other`.
    pub fn token(&self, client: &str, other: &Value) -> String {
        Self::signed(client, other, Algorithm::ES256, &self.0)
    }

    /// The same signed otherwise.
    pub fn signed(client: &str, other: &Value, algorithm: Algorithm, key: &EncodingKey) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let mut claims = json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": client, "exp": now + 600 });
        for (name, value) in other.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let header = Header { kid: Some(Self::KEY.to_owned()), ..Header::new(algorithm) };
        jsonwebtoken::encode(&header, &claims, key).unwrap()
    }
}
