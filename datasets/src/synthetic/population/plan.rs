//! Who is enrolled under which names, and which prints that takes.

use std::path::Path;

use whorl_types::{Modality, Position, Ppi};

use super::Population;
use crate::manifest::Entry;
use crate::synthetic::random::{Random, derive};

/// Which fingers are taken first.
pub(super) const FINGERS: [Position; 10] = [
    Position::RightIndex,
    Position::LeftIndex,
    Position::RightThumb,
    Position::LeftThumb,
    Position::RightMiddle,
    Position::LeftMiddle,
    Position::RightRing,
    Position::LeftRing,
    Position::RightLittle,
    Position::LeftLittle,
];

/// One name that a person is enrolled under.
pub(super) struct Enrolment {
    pub(super) person: u32,
    pub(super) subject: String,
    seed: u64,
}

/// One print to be made.
pub(super) struct Print {
    pub(super) person: u32,
    /// Decides the conditions and all they leave to chance.
    pub(super) seed: u64,
    pub(super) entry: Entry,
}

impl Print {
    pub(super) fn same_finger(&self, other: &Self) -> bool {
        (self.person, self.entry.position) == (other.person, other.entry.position)
    }
}

/// All enrolments of a `population`, persons in order, their names not.
pub(super) fn enrolments(population: &Population) -> Vec<Enrolment> {
    let random = &mut Random::new(population.seed, 10);
    let mut persons: Vec<u32> = (1..=population.persons).collect();
    // Exactly the stated part of them, whoever it is.
    shuffle(&mut persons, random);
    let part = |part: f32| (part * population.persons as f32 + 0.5) as usize;
    let (thrice, twice) = (part(population.thrice), part(population.twice));
    let first = |count: usize| persons.iter().take(count).copied();
    let mut all: Vec<u32> = first(persons.len()).chain(first(thrice + twice)).chain(first(thrice)).collect();
    all.sort_unstable();
    let mut names: Vec<usize> = (0..all.len()).collect();
    shuffle(&mut names, random);
    let enrol = |(person, name)| Enrolment { person, subject: format!("A{name:06}"), seed: random.seed() };
    all.into_iter().zip(names).map(enrol).collect()
}

/// The prints of all `enrolments`, those of one finger together.
pub(super) fn prints(population: &Population, enrolments: &[Enrolment], folder: &Path) -> Vec<Print> {
    let of_one = |enrolment: &Enrolment, number: usize| {
        let (position, person) = (FINGERS[number], enrolment.person);
        let print = |encounter: u32| Print {
            person,
            seed: derive(enrolment.seed, (number * 1000) as u64 + u64::from(encounter - 1)),
            entry: entry(folder, &enrolment.subject, position, encounter),
        };
        (1..=population.impressions).map(print).collect::<Vec<_>>()
    };
    let persons = enrolments.chunk_by(|a, b| a.person == b.person);
    let fingers = persons.flat_map(|names| (0..population.fingers as usize).map(move |number| (names, number)));
    fingers.flat_map(|(names, number)| names.iter().flat_map(move |name| of_one(name, number))).collect()
}

/// The row of a print in the manifest; folders of a thousand subjects keep directories short.
fn entry(folder: &Path, subject: &str, position: Position, encounter: u32) -> Entry {
    let listed = format!("prints/{}/{subject}_{}_{encounter}.png", &subject[..4], position.name());
    Entry {
        path: folder.join(&listed),
        listed,
        line: 0,
        subject: subject.to_owned(),
        modality: Modality::Fingerprint,
        position,
        encounter: encounter.to_string(),
        ppi: Some(Ppi::STANDARD),
    }
}

/// Every order equally likely (Fisher & Yates).
fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, random.below(last as u32 + 1) as usize);
    }
}
