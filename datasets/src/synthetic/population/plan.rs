//! Who is enrolled under which names, and which samples that takes.

use std::path::Path;

use whorl_types::{Modality, Position, Ppi};

use super::Population;
use crate::manifest::Entry;
use crate::synthetic::random::{Random, derive};

/// Which eyes are photographed first.
pub(super) const EYES: [Position; 2] = [Position::RightEye, Position::LeftEye];

/// How many persons show no face, as a part of those who lack a finger or an eye.
const FACELESS: f32 = 0.25;

/// One name that a person is enrolled under.
pub(super) struct Enrolment {
    pub(super) person: u32,
    pub(super) subject: String,
    seed: u64,
}

/// One sample to be made.
pub(super) struct Sample {
    pub(super) person: u32,
    /// Decides the conditions and all they leave to chance.
    pub(super) seed: u64,
    pub(super) entry: Entry,
}

impl Sample {
    pub(super) fn same_instance(&self, other: &Self) -> bool {
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

/// The samples of all `enrolments`, those of one finger, eye or face together.
pub(super) fn samples(population: &Population, enrolments: &[Enrolment], folder: &Path) -> Vec<Sample> {
    let fingers = Position::FINGERS.iter().take(population.fingers as usize).zip(0_u64..);
    // Eyes are numbered after all fingers, so that they leave the prints of a population as they are.
    let eyes = EYES.iter().take(population.irises as usize).zip(Position::FINGERS.len() as u64..);
    let face = [Position::Face]
        .iter()
        .take(population.faces.min(1) as usize)
        .zip((Position::FINGERS.len() + EYES.len()) as u64..);
    let instances = fingers.chain(eyes).chain(face).map(|(&position, number)| (position, number));
    let instances: Vec<(Position, u64)> = instances.collect();
    let of_one = |enrolment: &Enrolment, (position, number): (Position, u64)| {
        let count = if position == Position::Face { population.faces } else { population.impressions };
        let sample = |encounter: u32| Sample {
            person: enrolment.person,
            seed: derive(enrolment.seed, number * 1000 + u64::from(encounter - 1)),
            entry: entry(folder, &enrolment.subject, position, encounter),
        };
        (1..=count).map(sample).collect::<Vec<_>>()
    };
    let persons = enrolments.chunk_by(|a, b| a.person == b.person);
    let has = |person, position| !lacks(population, person, position);
    let each = persons.flat_map(|names| instances.iter().map(move |&instance| (names, instance)));
    let each = each.filter(|(names, (position, _))| has(names[0].person, *position));
    each.flat_map(|(names, instance)| names.iter().flat_map(move |name| of_one(name, instance))).collect()
}

/// Whether a person of the `population` has no such finger or eye, or no face, to show.
fn lacks(population: &Population, person: u32, position: Position) -> bool {
    if position == Position::Face {
        // Drawn apart, so that it leaves fingers and eyes as they are.
        let random = &mut Random::new(derive(population.seed, u64::from(person)), 12);
        return random.chance(FACELESS * population.exceptions) && population.fingers + population.irises > 0;
    }
    let random = &mut Random::new(derive(population.seed, u64::from(person)), 11);
    if !random.chance(population.exceptions) {
        return false;
    }
    let is_eye = EYES.contains(&position);
    match random.below(3) {
        0 => !is_eye && population.irises > 0,
        1 => is_eye && population.fingers > 0,
        _ => position == Position::LeftEye,
    }
}

/// The row of a sample in the manifest; folders of a thousand subjects keep directories short.
fn entry(folder: &Path, subject: &str, position: Position, encounter: u32) -> Entry {
    let (home, modality, ending, ppi) = match position.modality() {
        Some(Modality::Face) => ("faces", Modality::Face, "jpg", None),
        Some(Modality::Iris) => ("eyes", Modality::Iris, "png", None),
        Some(Modality::Fingerprint) | None => ("prints", Modality::Fingerprint, "png", Some(Ppi::STANDARD)),
    };
    let listed = format!("{home}/{}/{subject}_{}_{encounter}.{ending}", &subject[..4], position.name());
    Entry {
        path: folder.join(&listed),
        listed,
        line: 0,
        subject: subject.to_owned(),
        modality,
        position,
        encounter: encounter.to_string(),
        ppi,
        liveness: None,
    }
}

/// Every order equally likely (Fisher & Yates).
fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, random.below(last as u32 + 1) as usize);
    }
}
