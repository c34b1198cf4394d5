use serde_json::{Map, Value, json};

use super::{ISSUER, NOW_MS, encoded, key, part, statement};
use crate::credential::{SelectiveError, StatementError, TokenError, present, verify_selective};

#[test]
fn a_holder_who_shows_all_shows_the_statement() {
    let key = key();
    let token = statement().sign_selective(&key).unwrap();
    let shown = verify_selective(&key.public(), ISSUER, &token, NOW_MS).unwrap();
    assert_eq!(
        (shown.issuer, shown.subject, shown.kind),
        (ISSUER.to_owned(), Some(statement().subject), statement().kind)
    );
    assert_eq!((shown.from_unix_s, shown.until_unix_s), (statement().from_unix_s, statement().until_unix_s));
    assert_eq!(shown.claims, statement().claims);
}

#[test]
fn only_what_is_shown_can_be_read() {
    let key = key();
    let token = statement().sign_selective(&key).unwrap();
    assert_eq!(part(&token, 0), json!({"typ": "dc+sd-jwt", "alg": "ES256", "kid": key.id()}));
    let signed = part(token.split('~').next().unwrap(), 1);
    let mut names: Vec<&String> = signed.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["_sd", "_sd_alg", "exp", "iss", "nbf", "vct"]);
    assert_eq!(signed["_sd"].as_array().unwrap().len(), 5);

    let presented = present(&token, &["over_18"]).unwrap();
    let shown = verify_selective(&key.public(), ISSUER, &presented, NOW_MS).unwrap();
    assert_eq!((shown.subject, Value::Object(shown.claims)), (None, json!({"over_18": true})));
    assert_eq!(presented.matches('~').count(), 2);

    let nothing = present(&token, &[]).unwrap();
    assert_eq!(verify_selective(&key.public(), ISSUER, &nothing, NOW_MS).unwrap().claims, Map::new());
    let subject = present(&token, &["sub"]).unwrap();
    let subject = verify_selective(&key.public(), ISSUER, &subject, NOW_MS).unwrap().subject;
    assert_eq!(subject, Some(statement().subject));
}

#[test]
fn what_is_not_there_cannot_be_shown() {
    let token = statement().sign_selective(&key()).unwrap();
    for name in ["height", "address/city", ""] {
        assert!(matches!(present(&token, &[name]), Err(SelectiveError::NoClaim(other)) if other == name));
    }
    let presented = present(&token, &["over_18"]).unwrap();
    assert!(matches!(present(&presented, &["name"]), Err(SelectiveError::NoClaim(_))));
    assert!(present("", &[]).is_err() && present("a.b.c", &[]).is_err());
}

#[test]
fn two_credentials_of_the_same_person_have_no_digest_in_common() {
    let key = key();
    let digests = || {
        let token = statement().sign_selective(&key).unwrap();
        part(token.split('~').next().unwrap(), 1)["_sd"].as_array().unwrap().clone()
    };
    let (one, other) = (digests(), digests());
    assert!(one.iter().all(|digest| !other.contains(digest)));
}

#[test]
fn a_disclosure_that_was_altered_added_or_repeated_is_refused() {
    let key = key();
    let (token, other) = (statement().sign_selective(&key).unwrap(), statement().sign_selective(&key).unwrap());
    let refused = |token: &str| verify_selective(&key.public(), ISSUER, token, NOW_MS).unwrap_err();
    let presented = present(&token, &["over_18"]).unwrap();
    let disclosure = presented.split('~').nth(1).unwrap();

    let older = encoded(&json!(["c2FsdHNhbHRzYWx0c2FsdA", "over_18", true]));
    assert!(matches!(refused(&presented.replace(disclosure, &older)), SelectiveError::Disclosures(_)));
    let foreign = present(&other, &["name"]).unwrap();
    let added = format!("{presented}{}~", foreign.split('~').nth(1).unwrap());
    assert!(matches!(refused(&added), SelectiveError::Disclosures(_)));
    assert!(matches!(refused(&format!("{presented}{disclosure}~")), SelectiveError::Disclosure));
    for name in ["iss", "exp", "_sd", "...", "cnf"] {
        let reserved = encoded(&json!(["c2FsdHNhbHRzYWx0c2FsdA", name, true]));
        assert!(matches!(refused(&format!("{presented}{reserved}~")), SelectiveError::Disclosure));
    }
    let many = format!("{presented}{}", format!("{disclosure}~").repeat(300));
    assert!(matches!(refused(&many), SelectiveError::TooMany { disclosures: 301 }));
}

#[test]
fn a_selective_credential_of_another_key_time_or_issuer_is_refused() {
    let (key, other) = (key(), key());
    let token = statement().sign_selective(&key).unwrap();
    let token_error = |result| match result {
        Err(SelectiveError::Token(why)) => why,
        other => panic!("{other:?}"),
    };
    let unknown = token_error(verify_selective(&other.public(), ISSUER, &token, NOW_MS));
    assert!(matches!(unknown, TokenError::UnknownKey));
    let late = token_error(verify_selective(&key.public(), ISSUER, &token, NOW_MS * 2));
    assert!(matches!(late, TokenError::Statement(StatementError::Expired { .. })));
    let early = token_error(verify_selective(&key.public(), ISSUER, &token, 0));
    assert!(matches!(early, TokenError::Statement(StatementError::NotYet { .. })));
    let issuer = token_error(verify_selective(&key.public(), "https://other.example", &token, NOW_MS));
    assert!(matches!(issuer, TokenError::Statement(StatementError::Issuer(_))));
}

#[test]
fn a_signed_part_that_was_altered_is_refused() {
    let key = key();
    let token = statement().sign_selective(&key).unwrap();
    let signed = token.split('~').next().unwrap().len();
    for at in 0..signed {
        let mut altered = token.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        assert!(verify_selective(&key.public(), ISSUER, &altered, NOW_MS).is_err(), "{at}");
    }
}
