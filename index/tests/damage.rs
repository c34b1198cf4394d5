//! What a gallery says of files that are not as they were written, and of callers who ask for the impossible.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::sync::Arc;

use population::{MODEL, described, face, id, iris, reference, template};
use whorl_index::{Files, Flaw, Gallery, GalleryError, Limits, Memory, Reference, Snapshot, Storage};
use whorl_types::Position::{Face, LeftEye, LeftThumb, RightEye, RightIndex, Unknown};
use whorl_types::{FingerTemplate, LogLikelihoodRatio, Quality, Template};

fn gallery() -> Memory {
    let memory = Memory::new();
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    let first = [("ada", &[RightIndex, LeftThumb, LeftEye, Face][..]), ("bea", &[Unknown]), ("carl", &[LeftThumb])];
    gallery.enrol(first.map(|(name, positions)| reference(name, positions)).into()).unwrap();
    // Of five one may be removed without the segment being made anew.
    gallery.enrol(vec![reference("dora", &[]), reference("eve", &[])]).unwrap();
    gallery.settle().unwrap();
    gallery.enrol(vec![reference("cleo", &[RightIndex, RightEye, LeftEye])]).unwrap();
    gallery.remove(vec![id("carl")]).unwrap();
    gallery.settle().unwrap();
    memory
}

/// What the gallery says of itself: nothing when it is sound.
fn complaint(memory: &Memory) -> Option<String> {
    match Snapshot::open(memory) {
        Err(error) => Some(error.to_string()),
        Ok(snapshot) => snapshot.verify().first().map(ToString::to_string),
    }
}

#[test]
fn a_flipped_bit_anywhere_is_reported_with_the_name_of_a_file() {
    let memory = gallery();
    assert_eq!(complaint(&memory), None);
    for path in memory.paths() {
        for byte in 0..memory.len(&path).unwrap() as usize {
            memory.damage(&path, |bytes| bytes[byte] ^= 1 << (byte % 8));
            let said = complaint(&memory).unwrap_or_else(|| panic!("{path}, byte {byte}: nothing said"));
            let directory = path.rsplit_once('/').map_or(path.as_str(), |(directory, _)| directory);
            assert!(said.contains(directory), "{path}, byte {byte}: {said}");
            memory.damage(&path, |bytes| bytes[byte] ^= 1 << (byte % 8));
        }
    }
}

#[test]
fn a_flipped_bit_of_the_data_is_reported_with_its_block() {
    for column in ["fingerprint-right-index.coarse", "iris-left.coarse", "face-face.coarse"] {
        let memory = gallery();
        let path = format!("segment-0000000000000000/{column}");
        memory.damage(&path, |bytes| bytes[100] ^= 8);
        let flaws = Snapshot::open(&memory).unwrap().verify();
        let places = flaws.iter().map(|flawed| (flawed.file.as_str(), flawed.offset, flawed.flaw)).collect::<Vec<_>>();
        assert_eq!(places[0], (path.as_str(), 64, Flaw::Checksum));
        let stage = |what: &str| what.contains("not its template's");
        assert!(matches!(places[1..], [(_, 64, Flaw::Value(what))] if stage(what)), "{places:?}");
    }
}

#[test]
fn a_file_cut_short_or_grown_or_gone_is_refused_by_name() {
    for path in gallery().paths() {
        let memory = gallery();
        let length = memory.len(&path).unwrap() as usize;
        for cut in [0, 1, length / 2, length - 1] {
            memory.damage(&path, |bytes| bytes.truncate(cut));
            assert!(complaint(&memory).is_some(), "{path} cut to {cut}");
        }
        let memory = gallery();
        memory.damage(&path, |bytes| bytes.push(0));
        assert!(complaint(&memory).is_some(), "{path} grown");
        memory.remove(&path).unwrap();
        let said = complaint(&memory).unwrap();
        assert!(said.contains(&path) || path == "MANIFEST", "{path} gone: {said}");
    }
}

#[test]
fn a_sound_file_of_another_segment_is_refused() {
    let memory = gallery();
    let [one, other] = ["segment-0000000000000000/ids", "segment-0000000000000001/ids"];
    let foreign = memory.read(other, usize::MAX).unwrap();
    memory.damage(one, |bytes| *bytes = foreign);
    assert!(complaint(&memory).unwrap().contains(one));
}

#[test]
fn a_newer_version_is_refused_with_what_to_do() {
    let memory = gallery();
    memory.damage("MANIFEST", |bytes| bytes[14] = b'6');
    let said = complaint(&memory).unwrap();
    assert!(said.contains("version 6") && said.contains("upgrade"), "{said}");

    let memory = gallery();
    memory.damage("segment-0000000000000000/ids", |bytes| bytes[8] = 9);
    let said = complaint(&memory).unwrap();
    assert!(said.contains("version 9") && said.contains("segment-0000000000000000/ids"), "{said}");
}

#[test]
fn only_a_gallery_is_opened_and_only_emptiness_becomes_one() {
    let directory = tempfile::tempdir().unwrap();
    let absent = Files::new(directory.path().join("absent"));
    assert!(matches!(Snapshot::open(&absent), Err(GalleryError::Absent(_))));
    assert!(matches!(Gallery::open(Arc::new(absent)), Err(GalleryError::Absent(_))));

    std::fs::write(directory.path().join("letter.txt"), "dear").unwrap();
    let foreign = Arc::new(Files::new(directory.path()));
    assert!(matches!(Gallery::create(foreign.clone()), Err(GalleryError::Foreign(_))));
    assert!(matches!(Gallery::open_or_create(foreign), Err(GalleryError::Foreign(_))));

    let file = Arc::new(Files::new(directory.path().join("letter.txt")));
    assert!(Gallery::open_or_create(file).is_err());

    let whole = Arc::new(Files::new(directory.path().join("gallery")));
    drop(Gallery::create(whole.clone()).unwrap());
    assert!(matches!(Gallery::create(whole), Err(GalleryError::Exists(_))));
}

#[test]
fn a_gallery_has_one_writer_and_any_number_of_readers() {
    let directory = tempfile::tempdir().unwrap();
    let files = Arc::new(Files::new(directory.path()));
    let gallery = Gallery::create(files.clone()).unwrap();
    assert!(matches!(Gallery::open(files.clone()).unwrap_err().to_string(), said if said.contains("another process")));
    let before = Snapshot::open(&*files).unwrap();
    gallery.enrol(vec![reference("ada", &[RightIndex])]).unwrap();
    assert_eq!((before.len(), gallery.snapshot().len(), Snapshot::open(&*files).unwrap().len()), (0, 1, 1));
    drop(gallery);
    assert!(Gallery::open(files).unwrap().snapshot().contains(&id("ada")));
}

#[test]
fn what_does_not_fit_is_refused_by_the_name_of_the_reference() {
    let gallery = Gallery::create(Arc::new(Memory::new())).unwrap();
    gallery.enrol(vec![reference("ada", &[RightIndex])]).unwrap();
    let refused = |gallery: &Gallery, references| gallery.enrol(references).unwrap_err().to_string();
    assert!(refused(&gallery, vec![reference("ada", &[LeftThumb])]).contains("\"ada\" is enrolled already"));
    let twice = vec![reference("bea", &[Unknown]), reference("bea", &[Unknown])];
    assert!(refused(&gallery, twice).contains("\"bea\" is enrolled already"));
    for (position, template) in [
        (LeftEye, Template::from(template(1, 2))),
        (RightIndex, iris(1, 1).into()),
        (LeftEye, face(1, MODEL, 8).into()),
        (Face, iris(1, 1).into()),
    ] {
        let modality = template.modality();
        let misplaced = Reference { id: id("cleo"), templates: vec![(position, template)] };
        let said = refused(&gallery, vec![misplaced]);
        assert!(said.contains(&format!("\"cleo\": the template of {position} is of modality {modality}")), "{said}");
    }
    let eyes = [1, 2].map(|encoding| (Unknown, iris(7, encoding).into()));
    let mixed = refused(&gallery, vec![Reference { id: id("flo"), templates: eyes.to_vec() }]);
    assert!(mixed.contains("iris unknown is of version 2, those in the gallery of 1"), "{mixed}");
    let templates = vec![(RightIndex, Template::from(template(1, 2))); Reference::MAX_TEMPLATES + 1];
    assert!(refused(&gallery, vec![Reference { id: id("dora"), templates }]).contains("\"dora\" has 65"));
    let bare = FingerTemplate::new(10, 10, vec![], Quality::new(1).unwrap()).unwrap();
    let undescribed = Reference { id: id("fay"), templates: vec![(RightIndex, bare.clone().into())] };
    assert!(refused(&gallery, vec![undescribed]).contains("\"fay\": the minutiae of right-index are not described"));
    let newer = Reference { id: id("gus"), templates: vec![(RightIndex, described(&bare, 2, vec![]).into())] };
    assert!(refused(&gallery, vec![newer]).contains("right-index is of version 2, those in the gallery of 1"));
    gallery.enrol(vec![reference("fay", &[])]).unwrap();
    assert_eq!(gallery.snapshot().len(), 2, "a refusal leaves the gallery open to others");
}

#[test]
fn faces_of_another_model_are_refused_with_what_to_do() {
    let gallery = Gallery::create(Arc::new(Memory::new())).unwrap();
    gallery.enrol(vec![reference("ada", &[Face])]).unwrap();
    let of = |face| Reference { id: id("bea"), templates: vec![(Face, Template::from(face))] };
    let other = gallery.enrol(vec![of(face(7, 0xbeef, 100))]).unwrap_err().to_string();
    let due = "\"bea\": its face was extracted with model 0000beef, those in the gallery with 1a2b3c4d: extract it again with \
               the gallery's model";
    assert!(other.contains(due), "{other}");
    let narrow = gallery.enrol(vec![of(face(7, MODEL, 99))]).unwrap_err().to_string();
    assert!(narrow.contains("has 99 dimensions, those in the gallery by the same model 100"), "{narrow}");
    gallery.enrol(vec![of(face(7, MODEL, 100))]).unwrap();

    let search = |probe| {
        let probe = vec![(Unknown, Template::from(probe))];
        gallery.snapshot().identify_batch(&[probe], &Limits::default(), &|_| LogLikelihoodRatio::NEUTRAL)
    };
    let other = search(face(7, 0xbeef, 100)).unwrap_err().to_string();
    assert!(other.contains("model 0000beef, those in the gallery with 1a2b3c4d: extract it again with"), "{other}");
    assert!(search(face(7, MODEL, 99)).unwrap_err().to_string().contains("has 99 dimensions"));
    assert_eq!(search(face(7, MODEL, 100)).unwrap()[0].found.len(), 2);
}

#[test]
fn a_row_that_no_face_has_is_reported_though_its_checksums_are_right() {
    let rows = "segment-0000000000000000/face-face.rows";
    let fine = "segment-0000000000000000/face-face.fine";
    // Dimensions beyond 512, a quality over 100, a byte that is always zero, a lowest value, a value beyond the dimensions.
    for (path, byte, value) in [(rows, 5, 9), (rows, 6, 101), (rows, 7, 1), (fine, 50, 128), (fine, 100, 1)] {
        let memory = gallery();
        memory.damage(path, |bytes| bytes[64 + byte] = value);
        let flaws = Snapshot::open(&memory).unwrap().verify();
        let found = flaws.iter().any(|flawed| flawed.file == rows && flawed.flaw == Flaw::Value("row"));
        assert!(found, "{path}, byte {byte}: {flaws:?}");
    }
}

#[test]
fn the_size_of_a_gallery_is_told_hot_and_cold() {
    let stats = Snapshot::open(&gallery()).unwrap().stats();
    assert_eq!((stats.references, stats.fingers, stats.irises, stats.faces, stats.segments), (5, 4, 3, 1, 2));
    assert!(stats.hot_bytes > 0 && stats.cold_bytes > 0);
}
