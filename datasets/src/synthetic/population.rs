//! Populations: folders of prints with a manifest, and the truth about who is who.
//!
//! Some persons are enrolled more than once, under other names and with new prints: what a deduplication is to find. Names
//! tell nothing about persons. The same [`Population`] gives the same files on every machine.

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
use whorl_types::Ppi;

use self::plan::{Enrolment, Print};
use super::fingerprint::{Conditions, Finger, Sensor};
use super::random::derive;
use crate::manifest::{self, Entry, ManifestError};

/// The most persons of one population: with each enrolled thrice, names of six digits suffice.
pub const MAX_PERSONS: u32 = 300_000;
/// The most prints of one finger in one enrolment.
pub const MAX_IMPRESSIONS: u32 = 100;

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
        let enrolments = plan::enrolments(self);
        let prints = plan::prints(self, &enrolments, folder);
        let homes: BTreeSet<&Path> = prints.iter().filter_map(|print| print.entry.path.parent()).collect();
        for home in homes {
            fs::create_dir_all(home).map_err(|source| unwritable(home, source))?;
        }
        self.write_prints(&prints, progress)?;
        let made = Made {
            manifest: folder.join("manifest.csv"),
            truth: folder.join("truth.csv"),
            subjects: enrolments.len() as u64,
            prints: prints.len() as u64,
        };
        fs::write(&made.truth, truth(&enrolments)).map_err(|source| unwritable(&made.truth, source))?;
        let mut entries: Vec<&Entry> = prints.iter().map(|print| &print.entry).collect();
        entries.sort_by(|a, b| a.listed.cmp(&b.listed));
        manifest::write(&made.manifest, entries)?;
        Ok(made)
    }

    fn check(&self) -> Result<(), PopulationError> {
        let bounds = [
            ("the number of persons", MAX_PERSONS, self.persons),
            ("the number of fingers", plan::FINGERS.len() as u32, self.fingers),
            ("the number of impressions", MAX_IMPRESSIONS, self.impressions),
        ];
        match bounds.into_iter().find(|&(_, limit, found)| found == 0 || found > limit) {
            Some((what, limit, found)) => Err(PopulationError::OutOfRange { what, limit, found }),
            None => Ok(()),
        }
    }

    /// Makes the `prints`, those of one finger together, so that each finger is grown once.
    fn write_prints(
        &self,
        prints: &[Print],
        progress: &(impl Fn(u64, u64) -> ControlFlow<()> + Sync),
    ) -> Result<(), PopulationError> {
        let made = AtomicU64::new(0);
        let fingers: Vec<&[Print]> = prints.chunk_by(Print::same_finger).collect();
        fingers.into_par_iter().try_for_each(|of_one| {
            let person = derive(self.seed, u64::from(of_one[0].person));
            let finger = Finger::new(person, of_one[0].entry.position);
            for print in of_one {
                self.write_print(&finger, print)?;
                let done = made.fetch_add(1, Ordering::Relaxed) + 1;
                if progress(done, prints.len() as u64).is_break() {
                    return Err(PopulationError::Stopped { prints: done });
                }
            }
            Ok(())
        })
    }

    fn write_print(&self, finger: &Finger, print: &Print) -> Result<(), PopulationError> {
        let how = Conditions::draw(self.sensor, self.carelessness, print.seed);
        let png = whorl_formats::image::encode_png(&finger.print(&how, print.seed), Some(Ppi::STANDARD));
        fs::write(&print.entry.path, png).map_err(|source| unwritable(&print.entry.path, source))
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
