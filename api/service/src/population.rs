//! A manifest becomes references: grouped by subject and encounter, extracted on all processors, with no picture kept.

use std::collections::HashMap;
use std::path::PathBuf;

use rayon::prelude::*;
use whorl_datasets::manifest::{Entry, Manifest};
use whorl_index::Reference;
use whorl_types::{Capture, LivenessOutcome, Modality, Ppi, ReferenceId, ReferenceIdError};

use crate::identify::labelled;
use crate::omission::{Omission, Reason};
use crate::sample::{self, Faces, Instance};
use crate::watch::Watch;

/// One person at one encounter, as a manifest lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The id it is enrolled under.
    pub id: ReferenceId,
    /// Whose it is.
    pub subject: String,
    /// Which capture session.
    pub encounter: String,
    /// Its samples, in file order.
    pub entries: Vec<Entry>,
}

/// What becomes of samples that are reported to be presentation attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Attacks {
    /// They take no part and are named: an authority does not enrol a reported attack.
    #[default]
    LeaveOut,
    /// They take part like any other sample: in trials of the detector that reports them.
    Keep,
}

/// A manifest, grouped.
#[derive(Debug, Default)]
pub struct Listing {
    /// In the order in which the manifest first names them.
    pub listed: Vec<Listed>,
    /// Rows that take no part.
    pub omissions: Vec<Omission>,
}

/// One person at one encounter, extracted.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolee {
    /// The id it is enrolled under.
    pub id: ReferenceId,
    /// Whose it is.
    pub subject: String,
    /// Which capture session.
    pub encounter: String,
    /// The templates of its fingers, eyes and faces, by position and then in file order; at least one.
    pub instances: Vec<Instance>,
    /// Where the picture of each came from.
    pub sources: Vec<Source>,
}

/// Where a template came from, so that its picture can be shown again.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// The path as the manifest has it.
    pub listed: String,
    /// Its place among what the file holds.
    pub place: usize,
    /// The sampling rate that the manifest states.
    pub ppi: Option<Ppi>,
}

/// Everybody of a manifest who could be extracted, and what was left out.
#[derive(Debug, Default)]
pub struct Population {
    /// In the order of the listing.
    pub enrolees: Vec<Enrolee>,
    /// Rows and samples that take no part, by line.
    pub omissions: Vec<Omission>,
}

/// The id of `subject` at `encounter`: both with a slash between; a slash in the encounter is written `%2F`, so that
/// [`subject_of`] finds the subject again.
///
/// # Errors
/// [`ReferenceIdError`] where that is too long.
pub fn reference_id(subject: &str, encounter: &str) -> Result<ReferenceId, ReferenceIdError> {
    ReferenceId::new(format!("{subject}/{}", encounter.replace('%', "%25").replace('/', "%2F")))
}

/// The subject in an id made by [`reference_id`]; the whole of any other id.
#[must_use]
pub fn subject_of(id: &ReferenceId) -> &str {
    id.as_str().rsplit_once('/').map_or(id.as_str(), |(subject, _)| subject)
}

impl Listing {
    /// Groups the rows of `manifest` by subject and encounter; where one modality is `wanted`, rows of others are left out, and
    /// so are reported attacks.
    #[must_use]
    pub fn new(manifest: Manifest, wanted: Option<Modality>) -> Self {
        Self::with_attacks(manifest, wanted, Attacks::default())
    }

    /// As [`Listing::new`], with reported `attacks` kept or left out.
    #[must_use]
    pub fn with_attacks(manifest: Manifest, wanted: Option<Modality>, attacks: Attacks) -> Self {
        let mut listing = Self::default();
        listing.omissions.extend(manifest.faults.into_iter().map(Omission::row));
        let mut places = HashMap::new();
        for entry in manifest.entries {
            let attack = reported_attack(&entry).filter(|_| attacks == Attacks::LeaveOut);
            let omitted = attack.or_else(|| listing.add(entry, wanted, &mut places));
            listing.omissions.extend(omitted);
        }
        listing
    }

    /// Adds a row to its group, or says why not; `places` knows where the groups are.
    fn add(
        &mut self,
        entry: Entry,
        wanted: Option<Modality>,
        places: &mut HashMap<ReferenceId, usize>,
    ) -> Option<Omission> {
        if let Some(wanted) = wanted.filter(|wanted| *wanted != entry.modality) {
            return Some(omission(&entry, Reason::Modality { found: entry.modality, wanted }));
        }
        let id = match reference_id(&entry.subject, &entry.encounter) {
            Ok(id) => id,
            Err(error) => return Some(omission(&entry, error.into())),
        };
        let place = *places.entry(id.clone()).or_insert(self.listed.len());
        if place == self.listed.len() {
            let (subject, encounter) = (entry.subject.clone(), entry.encounter.clone());
            self.listed.push(Listed { id, subject, encounter, entries: Vec::new() });
        }
        let entries = &mut self.listed[place].entries;
        if entries.len() == Reference::MAX_TEMPLATES {
            return Some(omission(&entry, Reason::TOO_MANY));
        }
        entries.push(entry);
        None
    }

    /// Samples in all.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.listed.iter().map(|listed| listed.entries.len()).sum()
    }
}

impl Enrolee {
    /// What a gallery keeps of it.
    #[must_use]
    pub fn to_reference(&self) -> Reference {
        Reference { id: self.id.clone(), templates: labelled(&self.instances) }
    }
}

/// Extracts everybody in `listed` on the threads of the current pool; every picture is dropped as soon as its template is made.
#[must_use]
pub fn extract(listed: &[Listed], faces: &Faces, watch: &dyn Watch) -> Population {
    let extracted: Vec<(Option<Enrolee>, Vec<Omission>)> =
        listed.par_iter().map(|one| enrolee(one, faces, watch)).collect();
    let mut population = Population::default();
    for (enrolee, omissions) in extracted {
        population.enrolees.extend(enrolee);
        population.omissions.extend(omissions);
    }
    population
}

fn enrolee(listed: &Listed, faces: &Faces, watch: &dyn Watch) -> (Option<Enrolee>, Vec<Omission>) {
    let (mut found, mut omissions) = (Vec::new(), Vec::new());
    for entry in &listed.entries {
        let capture = Capture {
            modality: entry.modality,
            position: entry.position,
            ppi: entry.ppi,
            liveness: entry.liveness.clone(),
        };
        for (place, loaded) in sample::load(&entry.path, faces, |_| capture).into_iter().enumerate() {
            match loaded {
                Ok(_) if found.len() == Reference::MAX_TEMPLATES => omissions.push(omission(entry, Reason::TOO_MANY)),
                Ok(instance) => found.push((instance, source(entry, place))),
                Err(error) => omissions.push(omission(entry, error.into())),
            }
        }
        watch.advance(1);
    }
    if found.is_empty() {
        // Of a reference with a single sample, that sample says it all.
        if omissions.len() > 1 {
            omissions.push(Omission { what: listed.id.to_string(), line: None, reason: Reason::NoTemplate });
        }
        return (None, omissions);
    }
    // A gallery keeps the instances of a reference by position, and numbers them so.
    found.sort_by_key(|(instance, _)| (instance.template.modality(), instance.position));
    let (instances, sources) = found.into_iter().unzip();
    let (id, subject, encounter) = (listed.id.clone(), listed.subject.clone(), listed.encounter.clone());
    (Some(Enrolee { id, subject, encounter, instances, sources }), omissions)
}

fn source(entry: &Entry, place: usize) -> Source {
    Source { path: entry.path.clone(), listed: entry.listed.clone(), place, ppi: entry.ppi }
}

/// That `entry` is reported to be a presentation attack, where it is.
fn reported_attack(entry: &Entry) -> Option<Omission> {
    let liveness = entry.liveness.as_ref().filter(|liveness| liveness.outcome() == LivenessOutcome::Attack)?;
    Some(omission(entry, Reason::ReportedAttack(liveness.clone())))
}

fn omission(entry: &Entry, reason: Reason) -> Omission {
    Omission { what: entry.listed.clone(), line: Some(entry.line), reason }
}

#[cfg(test)]
mod tests {
    use whorl_types::Position;

    use super::*;

    fn entry(line: u64, subject: &str, encounter: &str, modality: Modality) -> Entry {
        Entry {
            path: PathBuf::from("absent.png"),
            listed: format!("{line}.png"),
            line,
            subject: subject.to_owned(),
            modality,
            position: Position::RightIndex,
            encounter: encounter.to_owned(),
            ppi: None,
            liveness: None,
        }
    }

    #[test]
    fn rows_of_one_subject_and_encounter_are_one_reference_wherever_they_stand() {
        let rows = [("ann", "1"), ("bob", "1"), ("ann", "2"), ("ann", "1")];
        let entries =
            rows.iter().zip(2..).map(|(row, line)| entry(line, row.0, row.1, Modality::Fingerprint)).collect();
        let listing = Listing::new(Manifest { entries, ..Manifest::default() }, Some(Modality::Fingerprint));
        let found: Vec<(&str, usize)> = listing.listed.iter().map(|one| (one.id.as_str(), one.entries.len())).collect();
        assert_eq!(found, [("ann/1", 2), ("bob/1", 1), ("ann/2", 1)]);
    }

    #[test]
    fn other_modalities_and_long_names_are_left_out_by_line() {
        let entries = vec![entry(2, "ann", "1", Modality::Iris), entry(3, &"x".repeat(64), "1", Modality::Fingerprint)];
        let listing = Listing::new(Manifest { entries, ..Manifest::default() }, Some(Modality::Fingerprint));
        let reasons: Vec<_> = listing.omissions.iter().map(|one| (one.line, one.reason.name())).collect();
        assert_eq!(reasons, [(Some(2), "other-modality"), (Some(3), "bad-id")]);
        assert!(listing.listed.is_empty());
    }

    #[test]
    fn reported_attacks_are_left_out_by_name_unless_they_are_kept() {
        let manifest = || {
            let mut entries: Vec<Entry> = (2..6).map(|line| entry(line, "ann", "1", Modality::Fingerprint)).collect();
            for (entry, said) in entries.iter_mut().zip(["live:80:x", "attack:3:x", "undecided::x"]) {
                entry.liveness = said.parse().ok();
            }
            Manifest { entries, ..Manifest::default() }
        };
        let listing = Listing::new(manifest(), None);
        let [left_out] = &listing.omissions[..] else { panic!("{:?}", listing.omissions) };
        assert_eq!((left_out.line, left_out.reason.name(), listing.samples()), (Some(3), "reported-attack", 3));
        assert!(left_out.reason.to_string().contains("attack:3:x"));
        let kept = Listing::with_attacks(manifest(), None, Attacks::Keep);
        assert_eq!((kept.omissions.len(), kept.samples()), (0, 4));
    }

    #[test]
    fn fingers_and_eyes_of_one_encounter_are_one_reference() {
        let entries = vec![entry(2, "ann", "1", Modality::Iris), entry(3, "ann", "1", Modality::Fingerprint)];
        let listing = Listing::new(Manifest { entries, ..Manifest::default() }, None);
        assert_eq!((listing.listed.len(), listing.samples()), (1, 2));
    }

    #[test]
    fn the_subject_is_found_in_the_id_again_whatever_the_encounter_is_called() {
        for (subject, encounter) in [("a/b", "2020/01/02"), ("ann", "50%"), ("ann", "1")] {
            assert_eq!(subject_of(&reference_id(subject, encounter).unwrap()), subject);
        }
        assert_ne!(reference_id("a", "b%2Fc"), reference_id("a", "b/c"));
    }

    #[test]
    fn who_has_no_readable_sample_is_left_out_as_a_whole() {
        let entries =
            [(2, "ann"), (3, "bob"), (4, "ann")].map(|(line, who)| entry(line, who, "1", Modality::Fingerprint));
        let listing =
            Listing::new(Manifest { entries: entries.into(), ..Manifest::default() }, Some(Modality::Fingerprint));
        let population = extract(&listing.listed, &Faces::default(), &crate::Unwatched);
        let reasons: Vec<_> = population.omissions.iter().map(|one| (one.line, one.reason.name())).collect();
        assert!(population.enrolees.is_empty());
        let unreadable = |line| (Some(line), "unreadable");
        assert_eq!(reasons, [unreadable(2), unreadable(4), (None, "no-template"), unreadable(3)]);
    }
}
