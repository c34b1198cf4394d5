//! Who asks, when, how often, and for what.

use super::*;

#[test]
fn authentications_are_kept_no_longer_than_the_rules_say() {
    let mut ground = Ground::new();
    ground.settings.retention.transactions_days = Some(25);
    let counter = Counter::on(ground);
    counter.ask(&counter.by_name("t1"));
    counter.ground.clock.advance(24 * 86_400_000);
    counter.ask(&counter.by_name("t2"));
    let kept = || counter.layer.transactions(&counter.uin, 0, 10).unwrap().len();
    assert_eq!((counter.layer.retain().unwrap().transactions, kept()), (0, 2));
    counter.ground.clock.advance(2 * 86_400_000);
    counter.layer.retain().unwrap();
    assert_eq!(kept(), 1);
}

#[test]
fn floods_are_refused_and_abate() {
    let mut ground = Ground::new();
    ground.settings.authentication.per_id_per_minute = 2;
    ground.settings.authentication.per_partner_per_minute = 5;
    ground.settings.authentication.otp.per_id_per_minute = 1;
    let counter = Counter::on(ground);
    assert!(counter.ask(&counter.by_name("t1")).is_authentic);
    assert!(counter.ask(&counter.by_name("t2")).is_authentic);
    assert_eq!(counter.codes(&counter.by_name("t3")), ["IDA-MLC-007"], "of one number");
    assert!(counter.ask_otp("o1").refusals.is_empty());
    assert_eq!(counter.ask_otp("o2").refusals, [Refusal::OtpFlooded]);
    assert_eq!(counter.ask_otp_of("unknown", "o3").refusals, [Refusal::Flooded], "of one partner");
    counter.ground.clock.advance(60_000);
    assert!(counter.ask(&counter.by_name("t4")).is_authentic);
}

#[test]
fn a_transaction_comes_once_also_after_the_process_died() {
    let mut counter = Counter::new();
    let request = counter.by_name("t1");
    assert!(counter.ask(&request).is_authentic);
    assert_eq!(counter.codes(&request), ["IDA-MLC-009"]);
    let key = counter.key.clone();
    drop(counter.layer);
    counter.layer = counter.ground.open();
    let call = Call { partner: "bank", api_key: key.as_str(), signed: None };
    let ask = |request: &Request| codes(&counter.layer.authenticate(&call, request).unwrap());
    assert_eq!(ask(&request), ["IDA-MLC-009"]);
    counter.ground.clock.advance(29_999);
    assert_eq!(ask(&request), ["IDA-MLC-009"]);
    counter.ground.clock.advance(2);
    assert_eq!(ask(&request), ["IDA-MLC-001"], "now it is too old");
    let ahead = Request { at_ms: counter.layer.now_ms() + 30_000, transaction: "t2".to_owned(), ..request };
    assert!(ask(&ahead).is_empty());
    counter.ground.clock.advance(60_000);
    assert_eq!(ask(&ahead), ["IDA-MLC-009"], "it is remembered until it cannot come again");
    counter.ground.clock.advance(1);
    assert_eq!(ask(&ahead), ["IDA-MLC-001"]);
}

#[test]
fn transactions_that_cannot_come_again_are_forgotten() {
    let mut ground = Ground::new();
    ground.settings.authentication.per_id_per_minute = u32::MAX;
    let store = Arc::clone(&ground.store);
    let counter = Counter::on(ground);
    let kept = || {
        let database = Database::open(Arc::clone(&store)).unwrap();
        let rows = |table, from: &[u8], to: &[u8]| {
            database.read(|tables| tables.range(table, from, to, 10_000)).unwrap().len()
        };
        (rows(Table::Seen, b"auth", b"auti"), rows(Table::Transactions, b"", b""))
    };
    let nobody = Counter::new().uin;
    for number in 0..100 {
        counter.ask(&Request { id: nobody.clone(), ..counter.by_name(&format!("a{number}")) });
    }
    assert_eq!(kept(), (200, 100), "as much is written about nobody as about somebody");
    counter.ground.clock.advance(100_000);
    for number in 0..200 {
        counter.ask(&counter.by_name(&format!("b{number}")));
    }
    let (seen, transactions) = kept();
    assert!(seen < 500, "{seen} rows of 200 transactions that count");
    assert_eq!(transactions, 200, "those of somebody");
}

#[test]
fn a_request_is_of_now() {
    let counter = Counter::new();
    for (number, (off_ms, is_fine)) in
        [(-30_001, false), (-30_000, true), (30_000, true), (30_001, false)].into_iter().enumerate()
    {
        let at_ms = START_MS.checked_add_signed(off_ms).unwrap();
        let codes = counter.codes(&Request { at_ms, ..counter.by_name(&format!("t{number}")) });
        assert_eq!(codes, if is_fine { vec![] } else { vec!["IDA-MLC-001"] }, "{off_ms}");
    }
}

#[test]
fn nothing_is_asked_of_who_did_not_agree() {
    let counter = Counter::new();
    let refused = Agreement { is_given: false, attributes: None };
    for (number, consent) in [None, Some(refused)].into_iter().enumerate() {
        let request = Request { consent, ..counter.by_name(&format!("t{number}")) };
        assert_eq!(counter.codes(&request), ["IDA-MLC-012"]);
    }
    assert!(counter.layer.transactions(&counter.uin, 0, 10).unwrap().is_empty());
}

#[test]
fn only_a_partner_with_its_key_and_signature_asks() {
    let counter = Counter::new();
    let request = counter.by_name("t1");
    let ask = |partner: &str, key: &str, signed| {
        codes(&counter.layer.authenticate(&Call { partner, api_key: key, signed }, &request).unwrap())
    };
    let key = counter.key.as_str();
    assert_eq!(ask("bank", "guessed", None), ["IDA-MPA-009"]);
    assert_eq!(ask("nobody", key, None), ["IDA-MPA-009"]);
    assert_eq!(ask("", key, None), ["IDA-MPA-009"]);
    let secret = IssuerKey::from_pem(&IssuerKey::generate_pem().unwrap()).unwrap();
    let signed_terms = Terms { keys: Some(secret.public().to_json().unwrap()), ..terms(policy()) };
    counter.layer.update_partner("bank", &signed_terms).unwrap();
    assert_eq!(ask("bank", key, None), ["IDA-MPA-001"]);
    let forged = Some(Signed { jws: "eyJhbGciOiJFUzI1NiJ9..AAAA", body: b"{}" });
    assert_eq!(ask("bank", key, forged), ["IDA-MPA-001"]);
    counter.layer.update_partner("bank", &terms(policy())).unwrap();
    counter.layer.turn_partner("bank", PartnerStatus::Disabled).unwrap();
    assert_eq!(ask("bank", key, None), ["IDA-MPA-012"]);
    counter.layer.turn_partner("bank", PartnerStatus::Active).unwrap();
    let renewed = counter.layer.renew_api_key("bank").unwrap();
    assert_eq!(ask("bank", key, None), ["IDA-MPA-009"], "the key that it had");
    assert!(ask("bank", renewed.as_str(), None).is_empty());
}

#[test]
fn partners_are_entered_changed_and_listed() {
    let layer = Ground::new().open();
    for id in ["b", "a", "c"] {
        layer.create_partner(id, &terms(policy())).unwrap();
    }
    let ids = |after: Option<&str>, most| {
        layer.partners(after, most).unwrap().into_iter().map(|partner| partner.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(None, 10), ["a", "b", "c"]);
    assert_eq!(ids(Some("a"), 1), ["b"]);
    let is_taken = layer.create_partner("a", &terms(policy())).unwrap_err();
    assert!(matches!(is_taken, PartnerError::Taken(_)), "{is_taken}");
    assert!(matches!(layer.create_partner("a b", &terms(policy())), Err(PartnerError::Id)));
    assert!(matches!(layer.update_partner("d", &terms(policy())), Err(PartnerError::Unknown(_))));
    let salted = terms(Policy { token: TokenKind::Mosip, ..policy() });
    assert!(matches!(layer.update_partner("a", &salted), Err(PartnerError::NoSalts)));
    let garbled = Terms { keys: Some("no key".to_owned()), ..terms(policy()) };
    assert!(matches!(layer.update_partner("a", &garbled), Err(PartnerError::Keys(_))));
    let mut shares = policy();
    shares.fields[0].strategies[0].least_percent = 0;
    assert!(matches!(layer.update_partner("a", &terms(shares)), Err(PartnerError::Percent(0))));
}

#[test]
fn a_partner_asks_what_its_policy_has_and_no_more() {
    let counter = Counter::new();
    let asked = |transaction: &str, policy: Policy, change: fn(&mut Request)| {
        counter.layer.update_partner("bank", &terms(policy)).unwrap();
        let mut request = counter.by_name(transaction);
        change(&mut request);
        counter.codes(&request)
    };
    let as_it_is: fn(&mut Request) = |_| ();
    let only = |factors: &[Factor]| factors.iter().map(|&factor| FactorRule { factor, is_required: false }).collect();
    assert_eq!(asked("t1", Policy { factors: only(&[Factor::Otp]), ..policy() }, as_it_is), ["IDA-MPA-006"]);
    assert_eq!(asked("t2", Policy { fields: Vec::new(), ..policy() }, as_it_is), ["IDA-MPA-006"]);
    let mut exact_only = policy();
    exact_only.fields[0].strategies.truncate(1);
    let partial: fn(&mut Request) = |request| request.demographics[0].strategy = Strategy::Partial;
    assert_eq!(asked("t3", exact_only, partial), ["IDA-MPA-006"]);
    let required = vec![
        FactorRule { factor: Factor::Demographic, is_required: false },
        FactorRule { factor: Factor::Iris, is_required: true },
    ];
    assert_eq!(asked("t4", Policy { factors: required, ..policy() }, as_it_is), ["IDA-MPA-015"]);
    let combinations = vec![vec![Factor::Otp], vec![Factor::Demographic, Factor::Iris]];
    let combined = Policy { combinations, ..policy() };
    assert_eq!(asked("t5", combined.clone(), as_it_is), ["IDA-MPA-015"]);
    assert!(asked("t6", combined, |request| request.biometrics = samples(1, 3)).is_empty());
    let over = Policy { expires_ms: Some(START_MS), ..policy() };
    assert_eq!(asked("t7", over, as_it_is), ["IDA-MPA-019"]);
    let silent = Policy { kyc: Vec::new(), ..policy() };
    assert_eq!(asked("t8", silent, |request| request.kyc = Some(KycRequest::default())), ["IDA-MPA-013"]);
    counter.layer.update_partner("bank", &terms(Policy { factors: only(&[Factor::Iris]), ..policy() })).unwrap();
    assert_eq!(counter.ask_otp("t9").refusals, [Refusal::OtpNotAllowed]);
}

#[test]
fn a_partner_gets_to_know_what_policy_and_consent_both_have() {
    let counter = Counter::on(without_biometrics());
    let mut packet = newcomer("r2", 2, 0);
    let first = json!([{ "language": "eng", "value": "Ada" }, { "language": "fra", "value": "Adèle" }]);
    packet.demographics.insert("firstName".to_owned(), first);
    let number = uin(&counter.layer, &send(&counter.layer, &packet));
    let born = packet.demographics["dateOfBirth"].clone();
    let ask = |transaction: &str, attributes: Option<&[&str]>, kyc: KycRequest| -> Value {
        let attributes = attributes.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let request = Request {
            id: number.clone(),
            consent: Some(Agreement { is_given: true, attributes }),
            demographics: vec![claim(Attribute::BirthDate, born.as_str().unwrap())],
            kyc: Some(kyc),
            ..counter.request(transaction)
        };
        counter.ask(&request).identity.unwrap().into()
    };
    let all = ask("t1", None, KycRequest::default());
    assert_eq!(all, json!({ "firstName": packet.demographics["firstName"], "dateOfBirth": born }));
    let french =
        KycRequest { attributes: vec!["firstName".to_owned(), "phone".to_owned()], languages: vec!["fra".to_owned()] };
    assert_eq!(ask("t2", None, french), json!({ "firstName": [{ "language": "fra", "value": "Adèle" }] }));
    assert_eq!(ask("t3", Some(&["dateOfBirth", "phone"]), KycRequest::default()), json!({ "dateOfBirth": born }));
    assert_eq!(ask("t4", Some(&[]), KycRequest::default()), json!({}));
    let english = Policy { kyc_languages: vec!["eng".to_owned()], ..policy() };
    counter.layer.update_partner("bank", &terms(english)).unwrap();
    let french = KycRequest { languages: vec!["fra".to_owned()], ..KycRequest::default() };
    assert_eq!(ask("t5", None, french), json!({ "dateOfBirth": born }));
    let history = counter.layer.transactions(&number, 0, 10).unwrap();
    let second = history.iter().find(|told| told.transaction == "t2").unwrap();
    assert_eq!((second.operation, second.told.as_slice()), (Operation::Kyc, &["firstName".to_owned()][..]));
    let wrong = Request {
        id: number.clone(),
        demographics: vec![claim(Attribute::Name, "x")],
        kyc: Some(KycRequest::default()),
        ..counter.request("t6")
    };
    assert_eq!(counter.ask(&wrong).identity, None, "nothing is told of who is not he");
    let plain = Terms { kind: PartnerKind::Authentication, ..terms(policy()) };
    counter.layer.update_partner("bank", &plain).unwrap();
    let request = Request { kyc: Some(KycRequest::default()), ..counter.by_name("t7") };
    assert_eq!(counter.codes(&request), ["IDA-MPA-013"]);
}

#[test]
fn a_partner_gets_the_portrait_where_its_policy_and_the_person_say_so() {
    let counter = Counter::on(without_biometrics());
    let (modality, position) = (Modality::Face, Position::Face);
    let content = EnclosureContent::Sample { modality, position, ppi: None, liveness: None };
    let mut packet = newcomer("r2", 2, 0);
    packet.enclosures.push(Enclosure { content, bytes: b"\xff\xd8\xff\xe0 a face".to_vec() });
    let number = uin(&counter.layer, &send(&counter.layer, &packet));
    let ask = |transaction: &str, (id, person): (&str, u64), attributes: Option<Vec<String>>| -> Value {
        let request = Request {
            id: id.to_owned(),
            consent: Some(Agreement { is_given: true, attributes }),
            demographics: vec![claim(Attribute::Name, &name(person))],
            kyc: Some(KycRequest::default()),
            ..counter.request(transaction)
        };
        counter.ask(&request).identity.unwrap().into()
    };
    assert_eq!(ask("t1", (&number, 2), None).get("photo"), None, "it is not in the policy");
    let photo = Policy { kyc: vec!["photo".to_owned()], ..policy() };
    counter.layer.update_partner("bank", &terms(photo)).unwrap();
    assert_eq!(ask("t2", (&number, 2), None), json!({ "photo": "/9j/4CBhIGZhY2U=" }));
    assert_eq!(ask("t3", (&number, 2), Some(vec!["firstName".to_owned()])), json!({}));
    assert_eq!(ask("t4", (&counter.uin, 1), None), json!({}), "there is no picture of his face");
    let told = counter.layer.transactions(&number, 0, 10).unwrap();
    assert!(told.iter().any(|told| told.transaction == "t2" && told.told == ["photo"]), "{told:?}");
}
