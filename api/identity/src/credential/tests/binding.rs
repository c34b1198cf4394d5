use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{ISSUER, NOW_MS, encoded, key, part, statement};
use crate::credential::{
    BindingError, Challenge, HolderKey, HolderKeyError, IssuerKey, SelectiveError, Statement, StatementError,
    TokenError, present, verify_bound, verify_selective, verify_vc,
};

const CHALLENGE: Challenge<'static> = Challenge { audience: "https://border.example", nonce: "n-7f3a91c2" };

/// Somebody who holds a credential: his pair of keys.
struct Holder {
    secret: EncodingKey,
    public: HolderKey,
}

impl Holder {
    fn new() -> Self {
        let secret = IssuerKey::generate_pem().unwrap();
        let public = IssuerKey::from_pem(&secret).unwrap().public().to_json().unwrap();
        let public: Value = serde_json::from_str(&public).unwrap();
        let public = HolderKey::from_jwk(public["keys"][0].as_object().unwrap()).unwrap();
        Self { secret: EncodingKey::from_ec_pem(secret.as_bytes()).unwrap(), public }
    }

    /// Signs as a wallet does.
    fn sign(&self, kind: &str, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(kind.to_owned());
        encode(&header, claims, &self.secret).unwrap()
    }

    /// The proof for what is presented, as RFC 9901 has it.
    fn prove(&self, presented: &str, change: impl FnOnce(&mut Value)) -> String {
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(presented));
        let mut claims = json!({
            "aud": CHALLENGE.audience, "nonce": CHALLENGE.nonce, "iat": NOW_MS / 1000, "sd_hash": hash,
        });
        change(&mut claims);
        format!("{presented}{}", self.sign("kb+jwt", &claims))
    }
}

fn bound(holder: &Holder) -> Statement {
    Statement { holder: Some(holder.public.clone()), ..statement() }
}

#[test]
fn who_has_the_key_shows_a_selective_credential_and_nobody_else() {
    let (key, holder, thief) = (key(), Holder::new(), Holder::new());
    let token = bound(&holder).sign_selective(&key).unwrap();
    assert_eq!(part(token.split('~').next().unwrap(), 1)["cnf"], json!({ "jwk": holder.public.jwk() }));
    let presented = present(&token, &["over_18"]).unwrap();
    let verify = |token: &str| verify_bound(&key.public(), ISSUER, token, &CHALLENGE, NOW_MS);
    let shown = verify(&holder.prove(&presented, |_| ())).unwrap();
    assert_eq!((Value::Object(shown.claims), shown.holder), (json!({ "over_18": true }), Some(holder.public.clone())));
    let stolen = verify(&thief.prove(&presented, |_| ())).unwrap_err();
    assert!(matches!(stolen, SelectiveError::Binding(BindingError::Token(TokenError::Signature(_)))), "{stolen}");
    assert!(matches!(verify(&presented), Err(SelectiveError::Unproven)));
    let bare = verify_selective(&key.public(), ISSUER, &presented, NOW_MS);
    assert!(matches!(bare, Err(SelectiveError::KeyBound)), "without a question there is no answer");
    let proven = verify_selective(&key.public(), ISSUER, &holder.prove(&presented, |_| ()), NOW_MS);
    assert!(matches!(proven, Err(SelectiveError::KeyBound)));
    assert!(matches!(present(&holder.prove(&token, |_| ()), &[]), Err(SelectiveError::StrayProof)));
}

#[test]
fn a_credential_that_is_bound_to_none_is_not_shown_by_a_key() {
    let (key, holder) = (key(), Holder::new());
    let token = statement().sign_selective(&key).unwrap();
    let proven = holder.prove(&token, |_| ());
    let bound = verify_bound(&key.public(), ISSUER, &proven, &CHALLENGE, NOW_MS);
    assert!(matches!(bound, Err(SelectiveError::Unproven)));
    let selective = verify_selective(&key.public(), ISSUER, &proven, NOW_MS);
    assert!(matches!(selective, Err(SelectiveError::StrayProof)));
}

#[test]
fn a_proof_for_another_verifier_question_or_credential_is_none() {
    let (key, holder) = (key(), Holder::new());
    let token = bound(&holder).sign_selective(&key).unwrap();
    let presented = present(&token, &["over_18"]).unwrap();
    let refused = |token: &str| match verify_bound(&key.public(), ISSUER, token, &CHALLENGE, NOW_MS) {
        Err(SelectiveError::Binding(why)) => why,
        other => panic!("{other:?}"),
    };
    let changed = |name: &str, value: Value| refused(&holder.prove(&presented, |claims| claims[name] = value));
    assert!(matches!(changed("aud", json!("https://shop.example")), BindingError::Audience));
    assert!(matches!(changed("nonce", json!("n-0")), BindingError::Nonce));
    assert!(matches!(changed("sd_hash", json!(URL_SAFE_NO_PAD.encode([0; 32]))), BindingError::Hash));
    for name in ["aud", "nonce", "sd_hash", "iat"] {
        for value in [Value::Null, json!(-1), json!([CHALLENGE.audience])] {
            let why = changed(name, value);
            assert!(matches!(why, BindingError::Field(other) if other == name), "{name}: {why}");
        }
    }
    let more = present(&token, &["over_18", "name"]).unwrap();
    let proof = holder.prove(&presented, |_| ());
    let proof = &proof[presented.len()..];
    assert!(matches!(refused(&format!("{more}{proof}")), BindingError::Hash), "he agreed to show less");
    let claims = json!({ "aud": CHALLENGE.audience, "nonce": CHALLENGE.nonce, "iat": NOW_MS / 1000 });
    let other_type = refused(&format!("{presented}{}", holder.sign("JWT", &claims)));
    assert!(matches!(other_type, BindingError::Token(TokenError::Type { wanted: "kb+jwt", .. })), "{other_type}");
    let unsigned = format!("{}.{}.", encoded(&json!({ "typ": "kb+jwt", "alg": "none" })), encoded(&claims));
    assert!(matches!(refused(&format!("{presented}{unsigned}")), BindingError::Token(_)));
    let nothing = Challenge { nonce: "", ..CHALLENGE };
    let asked = verify_bound(&key.public(), ISSUER, &holder.prove(&presented, |_| ()), &nothing, NOW_MS);
    assert!(matches!(asked, Err(SelectiveError::Binding(BindingError::Challenge))));
}

#[test]
fn a_proof_is_of_the_last_minutes() {
    let (key, holder) = (key(), Holder::new());
    let presented = present(&bound(&holder).sign_selective(&key).unwrap(), &[]).unwrap();
    let now_s = NOW_MS / 1000;
    let verify = |name: &str, at_s: u64| {
        let proven = holder.prove(&presented, |claims| claims[name] = json!(at_s));
        verify_bound(&key.public(), ISSUER, &proven, &CHALLENGE, NOW_MS).map(|_| ())
    };
    for at_s in [now_s - 360, now_s, now_s + 60] {
        verify("iat", at_s).unwrap();
    }
    verify("exp", now_s).unwrap();
    verify("nbf", now_s).unwrap();
    for (name, at_s) in [
        ("iat", now_s - 361),
        ("iat", now_s + 61),
        ("iat", u64::MAX),
        ("iat", 0),
        ("exp", now_s - 60),
        ("nbf", now_s + 61),
    ] {
        let why = verify(name, at_s);
        assert!(matches!(why, Err(SelectiveError::Binding(BindingError::Time { .. }))), "{name} {at_s}: {why:?}");
    }
}

#[test]
fn a_verifiable_credential_names_the_key_that_it_is_bound_to() {
    let (key, holder, other) = (key(), Holder::new(), Holder::new());
    let did = holder.public.did();
    let named = Statement { subject: did.clone(), ..bound(&holder) };
    let token = named.sign_vc(&key).unwrap();
    let said = part(&token, 1);
    assert_eq!((&said["credentialSubject"]["id"], &said["cnf"]["jwk"]), (&json!(did), &holder.public.jwk()));
    assert_eq!(verify_vc(&key.public(), ISSUER, &token, NOW_MS).unwrap(), named);
    let written = URL_SAFE_NO_PAD.decode(did.strip_prefix("did:jwk:").unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), holder.public.jwk());
    for mixed in
        [Statement { holder: Some(other.public.clone()), ..named.clone() }, Statement { holder: None, ..named.clone() }]
    {
        let token = mixed.sign_vc(&key).unwrap();
        let refused = verify_vc(&key.public(), ISSUER, &token, NOW_MS).unwrap_err();
        assert!(matches!(refused, TokenError::Statement(StatementError::Field("cnf"))), "{refused}");
    }
}

#[test]
fn keys_to_which_nothing_can_be_bound_are_refused_by_name() {
    let good = Holder::new().public.jwk();
    let with = |name: &str, value: Value| {
        let mut jwk = good.as_object().unwrap().clone();
        jwk.insert(name.to_owned(), value);
        HolderKey::from_jwk(&jwk).unwrap_err()
    };
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(good[name].as_str().unwrap()).unwrap();
    assert_eq!(with("kty", json!("RSA")), HolderKeyError::Kind);
    assert_eq!(with("kty", Value::Null), HolderKeyError::Kind);
    for curve in ["P-384", "P-521", "secp256k1", "p-256", ""] {
        assert_eq!(with("crv", json!(curve)), HolderKeyError::Curve);
    }
    for secret in ["d", "k", "p", "q", "dp", "dq", "qi", "oth"] {
        assert_eq!(with(secret, json!("c2VjcmV0")), HolderKeyError::Private(secret));
    }
    for name in ["x", "y"] {
        let bytes = coordinate(name);
        let padded = format!("{}=", good[name].as_str().unwrap());
        let longer = URL_SAFE_NO_PAD.encode([&[0][..], &bytes].concat());
        for value in [json!(URL_SAFE_NO_PAD.encode(&bytes[1..])), json!(longer), json!(padded), json!(""), json!(7)] {
            assert_eq!(with(name, value), HolderKeyError::Coordinate(name));
        }
        let mut moved = bytes;
        moved[31] ^= 1;
        assert_eq!(with(name, json!(URL_SAFE_NO_PAD.encode(moved))), HolderKeyError::OffCurve, "{name}");
    }
    let origin = json!(URL_SAFE_NO_PAD.encode([0; 32]));
    let mut nowhere = good.as_object().unwrap().clone();
    nowhere.extend([("x".to_owned(), origin.clone()), ("y".to_owned(), origin)]);
    assert_eq!(HolderKey::from_jwk(&nowhere), Err(HolderKeyError::OffCurve));
    assert_eq!(with("use", json!("enc")), HolderKeyError::Purpose("use"));
    assert_eq!(with("alg", json!("ES384")), HolderKeyError::Purpose("alg"));
    assert_eq!(with("key_ops", json!(["sign"])), HolderKeyError::Purpose("key_ops"));
    assert!(matches!(with("kid", json!("a".repeat(1_000))), HolderKeyError::TooLong { bytes: 1_001.. }));
    assert_eq!(HolderKey::from_jwk(&Map::new()), Err(HolderKeyError::Kind));
}

#[test]
fn of_a_key_only_its_point_is_signed() {
    let good = Holder::new().public;
    let mut jwk = good.jwk().as_object().unwrap().clone();
    let said = [("kid", json!("Zoë's telephone")), ("use", json!("sig")), ("key_ops", json!(["verify"]))];
    jwk.extend(said.map(|(name, value)| (name.to_owned(), value)));
    let read = HolderKey::from_jwk(&jwk).unwrap();
    assert_eq!(read, good);
    assert_eq!(format!("{read:?}"), "HolderKey");
}
