//! Tokens that are believed, and all those that are not.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::issuer::{Signer, claims, key_set, now, settings, write_keys};
use crate::security::{By, Client, KeySource, Role, Roles, TokenError, TokenSettings, Verifier};

/// `{"alg":"none"}` in base64.
const NO_ALGORITHM: &str = "eyJhbGciOiJub25lIn0";

struct Setup {
    _folder: TempDir,
    signer: Signer,
    verifier: Verifier,
}

fn setup_with(signer: Signer, change: impl FnOnce(&mut TokenSettings)) -> Setup {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(KeySource::File(write_keys(folder.path(), &[&signer])));
    change(&mut settings);
    Setup { verifier: Verifier::open(&settings).unwrap(), signer, _folder: folder }
}

fn setup() -> Setup {
    setup_with(Signer::es256("a"), |_| ())
}

impl Setup {
    async fn verify(&self, other: Value) -> Result<Client, TokenError> {
        self.verifier.verify(&self.signer.token(&claims(&other))).await
    }

    async fn roles(&self, other: Value) -> Roles {
        self.verify(other).await.unwrap().roles
    }
}

#[tokio::test]
async fn tokens_of_both_algorithms_are_believed() {
    for signer in [Signer::es256("a"), Signer::rs256("b")] {
        let client = setup_with(signer, |_| ()).verify(json!({})).await.unwrap();
        assert_eq!((client.name.as_str(), client.by), ("station-7", By::Token));
        assert_eq!(client.roles, Roles::from_iter([Role::Enrol]));
    }
}

#[tokio::test]
async fn times_count_with_the_leeway() {
    let setup = setup();
    assert!(setup.verify(json!({ "exp": now() - 10 })).await.is_ok());
    assert_eq!(setup.verify(json!({ "exp": now() - 40 })).await, Err(TokenError::Expired));
    assert!(setup.verify(json!({ "nbf": now() + 10 })).await.is_ok());
    assert_eq!(setup.verify(json!({ "nbf": now() + 60 })).await, Err(TokenError::NotYetValid));
    assert_eq!(setup.verify(json!({ "exp": null })).await, Err(TokenError::Claim("exp".to_owned())));
    assert_eq!(setup.verify(json!({ "exp": "tomorrow" })).await, Err(TokenError::Claim("exp".to_owned())));
    assert_eq!(setup.verify(json!({ "nbf": "tomorrow" })).await, Err(TokenError::Claim("nbf".to_owned())));
}

#[tokio::test]
async fn tokens_of_others_or_for_others_are_refused() {
    let setup = setup();
    assert_eq!(setup.verify(json!({ "iss": "https://elsewhere.example" })).await, Err(TokenError::Issuer));
    assert_eq!(setup.verify(json!({ "iss": null })).await, Err(TokenError::Claim("iss".to_owned())));
    assert_eq!(setup.verify(json!({ "aud": "other" })).await, Err(TokenError::Audience));
    assert_eq!(setup.verify(json!({ "aud": null })).await, Err(TokenError::Claim("aud".to_owned())));
    assert!(setup.verify(json!({ "aud": ["other", "whorl"] })).await.is_ok());
}

#[tokio::test]
async fn no_algorithm_but_two_is_taken() {
    let setup = setup_with(Signer::rs256("a"), |_| ());
    let claims = claims(&json!({}));
    let good = setup.signer.token(&claims);
    let payload = good.split('.').nth(1).unwrap();
    for unsigned in [format!("{NO_ALGORITHM}.{payload}."), format!("{NO_ALGORITHM}.{payload}.AAAA")] {
        assert_eq!(setup.verifier.verify(&unsigned).await, Err(TokenError::Malformed));
    }
    let header = |algorithm| Header { kid: Some("a".to_owned()), ..Header::new(algorithm) };
    let other = jsonwebtoken::encode(&header(Algorithm::RS512), &claims, &setup.signer.key).unwrap();
    assert_eq!(setup.verifier.verify(&other).await, Err(TokenError::Algorithm));
    // The public key is known to everybody: it must never be taken for a shared secret.
    let public = key_set(&[&setup.signer]);
    let modulus = setup.signer.jwk()["n"].as_str().unwrap().to_owned();
    for secret in [public, modulus] {
        let key = EncodingKey::from_secret(secret.as_bytes()).unwrap();
        let shared = jsonwebtoken::encode(&header(Algorithm::HS256), &claims, &key).unwrap();
        assert_eq!(setup.verifier.verify(&shared).await, Err(TokenError::Algorithm));
    }
}

#[tokio::test]
async fn a_key_verifies_only_by_its_own_algorithm_and_id() {
    let setup = setup();
    let claims = claims(&json!({}));
    let same_id = Signer::es256("a");
    assert_eq!(setup.verifier.verify(&same_id.token(&claims)).await, Err(TokenError::Signature));
    assert_eq!(setup.verifier.verify(&Signer::es256("b").token(&claims)).await, Err(TokenError::UnknownKey));
    assert_eq!(setup.verifier.verify(&Signer::rs256("a").token(&claims)).await, Err(TokenError::UnknownKey));
    let without_id = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &setup.signer.key).unwrap();
    assert!(setup.verifier.verify(&without_id).await.is_ok(), "there is one key only");
}

#[tokio::test]
async fn whatever_is_changed_in_a_token_is_noticed() {
    let setup = setup();
    let good = setup.signer.token(&claims(&json!({})));
    let payload_of = |token: &str| token.split('.').nth(1).unwrap().to_owned();
    let admin = payload_of(&setup.signer.token(&claims(&json!({ "roles": ["admin"] }))));
    let swapped = good.replace(&payload_of(&good), &admin);
    assert_eq!(setup.verifier.verify(&swapped).await, Err(TokenError::Signature));
    // The last letter of a signature of 64 bytes carries two bits that mean nothing, so that one stays as it is.
    for at in (0..good.len() - 1).filter(|at| good.as_bytes()[*at] != b'.') {
        let mut changed = good.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(setup.verifier.verify(&changed).await.is_err(), "a change at {at} went unnoticed");
    }
}

#[tokio::test]
async fn rubbish_is_refused_and_never_repeated() {
    let setup = setup();
    let long = "HIDDEN".repeat(4_000);
    let rubbish =
        ["", ".", "..", "HIDDEN", "HIDDEN.HIDDEN.HIDDEN", "eyJhbGciOiJFUzI1NiJ9.HIDDEN.HIDDEN", "Ä.Ö.Ü", &long];
    for token in rubbish {
        let error = setup.verifier.verify(token).await.unwrap_err();
        assert!(!format!("{error:?} {error}").contains("HIDDEN"));
    }
    assert_eq!(setup.verifier.verify(&long).await, Err(TokenError::TooLong { bytes: long.len() }));
    let expired = setup.signer.token(&claims(&json!({ "exp": 1, "sub": "HIDDEN" })));
    let error = setup.verifier.verify(&expired).await.unwrap_err();
    assert!(!format!("{error:?} {error} {:?}", setup.verifier).contains(&expired[..20]));
}

#[tokio::test]
async fn roles_are_read_from_arrays_texts_and_within_other_claims() {
    let setup = setup();
    let both = Roles::from_iter([Role::Enrol, Role::Audit]);
    assert_eq!(setup.roles(json!({ "roles": ["enrol", "audit", "of another server", 7] })).await, both);
    assert_eq!(setup.roles(json!({ "roles": "enrol  audit Admin" })).await, both);
    for nothing in [json!(null), json!([]), json!(7), json!({ "admin": true }), json!(["ADMIN"])] {
        assert_eq!(setup.roles(json!({ "roles": nothing })).await, Roles::NONE);
    }
    let nested = setup_with(Signer::es256("a"), |settings| settings.roles_claim = "realm_access.roles".to_owned());
    assert_eq!(nested.roles(json!({ "realm_access": { "roles": ["audit"] } })).await, Roles::from_iter([Role::Audit]));
    assert_eq!(nested.roles(json!({ "realm_access.roles": "audit" })).await, Roles::from_iter([Role::Audit]));
}

#[tokio::test]
async fn with_names_of_the_issuers_own_only_those_count() {
    let named = setup_with(Signer::es256("a"), |settings| {
        settings.role_names.insert("abis-capture".to_owned(), vec![Role::Enrol, Role::Verify]);
    });
    let roles = named.roles(json!({ "roles": ["abis-capture", "admin"] })).await;
    assert_eq!(roles, Roles::from_iter([Role::Enrol, Role::Verify]), "the issuer's \"admin\" is of another server");
}

#[tokio::test]
async fn a_client_without_a_proper_name_is_nobody() {
    let setup = setup_with(Signer::es256("a"), |_| ());
    assert!(setup.verify(json!({})).await.is_ok());
    for name in [json!(null), json!(""), json!(7), json!("a\nb"), json!("a".repeat(257))] {
        let refused = setup.verify(json!({ "sub": name })).await;
        assert_eq!(refused, Err(TokenError::Claim("sub".to_owned())), "{name}");
    }
}
