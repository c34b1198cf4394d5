//! The identity services: partners ask, by their keys and by their signatures.

use std::io;

use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use rcgen::KeyPair;
use serde_json::json;
use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::identity::{Partner, RefusalCode, Signer, SignerError, SigningAlgorithm, claim, v1};
use whorl_sdk::client::{Code, Options, Reason, Sample};
use whorl_sdk::types::Position;

use crate::country::{Country, newcomer, record};
use crate::people::print;
use crate::retries::Line;

/// Enters a partner that may ask by everything; with `keys` it must sign.
pub(crate) fn enter(country: &Country, id: &str, keys: String) -> Partner {
    let policy = record(json!({
        "factors": [{ "factor": "demographic" }, { "factor": "otp" }, { "factor": "fingerprint" }],
        "fields": [{ "attribute": "birth_date", "strategies": [{ "strategy": "exact" }] }],
        "kyc": ["firstName"], "token": "partner",
    }));
    let kind = v1::PartnerKind::Kyc.into();
    let terms = Some(v1::PartnerTerms { name: "The bank".to_owned(), kind, keys, policy: Some(policy) });
    let partners = country.client("paula", &["partners"]);
    let made = partners.identity().create_partner(v1::CreatePartnerRequest { id: id.to_owned(), terms }).unwrap();
    Partner { id: id.to_owned(), api_key: made.api_key, signer: None }
}

/// That somebody was born on a day.
fn born(uin: &str, day: &str) -> v1::AuthenticationClaim {
    let (attribute, value) = ("birth_date".to_owned(), day.to_owned());
    v1::AuthenticationClaim {
        consent: Some(v1::AuthenticationConsent { is_given: true, ..Default::default() }),
        demographics: vec![v1::DemographicClaim { attribute, value, ..Default::default() }],
        ..claim(uin, "opening an account").unwrap()
    }
}

/// Why the answer is no; nothing where it is yes.
fn codes(answer: &v1::AuthenticateResponse) -> Vec<Option<RefusalCode>> {
    assert_eq!(answer.is_authentic, answer.refusals.is_empty());
    answer.refusals.iter().map(|refusal| RefusalCode::of(&refusal.code)).collect()
}

#[test]
fn a_partner_asks_by_its_key_and_hears_the_codes_of_a_no() {
    let country = Country::start();
    let uin = country.registered("R-1", "Ottilie", 1, 1).uin;
    let (bank, gate) = (enter(&country, "bank", String::new()), country.client("gate", &["authenticate"]));
    let ask = |partner: &Partner, claim| gate.identity().authenticate(partner.authenticate(claim).unwrap()).unwrap();
    let known = v1::RecordRequest { attributes: vec!["firstName".to_owned()], ..Default::default() };
    let yes = ask(&bank, v1::AuthenticationClaim { record: Some(known), ..born(&uin, "1980-02-29") });
    assert_eq!((codes(&yes), yes.token.is_empty()), (vec![], false));
    assert_eq!(serde_json::to_value(yes.record.unwrap()).unwrap(), json!({ "firstName": "Ottilie" }));
    assert_eq!(codes(&ask(&bank, born(&uin, "1980-02-28"))), [Some(RefusalCode::Demographic)]);
    let finger = |person| v1::AuthenticationClaim {
        samples: vec![Sample::at(Position::RightIndex, print(person, 3)).into()],
        ..born(&uin, "1980-02-29")
    };
    assert_eq!(codes(&ask(&bank, finger(1))), []);
    assert_eq!(codes(&ask(&bank, finger(2))), [Some(RefusalCode::Biometric)]);
    let once = born(&uin, "1980-02-29");
    assert_eq!(codes(&ask(&bank, once.clone())), []);
    assert_eq!(codes(&ask(&bank, once)), [Some(RefusalCode::Invalid)], "a transaction counts once");
    let guessed = Partner { api_key: "guessed".to_owned(), ..bank.clone() };
    assert_eq!(codes(&ask(&guessed, born(&uin, "1980-02-29"))), [Some(RefusalCode::Partner)]);

    let password = claim(&uin, "opening an account").unwrap();
    let wanted = v1::OtpClaim {
        id: uin.clone(),
        transaction: password.transaction.clone(),
        at_unix_ms: password.at_unix_ms,
        channels: vec![v1::OtpChannel::Phone.into()],
        ..Default::default()
    };
    let sent = gate.identity().send_otp(bank.send_otp(wanted).unwrap()).unwrap();
    assert_eq!((sent.transaction.as_str(), sent.refusals.len()), (password.transaction.as_str(), 0));
    let written = std::fs::read_to_string(country.running.folder().join("passwords.jsonl")).unwrap();
    let last: serde_json::Value = serde_json::from_str(written.lines().last().unwrap()).unwrap();
    let consent = Some(v1::AuthenticationConsent { is_given: true, ..Default::default() });
    let password = v1::AuthenticationClaim { otp: last["code"].as_str().unwrap().to_owned(), consent, ..password };
    let elsewhere = v1::AuthenticationClaim { transaction: "another".to_owned(), ..password.clone() };
    assert_eq!(codes(&ask(&bank, elsewhere)), [Some(RefusalCode::OtpTransaction)]);
    assert_eq!(codes(&ask(&bank, password)), []);
    let officer = country.client("oskar", &["officer"]);
    let listed = v1::ListTransactionsRequest { uin, purpose: "his question".to_owned(), ..Default::default() };
    let made = officer.identity().list_transactions(listed).unwrap().transactions;
    let accepted = made.iter().filter(|one| one.is_accepted && one.operation != "otp");
    assert_eq!(accepted.count(), 4);
}

#[test]
fn a_partner_with_keys_is_believed_only_what_it_signed() {
    let country = Country::start();
    let uin = country.registered("R-1", "Ottilie", 1, 1).uin;
    let pem = KeyPair::generate().unwrap().serialize_pem();
    let signer = Signer::from_pem(&pem).unwrap();
    let notary = enter(&country, "notary", signer.public_keys().unwrap());
    let gate = country.client("gate", &["authenticate"]);
    let ask = |request: v1::AuthenticateRequest| codes(&gate.identity().authenticate(request).unwrap());
    let claim = || born(&uin, "1980-02-29");
    let signed = Partner { signer: Some(signer), ..notary.clone() };
    assert_eq!(ask(signed.authenticate(claim()).unwrap()), []);
    assert_eq!(ask(notary.authenticate(claim()).unwrap()), [Some(RefusalCode::Signature)], "it is not signed");
    let mut altered = signed.authenticate(claim()).unwrap();
    if let Some(signed) = &mut altered.signed {
        signed.json = serde_json::to_vec(&claim()).unwrap().into();
    }
    assert_eq!(ask(altered), [Some(RefusalCode::Signature)], "the signature is of another request");
    let forger = Signer::from_pem(&KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let forged = Partner { signer: Some(forger), ..notary.clone() };
    assert_eq!(ask(forged.authenticate(claim()).unwrap()), [Some(RefusalCode::Signature)]);

    // A key that lies elsewhere signs as well, by the name that it has in the public keys.
    let name = signed.signer.as_ref().and_then(Signer::public_keys).unwrap();
    let name = serde_json::from_str::<serde_json::Value>(&name).unwrap()["keys"][0]["kid"].as_str().unwrap().to_owned();
    let key = EncodingKey::from_ec_pem(pem.as_bytes()).unwrap();
    let remote = Signer::elsewhere(SigningAlgorithm::Es256, move |bytes| {
        let text = crypto::sign(bytes, &key, Algorithm::ES256).map_err(io::Error::other)?;
        base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text).map_err(io::Error::other)
    });
    let remote = Partner { signer: Some(remote.called(name)), ..notary.clone() };
    assert_eq!(ask(remote.authenticate(claim()).unwrap()), []);
    let otp = v1::OtpClaim { id: uin.clone(), transaction: "t".to_owned(), ..Default::default() };
    let refused = gate.identity().send_otp(signed.send_otp(otp.clone()).unwrap()).unwrap();
    assert_ne!(refused.refusals[0].code, RefusalCode::Signature.name());
    let refused = gate.identity().send_otp(notary.send_otp(otp).unwrap()).unwrap();
    assert_eq!(refused.refusals[0].code, RefusalCode::Signature.name());
}

#[test]
fn what_cannot_sign_is_said_and_no_key_is_printed() {
    for pem in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
        assert!(matches!(Signer::from_pem(pem), Err(SignerError::Key)), "{pem}");
    }
    let der = Signer::elsewhere(SigningAlgorithm::Es256, |_| Ok(vec![0x30; 70]));
    assert!(matches!(der.sign(b"body"), Err(SignerError::Malformed(70))));
    let away = Signer::elsewhere(SigningAlgorithm::Rs256, |_| Err(io::Error::other("the module is locked")));
    assert!(away.sign(b"body").unwrap_err().to_string().contains("the module is locked"));
    assert_eq!(away.public_keys(), None);
    let signer = Signer::from_pem(&KeyPair::generate().unwrap().serialize_pem()).unwrap().called("k7");
    let bank = Partner { id: "bank".to_owned(), api_key: "SECRET".to_owned(), signer: Some(signer) };
    assert_eq!(format!("{bank:?}"), "Partner { id: \"bank\", signer: Some(Signer(ES256, k7)), .. }");
}

#[test]
fn what_counts_once_is_not_asked_again_where_its_answer_was_lost_and_what_is_named_is() {
    let country = Country::start();
    let uin = country.registered("R-1", "Ottilie", 1, 1).uin;
    let bank = enter(&country, "bank", String::new());
    let through = |name: &str, roles: &[&str]| {
        let line = Line::to(country.running.port);
        let address = format!("http://127.0.0.1:{}", line.port);
        (Client::connect(Options { address, ..country.options(name, roles) }).unwrap(), line)
    };
    let (gate, line) = through("gate", &["authenticate"]);
    let asked = bank.authenticate(born(&uin, "1980-02-29")).unwrap();
    let lost = gate.identity().authenticate(asked.clone()).unwrap_err();
    assert_eq!((lost.code(), lost.may_pass(), line.connections()), (Some(Code::Unavailable), true, 1));
    let answer = gate.identity().authenticate(asked).unwrap();
    assert_eq!(codes(&answer), [Some(RefusalCode::Invalid)], "the server had done it");
    let (station, line) = through("olga", &["register"]);
    let answer = station.identity().register(newcomer("R-2", "Bertolt", 2, 1)).unwrap();
    assert_eq!((answer.is_repeated, line.connections()), (true, 2));
    let gone = station.identity().get_registration(v1::GetRegistrationRequest { id: "R-3".to_owned() }).unwrap_err();
    assert_eq!(gone.reason(), Some(Reason::RegistrationNotFound));
}
