//! A server with the identity layer, and those who work with it.

use std::time::{Duration, Instant};

use rcgen::KeyPair;
use serde_json::{Value, json};
use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::identity::{Record, v1};
use whorl_sdk::client::{Options, Sample, TokenSource};
use whorl_sdk::types::Position;

use crate::issuer::{Issuer, TOKENS, now_ms};
use crate::people::print;
use crate::running::{Running, write};

/// How long a test waits for what must happen: a machine that is busy with much else needs some of it.
const PATIENCE: Duration = Duration::from_mins(2);

const IDENTITY: &str = r#"
[identity]
enabled = true
master_key_file = "master"
gallery = "people"
issuer_key_file = "issuer.pem"
issuer = "https://id.example"
passwords_file = "passwords.jsonl"
"#;

/// A server whose clients are known by tokens.
pub(crate) struct Country {
    pub(crate) running: Running,
    issuer: Issuer,
}

impl Country {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let issuer = Issuer::new(folder.path());
        write(folder.path(), "master", &"5a".repeat(32));
        write(folder.path(), "issuer.pem", &KeyPair::generate().unwrap().serialize_pem());
        let running = Running::configured(folder, &format!("{TOKENS}{IDENTITY}"));
        Self { running, issuer }
    }

    pub(crate) fn token(&self, name: &str, roles: &[&str]) -> String {
        self.issuer.token(name, roles, 600)
    }

    pub(crate) fn options(&self, name: &str, roles: &[&str]) -> Options {
        Options { token: Some(TokenSource::Fixed(self.token(name, roles))), ..self.running.options() }
    }

    pub(crate) fn client(&self, name: &str, roles: &[&str]) -> Client {
        Client::connect(self.options(name, roles)).unwrap()
    }

    /// Registers somebody with a print of `person`, and waits until nothing more is done about it.
    pub(crate) fn registered(&self, id: &str, name: &str, person: u64, capture: u64) -> v1::GetRegistrationResponse {
        self.client("olga", &["register"]).identity().register(newcomer(id, name, person, capture)).unwrap();
        self.settled(id)
    }

    /// A registration once nothing more is done about it, as an officer sees it.
    pub(crate) fn settled(&self, id: &str) -> v1::GetRegistrationResponse {
        let (officer, began) = (self.client("oskar", &["officer"]), Instant::now());
        loop {
            let asked = v1::GetRegistrationRequest { id: id.to_owned() };
            let found = officer.identity().get_registration(asked).unwrap();
            if [v1::RegistrationStage::Issued, v1::RegistrationStage::Rejected, v1::RegistrationStage::InAdjudication]
                .contains(&found.stage())
            {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "{id} is still {:?}", found.stage());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// A registration of somebody new.
pub(crate) fn newcomer(id: &str, name: &str, person: u64, capture: u64) -> v1::RegisterRequest {
    v1::RegisterRequest {
        id: id.to_owned(),
        kind: v1::PacketKind::New.into(),
        demographics: Some(record(json!({
            "firstName": name, "lastName": format!("{name}son"), "dateOfBirth": "1980-02-29", "gender": "Female",
            "phone": "+99 5550 4321",
        }))),
        samples: vec![Sample::at(Position::RightIndex, print(person, capture)).into()],
        consent: Some(v1::ConsentGiven {
            purpose: "foundational-id".to_owned(),
            is_given: true,
            at_unix_ms: now_ms(),
            ..Default::default()
        }),
        captured_by: Some(v1::CapturedBy { station: "station-7".to_owned(), ..Default::default() }),
        captured_unix_ms: now_ms(),
        ..Default::default()
    }
}

pub(crate) fn record(fields: Value) -> Record {
    serde_json::from_value(fields).unwrap()
}
