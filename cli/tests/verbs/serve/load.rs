//! Clients that enrol, remove and search, and what the server acknowledged to them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use serde_json::{Value, json};
use whorl_datasets::synthetic::templates;
use whorl_formats::template;
use whorl_service::audit::{Filter, read};

use super::process::{Clients, Served, Unanswered, base64_of};

pub(super) const GALLERY: &str = "nation";

/// Threads that change the gallery; as many search.
const WRITERS: u64 = 4;

/// The most people whom a writer enrols before the kill.
const MOST: u64 = 10_000;

/// What is known of somebody.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Whether he was enrolled when the last acknowledgement came.
    is_there: bool,
    /// Whether something else was asked for after that, which may or may not have happened.
    is_open: bool,
}

/// What was acknowledged, by the person's id.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    known: BTreeMap<String, Known>,
    /// Those who were touched since the last kill.
    fresh: BTreeSet<String>,
    enrolled: BTreeSet<String>,
    removed: BTreeSet<String>,
}

/// What one round of load is told, as it goes on.
#[derive(Debug)]
pub(super) struct Changes<'a> {
    ledger: Mutex<&'a mut Ledger>,
    heard: AtomicU64,
}

impl Changes<'_> {
    /// How many changes were acknowledged in this round.
    pub(super) fn heard(&self) -> u64 {
        self.heard.load(Ordering::Relaxed)
    }

    /// Has the server enrol or remove somebody; an error where it has gone.
    fn change(&self, clients: &Clients, id: &str, enrol: bool) -> Result<(), Unanswered> {
        let mut ledger = self.ledger.lock().unwrap();
        ledger.known.entry(id.to_owned()).or_default().is_open = true;
        ledger.fresh.insert(id.to_owned());
        drop(ledger);
        let asked = if enrol { clients.ask("/v1/enrolment/enrol", &enrolment(id)) } else { remove(clients, id) };
        let answer = asked?;
        assert!(!enrol || answer["outcome"] == "ENROL_OUTCOME_ENROLLED", "{answer}");
        let mut ledger = self.ledger.lock().unwrap();
        ledger.known.insert(id.to_owned(), Known { is_there: enrol, is_open: false });
        if enrol {
            ledger.enrolled.insert(id.to_owned())
        } else {
            ledger.removed.insert(id.to_owned())
        };
        self.heard.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Enrols people, and removes every other one, until the server has gone.
    fn write(&self, clients: &Clients, kill: u64, writer: u64) {
        for number in 0..MOST {
            let id = format!("{kill}-{writer}-{number}");
            let changed = self.change(clients, &id, true);
            let changed =
                if number % 2 == 0 { changed } else { changed.and_then(|()| self.change(clients, &id, false)) };
            match changed {
                Ok(()) => {}
                Err(Unanswered::Broken) => break,
                Err(Unanswered::Refused(reason)) => panic!("{id}: {reason}"),
            }
        }
    }
}

/// Has clients ask until `end` has ended the server.
pub(super) fn run(ledger: &mut Ledger, kill: u64, served: &mut Served, end: impl FnOnce(&mut Served, &Changes<'_>)) {
    ledger.fresh.clear();
    let changes = Changes { ledger: Mutex::new(ledger), heard: AtomicU64::new(0) };
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (changes, clients) = (&changes, served.clients());
            scope.spawn(move || changes.write(&clients, kill, writer));
            let clients = served.clients();
            scope.spawn(move || while search(&clients, writer).is_ok() {});
        }
        end(served, &changes);
    });
}

fn search(clients: &Clients, person: u64) -> Result<Value, Unanswered> {
    let samples = samples(&format!("0-{person}-0"));
    clients.ask("/v1/identification/identify", &json!({ "gallery": GALLERY, "samples": samples }))
}

fn enrolment(id: &str) -> Value {
    json!({ "gallery": GALLERY, "id": id, "samples": samples(id), "check": "DUPLICATE_CHECK_NONE" })
}

fn remove(clients: &Clients, id: &str) -> Result<Value, Unanswered> {
    clients.ask("/v1/enrolment/remove", &json!({ "gallery": GALLERY, "id": id }))
}

/// The template of a person's eye, which follows from his id.
fn eye(id: &str) -> String {
    let person = id.bytes().fold(7_u64, |hash, letter| hash.wrapping_mul(257).wrapping_add(letter.into()));
    base64_of(&template::encode(&templates::iris::template(1, person, 0).into()))
}

fn samples(id: &str) -> Value {
    json!([{ "data": eye(id), "modality": "MODALITY_IRIS", "position": "POSITION_LEFT_EYE" }])
}

impl Ledger {
    /// How many changes were acknowledged.
    pub(super) fn changes(&self) -> usize {
        self.enrolled.len() + self.removed.len()
    }

    /// Those of the last round are as they were acknowledged.
    pub(super) fn check(&mut self, served: &Served, kill: u64) {
        for id in std::mem::take(&mut self.fresh) {
            let there = fetched(served, &id);
            let known = self.known.get_mut(&id).unwrap();
            assert!(known.is_open || known.is_there == there, "kill {kill}: {id}: {known:?}, found {there}");
            *known = Known { is_there: there, is_open: false };
        }
    }

    /// All are.
    pub(super) fn check_all(&self, served: &Served) {
        for (id, known) in &self.known {
            assert_eq!(fetched(served, id), known.is_there, "{id}");
        }
        let galleries = served.ask("/v1/gallery/list-galleries", &json!({})).unwrap();
        let there = self.known.values().filter(|known| known.is_there).count();
        assert_eq!(galleries["galleries"][0]["references"], there.to_string(), "somebody nobody enrolled");
    }

    /// There is a line for everything that was acknowledged.
    pub(super) fn check_audit(&self, folder: &Path) {
        let lines = read(folder, None, Filter::default()).unwrap().map(|line| line.unwrap());
        let done = lines.filter(|line| line.outcome == "OK").flat_map(|line| {
            let method = line.method;
            line.references.into_iter().map(move |id| (method.clone(), id))
        });
        let done = done.collect::<BTreeSet<_>>();
        let expected = [("Enrol", &self.enrolled), ("Remove", &self.removed)];
        for (method, ids) in expected {
            let method = format!("whorl.v1.EnrolmentService/{method}");
            let missing = ids.iter().find(|id| !done.contains(&(method.clone(), (*id).clone())));
            assert_eq!(missing, None, "{method} was acknowledged and not recorded");
        }
    }
}

/// Whether somebody is enrolled; if so, with the template that he was enrolled with.
fn fetched(served: &Served, id: &str) -> bool {
    let asked = json!({ "gallery": GALLERY, "id": id, "withTemplates": true });
    match served.ask("/v1/enrolment/fetch", &asked) {
        Ok(found) => {
            assert_eq!(found["templates"][0]["template"], eye(id), "{id}");
            true
        }
        Err(Unanswered::Refused(reason)) if reason == "NOT_ENROLLED" => false,
        Err(error) => panic!("{id}: {error:?}"),
    }
}
