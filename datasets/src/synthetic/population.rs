//! Populations: folders of prints, photographs of eyes and portraits with a manifest, and the truth about who is who.
//!
//! Some persons are enrolled more than once, under other names and with new samples: what a deduplication is to find. Names
//! tell nothing about persons. The same [`Population`] gives the same files on every machine.

mod instance;
mod plan;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use thiserror::Error;
use whorl_types::{Modality, Position};

use self::instance::Instance;
use self::plan::{Enrolment, Sample};
use super::fingerprint::Sensor;
use super::iris::Camera;
use super::random::derive;
use crate::manifest::{self, Entry, ManifestError};

/// The most persons of one population: with each enrolled thrice, names of six digits suffice.
pub const MAX_PERSONS: u32 = 300_000;
/// The most samples of one finger, eye or face in one enrolment.
pub const MAX_IMPRESSIONS: u32 = 100;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Population {
    /// Persons, 1 to [`MAX_PERSONS`].
    pub persons: u32,
    /// Fingers of each, 0 to 10: right index, left index, right thumb, left thumb, then the others inside out.
    pub fingers: u32,
    /// Eyes of each, 0 to 2: right, left.
    pub irises: u32,
    /// Portraits of the face of each in each enrolment, 0 to [`MAX_IMPRESSIONS`]; how many there are changes no print and no
    /// eye. There must be a finger, an eye or a face.
    pub faces: u32,
    /// Samples of each finger and eye in each enrolment, 1 to [`MAX_IMPRESSIONS`].
    pub impressions: u32,
    /// The part of the persons who are enrolled under a second name, 0 to 1.
    pub twice: f32,
    /// The part of the persons who are enrolled under a second and a third name, 0 to 1.
    pub thrice: f32,
    /// The part of the persons who lack their fingers, an eye or both eyes, 0 to 1: biometric exceptions, the same in every
    /// enrolment. A quarter as many show no face. Nobody lacks everything.
    pub exceptions: f32,
    /// The fingerprint sensor of all enrolments.
    pub sensor: Sensor,
    /// The iris camera of all enrolments.
    pub camera: Camera,
    /// How far conditions stray, as for [`Conditions::draw`](super::face::Conditions::draw) of faces, fingers and eyes.
    pub carelessness: f32,
    /// Decides all the rest.
    pub seed: u64,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The manifest, which lists every sample.
    pub manifest: PathBuf,
    /// A CSV file `subject,person` that says which names are one person.
    pub truth: PathBuf,
    /// How many names there are.
    pub subjects: u64,
    /// How many prints of fingers there are.
    pub prints: u64,
    /// How many photographs of eyes there are.
    pub photographs: u64,
    /// How many portraits of faces there are.
    pub portraits: u64,
}

/// Why a population was not made.
#[derive(Debug, Error)]
pub enum PopulationError {
    /// A number out of its range.
    #[error("{what} must be within {least}..={limit}, not {found}")]
    OutOfRange {
        /// What was asked for.
        what: &'static str,
        /// The least there must be.
        least: u32,
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
    /// The caller said to stop. The samples made so far are there; manifest and truth are not.
    #[error("stopped after {samples} samples")]
    Stopped {
        /// Samples made before.
        samples: u64,
    },
}

impl Population {
    /// `persons` with four fingers, no eyes and no face each, one print a finger, each enrolled once, on an optical sensor.
    #[must_use]
    pub fn new(persons: u32, seed: u64) -> Self {
        Self {
            persons,
            fingers: 4,
            irises: 0,
            faces: 0,
            impressions: 1,
            twice: 0.0,
            thrice: 0.0,
            exceptions: 0.0,
            sensor: Sensor::Optical,
            camera: Camera::CloseUp,
            carelessness: 1.0,
            seed,
        }
    }

    /// Makes `folder` with `prints/`, `eyes/`, `faces/`, `manifest.csv` and `truth.csv`, on all cores.
    ///
    /// `progress` hears how many samples of how many are made, and may stop it. Manifest and truth are written last: where
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
        let enrolments = plan::enrolments(self);
        let samples = plan::samples(self, &enrolments, folder);
        let homes: BTreeSet<&Path> = samples.iter().filter_map(|sample| sample.entry.path.parent()).collect();
        for home in homes {
            fs::create_dir_all(home).map_err(|source| unwritable(home, source))?;
        }
        self.write_samples(&samples, progress)?;
        let of = |modality| samples.iter().filter(|sample| sample.entry.modality == modality).count() as u64;
        let made = Made {
            manifest: folder.join("manifest.csv"),
            truth: folder.join("truth.csv"),
            subjects: enrolments.len() as u64,
            prints: of(Modality::Fingerprint),
            photographs: of(Modality::Iris),
            portraits: of(Modality::Face),
        };
        fs::write(&made.truth, truth(&enrolments)).map_err(|source| unwritable(&made.truth, source))?;
        let mut entries: Vec<&Entry> = samples.iter().map(|sample| &sample.entry).collect();
        entries.sort_by(|a, b| a.listed.cmp(&b.listed));
        manifest::write(&made.manifest, entries)?;
        Ok(made)
    }

    fn check(&self) -> Result<(), PopulationError> {
        let (most_fingers, most_eyes) = (Position::FINGERS.len() as u32, plan::EYES.len() as u32);
        let all = self.fingers.saturating_add(self.irises).saturating_add(self.faces);
        let bounds = [
            ("the number of persons", 1, MAX_PERSONS, self.persons),
            ("the number of fingers", 0, most_fingers, self.fingers),
            ("the number of irises", 0, most_eyes, self.irises),
            ("the number of faces", 0, MAX_IMPRESSIONS, self.faces),
            ("the number of fingers, irises and faces", 1, u32::MAX, all),
            ("the number of impressions", 1, MAX_IMPRESSIONS, self.impressions),
        ];
        match bounds.into_iter().find(|&(_, least, limit, found)| found < least || found > limit) {
            Some((what, least, limit, found)) => Err(PopulationError::OutOfRange { what, least, limit, found }),
            None => Ok(()),
        }
    }

    /// Makes the `samples`, those of one finger, eye or face together, so that each is grown once.
    fn write_samples(
        &self,
        samples: &[Sample],
        progress: &(impl Fn(u64, u64) -> ControlFlow<()> + Sync),
    ) -> Result<(), PopulationError> {
        let made = AtomicU64::new(0);
        let instances: Vec<&[Sample]> = samples.chunk_by(Sample::same_instance).collect();
        instances.into_par_iter().try_for_each(|of_one| {
            let instance = Instance::grow(derive(self.seed, u64::from(of_one[0].person)), of_one[0].entry.position);
            for sample in of_one {
                let path = &sample.entry.path;
                fs::write(path, instance.file(self, sample.seed)).map_err(|source| unwritable(path, source))?;
                let done = made.fetch_add(1, Ordering::Relaxed) + 1;
                if progress(done, samples.len() as u64).is_break() {
                    return Err(PopulationError::Stopped { samples: done });
                }
            }
            Ok(())
        })
    }
}

/// Which names are one person, sorted by name.
fn truth(enrolments: &[Enrolment]) -> String {
    let mut lines: Vec<String> = enrolments.iter().map(|one| format!("{},P{:06}\n", one.subject, one.person)).collect();
    lines.sort_unstable();
    std::iter::once("subject,person\n".to_owned()).chain(lines).collect()
}

fn unwritable(path: &Path, source: io::Error) -> PopulationError {
    PopulationError::Unwritable { path: path.to_owned(), source }
}
