//! Populations: folders of prints with a manifest, and the truth about who is who.
//!
//! Some persons are enrolled more than once, under other names and with new prints: what a deduplication is to find. Names
//! tell nothing about persons. The same [`Population`] gives the same files on every machine.

#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use thiserror::Error;
use whorl_types::{Modality, Position, Ppi};

use super::fingerprint::{Conditions, Finger, Sensor};
use super::random::{Random, derive};
use crate::manifest::{self, Entry, ManifestError};

/// The most persons of one population: with each enrolled thrice, names of six digits suffice.
pub const MAX_PERSONS: u32 = 300_000;
/// The most prints of one finger in one enrolment.
pub const MAX_IMPRESSIONS: u32 = 100;

/// Which fingers are taken first.
const FINGERS: [Position; 10] = [
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

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Population {
    /// Persons, 1 to [`MAX_PERSONS`].
    pub persons: u32,
    /// Fingers of each, 1 to 10: right index, left index, right thumb, left thumb, then the others inside out.
    pub fingers: u32,
    /// Prints of each finger in each enrolment, 1 to [`MAX_IMPRESSIONS`].
    pub impressions: u32,
    /// The part of the persons who are enrolled under a second name, 0 to 1.
    pub twice: f32,
    /// The part of the persons who are enrolled under a second and a third name, 0 to 1.
    pub thrice: f32,
    /// The sensor of all enrolments.
    pub sensor: Sensor,
    /// How far conditions stray, as for [`Conditions::draw`].
    pub carelessness: f32,
    /// Decides all the rest.
    pub seed: u64,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The manifest, which lists every print.
    pub manifest: PathBuf,
    /// A CSV file `subject,person` that says which names are one person.
    pub truth: PathBuf,
    /// How many names there are.
    pub subjects: u64,
    /// How many prints there are.
    pub prints: u64,
}

/// Why a population was not made.
#[derive(Debug, Error)]
pub enum PopulationError {
    /// A number out of its range.
    #[error("{what} must be within 1..={limit}, not {found}")]
    OutOfRange {
        /// What was asked for.
        what: &'static str,
        /// The most there can be.
        limit: u32,
        /// How many were asked for.
        found: u32,
    },
    /// The disk is full, or the folder not ours.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The manifest could not be written.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The caller said to stop. The prints made so far are there; manifest and truth are not.
    #[error("stopped after {prints} prints")]
    Stopped {
        /// Prints made before.
        prints: u64,
    },
}

/// One name a person is enrolled under.
struct Enrolment {
    person: u32,
    subject: String,
    seed: u64,
}

impl Population {
    /// `persons` with four fingers each and one print a finger, each enrolled once, on an optical sensor.
    #[must_use]
    pub fn new(persons: u32, seed: u64) -> Self {
        Self {
            persons,
            fingers: 4,
            impressions: 1,
            twice: 0.0,
            thrice: 0.0,
            sensor: Sensor::Optical,
            carelessness: 1.0,
            seed,
        }
    }

    /// Makes `folder` with `prints/`, `manifest.csv` and `truth.csv`, on all cores.
    ///
    /// `progress` hears how many prints of how many are made, and may stop it. Manifest and truth are written last: where
    /// there is no manifest, the folder is unfinished.
    ///
    /// # Errors
    /// [`PopulationError`] where a number is out of its range, a file cannot be written, or the caller stopped it.
    pub fn write(
        &self,
        folder: &Path,
        progress: &(impl Fn(u64, u64) -> ControlFlow<()> + Sync),
    ) -> Result<Made, PopulationError> {
        self.check()?;
        let mut enrolments = self.enrolments();
        let entries = self.entries(folder, &enrolments);
        for entry in entries.iter().step_by((self.fingers * self.impressions) as usize) {
            let prints = entry.path.parent().unwrap_or(folder);
            fs::create_dir_all(prints).map_err(|source| unwritable(prints, source))?;
        }
        self.write_prints(&enrolments, &entries, progress)?;
        let made = Made {
            manifest: folder.join("manifest.csv"),
            truth: folder.join("truth.csv"),
            subjects: enrolments.len() as u64,
            prints: entries.len() as u64,
        };
        enrolments.sort_by(|a, b| a.subject.cmp(&b.subject));
        let lines = enrolments.iter().map(|one| format!("{},P{:06}\n", one.subject, one.person));
        let truth: String = std::iter::once("subject,person\n".to_owned()).chain(lines).collect();
        fs::write(&made.truth, truth).map_err(|source| unwritable(&made.truth, source))?;
        let mut sorted: Vec<&Entry> = entries.iter().collect();
        sorted.sort_by(|a, b| a.listed.cmp(&b.listed));
        manifest::write(&made.manifest, sorted)?;
        Ok(made)
    }

    fn check(&self) -> Result<(), PopulationError> {
        let bounds = [
            ("the number of persons", MAX_PERSONS, self.persons),
            ("the number of fingers", FINGERS.len() as u32, self.fingers),
            ("the number of impressions", MAX_IMPRESSIONS, self.impressions),
        ];
        match bounds.into_iter().find(|&(_, limit, found)| found == 0 || found > limit) {
            Some((what, limit, found)) => Err(PopulationError::OutOfRange { what, limit, found }),
            None => Ok(()),
        }
    }

    /// Who is enrolled under which names, persons in order.
    fn enrolments(&self) -> Vec<Enrolment> {
        let random = &mut Random::new(self.seed, 10);
        let mut persons: Vec<u32> = (1..=self.persons).collect();
        // Exactly the stated part of them, whoever it is.
        shuffle(&mut persons, random);
        let thrice = (self.thrice * self.persons as f32 + 0.5) as usize;
        let more = thrice + (self.twice * self.persons as f32 + 0.5) as usize;
        let again = |first: usize| persons.iter().take(first).copied().collect::<Vec<u32>>();
        let mut all = [again(persons.len()), again(more), again(thrice)].concat();
        all.sort_unstable();
        let mut names: Vec<usize> = (0..all.len()).collect();
        shuffle(&mut names, random);
        let enrol = |(person, name)| Enrolment { person, subject: format!("A{name:06}"), seed: random.seed() };
        all.into_iter().zip(names).map(enrol).collect()
    }

    /// The rows of the manifest: enrolment after enrolment, finger after finger, print after print.
    fn entries(&self, folder: &Path, enrolments: &[Enrolment]) -> Vec<Entry> {
        let entry = |subject: &str, position: Position, encounter: u32| {
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
        };
        let mut entries = Vec::with_capacity(enrolments.len() * (self.fingers * self.impressions) as usize);
        for enrolment in enrolments {
            for &position in &FINGERS[..self.fingers as usize] {
                entries.extend((1..=self.impressions).map(|encounter| entry(&enrolment.subject, position, encounter)));
            }
        }
        entries
    }

    fn write_prints(
        &self,
        enrolments: &[Enrolment],
        entries: &[Entry],
        progress: &(impl Fn(u64, u64) -> ControlFlow<()> + Sync),
    ) -> Result<(), PopulationError> {
        let made = AtomicU64::new(0);
        let each = (self.fingers * self.impressions) as usize;
        let persons: Vec<(&[Enrolment], &[Entry])> = enrolments
            .chunk_by(|a, b| a.person == b.person)
            .scan(0, |start, group| {
                let rows = *start..*start + group.len() * each;
                *start = rows.end;
                Some((group, &entries[rows]))
            })
            .collect();
        let fingers = self.fingers as usize;
        (0..persons.len() * fingers).into_par_iter().try_for_each(|task| {
            let (names, rows) = persons[task / fingers];
            let finger = Finger::new(derive(self.seed, u64::from(names[0].person)), FINGERS[task % fingers]);
            for (name, rows) in names.iter().zip(rows.chunks_exact(each)) {
                let prints = &rows[task % fingers * self.impressions as usize..][..self.impressions as usize];
                for (number, entry) in prints.iter().enumerate() {
                    self.write_print(&finger, derive(name.seed, (task % fingers * 1000 + number) as u64), &entry.path)?;
                    let done = made.fetch_add(1, Ordering::Relaxed) + 1;
                    if progress(done, entries.len() as u64).is_break() {
                        return Err(PopulationError::Stopped { prints: done });
                    }
                }
            }
            Ok(())
        })
    }

    fn write_print(&self, finger: &Finger, seed: u64, path: &Path) -> Result<(), PopulationError> {
        let how = Conditions::draw(self.sensor, self.carelessness, seed);
        let png = whorl_formats::image::encode_png(&finger.print(&how, seed), Some(Ppi::STANDARD));
        fs::write(path, png).map_err(|source| unwritable(path, source))
    }
}

fn unwritable(path: &Path, source: io::Error) -> PopulationError {
    PopulationError::Unwritable { path: path.to_owned(), source }
}

/// Every order equally likely (Fisher & Yates).
fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, random.below(last as u32 + 1) as usize);
    }
}
