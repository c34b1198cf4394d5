//! The public key of a holder, to which a credential is bound: then only who has the secret key can show it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use p256::PublicKey;
use serde_json::{Map, Value, json};

use super::statement::StatementError;

/// Why a key is not one to which a credential can be bound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HolderKeyError {
    /// It is too long.
    #[error("a key of {bytes} bytes of JSON, more than {most}", most = HolderKey::MOST_BYTES)]
    TooLong {
        /// How many.
        bytes: usize,
    },
    /// The secret is in it.
    #[error(
        "its secret part `{0}` is there: send the public key alone, and of another pair, for the secret of this one is out"
    )]
    Private(&'static str),
    /// It is of another kind.
    #[error("its `kty` is not \"EC\": a public key of P-256 is due")]
    Kind,
    /// It is of another curve.
    #[error("its `crv` is not \"P-256\", the one curve to which credentials are bound here")]
    Curve,
    /// A coordinate is not one.
    #[error("its `{0}` is not 32 bytes in base64url without padding (RFC 7518, section 6.2.1)")]
    Coordinate(&'static str),
    /// Its point is not on the curve.
    #[error("its point is not on the curve P-256")]
    OffCurve,
    /// It says of itself that it is for something else.
    #[error("its `{0}` says that it is not for checking signatures by ES256")]
    Purpose(&'static str),
}

/// What only secret keys have, of any kind (RFC 7518, sections 6.2.2, 6.3.2 and 6.4).
const SECRETS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The bytes of a coordinate of P-256.
const COORDINATE_BYTES: usize = 32;

/// What stands before the coordinates of a point that is written in full (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// The public key of a holder, of P-256. Of what was sent only the point is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct HolderKey {
    x: String,
    y: String,
}

/// Which key it is links all that is shown by it.
impl fmt::Debug for HolderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HolderKey")
    }
}

impl HolderKey {
    /// Of a key as JSON: a key of P-256 has some 130, and some 400 with all that can be said of it.
    pub const MOST_BYTES: usize = 1024;

    /// The key of this JWK (RFC 7517).
    ///
    /// # Errors
    /// [`HolderKeyError`] where it is not a public key of P-256 that checks signatures.
    pub fn from_jwk(jwk: &Map<String, Value>) -> Result<Self, HolderKeyError> {
        let bytes = serde_json::to_string(jwk).map_or(usize::MAX, |text| text.len());
        if bytes > Self::MOST_BYTES {
            return Err(HolderKeyError::TooLong { bytes });
        }
        if let Some(secret) = SECRETS.into_iter().find(|name| jwk.contains_key(*name)) {
            return Err(HolderKeyError::Private(secret));
        }
        if jwk.get("kty") != Some(&json!("EC")) {
            return Err(HolderKeyError::Kind);
        }
        if jwk.get("crv") != Some(&json!("P-256")) {
            return Err(HolderKeyError::Curve);
        }
        check_purpose(jwk)?;
        let (x, y) = (coordinate(jwk, "x")?, coordinate(jwk, "y")?);
        let point = [&[UNCOMPRESSED][..], &x, &y].concat();
        // It says whether the point is on the curve.
        PublicKey::from_sec1_bytes(&point).map_err(|_| HolderKeyError::OffCurve)?;
        Ok(Self { x: URL_SAFE_NO_PAD.encode(x), y: URL_SAFE_NO_PAD.encode(y) })
    }

    /// The key as a JWK: what it takes, and nothing else.
    #[must_use]
    pub fn jwk(&self) -> Value {
        json!({ "kty": "EC", "crv": "P-256", "x": self.x, "y": self.y })
    }

    /// The key as a subject of a credential: `did:jwk:` and the JWK in base64url, as that method of identifiers has it.
    #[must_use]
    pub fn did(&self) -> String {
        format!("{DID}{}", URL_SAFE_NO_PAD.encode(self.jwk().to_string()))
    }

    /// The confirmation of a token that is bound to the key (RFC 7800, section 3.2).
    pub(super) fn confirmation(&self) -> Value {
        json!({ "jwk": self.jwk() })
    }

    pub(super) fn decoding(&self) -> Result<DecodingKey, jsonwebtoken::errors::Error> {
        DecodingKey::from_ec_components(&self.x, &self.y)
    }
}

/// What stands before a key that is an identifier.
pub(super) const DID: &str = "did:jwk:";

/// Takes the confirmation out of what a token says, if there is one.
pub(super) fn take_confirmation(map: &mut Map<String, Value>) -> Result<Option<HolderKey>, StatementError> {
    let Some(confirmation) = map.remove("cnf") else { return Ok(None) };
    let jwk = confirmation.get("jwk").and_then(Value::as_object).ok_or(StatementError::Field("cnf"))?;
    HolderKey::from_jwk(jwk).map(Some).map_err(|_| StatementError::Field("cnf"))
}

/// What a key may say of its use (RFC 7517, sections 4.2 to 4.4).
fn check_purpose(jwk: &Map<String, Value>) -> Result<(), HolderKeyError> {
    let signs = |name: &'static str, fits: bool| if fits { Ok(()) } else { Err(HolderKeyError::Purpose(name)) };
    signs("use", jwk.get("use").is_none_or(|said| said == "sig"))?;
    signs("alg", jwk.get("alg").is_none_or(|said| said == "ES256"))?;
    let verifies = |said: &Value| said.as_array().is_some_and(|all| all.contains(&json!("verify")));
    signs("key_ops", jwk.get("key_ops").is_none_or(verifies))
}

fn coordinate(jwk: &Map<String, Value>, name: &'static str) -> Result<[u8; COORDINATE_BYTES], HolderKeyError> {
    let bytes = jwk.get(name).and_then(Value::as_str).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(HolderKeyError::Coordinate(name))
}
