//! The keys of an issuer: the secret one that signs, and the public ones by which others check.

use std::fmt;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use p256::SecretKey;
use p256::elliptic_curve::Generate;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::signature::{TokenError, sign};

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not a secret key of P-256 in PKCS#8, as PEM without a password. What it is instead is not said: it may be another secret.
    #[error("not a secret key of P-256 in PKCS#8 PEM without a password (BEGIN PRIVATE KEY)")]
    Secret,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(#[from] getrandom::Error),
    /// Public keys are not a JWK set.
    #[error("not a JWK set: {0}")]
    Set(#[from] serde_json::Error),
    /// A set is too long, or has too many keys.
    #[error("a JWK set of {bytes} bytes and {keys} keys; it has up to {most_bytes} and {most_keys}", most_bytes = PublicKeys::MOST_BYTES, most_keys = PublicKeys::MOST_KEYS)]
    TooLarge {
        /// Of its JSON.
        bytes: usize,
        /// In it.
        keys: usize,
    },
    /// A public key of a set is no key of P-256 with a `kid` of its own.
    #[error("key {index} of the JWK set: not a public key of P-256 with a kid that no other has")]
    Public {
        /// From 0.
        index: usize,
    },
    /// The library refuses the key.
    #[error("key: {0}")]
    Library(#[from] jsonwebtoken::errors::Error),
}

/// The secret key of an issuer. It is wiped when it is dropped, and never printed.
#[derive(Clone)]
pub struct IssuerKey {
    pub(super) secret: EncodingKey,
    public: Jwk,
    id: String,
}

impl fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IssuerKey").field(&self.id).finish()
    }
}

impl IssuerKey {
    /// A new secret key as PKCS#8 PEM, from the random generator of the system; to be kept where secrets are.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn generate_pem() -> Result<Zeroizing<String>, KeyError> {
        SecretKey::try_generate()?.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Secret)
    }

    /// The key of this PKCS#8 PEM.
    ///
    /// # Errors
    /// [`KeyError::Secret`] where it is none of P-256.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = SecretKey::from_pkcs8_pem(pem).map_err(|_| KeyError::Secret)?;
        let der = key.to_pkcs8_der().map_err(|_| KeyError::Secret)?;
        let secret = EncodingKey::from_ec_der(der.as_bytes());
        let mut public = Jwk::from_encoding_key(&secret, Algorithm::ES256)?;
        let id = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { secret, public, id })
    }

    /// Its name, the `kid` of what it signs: the thumbprint of the public key (RFC 7638, SHA-256).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A signed token for who calls a server that knows the public key (RFC 7519): these claims, and no others.
    ///
    /// # Errors
    /// [`TokenError`] where they cannot be signed.
    pub fn sign_token(&self, claims: &Map<String, Value>) -> Result<String, TokenError> {
        sign(self, "JWT", None, claims)
    }

    /// Its public key alone.
    #[must_use]
    pub fn public(&self) -> PublicKeys {
        PublicKeys { set: JwkSet { keys: vec![self.public.clone()] } }
    }
}

/// The public keys of an issuer: the one in use, and those of credentials that are still about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeys {
    set: JwkSet,
}

impl PublicKeys {
    /// Of a set: hundreds of keys.
    pub const MOST_BYTES: usize = 1 << 18;

    /// Of a set: each is looked at for a token of an unknown key.
    pub const MOST_KEYS: usize = 100;

    /// Reads a JWK set (RFC 7517).
    ///
    /// # Errors
    /// [`KeyError`], also where a key is not of P-256 or has no `kid` of its own.
    pub fn from_json(json: &str) -> Result<Self, KeyError> {
        if json.len() > Self::MOST_BYTES {
            return Err(KeyError::TooLarge { bytes: json.len(), keys: 0 });
        }
        let set: JwkSet = serde_json::from_str(json)?;
        if set.keys.len() > Self::MOST_KEYS {
            return Err(KeyError::TooLarge { bytes: json.len(), keys: set.keys.len() });
        }
        for (index, key) in set.keys.iter().enumerate() {
            let id = &key.common.key_id;
            let alone = id.is_some() && set.keys[..index].iter().all(|other| other.common.key_id != *id);
            let curve =
                matches!(&key.algorithm, AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256);
            if !alone || !curve || DecodingKey::from_jwk(key).is_err() {
                return Err(KeyError::Public { index });
            }
        }
        Ok(Self { set })
    }

    /// As JSON to be published, such as at `/.well-known/jwks.json`.
    ///
    /// # Errors
    /// [`KeyError::Set`].
    pub fn to_json(&self) -> Result<String, KeyError> {
        Ok(serde_json::to_string(&self.set)?)
    }

    /// With the keys of `others` that are not there yet.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        for key in &others.set.keys {
            if !self.set.keys.iter().any(|known| known.common.key_id == key.common.key_id) {
                self.set.keys.push(key.clone());
            }
        }
        self
    }

    pub(super) fn find(&self, id: &str) -> Option<DecodingKey> {
        DecodingKey::from_jwk(self.set.find(id)?).ok()
    }
}
