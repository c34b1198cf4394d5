//! Authentications: every factor yes and no, and everything that refuses one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod country;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use country::{Ground, START_MS, eyes, fields, newcomer, send, uin};
use serde_json::{Value, json};
use whorl_identity::authentication::{
    Agreement, Answer, Biometric, Call, Channel, Claim, Disclosure, Factor, IdKind, KycRequest, Operation, OtpAnswer,
    OtpRequest, Outbox, Refusal, Request, Signed,
};
use whorl_identity::chance::Opaque;
use whorl_identity::credential::IssuerKey;
use whorl_identity::layer::Layer;
use whorl_identity::lifecycle::Deed;
use whorl_identity::numbers::{Filter, NamedPolicy, RestoreOn, Rules, VidPolicies, VidPolicy};
use whorl_identity::partner::{
    ApiKey, Attribute, FactorRule, FieldRule, PartnerError, PartnerKind, PartnerStatus, Policy, Strategy, StrategyRule,
    Terms, TokenKind,
};
use whorl_identity::registration::EnclosureContent;
use whorl_identity::store::{Database, Table};
use whorl_identity::subject::{Found, Status, Subject};
use whorl_identity::tokens::MosipSalts;
use whorl_identity::vault::{Vault, VaultError};
use whorl_types::{Liveness, LivenessOutcome};

const DEED: Deed<'static> = Deed { by: "officer", reason: "a test" };

/// A layer, a partner of it, a person, and where his passwords go.
struct Counter {
    ground: Ground,
    layer: Layer,
    key: ApiKey,
    outbox: Arc<Outbox>,
    uin: String,
}

impl Counter {
    fn new() -> Self {
        Self::on(Ground::new())
    }

    fn on(ground: Ground) -> Self {
        let outbox = Arc::new(Outbox::in_memory());
        let layer = ground.open().with_sender(outbox.clone());
        let key = layer.create_partner("bank", &terms(policy())).unwrap();
        let uin = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
        Self { ground, layer, key, outbox, uin }
    }

    /// A request by the right name.
    fn by_name(&self, transaction: &str) -> Request {
        let claims = vec![claim(Attribute::Name, &name(1))];
        Request { demographics: claims, ..self.request(transaction) }
    }

    /// A request without any factor.
    fn request(&self, transaction: &str) -> Request {
        Request {
            id: self.uin.clone(),
            kind: None,
            transaction: transaction.to_owned(),
            at_ms: self.layer.now_ms(),
            purpose: "open an account".to_owned(),
            consent: Some(Agreement { is_given: true, attributes: None }),
            demographics: Vec::new(),
            otp: None,
            biometrics: Vec::new(),
            kyc: None,
        }
    }

    fn ask(&self, request: &Request) -> Answer {
        self.layer.authenticate(&self.call(), request).unwrap()
    }

    fn call(&self) -> Call<'_> {
        Call { partner: "bank", api_key: self.key.as_str(), signed: None }
    }

    /// The codes of a refusal.
    fn codes(&self, request: &Request) -> Vec<&'static str> {
        codes(&self.ask(request))
    }

    fn ask_otp(&self, transaction: &str) -> OtpAnswer {
        self.ask_otp_of(&self.uin, transaction)
    }

    fn ask_otp_of(&self, id: &str, transaction: &str) -> OtpAnswer {
        let request = OtpRequest {
            id: id.to_owned(),
            kind: None,
            transaction: transaction.to_owned(),
            at_ms: self.layer.now_ms(),
            channels: vec![Channel::Phone, Channel::Email],
        };
        self.layer.request_otp(&self.call(), &request).unwrap()
    }

    /// The password that was sent last.
    fn sent(&self) -> String {
        self.outbox.take().pop().unwrap().code.to_string()
    }

    fn with_otp(&self, transaction: &str, otp: &str) -> Request {
        Request { otp: Some(otp.to_owned().into()), ..self.request(transaction) }
    }
}

fn without_biometrics() -> Ground {
    let mut ground = Ground::new();
    ground.has_biometrics = false;
    ground
}

fn codes(answer: &Answer) -> Vec<&'static str> {
    answer.refusals.iter().map(Refusal::code).collect()
}

fn name(person: u64) -> String {
    let fields = fields(person);
    format!("{} {}", fields["firstName"].as_str().unwrap(), fields["lastName"].as_str().unwrap())
}

fn claim(attribute: Attribute, value: &str) -> Claim {
    Claim { attribute, value: value.to_owned(), language: None, strategy: Strategy::Exact, least_percent: None }
}

fn policy() -> Policy {
    let rule = |attribute: Attribute| {
        let strategies = [(Strategy::Exact, 100), (Strategy::Partial, 50), (Strategy::Phonetic, 100)];
        let strategies = strategies.map(|(strategy, least_percent)| StrategyRule { strategy, least_percent }).into();
        FieldRule { attribute, strategies }
    };
    let attributes = [
        Attribute::Name,
        Attribute::BirthDate,
        Attribute::Age,
        Attribute::Gender,
        Attribute::Address,
        Attribute::Phone,
        Attribute::Email,
        Attribute::Field("city".to_owned()),
    ];
    Policy {
        factors: Factor::ALL.map(|factor| FactorRule { factor, is_required: false }).into(),
        combinations: Vec::new(),
        fields: attributes.map(rule).into(),
        liveness_sources: Vec::new(),
        kyc: vec!["firstName".to_owned(), "dateOfBirth".to_owned(), "email".to_owned()],
        kyc_languages: Vec::new(),
        token: TokenKind::Partner,
        expires_ms: None,
    }
}

fn terms(policy: Policy) -> Terms {
    Terms { name: "The Bank".to_owned(), kind: PartnerKind::Kyc, keys: None, policy }
}

fn samples(person: u64, capture: u64) -> Vec<Biometric> {
    let sample = |enclosure: whorl_identity::registration::Enclosure| match enclosure.content {
        EnclosureContent::Sample { modality, position, ppi, liveness } => {
            Biometric { modality, position, ppi, liveness, bytes: enclosure.bytes }
        }
        EnclosureContent::Document { .. } => panic!("eyes are no document"),
    };
    eyes(person, capture).into_iter().map(sample).collect()
}

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
fn a_number_of_nobody_is_answered_as_one_of_somebody_who_is_not_he() {
    let counter = Counter::new();
    // A number that nobody was given here, for it is another country's.
    let foreign = Counter::new().uin;
    assert_ne!(foreign, counter.uin);
    let answers = |id: &str, prefix: &str| {
        let by_name = Request {
            id: id.to_owned(),
            demographics: vec![claim(Attribute::Name, "x"), claim(Attribute::Email, "a@example.org")],
            ..counter.request(&format!("{prefix}1"))
        };
        let by_eyes =
            Request { id: id.to_owned(), biometrics: samples(7, 1), ..counter.request(&format!("{prefix}2")) };
        let by_otp = Request { id: id.to_owned(), ..counter.with_otp(&format!("{prefix}3"), "1234567") };
        let asked = counter.ask_otp_of(id, &format!("{prefix}3"));
        assert_eq!((asked.refusals.len(), asked.masked.len()), (0, 0));
        let answers = [by_name, by_eyes, by_otp].map(|request| counter.ask(&request));
        let tokens = answers.clone().map(|answer| answer.token.unwrap());
        assert!(tokens[0].len() == 32 && tokens.iter().all(|token| *token == tokens[0]));
        answers.map(|answer| (answer.is_authentic, answer.refusals, answer.identity))
    };
    assert_eq!(answers(&counter.uin, "k"), answers(&foreign, "u"));
    assert_eq!(counter.outbox.take().len(), 1, "nothing is sent to nobody");
    // Not even by what the record that stands for nobody says.
    let lucky = ["unknown", "nowhere"].map(|value| {
        let attribute = if value == "unknown" { Attribute::Gender } else { Attribute::Field("city".to_owned()) };
        let claims = vec![claim(attribute, value)];
        counter.ask(&Request { id: foreign.clone(), demographics: claims, ..counter.request(&format!("l{value}")) })
    });
    assert!(lucky.iter().all(|answer| !answer.is_authentic && codes(answer) == ["IDA-DEA-001"]));
    let garbled = Request { id: "1234567891".to_owned(), kind: Some(IdKind::Uin), ..counter.by_name("g1") };
    assert_eq!(counter.codes(&garbled), ["IDA-MLC-002"]);
    let garbled = Request { id: "1".to_owned(), kind: Some(IdKind::Vid), ..counter.by_name("g2") };
    assert_eq!(counter.codes(&garbled), ["IDA-MLC-004"]);
}

#[test]
fn a_deployment_may_tell_what_mosip_tells() {
    let mut ground = Ground::new();
    ground.settings.authentication.disclosure = Disclosure::Mosip;
    let counter = Counter::on(ground);
    let foreign = Counter::new().uin;
    assert_eq!(counter.codes(&Request { id: foreign.clone(), ..counter.by_name("t1") }), ["IDA-MLC-018"]);
    assert_eq!(counter.ask_otp_of(&foreign, "t2").refusals, [Refusal::Unknown]);
    let email = Request { demographics: vec![claim(Attribute::Email, "a@example.org")], ..counter.request("t3") };
    assert_eq!(counter.codes(&email), ["IDA-DEA-003"]);
    let phone = fields(1)["phone"].as_str().unwrap().to_owned();
    let masked = counter.ask_otp("t4").masked;
    assert_eq!((masked[0].0, &masked[0].1[..3]), (Channel::Phone, "***"));
    assert_eq!(masked[0].1[masked[0].1.len() - 3..], phone[phone.len() - 3..]);
    counter.layer.block(&counter.uin, DEED).unwrap();
    let wrong = Request { demographics: vec![claim(Attribute::Name, "x")], ..counter.request("t5") };
    assert_eq!(counter.codes(&wrong), ["IDA-MLC-022"]);
}

#[test]
fn who_is_out_of_force_is_told_so_only_if_it_is_he() {
    let counter = Counter::new();
    counter.layer.block(&counter.uin, DEED).unwrap();
    assert_eq!(counter.codes(&counter.by_name("t1")), ["IDA-MLC-022"]);
    let wrong = Request { demographics: vec![claim(Attribute::Name, "x")], ..counter.request("t2") };
    assert_eq!(counter.codes(&wrong), ["IDA-DEA-001"]);
    assert!(counter.ask_otp("t3").refusals.is_empty());
    assert!(counter.outbox.take().is_empty(), "no password while blocked");
    counter.layer.unblock(&counter.uin, DEED).unwrap();
    assert!(counter.ask(&counter.by_name("t4")).is_authentic);
    let history = counter.layer.transactions(&counter.uin, 0, 10).unwrap();
    let told = history.iter().map(|told| (told.is_accepted, told.codes.join(" "))).collect::<Vec<_>>();
    assert!(told.contains(&(false, "IDA-MLC-022".to_owned())) && told.contains(&(true, String::new())), "{told:?}");
    counter.layer.erase(&counter.uin, DEED).unwrap();
    assert_eq!(counter.codes(&counter.by_name("t5")), ["IDA-DEA-001"]);
    assert!(counter.layer.transactions(&counter.uin, 0, 10).is_err());
}

#[test]
fn a_locked_factor_is_refused_until_its_holder_unlocks_it() {
    let counter = Counter::new();
    counter.layer.lock(&counter.uin, Factor::Iris, DEED).unwrap();
    counter.layer.lock(&counter.uin, Factor::Otp, DEED).unwrap();
    let by_eyes =
        |transaction: &str| counter.codes(&Request { biometrics: samples(1, 3), ..counter.request(transaction) });
    assert_eq!(by_eyes("t1"), ["IDA-MLC-019"]);
    assert_eq!(counter.ask_otp("t2").refusals, [Refusal::Locked(Factor::Otp)]);
    assert!(counter.ask(&counter.by_name("t3")).is_authentic, "others are open");
    let both = Request { biometrics: samples(1, 3), ..counter.by_name("t4") };
    assert_eq!(counter.codes(&both), ["IDA-MLC-019"]);
    counter.layer.unlock(&counter.uin, Factor::Iris, Some(60), DEED).unwrap();
    assert!(by_eyes("t5").is_empty());
    counter.ground.clock.advance(60_000);
    assert_eq!(by_eyes("t6"), ["IDA-MLC-019"]);
    counter.layer.unlock(&counter.uin, Factor::Iris, None, DEED).unwrap();
    assert!(by_eyes("t7").is_empty());
}

#[test]
fn a_vid_for_one_use_says_yes_to_one_of_eight_who_come_at_once() {
    let mut ground = without_biometrics();
    let vid_policy = VidPolicy {
        valid_for_in_minutes: None,
        transactions_allowed: Some(1),
        instances_allowed: 5,
        auto_restore_allowed: false,
        restore_on_action: RestoreOn::Revoked,
    };
    ground.settings.vid_policies =
        VidPolicies { vid_policies: vec![NamedPolicy { vid_type: "Once".to_owned(), vid_policy }] };
    let counter = Counter::on(ground);
    let vid = counter.layer.make_vid(&counter.uin, "Once").unwrap().number;
    let wrong = Request { id: vid.clone(), demographics: vec![claim(Attribute::Name, "x")], ..counter.request("w") };
    assert_eq!(counter.codes(&wrong), ["IDA-DEA-001"], "who is not he uses nothing up");
    let answers = std::thread::scope(|scope| {
        let ask = |number: usize| {
            let request = Request { id: vid.clone(), ..counter.by_name(&format!("t{number}")) };
            let counter = &counter;
            scope.spawn(move || counter.ask(&request))
        };
        let asked = (0..8).map(ask).collect::<Vec<_>>();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_authentic).count(), 1);
    let refused = answers.iter().filter(|answer| !answer.is_authentic);
    assert!(refused.into_iter().all(|answer| codes(answer) == ["IDA-MLC-023"]));
    let tokens = answers.iter().map(|answer| answer.token.clone().unwrap()).collect::<Vec<_>>();
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    assert_eq!(counter.layer.transactions(&counter.uin, 0, 100).unwrap().len(), 9);
}

#[test]
fn a_vid_ends_by_its_time_and_its_uses_of_which_a_password_is_one() {
    let counter = Counter::new();
    let temporary = counter.layer.make_vid(&counter.uin, "Temporary").unwrap().number;
    let once = counter.layer.make_vid(&counter.uin, "OneTimeUse").unwrap().number;
    let by_name =
        |id: &str, transaction: &str| counter.codes(&Request { id: id.to_owned(), ..counter.by_name(transaction) });
    assert!(counter.ask_otp_of(&once, "o1").refusals.is_empty());
    let otp = counter.sent();
    let request = Request { id: once.clone(), kind: Some(IdKind::Vid), ..counter.with_otp("o1", &otp) };
    assert!(counter.ask(&request).is_authentic);
    assert_eq!(by_name(&once, "t1"), ["IDA-MLC-023"]);
    assert!(by_name(&temporary, "t2").is_empty());
    counter.ground.clock.advance(30 * 60_000);
    assert_eq!(by_name(&temporary, "t3"), ["IDA-MLC-005"]);
    let as_uin = Request { id: once, kind: Some(IdKind::Uin), ..counter.by_name("t4") };
    assert_eq!(counter.codes(&as_uin), ["IDA-MLC-002"], "it is no UIN");
}

#[test]
fn tokens_are_a_partners_own_and_stand_for_the_person() {
    let counter = Counter::new();
    let key = counter.layer.create_partner("shop", &terms(policy())).unwrap();
    let shop = Call { partner: "shop", api_key: key.as_str(), signed: None };
    let vid = counter.layer.make_vid(&counter.uin, "Perpetual").unwrap().number;
    let bank = counter.ask(&counter.by_name("t1")).token.unwrap();
    let by_vid = counter.ask(&Request { id: vid.clone(), ..counter.by_name("t2") }).token.unwrap();
    let by_token = counter.ask(&Request { id: bank.clone(), ..counter.by_name("t3") });
    assert_eq!(
        (by_vid.as_str(), by_token.is_authentic, by_token.token.as_deref()),
        (bank.as_str(), true, Some(bank.as_str()))
    );
    let at_shop = counter.layer.authenticate(&shop, &counter.by_name("t1")).unwrap().token.unwrap();
    // By chance two of 32 letters have five in a row in common once in forty thousand times.
    let has_common = (0..=bank.len() - 5).any(|at| at_shop.contains(&bank[at..at + 5]));
    assert!(!has_common, "{bank} and {at_shop}");
    let borrowed = Request { id: bank.clone(), kind: Some(IdKind::Token), ..counter.by_name("t4") };
    let borrowed = counter.layer.authenticate(&shop, &borrowed).unwrap();
    assert_eq!(codes(&borrowed), ["IDA-DEA-001"], "a token is worth nothing to another partner");
    assert_ne!(borrowed.token.as_deref(), Some(at_shop.as_str()));
    for text in [&counter.uin, &vid] {
        assert!(!bank.contains(text.as_str()));
    }
}

#[test]
fn the_token_of_a_policy_is_mosips_or_none_and_may_be_kept_for_a_yes() {
    let salts = MosipSalts::new("uinsalt".to_owned().into(), "pcsalt".to_owned().into()).unwrap();
    let mut ground = Ground::new();
    ground.settings.authentication.token_on_no = false;
    let mut counter = Counter::on(ground);
    counter.layer = counter.layer.with_mosip_salts(salts.clone());
    let mosip = terms(Policy { token: TokenKind::Mosip, ..policy() });
    counter.layer.update_partner("bank", &mosip).unwrap();
    let token = counter.ask(&counter.by_name("t1")).token.unwrap();
    assert_eq!(token, salts.token("bank", &counter.uin).unwrap());
    assert!(counter.ask(&Request { id: token, ..counter.by_name("t2") }).is_authentic);
    let wrong = Request { demographics: vec![claim(Attribute::Name, "x")], ..counter.request("t3") };
    assert_eq!(counter.ask(&wrong).token, None);
    counter.layer.update_partner("bank", &terms(Policy { token: TokenKind::None, ..policy() })).unwrap();
    let answer = counter.ask(&counter.by_name("t4"));
    assert_eq!((answer.is_authentic, answer.token), (true, None));
}

#[test]
fn a_person_reads_who_asked_page_by_page() {
    let counter = Counter::new();
    for number in 0..5 {
        counter.ask(&counter.by_name(&format!("t{number}")));
        counter.ground.clock.advance(1_000);
    }
    let page = counter.layer.transactions(&counter.uin, START_MS + 2_000, 2).unwrap();
    assert_eq!(page.iter().map(|told| told.transaction.as_str()).collect::<Vec<_>>(), ["t2", "t3"]);
    let told = &page[0];
    assert_eq!(
        (told.partner.as_str(), told.partner_name.as_str(), told.purpose.as_str()),
        ("bank", "The Bank", "open an account")
    );
    assert_eq!(
        (told.factors.as_slice(), told.named_by, told.is_accepted),
        (&[Factor::Demographic][..], IdKind::Uin, true)
    );
    let export = counter.layer.export(&counter.uin, DEED).unwrap();
    assert_eq!(export.transactions.len(), 5);
    assert!(counter.layer.transactions("1234567890", 0, 10).is_err());
}

#[test]
fn nothing_of_a_person_is_printed() {
    let counter = Counter::new();
    let own = fields(1);
    assert!(counter.ask_otp("t1").refusals.is_empty());
    let message = counter.outbox.take().pop().unwrap();
    let request = Request { otp: Some(message.code.clone()), biometrics: samples(1, 3), ..counter.by_name("t1") };
    let refused =
        Request { demographics: vec![claim(Attribute::Name, &format!("{} x", name(1)))], ..counter.request("t2") };
    let (answer, refused_answer) = (counter.ask(&request), counter.ask(&refused));
    let history = counter.layer.transactions(&counter.uin, 0, 10).unwrap();
    let mut printed = vec![
        format!("{request:?} {refused:?} {answer:?} {refused_answer:?} {history:?} {message:?}"),
        format!("{:?} {:?} {:?} {:?}", counter.layer, counter.outbox, counter.key, counter.call()),
        format!("{:?}", counter.layer.partner("bank").unwrap()),
    ];
    for refusal in &refused_answer.refusals {
        printed.push(format!("{refusal:?} {refusal} {:?} {}", refusal.action(), refusal.message()));
    }
    let printed = printed.concat();
    let secrets = [own["firstName"].as_str(), own["lastName"].as_str(), own["phone"].as_str(), answer.token.as_deref()];
    let secrets =
        secrets.into_iter().flatten().chain([counter.uin.as_str(), message.code.as_str(), counter.key.as_str()]);
    for secret in secrets {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

#[test]
fn an_outbox_of_a_sandbox_writes_a_line_for_each_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox.jsonl");
    let mut counter = Counter::new();
    counter.layer = counter.layer.with_sender(Arc::new(Outbox::in_file(&path)));
    assert!(counter.ask_otp("t1").refusals.is_empty());
    let line: Value = serde_json::from_str(std::fs::read_to_string(&path).unwrap().lines().next().unwrap()).unwrap();
    assert!(counter.ask(&counter.with_otp("t1", line["code"].as_str().unwrap())).is_authentic);
    counter.layer = counter.layer.with_sender(Arc::new(Outbox::in_file(folder.path())));
    assert_eq!(counter.ask_otp("t2").refusals, [Refusal::OtpNotSent]);
}

/// Writes persons as a registration would leave them, and says their UINs. A key is shared by a hundred of them.
fn populate(ground: &Ground, persons: u64) -> Vec<String> {
    let database = Database::open(Arc::clone(&ground.store)).unwrap();
    let vault = Vault::open(Arc::new(ground.keys.clone()), &ground.master, &database).unwrap();
    let numbers = Filter::new(Rules::uin()).unwrap();
    let (mut uins, mut given) = (Vec::new(), std::collections::HashSet::new());
    for first in (0..persons).step_by(1_000) {
        let locks = (0..10).map(|_| vault.assign().unwrap()).collect::<Vec<_>>();
        let written = database.write(|draft| {
            for person in first..(first + 1_000).min(persons) {
                let mut subject = Subject::applicant(Opaque::draw().unwrap(), START_MS);
                let mut drawn = std::iter::repeat_with(|| numbers.draw().unwrap());
                let number = drawn.find(|number| given.insert(number.clone())).unwrap();
                subject.status = Status::Active;
                subject.uin = Some(number.clone());
                subject.demographics = fields(person);
                draft.put(Table::Numbers, &vault.blind("uin", &number), subject.id.bytes().to_vec());
                let lock = locks[(person % 10) as usize].clone();
                Found { subject, lock }.save(&vault, draft)?;
                uins.push(number);
            }
            Ok::<_, VaultError>(())
        });
        written.unwrap();
    }
    uins
}

fn at(sorted: &[Duration], share: f64) -> Duration {
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}

#[test]
#[ignore = "a measurement, of minutes"]
fn how_many_are_authenticated_in_a_second() {
    const PERSONS: u64 = 100_000;
    const ASKED: usize = 6_000;
    let mut ground = without_biometrics();
    let settings = &mut ground.settings.authentication;
    (settings.per_id_per_minute, settings.per_partner_per_minute) = (u32::MAX, u32::MAX);
    let counter = Counter::on(ground);
    let Counter { ground, layer, key, outbox, uin: _ } = counter;
    drop(layer);
    let uins = populate(&ground, PERSONS);
    let counter = Counter { layer: ground.open(), ground, key, outbox, uin: String::new() };
    let turn = AtomicUsize::new(0);
    for threads in [1, 8, 32] {
        let ask = || {
            let ask = |_| {
                let turn = turn.fetch_add(1, Ordering::Relaxed);
                let person = turn.wrapping_mul(7_919) % uins.len();
                let claims = vec![claim(Attribute::Name, &name(person as u64))];
                let id = uins[person].clone();
                let request = Request { id, demographics: claims, ..counter.request(&format!("m{turn}")) };
                let since = Instant::now();
                let answer = counter.ask(&request);
                let took = since.elapsed();
                assert!(answer.is_authentic, "person {person}: {answer:?}");
                took
            };
            (0..ASKED / threads).map(ask).collect::<Vec<_>>()
        };
        let since = Instant::now();
        let mut took = std::thread::scope(|scope| {
            let asked = (0..threads).map(|_| scope.spawn(ask)).collect::<Vec<_>>();
            asked.into_iter().flat_map(|asked| asked.join().unwrap()).collect::<Vec<_>>()
        });
        let rate = took.len() as f64 / since.elapsed().as_secs_f64();
        took.sort();
        println!("{threads} at a time: {rate:.0}/s, p50 {:?}, p99 {:?}", at(&took, 0.5), at(&took, 0.99));
    }
    let foreign = Filter::new(Rules::uin()).unwrap();
    let mut took = [Vec::new(), Vec::new()];
    for turn in 0..2_000 {
        let id = if turn % 2 == 0 { uins[turn].clone() } else { foreign.draw().unwrap() };
        let claims = vec![claim(Attribute::Name, "somebody else")];
        let request = Request { id, demographics: claims, ..counter.request(&format!("n{turn}")) };
        let since = Instant::now();
        assert!(!counter.ask(&request).is_authentic);
        took[turn % 2].push(since.elapsed());
    }
    for took in &mut took {
        took.sort();
    }
    let [known, unknown] = took.map(|took| (at(&took, 0.5), at(&took, 0.9)));
    println!(
        "\"no\" of a person: p50 {:?}, p90 {:?}; of nobody: p50 {:?}, p90 {:?}",
        known.0, known.1, unknown.0, unknown.1
    );
}
