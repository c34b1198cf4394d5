//! Signatures over what a partner asks: a JWS whose payload is left out, because it is sent beside it (RFC 7515, appendix F).

use std::fmt;
use std::io;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::json;
use thiserror::Error;

/// Bytes of a signature by ES256: two numbers of 32 each (RFC 7518, section 3.4).
const ES256_BYTES: usize = 64;

/// How a signature is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSA (PKCS #1, version 1.5) with SHA-256.
    Rs256,
}

/// Signs what a partner asks. Its key is never printed.
#[derive(Clone)]
pub struct Signer {
    algorithm: SigningAlgorithm,
    key_id: Option<String>,
    key: Key,
}

/// Signs bytes where a key lies.
type Elsewhere = dyn Fn(&[u8]) -> io::Result<Vec<u8>> + Send + Sync;

/// Where a key is.
#[derive(Clone)]
enum Key {
    /// Here.
    Held { private: EncodingKey, public: Box<Jwk> },
    /// In a module or service that signs with it and does not let it out.
    Elsewhere(Arc<Elsewhere>),
}

/// Why there is no signature.
#[derive(Debug, Error)]
pub enum SignerError {
    /// The key is none that is signed with.
    #[error(
        "this is no secret key of P-256 or RSA in PEM (BEGIN PRIVATE KEY; openssl pkcs8 -topk8 -nocrypt makes one of others)"
    )]
    Key,
    /// What is to be signed cannot be written.
    #[error("the claim cannot be written as JSON: {0}")]
    Claim(#[source] serde_json::Error),
    /// The key cannot be used now.
    #[error("what signs for the partner failed: {0}")]
    Failed(#[from] io::Error),
    /// What came back is no signature.
    #[error(
        "what signs for the partner gave {0} bytes: a signature by ES256 is {ES256_BYTES}, r and s of 32 each, and not DER"
    )]
    Malformed(usize),
}

impl SigningAlgorithm {
    /// What a signature calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    fn of_library(self) -> Algorithm {
        match self {
            Self::Es256 => Algorithm::ES256,
            Self::Rs256 => Algorithm::RS256,
        }
    }
}

impl Signer {
    /// Signs with a secret key in PEM (PKCS #8): by ES256 with one of P-256, by RS256 with one of RSA. The key is called by its
    /// thumbprint (RFC 7638), as in [`Self::public_keys`].
    ///
    /// # Errors
    /// [`SignerError::Key`].
    pub fn from_pem(pem: &str) -> Result<Self, SignerError> {
        let (algorithm, private) = if let Ok(key) = EncodingKey::from_ec_pem(pem.as_bytes()) {
            (SigningAlgorithm::Es256, key)
        } else {
            let key = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| SignerError::Key)?;
            (SigningAlgorithm::Rs256, key)
        };
        let public = Jwk::from_encoding_key(&private, algorithm.of_library()).map_err(|_| SignerError::Key)?;
        let key_id = public.thumbprint(ThumbprintHash::SHA256).map_err(|_| SignerError::Key)?;
        Ok(Self { algorithm, key_id: Some(key_id), key: Key::Held { private, public: Box::new(public) } })
    }

    /// Signs by `sign`, for keys that lie in a security module or with a service. It is given the bytes to sign, and gives the signature as
    /// a JWS has it (RFC 7518): of ES256 64 bytes, r and s; of RS256 those of PKCS #1. It may take its time.
    pub fn elsewhere(
        algorithm: SigningAlgorithm,
        sign: impl Fn(&[u8]) -> io::Result<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self { algorithm, key_id: None, key: Key::Elsewhere(Arc::new(sign)) }
    }

    /// The same with the name by which the server knows the key, where it is another than the thumbprint.
    #[must_use]
    pub fn called(self, key_id: impl Into<String>) -> Self {
        Self { key_id: Some(key_id.into()), ..self }
    }

    /// The public key as a JSON Web Key Set, as [`PartnerTerms::keys`](super::v1::PartnerTerms::keys) takes it; none of a key that lies
    /// elsewhere.
    #[must_use]
    pub fn public_keys(&self) -> Option<String> {
        let Key::Held { public, .. } = &self.key else { return None };
        let mut public = public.clone();
        public.common.key_id.clone_from(&self.key_id);
        Some(json!({ "keys": [public] }).to_string())
    }

    /// A detached JWS over `body`.
    ///
    /// # Errors
    /// [`SignerError::Failed`] or [`SignerError::Malformed`] where a key that lies elsewhere gives no signature.
    pub fn sign(&self, body: &[u8]) -> Result<String, SignerError> {
        let mut header = json!({ "alg": self.algorithm.name() });
        if let Some(key_id) = &self.key_id {
            header["kid"] = key_id.as_str().into();
        }
        let protected = URL_SAFE_NO_PAD.encode(header.to_string());
        let message = format!("{protected}.{}", URL_SAFE_NO_PAD.encode(body));
        let signature = match &self.key {
            Key::Held { private, .. } => crypto::sign(message.as_bytes(), private, self.algorithm.of_library())
                .map_err(|error| SignerError::Failed(io::Error::other(error)))?,
            Key::Elsewhere(sign) => {
                let signature = sign(message.as_bytes())?;
                if self.algorithm == SigningAlgorithm::Es256 && signature.len() != ES256_BYTES {
                    return Err(SignerError::Malformed(signature.len()));
                }
                URL_SAFE_NO_PAD.encode(signature)
            }
        };
        Ok(format!("{protected}..{signature}"))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}, {})", self.algorithm.name(), self.key_id.as_deref().unwrap_or("no name"))
    }
}
