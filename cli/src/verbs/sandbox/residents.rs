//! People who do not exist: their names, their fingers and eyes, and the partners whom they deal with.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use whorl_datasets::manifest::Manifest;
use whorl_datasets::people::{self, Sex};
use whorl_datasets::synthetic::population::Population;
use whorl_identity::clock::{Clock, SystemClock};
use whorl_service::Watch;
use whorl_types::{Modality, Position};

use super::calls::Calls;
use super::ground::Ground;
use crate::console::Bars;

/// Decides who lives in a sandbox.
const SEED: u64 = 2026;

/// How many more people there are in the pictures than are registered at first: those whom the tour registers.
pub(super) const VISITORS: u32 = 2;

/// The fingers of each person.
const FINGERS: u32 = 2;

/// The file that remembers who was registered, with his number: a sandbox may know it.
const REGISTER: &str = "residents.json";

/// The file that remembers the keys of partners.
const PARTNERS: &str = "partners.json";

/// Somebody, as a station meets him.
pub(super) struct Resident {
    pub(super) demographics: Value,
    /// What is captured of him, at each of two times.
    captures: BTreeMap<String, Vec<Value>>,
    /// Empty, of whom nobody has registered yet.
    pub(super) uin: String,
}

impl Resident {
    /// What was captured the first time, or the second.
    pub(super) fn samples(&self, encounter: u8) -> Value {
        self.captures.get(&encounter.to_string()).cloned().unwrap_or_default().into()
    }

    /// One field of his.
    pub(super) fn field(&self, name: &str) -> &str {
        self.demographics[name].as_str().unwrap_or_default()
    }
}

/// Makes the people, and registers those who are not registered yet but for the visitors, who come last.
pub(super) fn settle(calls: &Calls, ground: &Ground, count: u32, bars: &Bars) -> anyhow::Result<Vec<Resident>> {
    let mut residents = imagine(ground, count + VISITORS, bars)?;
    let register = ground.file(REGISTER);
    let mut known: BTreeMap<usize, String> = read(&register)?;
    bars.begin("registering residents", count as usize);
    for (number, resident) in residents.iter_mut().enumerate().take(count as usize) {
        if let Some(uin) = known.get(&number) {
            resident.uin.clone_from(uin);
        } else {
            let found = calls.register(&newcomer(&format!("resident-{number}"), resident, 1))?;
            found["uin"].as_str().unwrap_or_default().clone_into(&mut resident.uin);
            if resident.uin.is_empty() {
                bail!("resident {number} was not registered: {found}");
            }
            known.insert(number, resident.uin.clone());
            write(&register, &known)?;
        }
        bars.advance(1);
    }
    Ok(residents)
}

/// A registration of somebody who has no number.
pub(super) fn newcomer(id: &str, resident: &Resident, encounter: u8) -> Value {
    json!({
        "id": id,
        "kind": "PACKET_KIND_NEW",
        "demographics": resident.demographics,
        "samples": resident.samples(encounter),
        "consent": consent(),
        "capturedBy": { "station": "station-1" },
        "capturedUnixMs": now_ms().to_string(),
    })
}

/// That he agreed.
pub(super) fn consent() -> Value {
    json!({ "purpose": "foundational-id", "textVersion": "1", "isGiven": true, "atUnixMs": now_ms().to_string() })
}

/// Now, in milliseconds since 1970.
pub(super) fn now_ms() -> u64 {
    SystemClock.now_ms()
}

/// The partners of the sandbox with their keys: a bank that may be told a record, and a clinic that may not.
pub(super) fn partners(calls: &Calls, ground: &Ground) -> anyhow::Result<Vec<(&'static str, String)>> {
    let file = ground.file(PARTNERS);
    let mut known: BTreeMap<String, String> = read(&file)?;
    let any = [("exact", 100), ("phonetic", 60)]
        .map(|(strategy, least)| json!({ "strategy": strategy, "least_percent": least }));
    let fields = ["name", "birth_date"].map(|attribute| json!({ "attribute": attribute, "strategies": any }));
    let factors = ["demographic", "otp", "fingerprint", "iris"].map(|factor| json!({ "factor": factor }));
    let mut partners = Vec::new();
    for (id, name, kind, kyc) in [
        ("bank", "First Bank", "PARTNER_KIND_KYC", vec!["firstName", "lastName"]),
        ("clinic", "City Clinic", "PARTNER_KIND_AUTHENTICATION", Vec::new()),
    ] {
        if !known.contains_key(id) {
            let policy = json!({ "factors": factors, "fields": fields, "kyc": kyc, "token": "partner" });
            let terms = json!({ "name": name, "kind": kind, "policy": policy });
            let made = calls.call("oskar", "partner/create-partner", &json!({ "id": id, "terms": terms }))?;
            known.insert(id.to_owned(), made["apiKey"].as_str().unwrap_or_default().to_owned());
            write(&file, &known)?;
        }
        partners.push((id, known.get(id).cloned().unwrap_or_default()));
    }
    Ok(partners)
}

/// People with names, and pictures of their fingers and an eye at two times.
fn imagine(ground: &Ground, count: u32, bars: &Bars) -> anyhow::Result<Vec<Resident>> {
    let folder = ground.pictures();
    // Pictures of an earlier run are the same where they are as many.
    let of = Population { fingers: FINGERS, irises: 1, impressions: 2, ..Population::new(count, SEED) };
    let manifest = folder.join(count.to_string()).join("manifest.csv");
    if !manifest.exists() {
        bars.begin("making pictures", (count * (FINGERS + 1) * 2) as usize);
        let progress = |_: u64, _: u64| {
            bars.advance(1);
            ControlFlow::Continue(())
        };
        of.write(&folder.join(count.to_string()), &progress)?;
    }
    let names = people::Population::draw(SEED, count as usize).people;
    let mut captured: BTreeMap<String, BTreeMap<String, Vec<Value>>> = BTreeMap::new();
    for entry in Manifest::read(&manifest, None)?.entries {
        let bytes = fs::read(&entry.path).with_context(|| format!("cannot read {}", entry.path.display()))?;
        let sample = sample(&bytes, entry.modality, entry.position);
        captured.entry(entry.subject).or_default().entry(entry.encounter).or_default().push(sample);
    }
    let resident = |(person, captures): (people::Person, BTreeMap<String, Vec<Value>>)| Resident {
        demographics: demographics(&person),
        captures,
        uin: String::new(),
    };
    Ok(names.into_iter().filter(|person| !person.family.is_empty()).zip(captured.into_values()).map(resident).collect())
}

fn sample(bytes: &[u8], modality: Modality, position: Position) -> Value {
    let word = position.name().replace('-', "_").to_uppercase();
    let position = if modality == Modality::Iris { format!("POSITION_{word}_EYE") } else { format!("POSITION_{word}") };
    json!({
        "data": BASE64_STANDARD.encode(bytes),
        "modality": format!("MODALITY_{}", modality.name().to_uppercase()),
        "position": position,
    })
}

/// The fields of a person, by the names of the schema that is compiled in. Everybody is grown up here.
fn demographics(person: &people::Person) -> Value {
    let year = person.birth.get(..4).and_then(|year| year.parse::<u16>().ok()).unwrap_or(1980).min(2000);
    json!({
        "firstName": person.given,
        "lastName": person.family,
        "dateOfBirth": format!("{year}{}", person.birth.get(4..).unwrap_or_default()),
        "gender": if person.sex == Some(Sex::Female) { "Female" } else { "Male" },
        "addressLine1": person.street,
        "city": person.town,
        "phone": "+99 5550 1234",
    })
}

fn read<T: serde::de::DeserializeOwned + Default>(file: &Path) -> anyhow::Result<T> {
    if !file.exists() {
        return Ok(T::default());
    }
    let named = || format!("cannot read \"{}\": remove the folder of the sandbox to begin anew", file.display());
    serde_json::from_slice(&fs::read(file).with_context(named)?).with_context(named)
}

fn write(file: &Path, value: &impl serde::Serialize) -> anyhow::Result<()> {
    fs::write(file, serde_json::to_vec_pretty(value)?).with_context(|| format!("cannot write \"{}\"", file.display()))
}
