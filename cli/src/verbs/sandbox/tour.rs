//! A walk through everything, which shows each request and its answer.

use std::fs;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::calls::{Calls, shown};
use super::ground::Ground;
use super::residents::{Resident, VISITORS, consent, newcomer, now_ms};

/// A walk, and what is needed on the way.
struct Walk<'a> {
    calls: &'a Calls,
    ground: &'a Ground,
    partners: &'a [(&'static str, String)],
    /// What its registrations and transactions begin with, so that a second tour makes others.
    run: String,
    step: u32,
}

/// Walks.
pub(super) fn walk(
    calls: &Calls,
    ground: &Ground,
    residents: &[Resident],
    partners: &[(&'static str, String)],
) -> anyhow::Result<()> {
    let visitors = residents.len().saturating_sub(VISITORS as usize);
    let visitor = residents.get(visitors).context("a tour needs somebody to register")?;
    let mut walk = Walk { calls, ground, partners, run: format!("tour-{}", now_ms()), step: 0 };
    let uin = walk.register(visitor)?;
    walk.find_duplicate(visitor)?;
    walk.issue(&uin)?;
    walk.authenticate(&uin, visitor)?;
    walk.lock(&uin, visitor)?;
    walk.recover(&uin, visitor)?;
    walk.erase(&uin, visitor)?;
    println!("\nThe tour is over: {} requests, each answered as it should be.", walk.step);
    Ok(())
}

impl Walk<'_> {
    fn register(&mut self, visitor: &Resident) -> anyhow::Result<String> {
        title("Somebody is registered, and gets a number that says nothing");
        let id = format!("{}-1", self.run);
        self.show("olga", "registration/register", &newcomer(&id, visitor, 1))?;
        self.calls.settled(&id)?;
        let found = self.show("oskar", "registration/get-registration", &json!({ "id": id }))?;
        let uin = found["uin"].as_str().unwrap_or_default().to_owned();
        ensure!(
            !uin.is_empty(),
            "the registration was to end with a number; where an earlier tour was broken off, remove the folder of the sandbox: {found}"
        );
        Ok(uin)
    }

    fn find_duplicate(&mut self, visitor: &Resident) -> anyhow::Result<()> {
        title("He comes again with another name: his fingers and his eye find him, two people decide");
        let mut again = newcomer(&format!("{}-2", self.run), visitor, 2);
        again["demographics"]["lastName"] = "Newname".into();
        again["demographics"]["firstName"] = "Somebody".into();
        self.show("olga", "registration/register", &again)?;
        let waiting = self.calls.settled(&format!("{}-2", self.run))?;
        let case = waiting["caseId"].as_str().unwrap_or_default().to_owned();
        ensure!(!case.is_empty(), "a duplicate was to be adjudicated: {waiting}");
        let found = self.show("anna", "adjudication/get-case", &json!({ "id": case }))?;
        self.see_both(&case)?;
        let suspects = found["case"]["suspects"].as_array().cloned().unwrap_or_default();
        let findings = suspects.iter().map(|suspect| json!({ "subject": suspect["subject"], "isSame": true }));
        let decision =
            json!({ "id": case, "findings": findings.collect::<Vec<_>>(), "reason": "the same fingers and eye" });
        self.show("anna", "adjudication/decide-case", &decision)?;
        self.show("berta", "adjudication/decide-case", &decision)?;
        let id = json!({ "id": format!("{}-2", self.run) });
        let end = self.show("oskar", "registration/get-registration", &id)?;
        ensure!(end["rejection"]["reason"] == "duplicate", "the second registration was to be refused: {end}");
        Ok(())
    }

    /// What anna decides by: the records of both sides, and a picture of each.
    fn see_both(&mut self, case: &str) -> anyhow::Result<()> {
        let purpose = "deciding about a registration";
        let evidence = self.show("anna", "adjudication/get-evidence", &json!({ "id": case, "purpose": purpose }))?;
        for side in [&evidence["applicant"], &evidence["suspects"][0]["side"]] {
            let registration = &side["registrations"][0]["id"];
            let file = json!({ "id": case, "purpose": purpose, "registration": registration, "number": 0 });
            let file = self.show("anna", "adjudication/get-evidence-file", &file)?;
            ensure!(file["mediaType"] == "image/png", "a picture of each side was to be shown: {}", shown(&file));
        }
        Ok(())
    }

    fn issue(&mut self, uin: &str) -> anyhow::Result<()> {
        title("He gets a virtual number, a signed credential and a card");
        self.show("oskar", "issuance/create-vid", &json!({ "uin": uin, "kind": "Temporary" }))?;
        let fields = ["firstName", "lastName", "dateOfBirth"];
        let signed = json!({ "uin": uin, "form": "CREDENTIAL_FORM_VC", "fields": fields });
        self.show("oskar", "issuance/issue-credential", &signed)?;
        let lines = [("Name", vec!["firstName", "lastName"]), ("Born", vec!["dateOfBirth"])];
        let lines = lines.map(|(label, fields)| json!({ "label": label, "fields": fields }));
        let card = json!({ "title": "Sandbox identity card", "lines": lines });
        let card = json!({ "uin": uin, "form": "CREDENTIAL_FORM_CARD", "fields": fields, "card": card });
        let made = self.show("oskar", "issuance/issue-credential", &card)?;
        let file = self.ground.file("card.svg");
        fs::write(&file, made["credential"].as_str().unwrap_or_default()).context("cannot write the card")?;
        println!("(the card is in {})", file.display());
        Ok(())
    }

    fn authenticate(&mut self, uin: &str, visitor: &Resident) -> anyhow::Result<()> {
        title("He is authenticated by what he knows, by a one-time password, and by a finger");
        let born = json!([{ "attribute": "birth_date", "value": visitor.field("dateOfBirth"), "strategy": "COMPARISON_STRATEGY_EXACT" }]);
        let at_bank = self.claim(0, uin, &json!({ "demographics": born }), true)?;
        let at_clinic = self.claim(1, uin, &json!({ "demographics": born }), true)?;
        ensure!(at_bank["token"] != at_clinic["token"], "two partners were to know him by two names");
        let password = self.password(uin)?;
        self.claim(0, uin, &password, true)?;
        self.claim(1, uin, &json!({ "samples": one_finger(visitor) }), true)?;
        let record = json!({ "samples": one_finger(visitor), "record": { "attributes": ["firstName", "lastName"] } });
        let told = self.claim(0, uin, &record, true)?;
        ensure!(told["record"]["lastName"] == visitor.field("lastName"), "the bank was to be told his name: {told}");
        Ok(())
    }

    fn lock(&mut self, uin: &str, visitor: &Resident) -> anyhow::Result<()> {
        title("He locks his fingers, and opens them again");
        let factor =
            json!({ "uin": uin, "factor": "AUTHENTICATION_FACTOR_FINGERPRINT", "reason": "asked for by himself" });
        self.show("oskar", "identity/lock-authentication", &factor)?;
        self.claim(1, uin, &json!({ "samples": one_finger(visitor) }), false)?;
        self.show("oskar", "identity/unlock-authentication", &factor)?;
        self.claim(1, uin, &json!({ "samples": one_finger(visitor) }), true)?;
        Ok(())
    }

    fn recover(&mut self, uin: &str, visitor: &Resident) -> anyhow::Result<()> {
        title("He forgot his number: his body finds it");
        let id = format!("{}-3", self.run);
        let lost = json!({
            "id": id, "kind": "PACKET_KIND_LOST", "samples": visitor.samples(2), "consent": consent(),
            "capturedBy": { "station": "station-1" }, "capturedUnixMs": now_ms().to_string(),
        });
        self.show("olga", "registration/register", &lost)?;
        self.calls.settled(&id)?;
        let found = self.show("oskar", "registration/get-registration", &json!({ "id": id }))?;
        ensure!(found["uin"] == uin, "the lost number was to be found: {found}");
        Ok(())
    }

    fn erase(&mut self, uin: &str, visitor: &Resident) -> anyhow::Result<()> {
        title("He is erased, and nobody can be authenticated by his number any more");
        self.show("oskar", "identity/erase", &json!({ "uin": uin, "reason": "asked for by himself" }))?;
        self.claim(1, uin, &json!({ "samples": one_finger(visitor) }), false)?;
        Ok(())
    }

    /// A one-time password that is sent to the holder, taken from the file of the sandbox, and the transaction that it is for.
    fn password(&mut self, uin: &str) -> anyhow::Result<Value> {
        let transaction = self.transaction();
        let claim = json!({
            "id": uin, "transaction": transaction, "atUnixMs": now_ms().to_string(), "channels": ["OTP_CHANNEL_PHONE"],
        });
        let (partner, key) = &self.partners[0];
        self.show("gateway", "authentication/send-otp", &json!({ "partner": partner, "apiKey": key, "claim": claim }))?;
        let sent = fs::read_to_string(self.ground.passwords()).context("no one-time password was written")?;
        let last = sent.lines().last().context("no one-time password was written")?;
        let last: Value = serde_json::from_str(last).context("the file of passwords")?;
        Ok(json!({ "otp": last["code"], "transaction": transaction }))
    }

    /// Asks for a partner whether somebody is who he claims to be, and checks that the answer is the expected one.
    fn claim(&mut self, partner: usize, uin: &str, factors: &Value, expected: bool) -> anyhow::Result<Value> {
        let mut claim = json!({
            "id": uin, "transaction": self.transaction(), "atUnixMs": now_ms().to_string(), "purpose": "opening an account",
            "consent": { "isGiven": true },
        });
        if let (Some(claim), Some(factors)) = (claim.as_object_mut(), factors.as_object()) {
            claim.extend(factors.clone());
        }
        let (partner, key) = &self.partners[partner];
        let request = json!({ "partner": partner, "apiKey": key, "claim": claim });
        let answer = self.show("gateway", "authentication/authenticate", &request)?;
        let is_authentic = answer["isAuthentic"].as_bool().unwrap_or_default();
        ensure!(is_authentic == expected, "the answer was to be {expected}: {answer}");
        Ok(answer)
    }

    fn transaction(&self) -> String {
        format!("{}-{}", self.run, self.step)
    }

    /// Makes a call and prints it with its answer.
    fn show(&mut self, who: &str, path: &str, request: &Value) -> anyhow::Result<Value> {
        self.step += 1;
        println!("\n{who}: POST /identity/v1/{path}\n{:#}", shown(request));
        let exchange = self.calls.ask(who, path, request)?;
        println!("-> {:#}", shown(&exchange.answer));
        if exchange.is_refused {
            bail!("{path} was refused: {}", exchange.answer);
        }
        Ok(exchange.answer)
    }
}

/// His first finger, captured the second time.
fn one_finger(visitor: &Resident) -> Value {
    let samples = visitor.samples(2);
    let fingers =
        samples.as_array().into_iter().flatten().filter(|sample| sample["modality"] == "MODALITY_FINGERPRINT");
    fingers.take(1).cloned().collect()
}

fn title(text: &str) {
    println!("\n== {text}");
}
