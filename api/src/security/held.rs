//! A set of public keys in memory.

use std::sync::Arc;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// The moduli of RSA keys that are believed, in bytes: shorter ones can be broken, longer ones make every request slow.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=512;

/// A public key that can be used.
#[derive(Debug)]
pub(super) struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    pub(super) decoding: DecodingKey,
}

/// The keys of an issuer that can be used.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<Arc<Key>>);

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl Keys {
    /// The most keys of a set; issuers have two or three.
    pub(super) const MOST: usize = 64;

    /// The most bytes of a set: 64 keys with their chains of certificates.
    pub(super) const MAX_BYTES: u64 = 1 << 20;

    /// The keys of a key set; those that are not for RS256 or ES256 are left out. Nothing where it is no key set.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let document: Document = serde_json::from_slice(bytes).ok()?;
        if document.keys.len() > Self::MOST {
            return None;
        }
        let keys = document.keys.into_iter().filter_map(|value| serde_json::from_value(value).ok());
        Some(Self(keys.filter_map(|jwk: Jwk| usable(&jwk)).map(Arc::new).collect()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key of this id for this algorithm; without an id the only one for it.
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<Arc<Key>> {
        let mut fitting = self.0.iter().filter(|key| key.algorithm == algorithm);
        match id {
            Some(id) => fitting.find(|key| key.id.as_deref() == Some(id)).map(Arc::clone),
            None => match (fitting.next(), fitting.next()) {
                (Some(only), None) => Some(Arc::clone(only)),
                (None | Some(_), _) => None,
            },
        }
    }
}

/// The key, where it is one that verifies signatures by RS256 or ES256.
fn usable(jwk: &Jwk) -> Option<Key> {
    let algorithm = algorithm(&jwk.algorithm)?;
    let stated = jwk.common.key_algorithm;
    let for_it = stated.is_none() || stated == Some(KeyAlgorithm::from(algorithm));
    let for_signatures = matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let verifies = jwk.common.key_operations.as_ref().is_none_or(|all| all.contains(&KeyOperations::Verify));
    if !(for_it && for_signatures && verifies) {
        return None;
    }
    let decoding = DecodingKey::from_jwk(jwk).ok()?;
    Some(Key { id: jwk.common.key_id.clone(), algorithm, decoding })
}

/// What a key can be used for by its kind and size.
fn algorithm(parameters: &AlgorithmParameters) -> Option<Algorithm> {
    if let AlgorithmParameters::RSA(rsa) = parameters {
        // Four letters of base64 are three bytes.
        let bytes = rsa.n.trim_end_matches('=').len() * 3 / 4;
        return RSA_BYTES.contains(&bytes).then_some(Algorithm::RS256);
    }
    if let AlgorithmParameters::EllipticCurve(curve) = parameters {
        return (curve.curve == EllipticCurve::P256).then_some(Algorithm::ES256);
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::security::tests::issuer::{es256_jwk, rs256_jwk};

    fn with(mut jwk: Value, field: &str, value: Value) -> Value {
        jwk[field] = value;
        jwk
    }

    fn kept(keys: &[Value]) -> Keys {
        Keys::parse(json!({ "keys": keys }).to_string().as_bytes()).expect("a key set")
    }

    #[test]
    fn keys_are_found_by_id_and_algorithm() {
        let keys = kept(&[rs256_jwk("a"), es256_jwk("b"), es256_jwk("c")]);
        assert!(keys.find(Some("a"), Algorithm::RS256).is_some());
        assert!(keys.find(Some("a"), Algorithm::ES256).is_none(), "an RSA key verifies no ES256");
        assert!(keys.find(Some("d"), Algorithm::ES256).is_none());
        assert!(keys.find(None, Algorithm::RS256).is_some(), "there is one only");
        assert!(keys.find(None, Algorithm::ES256).is_none(), "there are two");
    }

    #[test]
    fn keys_for_other_things_are_left_out() {
        let others = [
            with(rs256_jwk("a"), "use", json!("enc")),
            with(rs256_jwk("a"), "alg", json!("RS512")),
            with(rs256_jwk("a"), "key_ops", json!(["encrypt"])),
            with(rs256_jwk("a"), "n", json!("AQAB")),
            with(es256_jwk("a"), "crv", json!("secp256k1")),
            json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "a", "alg": "HS256" }),
            json!("no key"),
        ];
        for other in others {
            assert!(kept(std::slice::from_ref(&other)).is_empty(), "{other}");
        }
    }

    #[test]
    fn what_is_no_key_set_is_refused_and_an_empty_one_is_not() {
        for wrong in ["", "[]", "{}", "{\"keys\":{}}"] {
            assert!(Keys::parse(wrong.as_bytes()).is_none(), "{wrong}");
        }
        let many = vec![json!({}); Keys::MOST + 1];
        assert!(Keys::parse(json!({ "keys": many }).to_string().as_bytes()).is_none());
        assert!(kept(&[]).is_empty());
    }
}
