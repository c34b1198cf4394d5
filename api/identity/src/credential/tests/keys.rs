use serde_json::{Value, json};

use super::key;
use crate::credential::{IssuerKey, KeyError, PublicKeys};

#[test]
fn a_generated_key_is_read_again_and_has_the_same_name() {
    let pem = IssuerKey::generate_pem().unwrap();
    assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    let (one, other) = (IssuerKey::from_pem(&pem).unwrap(), IssuerKey::from_pem(&pem).unwrap());
    assert_eq!((one.id(), one.public()), (other.id(), other.public()));
    assert_ne!(one.id(), key().id());
    assert_eq!(format!("{one:?}"), format!("IssuerKey({:?})", one.id()));
}

#[test]
fn what_is_no_secret_key_of_p256_is_refused() {
    let pem = IssuerKey::generate_pem().unwrap();
    for other in
        ["", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", &pem[..100], &pem.replace("PRIVATE", "PUBLIC")]
    {
        assert!(matches!(IssuerKey::from_pem(other), Err(KeyError::Secret)));
    }
}

#[test]
fn a_published_set_has_all_public_keys_and_no_secret() {
    let (old, new) = (key(), key());
    let keys = new.public().and(&old.public()).and(&old.public());
    let json = keys.to_json().unwrap();
    assert_eq!(PublicKeys::from_json(&json).unwrap(), keys);
    let set: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(set["keys"].as_array().unwrap().len(), 2);
    for (published, key) in set["keys"].as_array().unwrap().iter().zip([&new, &old]) {
        let mut names: Vec<&String> = published.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
        let fixed = (&published["kty"], &published["crv"], &published["alg"], &published["use"], &published["kid"]);
        assert_eq!(fixed, (&json!("EC"), &json!("P-256"), &json!("ES256"), &json!("sig"), &json!(key.id())));
    }
}

#[test]
fn a_set_with_other_keys_or_without_names_of_their_own_is_refused() {
    let one: Value = serde_json::from_str(&key().public().to_json().unwrap()).unwrap();
    let one = &one["keys"][0];
    let changed = |name: &str, value: Value| {
        let mut key = one.clone();
        key[name] = value;
        key
    };
    let read = |keys: Value| PublicKeys::from_json(&json!({ "keys": keys }).to_string());
    assert!(read(json!([one])).is_ok());
    assert!(matches!(read(json!([one, one])), Err(KeyError::Public { index: 1 })));
    assert!(matches!(read(json!([changed("kid", Value::Null)])), Err(KeyError::Public { index: 0 })));
    assert!(matches!(read(json!([changed("crv", json!("P-384"))])), Err(KeyError::Public { index: 0 })));
    assert!(matches!(read(json!([{"kty": "oct", "k": "c2VjcmV0", "kid": "a"}])), Err(KeyError::Public { index: 0 })));
    let many = (0..101).map(|index| changed("kid", json!(index.to_string()))).collect();
    assert!(matches!(read(Value::Array(many)), Err(KeyError::TooLarge { keys: 101, .. })));
    assert!(matches!(PublicKeys::from_json("[]"), Err(KeyError::Set(_))));
}
