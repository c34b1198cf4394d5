//! A small country in memory, which can die and be opened again.

#![allow(dead_code, reason = "every test uses what it needs of it")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::sync::Arc;

use serde_json::{Value, json};
use whorl_datasets::synthetic::templates;
use whorl_identity::clock::ManualClock;
use whorl_identity::demographic::Rules;
use whorl_identity::demography::Demography;
use whorl_identity::layer::{Layer, Parts};
use whorl_identity::matcher::Matcher;
use whorl_identity::registration::{Enclosure, EnclosureContent, Operator, Packet, PacketKind, Registration};
use whorl_identity::schema::Schema;
use whorl_identity::settings::Settings;
use whorl_identity::store::{Database, Memory, Store};
use whorl_identity::subject::Consent;
use whorl_identity::vault::Vault;
use whorl_index::{Gallery, MasterKey, Mode, Positions, Shortlist};
use whorl_service::desk::{Desk, Gathering};
use whorl_service::sample::Instance;
use whorl_service::{Engine, Search};
use whorl_types::{Fmr, Fpir, Modality, Position};

/// 2026-01-01, in milliseconds since 1970.
pub(crate) const START_MS: u64 = 1_767_225_600_000;

/// What lasts when the process of a country dies.
pub(crate) struct Ground {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: whorl_index::Memory,
    pub(crate) gallery: whorl_index::Memory,
    pub(crate) master: MasterKey,
    pub(crate) clock: ManualClock,
    pub(crate) settings: Settings,
    pub(crate) has_biometrics: bool,
}

impl Ground {
    pub(crate) fn new() -> Self {
        Self::on(Arc::new(Memory::new()))
    }

    pub(crate) fn on(store: Arc<dyn Store>) -> Self {
        let gallery = whorl_index::Memory::new();
        drop(Gallery::create(Arc::new(gallery.clone())).unwrap());
        Self {
            store,
            keys: whorl_index::Memory::new(),
            gallery,
            master: MasterKey::generate().unwrap(),
            clock: ManualClock::new(START_MS),
            settings: Settings::default(),
            has_biometrics: true,
        }
    }

    /// A process on this ground.
    pub(crate) fn open(&self) -> Layer {
        let database = Database::open(Arc::clone(&self.store)).unwrap();
        let vault = Vault::open(Arc::new(self.keys.clone()), &self.master, &database).unwrap();
        let matcher = self.has_biometrics.then(|| self.matcher());
        let parts = Parts {
            database,
            vault,
            clock: Arc::new(self.clock.clone()),
            settings: self.settings.clone(),
            demography: Demography::new(Schema::default(), Rules::default()),
            matcher,
        };
        Layer::new(parts).unwrap()
    }

    fn matcher(&self) -> Matcher {
        let engine = Arc::new(Engine::new(2).unwrap());
        let gallery = Gallery::open(Arc::new(self.gallery.clone())).unwrap();
        let desk = Desk::new(Arc::clone(&engine), Arc::new(gallery), Gathering::default()).unwrap();
        let search = Search {
            candidates: 10,
            mode: Mode::Cascade(Shortlist::default()),
            positions: Positions::Labelled,
            mirrored: false,
            target: Fpir::new(0.001).unwrap(),
            within: None,
        };
        Matcher::new(engine, Arc::new(desk), search, Fmr::new(0.0001).unwrap())
    }
}

/// The two eyes of a person, captured once more.
pub(crate) fn eyes(person: u64, capture: u64) -> Vec<Enclosure> {
    let eye = |(number, position): (u64, Position)| {
        let template = templates::iris::template(1, person << 8 | number, capture).into();
        let bytes = Instance { position, template, liveness: None }.to_bytes();
        let content = EnclosureContent::Sample { modality: Modality::Iris, position, ppi: None, liveness: None };
        Enclosure { content, bytes }
    };
    (0..).zip([Position::RightEye, Position::LeftEye]).map(eye).collect()
}

/// A document that was shown.
pub(crate) fn document(category: &str) -> Enclosure {
    let content = EnclosureContent::Document { category: category.to_owned(), kind: "passport".to_owned() };
    Enclosure { content, bytes: b"a picture of a passport".to_vec() }
}

/// Fields of a person who is like no other of these.
pub(crate) fn fields(person: u64) -> serde_json::Map<String, Value> {
    const SYLLABLES: [&str; 12] = ["ba", "ri", "mo", "ke", "lu", "sa", "ti", "no", "fe", "du", "wa", "gi"];
    let word = |mut number: u64| {
        let mut word = String::new();
        for _ in 0..4 {
            word.push_str(SYLLABLES[(number % 12) as usize]);
            number /= 12;
        }
        word
    };
    let mixed = person.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8;
    let fields = json!({
        "firstName": word(mixed),
        "lastName": word(mixed >> 20),
        "dateOfBirth": format!("{}-{:02}-{:02}", 1950 + mixed % 50, 1 + mixed % 12, 1 + mixed % 28),
        "gender": if mixed.is_multiple_of(2) { "Female" } else { "Male" },
        "addressLine1": format!("{} {}", mixed % 200, word(mixed >> 30)),
        "city": word(mixed >> 33),
        "phone": format!("+99 {}", 10_000_000 + mixed % 90_000_000),
    });
    fields.as_object().unwrap().clone()
}

/// A packet of a kind, with consent.
pub(crate) fn packet(id: &str, kind: PacketKind) -> Packet {
    Packet {
        id: id.parse().unwrap(),
        kind,
        uin: None,
        corrects: None,
        demographics: serde_json::Map::new(),
        enclosures: Vec::new(),
        exceptions: Vec::new(),
        consent: Some(Consent {
            purpose: "foundational-id".to_owned(),
            text: "v1".to_owned(),
            is_given: true,
            at_ms: START_MS,
        }),
        introducer: None,
        operator: Operator {
            name: "olga".to_owned(),
            station: "station-7".to_owned(),
            centre: String::new(),
            supervisor: None,
        },
        captured_ms: START_MS,
    }
}

/// A person who comes to be registered.
pub(crate) fn newcomer(id: &str, person: u64, capture: u64) -> Packet {
    Packet { demographics: fields(person), enclosures: eyes(person, capture), ..packet(id, PacketKind::New) }
}

/// Takes a packet and works on it as far as it goes.
pub(crate) fn send(layer: &Layer, packet: &Packet) -> Registration {
    layer.register(packet).unwrap();
    layer.process(&packet.id).unwrap();
    layer.registration(&packet.id).unwrap()
}

/// The UIN that a registration ended with.
pub(crate) fn uin(layer: &Layer, registration: &Registration) -> String {
    layer.uin_of(&registration.id).unwrap().unwrap()
}
