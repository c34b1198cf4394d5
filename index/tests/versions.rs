//! Galleries that earlier versions of this program wrote.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::path::Path;
use std::sync::Arc;

use population::reference;
use whorl_index::{Files, Gallery, Memory, Snapshot, Storage};
use whorl_types::Position::{Face, LeftEye, LeftThumb, RightEye, RightIndex, Unknown};

/// The gallery in `tests/galleries`, in memory.
fn written_by(version: &str) -> Memory {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/galleries").join(version);
    let (files, memory) = (Files::new(root), Memory::new());
    memory.create_dir("").unwrap();
    let copy = |path: &str| memory.write(path, &[&files.read(path, usize::MAX).unwrap()]).unwrap();
    for name in files.list("").unwrap() {
        let Some(_) = name.strip_prefix("segment-") else {
            copy(&name);
            continue;
        };
        memory.create_dir(&name).unwrap();
        files.list(&name).unwrap().iter().for_each(|column| copy(&format!("{name}/{column}")));
    }
    memory
}

#[test]
fn a_gallery_of_version_1_is_read_whole() {
    let snapshot = Snapshot::open(&written_by("version-1")).unwrap();
    assert_eq!(snapshot.verify(), []);
    let due = [reference("ada", &[RightIndex, LeftThumb]), reference("bea", &[]), reference("cleo", &[Unknown])];
    assert_eq!(snapshot.len(), due.len() as u64);
    for reference in due {
        let kept = snapshot.fetch(&reference.id).unwrap().unwrap();
        assert_eq!(kept, reference);
    }
}

#[test]
fn a_gallery_of_version_2_is_read_whole() {
    let snapshot = Snapshot::open(&written_by("version-2")).unwrap();
    assert_eq!(snapshot.verify(), []);
    let due = [reference("ada", &[RightIndex, LeftEye]), reference("bea", &[RightEye]), reference("cleo", &[Unknown])];
    assert_eq!(snapshot.len(), due.len() as u64);
    for reference in due {
        let kept = snapshot.fetch(&reference.id).unwrap().unwrap();
        assert_eq!(kept, reference);
    }
}

#[test]
fn a_gallery_of_version_1_takes_irises_and_faces_and_is_then_of_the_newest() {
    let memory = written_by("version-1");
    let gallery = Gallery::open(Arc::new(memory.clone())).unwrap();
    let dora = reference("dora", &[RightIndex, LeftEye, Face]);
    gallery.enrol(vec![dora.clone()]).unwrap();
    assert_eq!(Snapshot::open(&memory).unwrap().fetch(&dora.id).unwrap(), Some(dora));
    let manifest = |memory: &Memory| String::from_utf8(memory.read("MANIFEST", usize::MAX).unwrap()).unwrap();
    assert!(manifest(&memory).starts_with("whorl gallery 4\nepoch 3\n"), "before anything is journalled");
    gallery.settle().unwrap();
    assert!(manifest(&memory).starts_with("whorl gallery 4\nepoch 4\n"));
}
