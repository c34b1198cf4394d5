use std::collections::{BTreeMap, BTreeSet};

use whorl_types::Position;

use super::*;
use crate::manifest::Manifest;

const SMALL: Population = Population {
    persons: 5,
    fingers: 2,
    irises: 1,
    faces: 0,
    impressions: 1,
    twice: 0.2,
    thrice: 0.2,
    exceptions: 0.0,
    sensor: Sensor::Capacitive,
    camera: Camera::Handheld,
    carelessness: 1.0,
    seed: 1,
};

fn go_on(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn a_population_is_whole_and_its_truth_tells_who_is_who() {
    let folder = tempfile::tempdir().unwrap();
    let made = SMALL.write(folder.path(), &go_on).unwrap();
    assert_eq!((made.subjects, made.prints, made.photographs), (8, 16, 8), "one person has two names, one has three");
    let manifest = Manifest::read(&made.manifest, None).unwrap();
    assert!(manifest.faults.is_empty() && manifest.warnings.is_empty());
    assert_eq!(manifest.entries.len(), 24);
    for entry in &manifest.entries {
        let decoded = whorl_formats::image::decode(&fs::read(&entry.path).unwrap()).unwrap();
        let of_finger = entry.modality == Modality::Fingerprint;
        assert_eq!(decoded.ppi.map(|ppi| ppi.get().round()), of_finger.then_some(500.0), "{}", entry.listed);
    }
    let truth = fs::read_to_string(&made.truth).unwrap();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for line in truth.lines().skip(1) {
        *names.entry(line.split_once(',').unwrap().1).or_default() += 1;
    }
    let mut counts: Vec<usize> = names.into_values().collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 1, 1, 2, 3]);
}

#[test]
fn the_same_seed_makes_the_same_files_and_another_seed_others() {
    let read = |population: Population| {
        let folder = tempfile::tempdir().unwrap();
        let made = population.write(folder.path(), &go_on).unwrap();
        let entries = Manifest::read(&made.manifest, None).unwrap().entries;
        entries.iter().map(|entry| (entry.listed.clone(), fs::read(&entry.path).unwrap())).collect::<Vec<_>>()
    };
    let once = read(SMALL);
    assert_eq!(once, read(SMALL));
    assert_ne!(once, read(Population { seed: 2, ..SMALL }));
    let files: BTreeSet<&Vec<u8>> = once.iter().map(|(_, bytes)| bytes).collect();
    assert_eq!(files.len(), once.len(), "no sample is made twice");
}

#[test]
fn people_may_have_eyes_only() {
    let folder = tempfile::tempdir().unwrap();
    let made = Population { fingers: 0, irises: 2, ..SMALL }.write(folder.path(), &go_on).unwrap();
    assert_eq!((made.prints, made.photographs), (0, 16));
    let entries = Manifest::read(&made.manifest, None).unwrap().entries;
    assert!(entries.iter().all(|entry| entry.modality == Modality::Iris));
    assert_eq!(entries.iter().filter(|entry| entry.position == Position::LeftEye).count(), 8);
}

#[test]
fn eyes_leave_the_prints_of_a_population_as_they_are() {
    let prints = |irises| {
        let folder = tempfile::tempdir().unwrap();
        let made = Population { irises, ..SMALL }.write(folder.path(), &go_on).unwrap();
        let mut entries = Manifest::read(&made.manifest, None).unwrap().entries;
        entries.retain(|entry| entry.modality == Modality::Fingerprint);
        entries.iter().map(|entry| fs::read(&entry.path).unwrap()).collect::<Vec<_>>()
    };
    assert!(prints(0) == prints(2));
}

#[test]
fn faces_leave_prints_and_eyes_of_a_population_as_they_are_whoever_lacks_something() {
    let others = |faces| {
        let folder = tempfile::tempdir().unwrap();
        let made = Population { faces, exceptions: 0.5, ..SMALL }.write(folder.path(), &go_on).unwrap();
        let mut entries = Manifest::read(&made.manifest, None).unwrap().entries;
        entries.retain(|entry| entry.modality != Modality::Face);
        entries.iter().map(|entry| (entry.listed.clone(), fs::read(&entry.path).unwrap())).collect::<Vec<_>>()
    };
    assert!(others(0) == others(1));
}

#[test]
fn every_enrolment_has_its_own_portraits_of_the_face() {
    let folder = tempfile::tempdir().unwrap();
    let made = Population { fingers: 0, irises: 0, faces: 2, ..SMALL }.write(folder.path(), &go_on).unwrap();
    assert_eq!((made.subjects, made.prints, made.photographs, made.portraits), (8, 0, 0, 16));
    let manifest = Manifest::read(&made.manifest, None).unwrap();
    assert!(manifest.faults.is_empty() && manifest.warnings.is_empty());
    let mut files = BTreeSet::new();
    for entry in &manifest.entries {
        assert_eq!((entry.modality, entry.position), (Modality::Face, Position::Face));
        let bytes = fs::read(&entry.path).unwrap();
        let pixels = whorl_formats::image::decode(&bytes).unwrap().pixels;
        assert_eq!((pixels.width_px(), pixels.height_px()), (240, 320), "{}", entry.listed);
        assert!(pixels.colour() > 0 && files.insert(bytes), "{}", entry.listed);
    }
    let encounters: BTreeSet<(&str, &str)> =
        manifest.entries.iter().map(|entry| (&*entry.subject, &*entry.encounter)).collect();
    assert_eq!(encounters.len(), 16, "two encounters of each of eight names");
}

#[test]
fn a_quarter_as_many_as_lack_something_show_no_face_but_whoever_has_nothing_else_does() {
    let faces = |fingers| {
        let population = Population { persons: 400, fingers, irises: 0, faces: 1, exceptions: 0.4, ..SMALL };
        let samples = plan::samples(&population, &plan::enrolments(&population), Path::new(""));
        let shown = samples.iter().filter(|sample| sample.entry.position == Position::Face);
        shown.map(|sample| sample.person).collect::<BTreeSet<_>>().len()
    };
    assert!((345..=375).contains(&faces(1)), "{}", faces(1));
    assert_eq!(faces(0), 400);
}

#[test]
fn a_stopped_population_has_no_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let stop = |done, _| if done < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    assert!(matches!(SMALL.write(folder.path(), &stop), Err(PopulationError::Stopped { .. })));
    assert!(!folder.path().join("manifest.csv").exists());
}

#[test]
fn impossible_numbers_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for (population, name) in [
        (Population { persons: 0, ..SMALL }, "persons"),
        (Population { persons: MAX_PERSONS + 1, ..SMALL }, "persons"),
        (Population { fingers: 11, ..SMALL }, "fingers"),
        (Population { irises: 3, ..SMALL }, "irises"),
        (Population { fingers: 0, irises: 0, ..SMALL }, "fingers, irises and faces must be within 1..="),
        (Population { impressions: 0, ..SMALL }, "impressions"),
        (Population { faces: MAX_IMPRESSIONS + 1, ..SMALL }, "faces"),
    ] {
        let error = population.write(folder.path(), &go_on).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn whoever_lacks_something_lacks_it_in_every_enrolment_and_nobody_lacks_everything() {
    let population = Population { persons: 40, irises: 2, exceptions: 0.5, ..SMALL };
    let enrolments = plan::enrolments(&population);
    let samples = plan::samples(&population, &enrolments, Path::new(""));
    let mut shown: BTreeMap<&str, BTreeSet<Position>> = BTreeMap::new();
    for sample in &samples {
        shown.entry(&sample.entry.subject).or_default().insert(sample.entry.position);
    }
    let mut of_person: BTreeMap<u32, BTreeSet<&BTreeSet<Position>>> = BTreeMap::new();
    for enrolment in &enrolments {
        of_person.entry(enrolment.person).or_default().insert(&shown[enrolment.subject.as_str()]);
    }
    assert!(of_person.values().all(|shown| shown.len() == 1));
    let lacking = of_person.values().flatten().filter(|shown| shown.len() < 4).count();
    assert!((10..30).contains(&lacking), "{lacking}");
}
