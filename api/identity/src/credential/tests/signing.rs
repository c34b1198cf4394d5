use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{HOUR_S, ISSUER, NOW_MS, encoded, key, part, statement};
use crate::credential::{
    IssuerKey, PublicKeys, Statement, StatementError, TokenError, verify_compact, verify_selective, verify_vc,
};

type Sign = fn(&Statement, &IssuerKey) -> Result<String, TokenError>;
type Verify = fn(&PublicKeys, &str, &str, u64) -> Result<Statement, TokenError>;

/// What holds for both forms that are shown whole.
const FORMS: [(Sign, Verify); 2] = [(Statement::sign_vc, verify_vc), (Statement::sign_compact, verify_compact)];

#[test]
fn what_is_signed_is_what_is_read() {
    let key = key();
    for (sign, verify) in FORMS {
        let token = sign(&statement(), &key).unwrap();
        assert_eq!(verify(&key.public(), ISSUER, &token, NOW_MS).unwrap(), statement());
    }
}

#[test]
fn a_verifiable_credential_is_as_the_w3c_writes_it() {
    let key = key();
    let token = statement().sign_vc(&key).unwrap();
    assert_eq!(part(&token, 0), json!({"typ": "vc+jwt", "alg": "ES256", "cty": "vc", "kid": key.id()}));
    let wanted = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"],
        "type": ["VerifiableCredential", "IdentityCredential"],
        "issuer": ISSUER,
        "validFrom": "2027-01-15T07:00:00Z",
        "validUntil": "2027-01-15T09:00:00Z",
        "credentialSubject": {
            "id": statement().subject, "name": "Zoë <Ängström> & Sons", "birth_date": "1990-02-28", "over_18": true,
            "address": {"city": "Łódź"},
        },
        "iss": ISSUER,
        "exp": NOW_MS / 1000 + HOUR_S,
    });
    assert_eq!(part(&token, 1), wanted);
}

#[test]
fn a_credential_holds_from_its_first_second_until_its_last() {
    let key = key();
    let (from, until) = (statement().from_unix_s * 1000, statement().until_unix_s * 1000);
    for (sign, verify) in FORMS {
        let token = sign(&statement(), &key).unwrap();
        let at = |now| verify(&key.public(), ISSUER, &token, now);
        assert!(at(from).is_ok() && at(until - 1).is_ok());
        assert!(matches!(at(from - 1), Err(TokenError::Statement(StatementError::NotYet { .. }))));
        assert!(matches!(at(until), Err(TokenError::Statement(StatementError::Expired { .. }))));
    }
}

#[test]
fn another_key_or_another_issuer_is_refused() {
    let (key, other) = (key(), key());
    for (sign, verify) in FORMS {
        let token = sign(&statement(), &key).unwrap();
        assert!(matches!(verify(&other.public(), ISSUER, &token, NOW_MS), Err(TokenError::UnknownKey)));
        // Also where the other key has been given the name of this one.
        let renamed = other.public().to_json().unwrap().replace(other.id(), key.id());
        let renamed = PublicKeys::from_json(&renamed).unwrap();
        assert!(matches!(verify(&renamed, ISSUER, &token, NOW_MS), Err(TokenError::Signature(_))));
        let issuer = verify(&key.public(), "https://other.example", &token, NOW_MS);
        assert!(matches!(issuer, Err(TokenError::Statement(StatementError::Issuer(_)))));
        assert!(verify(&other.public().and(&key.public()), ISSUER, &token, NOW_MS).is_ok());
    }
}

#[test]
fn a_token_that_was_altered_anywhere_is_refused() {
    let key = key();
    for (sign, verify) in FORMS {
        let token = sign(&statement(), &key).unwrap();
        for at in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            // The last character of the signature has bits that are not part of it, and must be 0.
            assert!(verify(&key.public(), ISSUER, &altered, NOW_MS).is_err(), "{at}");
        }
        for end in [0, 1, token.len() / 2, token.len() - 1] {
            assert!(verify(&key.public(), ISSUER, &token[..end], NOW_MS).is_err());
        }
        let mut claims = part(&token, 1);
        claims["exp"] = json!(u64::MAX);
        let parts: Vec<&str> = token.split('.').collect();
        let longer = format!("{}.{}.{}", parts[0], encoded(&claims), parts[2]);
        assert!(matches!(verify(&key.public(), ISSUER, &longer, NOW_MS), Err(TokenError::Signature(_))));
    }
}

#[test]
fn no_other_algorithm_is_accepted() {
    let key = key();
    for (sign, verify) in FORMS {
        let token = sign(&statement(), &key).unwrap();
        let (header, claims) = (part(&token, 0), part(&token, 1));
        // Signed with what is public, as if it were a shared secret.
        let public: Value = serde_json::from_str(&key.public().to_json().unwrap()).unwrap();
        let secret = EncodingKey::from_secret(public["keys"][0]["x"].as_str().unwrap().as_bytes()).unwrap();
        let mut shared: Header = serde_json::from_value(header.clone()).unwrap();
        shared.alg = Algorithm::HS256;
        let shared = encode(&shared, &claims, &secret).unwrap();
        assert!(matches!(verify(&key.public(), ISSUER, &shared, NOW_MS), Err(TokenError::Signature(_))));
        for name in ["none", "ES384", "es256"] {
            let mut header = header.clone();
            header["alg"] = json!(name);
            let signature = token.rsplit('.').next().unwrap();
            for signature in ["", signature] {
                let forged = format!("{}.{}.{signature}", encoded(&header), encoded(&claims));
                assert!(verify(&key.public(), ISSUER, &forged, NOW_MS).is_err(), "{name}");
            }
        }
    }
}

#[test]
fn a_token_of_one_form_does_not_pass_for_another() {
    let key = key();
    let (vc, compact) = (statement().sign_vc(&key).unwrap(), statement().sign_compact(&key).unwrap());
    let public = key.public();
    assert!(matches!(verify_compact(&public, ISSUER, &vc, NOW_MS), Err(TokenError::Type { wanted: "card+jwt", .. })));
    assert!(matches!(verify_vc(&public, ISSUER, &compact, NOW_MS), Err(TokenError::Type { wanted: "vc+jwt", .. })));
    assert!(verify_selective(&public, ISSUER, &format!("{vc}~"), NOW_MS).is_err());
    assert!(matches!(verify_vc(&public, ISSUER, &"a".repeat((1 << 20) + 1), NOW_MS), Err(TokenError::TooLong { .. })));
}

#[test]
fn what_is_no_statement_is_not_signed() {
    let key = key();
    let refused = |change: fn(&mut Statement)| {
        let mut changed = statement();
        change(&mut changed);
        assert!(changed.sign_selective(&key).is_err());
        FORMS.map(|(sign, _)| match sign(&changed, &key) {
            Err(TokenError::Statement(why)) => why,
            other => panic!("{other:?}"),
        })
    };
    let all = |why: StatementError| [why.clone(), why];
    assert_eq!(refused(|s| s.issuer = "no address".to_owned()), all(StatementError::Field("issuer")));
    assert_eq!(refused(|s| s.subject = "5273140941".to_owned()), all(StatementError::Field("subject")));
    assert_eq!(refused(|s| s.kind = "Identity Credential".to_owned()), all(StatementError::Field("kind")));
    assert!(matches!(refused(|s| s.until_unix_s = s.from_unix_s), [StatementError::Validity { .. }, _]));
    assert!(matches!(refused(|s| s.until_unix_s = 253_402_300_800), [StatementError::Validity { .. }, _]));
    for name in ["", "iss", "sub", "id", "_sd", "...", "a/b", "a~b", "naïve", "@id"] {
        let mut changed = statement();
        changed.claims.insert(name.to_owned(), json!(1));
        let why = changed.sign_vc(&key);
        assert!(matches!(why, Err(TokenError::Statement(StatementError::ClaimName(other))) if other == name), "{name}");
    }
    for value in [json!({"_sd": []}), json!([{"...": "x"}]), json!([{}])] {
        let mut changed = statement();
        changed.claims.insert("value".to_owned(), value);
        assert!(matches!(changed.sign_vc(&key), Err(TokenError::Statement(StatementError::ClaimValue(_)))));
    }
    let deep = (0..17).fold(json!(1), |inner, _| json!([inner]));
    let (mut shallow, mut changed) = (statement(), statement());
    shallow.claims.insert("value".to_owned(), deep[0].clone());
    changed.claims.insert("value".to_owned(), deep);
    assert!(shallow.sign_vc(&key).is_ok());
    assert!(matches!(changed.sign_vc(&key), Err(TokenError::Statement(StatementError::ClaimValue(_)))));
    let many = (0..201).map(|index| (format!("claim{index}"), json!(index))).collect();
    changed.claims = many;
    assert!(matches!(changed.sign_vc(&key), Err(TokenError::Statement(StatementError::TooManyClaims { claims: 201 }))));
}
