//! Indexes over faces by faiss: what they find, what they say of it, and when they are refused.
#![cfg(feature = "faiss")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::fs;
use std::sync::Arc;

use tempfile::TempDir;
use whorl_datasets::synthetic::templates;
use whorl_index::{
    AnnError, AnnIndex, AnnKind, Files, Findings, Gallery, Instances, Limits, Mode, Pair, Reference, Shortlist,
    Snapshot,
};
use whorl_types::{Guarantee, LogLikelihoodRatio, Modality, Position, ReferenceId};

const SEED: u64 = 31;

fn id(person: u64) -> ReferenceId {
    ReferenceId::new(format!("person-{person:06}")).unwrap()
}

/// The face of a person as one photograph shows it; of every tenth person also a finger.
fn instances(person: u64, photograph: u64) -> Instances {
    let mut instances = vec![(Position::Face, templates::face::template(SEED, person, photograph).into())];
    if person.is_multiple_of(10) && person < 200 {
        instances.insert(0, (Position::RightIndex, templates::template(SEED, person, photograph).into()));
    }
    instances
}

/// What a person has, as one visit shows it.
type Shown = fn(u64, u64) -> Instances;

fn enrol(gallery: &Gallery, persons: std::ops::Range<u64>, shown: Shown) {
    let reference = |person| Reference { id: id(person), templates: shown(person, 0) };
    gallery.enrol(persons.map(reference).collect()).unwrap();
    gallery.settle().unwrap();
}

/// A gallery of so many persons in two segments.
fn gallery_of(persons: u64, shown: Shown) -> (TempDir, Files) {
    let directory = tempfile::tempdir().unwrap();
    let files = Files::new(directory.path().join("gallery"));
    let gallery = Gallery::create(Arc::new(files.clone())).unwrap();
    enrol(&gallery, 0..persons / 2, shown);
    enrol(&gallery, persons / 2..persons, shown);
    (directory, files)
}

fn weigh(pairs: &[Pair]) -> LogLikelihoodRatio {
    let worth = |pair: &Pair| match pair.modality {
        Modality::Fingerprint => pair.similarity.get() as f32 / 100.0,
        Modality::Iris | Modality::Face => pair.similarity.get() as f32 / 1000.0 - 40.0,
    };
    LogLikelihoodRatio::new(pairs.iter().map(worth).sum()).unwrap()
}

fn search(snapshot: &Snapshot, probes: &[Instances], mode: Mode) -> Vec<Findings> {
    snapshot.identify_batch(probes, &Limits { mode, ..Limits::default() }, &weigh).unwrap()
}

const ANN: Mode = Mode::Ann(Shortlist { fingers: 2, rows: 2_000, one_in: 20, together: 1 });

const PERSONS: u64 = 20_000;

fn kinds() -> [AnnKind; 2] {
    [AnnKind::HNSW, AnnKind::ivf(PERSONS)]
}

fn index_file(files: &TempDir) -> std::path::PathBuf {
    let listed = fs::read_dir(files.path().join("gallery/ann")).unwrap().map(|entry| entry.unwrap().path());
    let faiss = listed.filter(|path| path.extension().is_some_and(|ending| ending == "faiss"));
    let faiss = faiss.collect::<Vec<_>>();
    assert_eq!(faiss.len(), 1, "{faiss:?}");
    faiss.into_iter().next().unwrap()
}

/// One gallery for all that follows: building it and its indexes is most of the time these tests take.
#[test]
fn an_index_finds_what_it_says_and_scores_as_an_exact_search_does() {
    let (directory, files) = gallery_of(PERSONS, instances);
    let plain = Snapshot::open(&files).unwrap();
    for kind in kinds() {
        let built = AnnIndex::build(&plain, &files, kind).unwrap();
        let snapshot = plain.clone().with_index(&files).unwrap();
        let index = snapshot.index().unwrap();
        assert_eq!((index.kind(), index.faces(), index.recall()), (kind, PERSONS, built.recall()));
        assert_eq!(index.bytes(), fs::metadata(index_file(&directory)).unwrap().len());
        assert_eq!(built.recall().copies, 1_000);
        finds_what_it_says(&snapshot);
        fingers_are_searched_as_ever(&snapshot);
        is_mapped(&index_file(&directory));
        later_faces_are_found(&files);
    }
    another_effort_keeps_the_file(&directory, &plain, &files);
    a_segment_that_is_gone_makes_it_stale(&directory, &files);
    damage_is_refused(&directory, &Snapshot::open(&files).unwrap(), &files);
}

fn finds_what_it_says(snapshot: &Snapshot) {
    let probes = (0..200).map(|probe| instances(probe * 97 + 1, 1)).collect::<Vec<_>>();
    let exact = search(snapshot, &probes, Mode::Exact);
    let ann = search(snapshot, &probes, ANN);
    let recall = snapshot.index().unwrap().recall();
    let mut found = 0;
    for (exact, ann) in exact.iter().zip(&ann) {
        let best = &exact.found[0];
        let same = ann.found.iter().find(|found| found.id == best.id);
        found += usize::from(same.is_some());
        assert!(same.is_none_or(|same| same == best), "{same:?} {best:?}");
        for one in &exact.found {
            let other = ann.found.iter().find(|other| other.id == one.id);
            assert!(other.is_none_or(|other| other == one), "{other:?} {one:?}");
        }
        let stated = Guarantee::Approximate {
            rows_indexed: PERSONS,
            recall_ppm: recall.ppm(),
            least_recall_ppm: recall.least_ppm(),
        };
        assert_eq!((ann.coverage.guarantee, ann.coverage.rows_scanned), (stated, 0));
        assert_eq!((ann.coverage.references, ann.coverage.rows_compared), (PERSONS, 128));
    }
    // Strangers that come first are harder to find than mates.
    assert!(found >= 150, "{}: {found} of 200, stated {recall}", snapshot.index().unwrap().kind());
    assert!(recall.ppm() > 800_000, "{recall}");
}

fn fingers_are_searched_as_ever(snapshot: &Snapshot) {
    let probe = [instances(30, 1)];
    let fingers = [vec![probe[0][0].clone()]];
    let found = search(snapshot, &fingers, ANN);
    assert_eq!(found[0].coverage.guarantee, Guarantee::Measured);
    assert_eq!(found, search(snapshot, &fingers, Mode::Cascade(Shortlist::default())));
    let both = &search(snapshot, &probe, ANN)[0];
    assert_eq!((both.found[0].id.clone(), both.found[0].pairs.len()), (id(30), 2));
    assert_eq!(both.coverage.rows_scanned, 20, "the fingers");
    assert!(matches!(both.coverage.guarantee, Guarantee::Approximate { rows_indexed: PERSONS, .. }));
}

/// The system lists the file among those that are mapped into this process.
fn is_mapped(file: &std::path::Path) {
    if cfg!(target_os = "linux") {
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        assert!(maps.contains(&*file.canonicalize().unwrap().to_string_lossy()), "{} in\n{maps}", file.display());
    }
}

/// Enrolled after the index was built: found by comparing them in full, in the writer's gallery and when it is opened again.
fn later_faces_are_found(files: &Files) {
    let later = Snapshot::open(files).unwrap().len();
    let gallery = Gallery::open(Arc::new(files.clone())).unwrap();
    enrol(&gallery, later..later + 5, instances);
    let snapshot = Snapshot::open(files).unwrap().with_index(files).unwrap();
    let findings = &search(&snapshot, &[instances(later + 3, 1)], ANN)[0];
    assert_eq!(findings.found[0].id, id(later + 3));
    assert_eq!(findings.coverage.rows_scanned, later + 5 - PERSONS);
    assert!(matches!(findings.coverage.guarantee, Guarantee::Approximate { rows_indexed: PERSONS, .. }));
}

/// Only what it finds is measured again; other faces ask for another file.
fn another_effort_keeps_the_file(directory: &TempDir, plain: &Snapshot, files: &Files) {
    let before = (index_file(directory), fs::metadata(index_file(directory)).unwrap().modified().unwrap());
    let least = AnnKind::Ivf { lists: AnnKind::lists(PERSONS), effort: 1 };
    let quick = AnnIndex::build(plain, files, least).unwrap();
    assert!(quick.recall().ppm() < 600_000, "{}", quick.recall());
    let opened = plain.clone().with_index(files).unwrap();
    let opened = opened.index().unwrap();
    assert_eq!((opened.kind(), opened.recall()), (least, quick.recall()));
    assert_eq!((index_file(directory), fs::metadata(index_file(directory)).unwrap().modified().unwrap()), before);
    let grown = Snapshot::open(files).unwrap();
    assert_eq!(AnnIndex::build(&grown, files, least).unwrap().faces(), grown.len());
    assert_ne!(index_file(directory), before.0);
}

fn a_segment_that_is_gone_makes_it_stale(directory: &TempDir, files: &Files) {
    let merged = Files::new(directory.path().join("merged"));
    let gallery = Gallery::create(Arc::new(merged.clone())).unwrap();
    enrol(&gallery, 0..1_000, instances);
    let copied = |name: &str| {
        fs::copy(directory.path().join("gallery/ann").join(name), directory.path().join("merged/ann").join(name))
    };
    fs::create_dir(directory.path().join("merged/ann")).unwrap();
    copied("INDEX").unwrap();
    let refused = gallery.snapshot().with_index(&merged).unwrap_err();
    assert!(matches!(refused, AnnError::Stale { segment: 0, .. }), "{refused}");
    assert!(Snapshot::open(files).unwrap().with_index(files).is_ok());
}

fn damage_is_refused(directory: &TempDir, snapshot: &Snapshot, files: &Files) {
    let text = directory.path().join("gallery/ann/INDEX");
    let file = index_file(directory);
    for path in [&text, &file] {
        let sound = fs::read(path).unwrap();
        for place in [0, sound.len() / 2, sound.len() - 1] {
            let mut flipped = sound.clone();
            flipped[place] ^= 4;
            fs::write(path, &flipped).unwrap();
            let refused = snapshot.clone().with_index(files).unwrap_err();
            assert!(matches!(refused, AnnError::Flawed(_)), "{}, byte {place}: {refused}", path.display());
            assert!(refused.to_string().contains("ann/"), "{refused}");
        }
        fs::write(path, &sound[..sound.len() - 1]).unwrap();
        assert!(snapshot.clone().with_index(files).is_err(), "{}", path.display());
        fs::write(path, &sound).unwrap();
    }
    fs::remove_file(&file).unwrap();
    assert!(matches!(snapshot.clone().with_index(files).unwrap_err(), AnnError::Storage(_)));
    fs::remove_file(&text).unwrap();
    assert!(matches!(snapshot.clone().with_index(files).unwrap_err(), AnnError::Absent(_)));
}

/// Two eyes and a face of a person, as one visit shows them.
fn eyes_and_face(person: u64, visit: u64) -> Instances {
    let eye = |number: u64| templates::iris::template(SEED, person | number << 40, visit).into();
    let face = templates::face::template(SEED, person, visit).into();
    vec![(Position::RightEye, eye(0)), (Position::LeftEye, eye(1)), (Position::Face, face)]
}

#[test]
fn beside_an_index_persons_are_decided_of_by_all_that_was_found_of_them() {
    const PERSONS: u64 = 2_000;
    const VISITORS: u64 = 40;
    /// Faces that an index finds, of as many persons.
    const NEAREST: u64 = 128;
    let (_directory, files) = gallery_of(PERSONS, eyes_and_face);
    let snapshot = Snapshot::open(&files).unwrap();
    AnnIndex::build(&snapshot, &files, AnnKind::HNSW).unwrap();
    let snapshot = snapshot.with_index(&files).unwrap();
    let visitor = |number: u64| number * (PERSONS / VISITORS);
    let probes = (0..VISITORS).map(|number| eyes_and_face(visitor(number), 1)).collect::<Vec<_>>();
    let searched =
        |together| search(&snapshot, &probes, Mode::Ann(Shortlist { fingers: 2, rows: 5, one_in: 20, together }));
    let (each_alone, all_together) = (searched(1), searched(500));
    for ((alone, together), number) in each_alone.iter().zip(&all_together).zip(0..) {
        let best = &together.found[0];
        assert_eq!((best.id.clone(), best.pairs.len()), (id(visitor(number)), 3));
        assert_eq!(best, &alone.found[0], "who passes is compared as ever");
        assert!(matches!(together.coverage.guarantee, Guarantee::Approximate { rows_indexed: PERSONS, .. }));
        assert_eq!(together.coverage.rows_scanned, 2 * PERSONS, "the eyes");
    }
    // Beside what the index finds, who passed by one eye.
    let more = |findings: &[Findings]| findings.iter().map(|one| one.coverage.rows_compared - NEAREST).sum::<u64>();
    let (by_any, by_all) = (more(&each_alone), more(&all_together));
    assert!(by_all >= 2 * VISITORS && by_all * 4 < by_any, "{by_all} rows against {by_any}");
}

#[test]
fn no_faces_and_too_many_lists_are_refused_and_few_faces_are_compared_in_full() {
    let directory = tempfile::tempdir().unwrap();
    let files = Files::new(directory.path());
    let gallery = Gallery::create(Arc::new(files.clone())).unwrap();
    let none = AnnIndex::build(&gallery.snapshot(), &files, AnnKind::HNSW).unwrap_err();
    assert!(matches!(none, AnnError::NoFaces(_)), "{none}");
    enrol(&gallery, 0..50, instances);
    let many = AnnKind::Ivf { lists: 2, effort: 1 };
    assert!(matches!(AnnIndex::build(&gallery.snapshot(), &files, many), Err(AnnError::Bound { .. })));
    assert_eq!(AnnIndex::build(&gallery.snapshot(), &files, AnnKind::HNSW).unwrap().faces(), 50);
    let small = gallery.snapshot().with_index(&files).unwrap();
    let coverage = search(&small, &[vec![instances(7, 1).remove(0)]], ANN)[0].coverage;
    assert_eq!((coverage.guarantee, coverage.rows_compared), (Guarantee::Exhaustive, 50), "no index is asked");
}
