use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::{Map, Value, json};

use super::{ISSUER, NOW_MS, key, part, statement};
use crate::credential::signature::{TokenError, sign};
use crate::credential::{
    CredentialStatus, IssuerKey, PublishedList, Statement, StatementError, StatusEntry, StatusError, StatusList,
    StatusPurpose, present, verify_compact, verify_selective, verify_vc,
};

const LIST: &str = "https://id.example/credentials/status/00112233445566778899aabbccddeeff";

fn entry(index: u32) -> StatusEntry {
    StatusEntry { list: LIST.to_owned(), index }
}

/// One in which these are not valid.
fn list(statuses: &[(u32, CredentialStatus)]) -> StatusList {
    let mut list = StatusList::new(LIST.to_owned());
    for (index, status) in statuses {
        list.set(*index, *status);
    }
    list
}

fn listed() -> Statement {
    Statement { status: Some(entry(94_567)), ..statement() }
}

#[test]
fn every_form_names_its_place_as_its_standard_has_it() {
    let key = key();
    let claim = json!({ "status_list": { "idx": 94_567, "uri": LIST } });
    let compact = listed().sign_compact(&key).unwrap();
    assert_eq!(part(&compact, 1)["status"], claim);
    assert_eq!(verify_compact(&key.public(), ISSUER, &compact, NOW_MS).unwrap(), listed());

    let selective = listed().sign_selective(&key).unwrap();
    assert_eq!(part(selective.split('~').next().unwrap(), 1)["status"], claim);
    let nothing = present(&selective, &[]).unwrap();
    let shown = verify_selective(&key.public(), ISSUER, &nothing, NOW_MS).unwrap();
    assert_eq!((shown.status, shown.claims), (Some(entry(94_567)), Map::new()), "its place is always shown");

    let vc = listed().sign_vc(&key).unwrap();
    let wanted = ["revocation", "suspension"].map(|purpose| {
        json!({
            "type": "BitstringStatusListEntry", "statusPurpose": purpose, "statusListIndex": "94567",
            "statusListCredential": format!("{LIST}/{purpose}"),
        })
    });
    assert_eq!(part(&vc, 1)["credentialStatus"], json!(wanted));
    assert_eq!(verify_vc(&key.public(), ISSUER, &vc, NOW_MS).unwrap(), listed());
}

#[test]
fn a_list_says_of_each_place_what_was_said_of_it_in_both_forms() {
    use CredentialStatus::{Revoked, Suspended, Valid};
    let key = key();
    let last = StatusList::ENTRIES - 1;
    let set = [(0, Revoked), (1, Suspended), (7, Suspended), (8, Revoked), (94_567, Revoked), (last, Suspended)];
    let list = list(&set);
    let token = list.sign_token(ISSUER, &key, NOW_MS).unwrap();
    let of_ietf = PublishedList::verify(&key.public(), ISSUER, LIST, &token, NOW_MS).unwrap();
    assert_eq!(of_ietf.ttl_s(), Some(StatusList::TTL_S));
    let of_w3c = StatusPurpose::ALL.map(|purpose| {
        let vc = list.sign_vc(purpose, ISSUER, &key, NOW_MS).unwrap();
        PublishedList::verify(&key.public(), ISSUER, &entry(0).address(purpose), &vc, NOW_MS).unwrap()
    });
    assert_eq!(of_w3c[0].ttl_s(), Some(StatusList::TTL_S));
    for index in (0..32).chain([94_566, 94_567, 94_568, last - 1, last]) {
        let wanted = set.iter().find(|(at, _)| *at == index).map_or(Valid, |(_, status)| *status);
        assert_eq!(of_ietf.status(&entry(index)).unwrap(), wanted, "{index}");
        assert_eq!(PublishedList::status_by(&of_w3c, &entry(index)).unwrap(), wanted, "{index}");
        let said = of_w3c.each_ref().map(|list| list.status(&entry(index)).unwrap());
        let each = StatusPurpose::ALL.map(|purpose| if purpose.status() == wanted { wanted } else { Valid });
        assert_eq!(said, each, "{index}");
    }
    for half in of_w3c.chunks(1) {
        let said = PublishedList::status_by(half, &entry(2));
        assert!(matches!(said, Err(StatusError::Missing(_))), "who has seen one half knows nothing");
    }
    assert!(matches!(PublishedList::status_by(&[], &entry(0)), Err(StatusError::Missing(_))));
    assert_eq!(PublishedList::status_by(std::slice::from_ref(&of_ietf), &entry(1)).unwrap(), Suspended);
    let beyond = entry(StatusList::ENTRIES);
    assert!(matches!(of_ietf.status(&beyond), Err(StatusError::Range { index: 131_072 })));
    assert!(matches!(of_w3c[0].status(&beyond), Err(StatusError::Range { .. })));
    let other = StatusEntry { list: format!("{LIST}0"), index: 0 };
    assert!(matches!(of_ietf.status(&other), Err(StatusError::Address(_))), "of another list it says nothing");
    assert!(matches!(of_w3c[1].status(&other), Err(StatusError::Address(_))));
}

#[test]
fn lists_have_what_their_standards_ask_for() {
    let key = key();
    let now_s = NOW_MS / 1000;
    let token = list(&[]).sign_token(ISSUER, &key, NOW_MS).unwrap();
    assert_eq!(part(&token, 0), json!({ "typ": "statuslist+jwt", "alg": "ES256", "kid": key.id() }));
    let said = part(&token, 1);
    assert_eq!((&said["sub"], &said["iat"], &said["ttl"]), (&json!(LIST), &json!(now_s), &json!(300)));
    assert_eq!((&said["exp"], &said["status_list"]["bits"]), (&json!(now_s + 86_400), &json!(2)));
    assert!(token.len() < 1_000, "what is all valid takes little: {}", token.len());

    let vc = list(&[]).sign_vc(StatusPurpose::Suspension, ISSUER, &key, NOW_MS).unwrap();
    assert_eq!(part(&vc, 0), json!({ "typ": "vc+jwt", "alg": "ES256", "cty": "vc", "kid": key.id() }));
    let said = part(&vc, 1);
    let address = format!("{LIST}/suspension");
    assert_eq!((&said["id"], &said["validUntil"]), (&json!(address), &json!("2027-01-16T08:00:00Z")));
    assert_eq!(said["type"], json!(["VerifiableCredential", "BitstringStatusListCredential"]));
    let subject = &said["credentialSubject"];
    assert_eq!((&subject["type"], &subject["statusPurpose"]), (&json!("BitstringStatusList"), &json!("suspension")));
    assert_eq!((&subject["id"], &subject["ttl"]), (&json!(format!("{address}#list")), &json!(300_000)));
    assert!(subject["encodedList"].as_str().unwrap().starts_with("uH4sI"), "GZIP in base64url, as a multibase");
}

/// A list of the IETF of these bytes.
fn token_of(key: &IssuerKey, bits: u64, packed: &[u8]) -> String {
    let payload = json!({
        "sub": LIST, "iat": NOW_MS / 1000, "status_list": { "bits": bits, "lst": URL_SAFE_NO_PAD.encode(packed) },
    });
    sign(key, "statuslist+jwt", None, payload.as_object().unwrap()).unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Of draft-ietf-oauth-status-list: the examples of sections 4.1 and 4.2.
#[test]
fn lists_of_the_ietfs_examples_are_read() {
    let key = key();
    let read = |token: &str| PublishedList::verify(&key.public(), ISSUER, LIST, token, NOW_MS).unwrap();
    let one_bit = read(&token_of(&key, 1, &URL_SAFE_NO_PAD.decode("eNrbuRgAAhcBXQ").unwrap()));
    let said = (0..16).map(|index| one_bit.status(&entry(index)).unwrap().number()).collect::<Vec<_>>();
    assert_eq!(said, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    let two_bits = read(&token_of(&key, 2, &zlib(&[0xc9, 0x44, 0xf9])));
    let said = (0..12).map(|index| two_bits.status(&entry(index)).map_or(3, CredentialStatus::number));
    assert_eq!(said.collect::<Vec<_>>(), [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
    assert!(matches!(two_bits.status(&entry(3)), Err(StatusError::Meaning { number: 3 })));
    let bytes = read(&token_of(&key, 8, &zlib(&[2, 0, 255])));
    assert_eq!(bytes.status(&entry(0)).unwrap(), CredentialStatus::Suspended);
    assert!(matches!(bytes.status(&entry(2)), Err(StatusError::Meaning { number: 255 })));
}

#[test]
fn a_list_that_is_larger_than_any_may_be_or_damaged_is_refused() {
    let key = key();
    let refused = |token: &str| PublishedList::verify(&key.public(), ISSUER, LIST, token, NOW_MS).unwrap_err();
    let most = vec![0; 1 << 20];
    assert!(PublishedList::verify(&key.public(), ISSUER, LIST, &token_of(&key, 4, &zlib(&most)), NOW_MS).is_ok());
    let bomb = zlib(&vec![0; 64 << 20]);
    assert!(bomb.len() < 100_000);
    assert!(matches!(refused(&token_of(&key, 1, &bomb)), StatusError::TooLarge));
    assert!(matches!(refused(&token_of(&key, 1, &zlib(&vec![0; (1 << 20) + 1]))), StatusError::TooLarge));
    let packed = zlib(&[1; 1_000]);
    let trailing = [&packed[..], b"x"].concat();
    for damaged in [&b""[..], b"x", &packed[..packed.len() / 2], &packed[..packed.len() - 1], &trailing] {
        assert!(matches!(refused(&token_of(&key, 1, damaged)), StatusError::Damaged), "{damaged:?}");
    }
    for bits in [0, 3, 16, u64::MAX] {
        assert!(refused(&token_of(&key, bits, &packed)).to_string().contains("bits"), "{bits}");
    }
}

#[test]
fn a_list_of_the_w3c_that_is_too_short_too_large_or_damaged_is_refused() {
    let key = key();
    let good = part(&list(&[]).sign_vc(StatusPurpose::Revocation, ISSUER, &key, NOW_MS).unwrap(), 1);
    let address = format!("{LIST}/revocation");
    let read = |payload: &Value| {
        let token = sign(&key, "vc+jwt", Some("vc"), payload.as_object().unwrap()).unwrap();
        PublishedList::verify(&key.public(), ISSUER, &address, &token, NOW_MS)
    };
    assert!(read(&good).is_ok());
    let with = |name: &str, value: Value| {
        let mut payload = good.clone();
        payload["credentialSubject"][name] = value;
        payload
    };
    let packed = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let encoded = |packed: &[u8]| with("encodedList", json!(format!("u{}", URL_SAFE_NO_PAD.encode(packed))));
    let short = read(&encoded(&packed(&[0; 16_383]))).unwrap_err();
    assert!(matches!(short, StatusError::TooShort { bytes: 16_383 }), "{short}");
    assert!(matches!(read(&encoded(&packed(&vec![0; 64 << 20]))), Err(StatusError::TooLarge)));
    let whole = packed(&[0; 16_384]);
    assert!(read(&encoded(&whole)).is_ok());
    for damaged in [&whole[..whole.len() - 1], &whole[1..], &[&whole[..], b"x"].concat(), b""] {
        assert!(matches!(read(&encoded(damaged)), Err(StatusError::Damaged)));
    }
    let other_base = with("encodedList", json!(format!("z{}", URL_SAFE_NO_PAD.encode(&whole))));
    assert!(matches!(read(&other_base), Err(StatusError::Damaged)));
    for (name, value) in [("statusPurpose", json!("message")), ("type", json!("List")), ("encodedList", json!(7))] {
        assert!(read(&with(name, value)).unwrap_err().to_string().contains(name), "{name}");
    }
}

#[test]
fn a_list_of_another_address_issuer_key_or_day_is_refused() {
    let (key, other) = (key(), key());
    let token = list(&[]).sign_token(ISSUER, &key, NOW_MS).unwrap();
    let vc = list(&[]).sign_vc(StatusPurpose::Revocation, ISSUER, &key, NOW_MS).unwrap();
    let revocation = entry(0).address(StatusPurpose::Revocation);
    for (token, address) in [(&token, LIST), (&vc, revocation.as_str())] {
        let read = |keys: &IssuerKey, issuer: &str, address: &str, now_ms: u64| {
            PublishedList::verify(&keys.public(), issuer, address, token, now_ms)
        };
        let day_ms = StatusList::VALID_S * 1000;
        assert!(read(&key, ISSUER, address, NOW_MS + day_ms - 1).is_ok());
        let late = read(&key, ISSUER, address, NOW_MS + day_ms).unwrap_err();
        assert!(matches!(late, StatusError::Token(TokenError::Statement(StatementError::Expired { .. }))), "{late}");
        let early = read(&key, ISSUER, address, NOW_MS - 1000).unwrap_err();
        assert!(matches!(early, StatusError::Token(TokenError::Statement(StatementError::NotYet { .. }))), "{early}");
        assert!(matches!(read(&key, ISSUER, "https://id.example", NOW_MS), Err(StatusError::Address(_))));
        assert!(matches!(read(&key, "https://other.example", address, NOW_MS), Err(StatusError::Token(_))));
        let unknown = read(&other, ISSUER, address, NOW_MS).unwrap_err();
        assert!(matches!(unknown, StatusError::Token(TokenError::UnknownKey)), "{unknown}");
    }
}

#[test]
fn nothing_passes_for_a_list_that_is_none_and_no_list_for_a_credential() {
    let key = key();
    let vc = list(&[]).sign_vc(StatusPurpose::Revocation, ISSUER, &key, NOW_MS).unwrap();
    assert!(verify_vc(&key.public(), ISSUER, &vc, NOW_MS).is_err());
    for kind in ["BitstringStatusListCredential", "VerifiableCredential"] {
        let named = Statement { kind: kind.to_owned(), ..statement() };
        assert!(matches!(named.sign_vc(&key), Err(TokenError::Statement(StatementError::Field("kind")))), "{kind}");
    }
    for token in [listed().sign_vc(&key).unwrap(), listed().sign_compact(&key).unwrap(), String::new()] {
        assert!(PublishedList::verify(&key.public(), ISSUER, LIST, &token, NOW_MS).is_err());
    }
}

#[test]
fn a_place_that_is_not_written_as_here_is_refused() {
    let key = key();
    let good = part(&listed().sign_vc(&key).unwrap(), 1);
    let read = |status: Value| {
        let mut payload = good.clone();
        payload["credentialStatus"] = status;
        let token = sign(&key, "vc+jwt", Some("vc"), payload.as_object().unwrap()).unwrap();
        verify_vc(&key.public(), ISSUER, &token, NOW_MS)
    };
    let entries = good["credentialStatus"].clone();
    assert!(read(entries.clone()).is_ok());
    for (name, value) in [
        ("type", json!("StatusList2021Entry")),
        ("statusPurpose", json!("message")),
        ("statusListIndex", json!("094567")),
        ("statusListIndex", json!(94_567)),
        ("statusListCredential", json!("https://other.example/revocation")),
    ] {
        let mut changed = entries.clone();
        changed[0][name] = value;
        let refused = read(changed).unwrap_err();
        assert!(matches!(refused, TokenError::Statement(StatementError::Field("credentialStatus"))), "{name}");
    }
    assert!(read(json!([entries[0]])).is_err(), "one that cannot be suspended is not one of ours");
    let elsewhere = Statement { status: Some(StatusEntry { list: "no address".to_owned(), index: 0 }), ..statement() };
    assert_eq!(elsewhere.check(), Err(StatementError::Field("status")));
}
