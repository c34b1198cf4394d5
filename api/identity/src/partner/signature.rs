//! Signatures over requests: a JWS whose payload is left out, because it is the body of the request (RFC 7515, appendix F).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, crypto};
use serde::Deserialize;
use thiserror::Error;

/// The most bytes of a signature with its header: a certificate chain in the header still fits.
const MOST_JWS_BYTES: usize = 64 << 10;

/// The most bytes of public keys: a set of dozens.
const MOST_KEYS_BYTES: usize = 64 << 10;

/// Why a signature is not believed, or public keys cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// The keys are neither a JWK set nor PEM, or not of P-256 or RSA.
    #[error(
        "public keys are a JWK set or one PEM (BEGIN PUBLIC KEY) of P-256 or RSA, of at most {MOST_KEYS_BYTES} bytes"
    )]
    Keys,
    /// It is not a detached JWS.
    #[error("a signature is a JWS in compact form whose payload is left out (header..signature)")]
    Form,
    /// The header asks for something else than ES256 or RS256 over the body.
    #[error("the signature is not by ES256 or RS256, or its header has extensions that are not known here")]
    Algorithm,
    /// None of the keys is the one that the header names.
    #[error("none of the public keys is the one that the signature names")]
    UnknownKey,
    /// It is not that of the body.
    #[error("the signature is not that of this body")]
    Wrong,
}

/// The header of a JWS, as far as it matters here; whatever else it says is not believed, such as a key that it brings itself.
#[derive(Deserialize)]
struct Header {
    alg: Algorithm,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

/// Whether keys can be used.
///
/// # Errors
/// [`SignatureError::Keys`].
pub fn check_keys(keys: &str) -> Result<(), SignatureError> {
    if keys.len() > MOST_KEYS_BYTES {
        return Err(SignatureError::Keys);
    }
    if keys.trim_start().starts_with('{') {
        let set = serde_json::from_str::<JwkSet>(keys).map_err(|_| SignatureError::Keys)?;
        let is_fine = |key| {
            DecodingKey::from_jwk(key)
                .is_ok_and(|key| matches!(key.family(), AlgorithmFamily::Ec | AlgorithmFamily::Rsa))
        };
        return if !set.keys.is_empty() && set.keys.iter().all(is_fine) { Ok(()) } else { Err(SignatureError::Keys) };
    }
    let bytes = keys.as_bytes();
    let is_fine = DecodingKey::from_ec_pem(bytes).is_ok() || DecodingKey::from_rsa_pem(bytes).is_ok();
    if is_fine { Ok(()) } else { Err(SignatureError::Keys) }
}

/// Whether `jws`, which is detached, is a signature over `body` by one of `keys`: the one that its `kid` names, or the only one.
///
/// # Errors
/// [`SignatureError`] where it is not.
pub fn check_signature(keys: &str, jws: &str, body: &[u8]) -> Result<(), SignatureError> {
    if jws.len() > MOST_JWS_BYTES {
        return Err(SignatureError::Form);
    }
    let mut parts = jws.split('.');
    let (Some(protected), Some(""), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(SignatureError::Form);
    };
    let header = URL_SAFE_NO_PAD.decode(protected).map_err(|_| SignatureError::Form)?;
    let header: Header = serde_json::from_slice(&header).map_err(|_| SignatureError::Algorithm)?;
    if header.crit.is_some() || !matches!(header.alg, Algorithm::ES256 | Algorithm::RS256) {
        return Err(SignatureError::Algorithm);
    }
    let key = find(keys, &header)?;
    let message = format!("{protected}.{}", URL_SAFE_NO_PAD.encode(body));
    match crypto::verify(signature, message.as_bytes(), &key, header.alg) {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(SignatureError::Wrong),
    }
}

fn find(keys: &str, header: &Header) -> Result<DecodingKey, SignatureError> {
    let key = if keys.trim_start().starts_with('{') {
        let set = serde_json::from_str::<JwkSet>(keys).map_err(|_| SignatureError::Keys)?;
        let named = match (&header.kid, set.keys.as_slice()) {
            (Some(kid), _) => set.find(kid),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        DecodingKey::from_jwk(named.ok_or(SignatureError::UnknownKey)?)
    } else if header.alg == Algorithm::ES256 {
        DecodingKey::from_ec_pem(keys.as_bytes())
    } else {
        DecodingKey::from_rsa_pem(keys.as_bytes())
    };
    key.ok().filter(|key| key.family() == family(header.alg)).ok_or(SignatureError::UnknownKey)
}

fn family(algorithm: Algorithm) -> AlgorithmFamily {
    if algorithm == Algorithm::RS256 { AlgorithmFamily::Rsa } else { AlgorithmFamily::Ec }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::IssuerKey;
    use jsonwebtoken::EncodingKey;

    fn sign(pem: &str, header: &str, body: &[u8]) -> String {
        let protected = URL_SAFE_NO_PAD.encode(header);
        let message = format!("{protected}.{}", URL_SAFE_NO_PAD.encode(body));
        let key = EncodingKey::from_ec_pem(pem.as_bytes()).unwrap();
        format!("{protected}..{}", crypto::sign(message.as_bytes(), &key, Algorithm::ES256).unwrap())
    }

    #[test]
    fn a_body_is_believed_as_it_was_signed_and_not_otherwise() {
        let pem = IssuerKey::generate_pem().unwrap();
        let keys = IssuerKey::from_pem(&pem).unwrap().public().to_json().unwrap();
        check_keys(&keys).unwrap();
        let jws = sign(&pem, r#"{"alg":"ES256"}"#, b"body");
        assert_eq!(check_signature(&keys, &jws, b"body"), Ok(()));
        assert_eq!(check_signature(&keys, &jws, b"other"), Err(SignatureError::Wrong));
        let other = IssuerKey::from_pem(&IssuerKey::generate_pem().unwrap()).unwrap().public().to_json().unwrap();
        assert_eq!(check_signature(&other, &jws, b"body"), Err(SignatureError::Wrong));
        let foreign = sign(&pem, r#"{"alg":"ES256","kid":"another"}"#, b"body");
        assert_eq!(check_signature(&keys, &foreign, b"body"), Err(SignatureError::UnknownKey));
    }

    #[test]
    fn what_is_no_such_signature_is_refused() {
        let pem = IssuerKey::generate_pem().unwrap();
        let keys = IssuerKey::from_pem(&pem).unwrap().public().to_json().unwrap();
        let extended = sign(&pem, r#"{"alg":"ES256","crit":["b64"],"b64":false}"#, b"body");
        let symmetric = sign(&pem, r#"{"alg":"HS256"}"#, b"body");
        let none = sign(&pem, r#"{"alg":"none"}"#, b"body");
        for jws in [extended, symmetric, none] {
            assert_eq!(check_signature(&keys, &jws, b"body"), Err(SignatureError::Algorithm), "{jws}");
        }
        let rsa = sign(&pem, r#"{"alg":"RS256"}"#, b"body");
        assert_eq!(check_signature(&keys, &rsa, b"body"), Err(SignatureError::UnknownKey));
        for jws in ["", "..", "a.b.c", "a..b.c", "%..c"] {
            assert!(check_signature(&keys, jws, b"body").is_err(), "{jws}");
        }
        for keys in ["", "{}", r#"{"keys":[]}"#, "-----BEGIN PUBLIC KEY-----", &pem] {
            assert_eq!(check_keys(keys), Err(SignatureError::Keys), "{keys}");
        }
    }
}
