//! Factors: claims, eyes and passwords.

use super::*;

#[test]
fn demographic_claims_agree_as_they_are_compared() {
    let counter = Counter::new();
    let own = fields(1);
    let text = |field: &str| own[field].as_str().unwrap().to_owned();
    let year = text("dateOfBirth")[..4].parse::<u16>().unwrap();
    let (older, phone) = ((2026 - year).to_string(), text("phone").replace("+99 ", "0099-"));
    let (first, address) = (text("firstName"), format!("{}, {}", text("addressLine1"), text("city")));
    let upper = name(1).to_uppercase();
    let reversed = format!("{} {}", text("lastName"), text("firstName"));
    let other_gender = if text("gender") == "Female" { "M" } else { "F" };
    let asked = [
        (Attribute::Name, Strategy::Exact, upper.as_str(), true),
        (Attribute::Name, Strategy::Exact, &reversed, true),
        (Attribute::Name, Strategy::Exact, &first, false),
        (Attribute::Name, Strategy::Partial, &first, true),
        (Attribute::Name, Strategy::Partial, "somebody else", false),
        (Attribute::BirthDate, Strategy::Exact, &text("dateOfBirth").replace('-', "/"), true),
        (Attribute::BirthDate, Strategy::Exact, &text("dateOfBirth")[..4], false),
        (Attribute::Age, Strategy::Exact, "18", true),
        (Attribute::Age, Strategy::Exact, &older, false),
        (Attribute::Gender, Strategy::Exact, &text("gender")[..1], true),
        (Attribute::Gender, Strategy::Exact, other_gender, false),
        (Attribute::Address, Strategy::Exact, &address, true),
        (Attribute::Address, Strategy::Exact, &text("city"), false),
        (Attribute::Field("city".to_owned()), Strategy::Exact, &text("city"), true),
        (Attribute::Phone, Strategy::Exact, &phone, true),
        (Attribute::Phone, Strategy::Exact, "+99 1", false),
        (Attribute::Email, Strategy::Exact, "a@example.org", false),
    ];
    for (number, (attribute, strategy, value, agrees)) in asked.into_iter().enumerate() {
        let claim = Claim { strategy, ..claim(attribute.clone(), value) };
        let request = Request { demographics: vec![claim], ..counter.request(&format!("t{number}")) };
        let answer = counter.ask(&request);
        assert_eq!(answer.is_authentic, agrees, "{number}: {attribute:?} {strategy:?}: {answer:?}");
        assert_eq!(codes(&answer), if agrees { vec![] } else { vec!["IDA-DEA-001"] }, "{number}: {attribute:?}");
    }
    let more = Claim { strategy: Strategy::Partial, least_percent: Some(51), ..claim(Attribute::Name, &first) };
    let request = Request { demographics: vec![more], ..counter.request("more") };
    assert_eq!(counter.codes(&request), ["IDA-DEA-001"], "a request may ask for more than the policy");
}

#[test]
fn names_are_compared_in_their_language_and_by_their_sound() {
    let ground = without_biometrics();
    let counter = Counter::on(ground);
    let mut packet = newcomer("r2", 2, 0);
    packet.demographics.remove("firstName");
    packet.demographics.remove("lastName");
    let names = json!([{ "language": "eng", "value": "Catherine Meyer" }, { "language": "hin", "value": "कैथरीन मेयर" }]);
    packet.demographics.insert("fullName".to_owned(), names);
    let number = uin(&counter.layer, &send(&counter.layer, &packet));
    let ask = |transaction: &str, strategy, language: Option<&str>, value: &str| {
        let language = language.map(str::to_owned);
        let claims = vec![Claim { strategy, language, ..claim(Attribute::Name, value) }];
        counter.ask(&Request { id: number.clone(), demographics: claims, ..counter.request(transaction) }).is_authentic
    };
    assert!(ask("t1", Strategy::Exact, Some("eng"), "catherine meyer"));
    assert!(ask("t2", Strategy::Exact, Some("hin"), "कैथरीन मेयर"));
    assert!(!ask("t3", Strategy::Exact, Some("hin"), "Catherine Meyer"));
    assert!(ask("t4", Strategy::Exact, None, "कैथरीन मेयर"));
    assert!(!ask("t5", Strategy::Exact, Some("fra"), "Catherine Meyer"));
    assert!(ask("t6", Strategy::Phonetic, Some("eng"), "Kathryn Maier"));
    assert!(!ask("t7", Strategy::Exact, Some("eng"), "Kathryn Maier"));
    assert!(!ask("t8", Strategy::Phonetic, Some("eng"), "Robert Maier"));
}

#[test]
fn the_eyes_of_the_person_agree_and_those_of_another_do_not() {
    let counter = Counter::new();
    let ask = |transaction: &str, biometrics| counter.ask(&Request { biometrics, ..counter.request(transaction) });
    assert!(ask("t1", samples(1, 3)).is_authentic);
    assert!(ask("t2", samples(1, 4)[..1].to_vec()).is_authentic, "one eye is enough");
    let other = ask("t3", samples(2, 3));
    assert_eq!((other.is_authentic, codes(&other)), (false, vec!["IDA-BIA-001"]));
    let mut garbled = samples(1, 3);
    garbled[0].bytes = b"no picture".to_vec();
    assert_eq!(codes(&ask("t4", garbled)), ["IDA-BIA-011"]);
    let twice = vec![samples(1, 3)[0].clone(), samples(1, 4)[0].clone()];
    assert_eq!(codes(&ask("t5", twice)), ["IDA-BIA-007"]);
    let many = [samples(1, 3), samples(1, 4)].concat();
    assert_eq!(codes(&ask("t6", many)), ["IDA-BIA-008"]);
}

#[test]
fn who_has_no_biometrics_and_a_deployment_without_them_say_no() {
    let counter = Counter::new();
    let mut packet = newcomer("r2", 2, 0);
    packet.enclosures.clear();
    let number = uin(&counter.layer, &send(&counter.layer, &packet));
    let request = Request { id: number, biometrics: samples(2, 1), ..counter.request("t1") };
    assert_eq!(counter.codes(&request), ["IDA-BIA-001"]);
    let without = Counter::on(without_biometrics());
    let request = Request { biometrics: samples(1, 1), ..without.request("t1") };
    assert_eq!(without.codes(&request), ["IDA-MLC-011"]);
}

#[test]
fn a_reported_attack_is_refused_and_the_person_reads_of_it() {
    let counter = Counter::new();
    let report = |outcome, source| {
        let mut samples = samples(1, 3);
        for sample in &mut samples {
            sample.liveness = Some(Liveness::new(outcome, Some(50), source).unwrap());
        }
        samples
    };
    let ask = |transaction: &str, biometrics| counter.codes(&Request { biometrics, ..counter.request(transaction) });
    assert!(ask("t1", report(LivenessOutcome::Live, "vendor-x")).is_empty());
    assert_eq!(ask("t2", report(LivenessOutcome::Attack, "vendor-x")), ["IDA-BIA-011"]);
    let history = counter.layer.transactions(&counter.uin, 0, 10).unwrap();
    assert_eq!(history.iter().filter(|told| told.codes == ["IDA-BIA-011"]).count(), 1);
    let strict = Policy { liveness_sources: vec!["vendor-x".to_owned()], ..policy() };
    counter.layer.update_partner("bank", &terms(strict)).unwrap();
    assert!(ask("t3", report(LivenessOutcome::Live, "vendor-x")).is_empty());
    for (number, samples) in
        [report(LivenessOutcome::Live, "vendor-y"), report(LivenessOutcome::Undecided, "vendor-x"), samples(1, 3)]
            .into_iter()
            .enumerate()
    {
        assert_eq!(ask(&format!("u{number}"), samples), ["IDA-BIA-011"], "{number}");
    }
}

#[test]
fn all_factors_of_a_request_must_agree() {
    let counter = Counter::new();
    assert!(counter.ask_otp("t1").refusals.is_empty());
    let otp = counter.sent();
    let whole = Request { otp: Some(otp.into()), biometrics: samples(1, 3), ..counter.by_name("t1") };
    assert!(counter.ask(&whole).is_authentic);
    let mixed = Request { biometrics: samples(2, 3), ..counter.by_name("t2") };
    assert_eq!(counter.codes(&mixed), ["IDA-BIA-001"]);
    let wrong =
        Request { demographics: vec![claim(Attribute::Name, "x")], biometrics: samples(2, 3), ..counter.request("t3") };
    assert_eq!(counter.codes(&wrong), ["IDA-DEA-001", "IDA-BIA-001"]);
    assert_eq!(counter.codes(&counter.request("t4")), ["IDA-MLC-008"]);
}

#[test]
fn a_password_is_taken_once_within_its_time_and_transaction() {
    let counter = Counter::new();
    let expires_ms = counter.ask_otp("t1").expires_ms;
    assert_eq!(expires_ms, Some(START_MS + 180_000));
    let message = counter.outbox.take().pop().unwrap();
    assert_eq!((message.channel, message.to.as_str()), (Channel::Phone, fields(1)["phone"].as_str().unwrap()));
    let otp = message.code.to_string();
    assert!(otp.len() == 6 && otp.bytes().all(|digit| digit.is_ascii_digit()));
    let other = if otp == "000000" { "000001" } else { "000000" };
    assert_eq!(counter.codes(&counter.with_otp("t1", other)), ["IDA-OTA-004"]);
    assert_eq!(counter.codes(&counter.with_otp("t2", &otp)), ["IDA-OTA-005"], "for another transaction");
    counter.ground.clock.advance(61_000);
    assert!(counter.ask(&counter.with_otp("t1", &otp)).is_authentic);
    counter.ground.clock.advance(61_000);
    assert_eq!(counter.codes(&counter.with_otp("t1", &otp)), ["IDA-OTA-004"], "once");
    assert!(counter.ask_otp("t3").refusals.is_empty());
    let late = counter.sent();
    counter.ground.clock.advance(180_000);
    assert_eq!(counter.codes(&counter.with_otp("t3", &late)), ["IDA-OTA-003"]);
    assert_eq!(counter.codes(&counter.with_otp("t4", "123456")), ["IDA-OTA-003"]);
}

#[test]
fn a_password_of_one_partner_is_worth_nothing_to_another() {
    let counter = Counter::new();
    let key = counter.layer.create_partner("shop", &terms(policy())).unwrap();
    assert!(counter.ask_otp("t1").refusals.is_empty());
    let request = counter.with_otp("t1", &counter.sent());
    let shop = Call { partner: "shop", api_key: key.as_str(), signed: None };
    assert_eq!(codes(&counter.layer.authenticate(&shop, &request).unwrap()), ["IDA-OTA-011"]);
    assert!(counter.ask(&request).is_authentic);
}

#[test]
fn after_five_wrong_passwords_none_is_taken_or_sent_for_half_an_hour() {
    let counter = Counter::new();
    assert!(counter.ask_otp("t0").refusals.is_empty());
    let first = counter.sent();
    let wrong = |otp: &str| if otp == "999999" { "999998" } else { "999999" };
    let try_wrong = |transaction: &str, otp: &str| {
        counter.ground.clock.advance(61_000);
        counter.codes(&counter.with_otp(transaction, wrong(otp)))
    };
    assert_eq!(try_wrong("t0", &first), ["IDA-OTA-004"]);
    assert_eq!(try_wrong("t0", &first), ["IDA-OTA-004"]);
    // Another password does not make the wrong ones forgotten.
    assert!(counter.ask_otp("t1").refusals.is_empty());
    let second = counter.sent();
    assert_eq!(try_wrong("t1", &second), ["IDA-OTA-004"]);
    assert_eq!(try_wrong("t1", &second), ["IDA-OTA-004"]);
    counter.ground.clock.advance(61_000);
    assert!(counter.ask_otp("t2").refusals.is_empty());
    let third = counter.sent();
    assert_eq!(try_wrong("t2", &third), ["IDA-OTA-004"]);
    counter.ground.clock.advance(61_000);
    assert_eq!(counter.codes(&counter.with_otp("t2", &third)), ["IDA-OTA-007"], "even the right one");
    assert_eq!(counter.ask_otp("t3").refusals, [Refusal::OtpNotSentFrozen]);
    counter.ground.clock.advance(1_800_000);
    assert!(counter.ask_otp("t4").refusals.is_empty());
    let fourth = counter.sent();
    assert!(counter.ask(&counter.with_otp("t4", &fourth)).is_authentic);
}

#[test]
fn a_password_can_be_tried_so_often_and_no_more() {
    let mut ground = Ground::new();
    ground.settings.authentication.otp.attempts = 2;
    let counter = Counter::on(ground);
    assert!(counter.ask_otp("t1").refusals.is_empty());
    let otp = counter.sent();
    let wrong = if otp == "999999" { "999998" } else { "999999" };
    for _ in 0..2 {
        assert_eq!(counter.codes(&counter.with_otp("t1", wrong)), ["IDA-OTA-004"]);
        counter.ground.clock.advance(61_000);
    }
    assert_eq!(counter.codes(&counter.with_otp("t1", &otp)), ["IDA-OTA-004"]);
}
