//! A registration office: somebody is registered, gets his number, and is authenticated by his birth date, once for a partner that shows
//! its API key and once for one that signs what it asks.
//!
//! ```text
//! whorl --json sandbox > sandbox.json &
//! openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out notary.pem
//! cargo run -p whorl-sdk --example registration_office -- sandbox.json notary.pem Ada Lovelace 1990-12-10 right-index=finger.png
//! ```
//! What is captured of him may be left out. The tokens of those who work at the office, and the bank's API key, are in what the sandbox
//! prints.

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::json;
use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::identity::{Partner, RefusalCode, Signer, claim, v1};
use whorl_sdk::client::{Options, Sample, TokenSource};
use whorl_sdk::types::Position;

/// How often is looked whether a registration is done.
const PAUSE: Duration = Duration::from_millis(100);

/// What `whorl --json sandbox` prints, as far as it is needed here.
#[derive(Deserialize)]
pub(crate) struct Sandbox {
    pub(crate) url: String,
    pub(crate) people: Vec<Worker>,
    pub(crate) partners: Vec<Asker>,
}

/// Somebody who works there, by his token.
#[derive(Deserialize)]
pub(crate) struct Worker {
    pub(crate) name: String,
    pub(crate) token: String,
}

/// A partner, by its API key.
#[derive(Deserialize)]
pub(crate) struct Asker {
    pub(crate) id: String,
    pub(crate) api_key: String,
}

/// Somebody who comes to the office.
pub(crate) struct Visitor {
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) born: String,
    pub(crate) samples: Vec<Sample>,
}

/// Registers `visitor`, authenticates him for two partners, says on `out` how it went, and gives his number.
pub(crate) fn serve(
    sandbox: &Sandbox,
    signer: Signer,
    visitor: Visitor,
    out: &mut dyn Write,
) -> Result<String, Box<dyn Error>> {
    let (station, officer, gateway) = (sandbox.client("olga")?, sandbox.client("oskar")?, sandbox.client("gateway")?);
    let born = visitor.born.clone();
    let uin = register(&station, &officer, visitor)?;
    writeln!(out, "registered: UIN {uin}")?;

    let bank = sandbox.partners.iter().find(|partner| partner.id == "bank").ok_or("the sandbox has no bank")?;
    let bank = Partner { id: bank.id.clone(), api_key: bank.api_key.clone(), signer: None };
    writeln!(out, "the bank asks: {}", authenticate(&gateway, &bank, &uin, &born)?)?;

    let notary = enter_notary(&officer, signer)?;
    writeln!(out, "the notary asks and signs: {}", authenticate(&gateway, &notary, &uin, &born)?)?;
    let unsigned = Partner { signer: None, ..notary };
    writeln!(out, "somebody with its API key asks: {}", authenticate(&gateway, &unsigned, &uin, &born)?)?;
    writeln!(out, "the bank asks of another day: {}", authenticate(&gateway, &bank, &uin, "1900-01-01")?)?;
    Ok(uin)
}

/// Sends the registration from a station, and waits until it is done, as an officer sees it.
fn register(station: &Client, officer: &Client, visitor: Visitor) -> Result<String, Box<dyn Error>> {
    let (id, now) = (format!("R-{}", now_ms()), now_ms());
    let Visitor { given, family, born, samples } = visitor;
    station.identity().register(v1::RegisterRequest {
        id: id.clone(),
        kind: v1::PacketKind::New.into(),
        demographics: Some(serde_json::from_value(
            json!({ "firstName": given, "lastName": family, "dateOfBirth": born, "gender": "Female" }),
        )?),
        samples: samples.into_iter().map(Into::into).collect(),
        consent: Some(v1::ConsentGiven {
            purpose: "foundational-id".to_owned(),
            is_given: true,
            at_unix_ms: now,
            ..Default::default()
        }),
        captured_by: Some(v1::CapturedBy { station: "station-1".to_owned(), ..Default::default() }),
        captured_unix_ms: now,
        ..Default::default()
    })?;
    loop {
        let found = officer.identity().get_registration(v1::GetRegistrationRequest { id: id.clone() })?;
        match found.stage() {
            v1::RegistrationStage::Issued => return Ok(found.uin),
            v1::RegistrationStage::Rejected => return Err(found.rejection.unwrap_or_default().message.into()),
            v1::RegistrationStage::InAdjudication => {
                return Err(format!("people decide about it, in case {}", found.case_id).into());
            }
            v1::RegistrationStage::Unspecified
            | v1::RegistrationStage::Received
            | v1::RegistrationStage::Validated
            | v1::RegistrationStage::QualityChecked
            | v1::RegistrationStage::DemographicallyChecked
            | v1::RegistrationStage::BiometricallyChecked => thread::sleep(PAUSE),
        }
    }
}

/// Enters a partner whose requests must be signed.
fn enter_notary(officer: &Client, signer: Signer) -> Result<Partner, Box<dyn Error>> {
    let id = format!("notary-{}", now_ms());
    let policy = json!({
        "factors": [{ "factor": "demographic" }],
        "fields": [{ "attribute": "birth_date", "strategies": [{ "strategy": "exact" }] }],
        "token": "partner",
    });
    let terms = v1::PartnerTerms {
        name: "The notary".to_owned(),
        kind: v1::PartnerKind::Authentication.into(),
        keys: signer.public_keys().ok_or("the key must lie here")?,
        policy: Some(serde_json::from_value(policy)?),
    };
    let made = officer.identity().create_partner(v1::CreatePartnerRequest { id: id.clone(), terms: Some(terms) })?;
    Ok(Partner { id, api_key: made.api_key, signer: Some(signer) })
}

/// Whether the holder of `uin` was born on that day, as `partner` is told.
fn authenticate(gateway: &Client, partner: &Partner, uin: &str, born: &str) -> Result<String, Box<dyn Error>> {
    let asked = v1::AuthenticationClaim {
        consent: Some(v1::AuthenticationConsent { is_given: true, ..Default::default() }),
        demographics: vec![v1::DemographicClaim {
            attribute: "birth_date".to_owned(),
            value: born.to_owned(),
            ..Default::default()
        }],
        ..claim(uin, "opening an account")?
    };
    let answer = gateway.identity().authenticate(partner.authenticate(asked)?)?;
    let why = answer.refusals.first().map(|refusal| match RefusalCode::of(&refusal.code) {
        Some(RefusalCode::Demographic) => "no, he was not born then".to_owned(),
        Some(_) | None => format!("no, {} ({})", refusal.message, refusal.code),
    });
    Ok(why.unwrap_or_else(|| format!("yes, and knows him as {}", answer.token)))
}

impl Sandbox {
    /// The sandbox as one who works there sees it.
    fn client(&self, name: &str) -> Result<Client, Box<dyn Error>> {
        let worker = self.people.iter().find(|worker| worker.name == name).ok_or("nobody of that name works there")?;
        let token = Some(TokenSource::Fixed(worker.token.clone()));
        Ok(Client::connect(Options { token, ..Options::new(&self.url) })?)
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[allow(dead_code, reason = "the tests have a visitor and a server of their own")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments = env::args().skip(1).collect::<Vec<_>>();
    let [sandbox, key, given, family, born, captured @ ..] = arguments.as_slice() else {
        return Err("give SANDBOX KEY GIVEN FAMILY BIRTH [POSITION=FILE]...".into());
    };
    let sandbox = serde_json::from_str::<Sandbox>(&std::fs::read_to_string(sandbox)?)?;
    let signer = Signer::from_pem(&std::fs::read_to_string(key)?)?;
    let mut samples = Vec::new();
    for argument in captured {
        let (position, file) = argument.split_once('=').ok_or("give POSITION=FILE")?;
        samples.push(Sample::at(position.parse::<Position>()?, std::fs::read(file)?));
    }
    let [given, family, born] = [given, family, born].map(Clone::clone);
    serve(&sandbox, signer, Visitor { given, family, born, samples }, &mut io::stdout())?;
    Ok(())
}
