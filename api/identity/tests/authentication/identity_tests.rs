//! Who is asked about: numbers, locks, tokens, and what is told of him.

use super::*;

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
