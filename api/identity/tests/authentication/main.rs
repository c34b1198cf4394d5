//! Authentications: every factor yes and no, and everything that refuses one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

#[path = "../country/mod.rs"]
mod country;
mod factor_tests;
mod identity_tests;
mod measurement_tests;
mod partner_tests;

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
use whorl_identity::registration::{Enclosure, EnclosureContent};
use whorl_identity::store::{Database, Table};
use whorl_identity::subject::{Found, Status, Subject};
use whorl_identity::tokens::MosipSalts;
use whorl_identity::vault::{Vault, VaultError};
use whorl_types::{Liveness, LivenessOutcome, Modality, Position};

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
    answer.refusals.iter().map(|refusal| refusal.code().name()).collect()
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
    let sample = |enclosure: Enclosure| match enclosure.content {
        EnclosureContent::Sample { modality, position, ppi, liveness } => {
            Biometric { modality, position, ppi, liveness, bytes: enclosure.bytes }
        }
        EnclosureContent::Document { .. } => panic!("eyes are no document"),
    };
    eyes(person, capture).into_iter().map(sample).collect()
}
