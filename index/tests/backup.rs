//! Copies of galleries, made while they are written to.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use population::{id, reference};
use whorl_index::{Files, Gallery, GalleryError, Memory, Snapshot, Storage, back_up};
use whorl_types::Position::{Face, LeftEye, RightIndex};

fn gallery() -> (Memory, Gallery) {
    let memory = Memory::new();
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    for name in ["ada", "bea", "cleo", "dora", "eve"] {
        gallery.enrol(vec![reference(name, &[RightIndex, LeftEye, Face])]).unwrap();
    }
    gallery.settle().unwrap();
    gallery.remove(vec![id("ada")]).unwrap();
    gallery.settle().unwrap();
    gallery.enrol(vec![reference("fay", &[Face])]).unwrap();
    (memory, gallery)
}

/// Ends a writer when it goes.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn same(one: &dyn Storage, other: &dyn Storage) -> bool {
    let (one, other) = (Snapshot::open(one).unwrap(), Snapshot::open(other).unwrap());
    let names = ["ada", "bea", "cleo", "dora", "eve", "fay", "gina", "hedy"];
    let alike = names.iter().all(|name| one.fetch(&id(name)).unwrap() == other.fetch(&id(name)).unwrap());
    alike && one.len() == other.len() && one.sequence() == other.sequence() && other.verify().is_empty()
}

#[test]
fn a_copy_holds_what_the_gallery_holds_and_the_next_copies_what_is_new() {
    let (memory, gallery) = gallery();
    let directory = tempfile::tempdir().unwrap();
    let copy = Files::new(directory.path().join("copy"));
    let copied = back_up(&memory, &copy).unwrap();
    assert_eq!((copied.segments, copied.there_before, copied.references), (1, 0, 5));
    assert!(same(&memory, &copy));
    gallery.enrol(vec![reference("gina", &[RightIndex])]).unwrap();
    assert!(!same(&memory, &copy));
    gallery.settle().unwrap();
    let copied = back_up(&memory, &copy).unwrap();
    assert_eq!((copied.segments, copied.there_before), (1, 1), "what never changes is copied once");
    assert!(same(&memory, &copy));
    gallery.compact().unwrap();
    back_up(&memory, &copy).unwrap();
    assert!(same(&memory, &copy));
    let restored = Memory::new();
    back_up(&copy, &restored).unwrap();
    assert!(same(&memory, &restored));
    Gallery::open(Arc::new(restored)).unwrap().enrol(vec![reference("hedy", &[Face])]).unwrap();
}

#[test]
fn a_copy_that_is_broken_off_at_any_step_leaves_a_whole_one_that_is_no_older_than_the_one_before() {
    const STEPS: u64 = 60;
    for step in 0..STEPS {
        let (memory, gallery) = gallery();
        let copy = Memory::new();
        back_up(&memory, &copy).unwrap();
        let before = Snapshot::open(&copy).unwrap();
        let was = before.sequence();
        // More is sealed than the copy has of journals, and there is a journal again.
        gallery.enrol(vec![reference("gina", &[RightIndex])]).unwrap();
        gallery.compact().unwrap();
        gallery.enrol(vec![reference("hedy", &[Face])]).unwrap();
        copy.fail(step, whorl_index::Fault::PowerCut, step);
        let done = back_up(&memory, &copy).is_ok();
        let after = copy.after_power_cut(step);
        let kept = Snapshot::open(&after).unwrap_or_else(|error| panic!("step {step}: {error}"));
        assert_eq!(kept.verify(), [], "step {step}");
        let now = gallery.snapshot().sequence();
        assert!(done || step < STEPS - 1, "no copy has so many steps");
        assert!(if done { kept.sequence() == now } else { (was..=now).contains(&kept.sequence()) }, "step {step}");
        assert_eq!(kept.len() - before.len(), kept.sequence() - was, "step {step}: one for every change");
        back_up(&memory, &after).unwrap_or_else(|error| panic!("step {step}, again: {error}"));
        assert!(same(&memory, &after), "step {step}");
    }
}

#[test]
fn damage_is_not_copied_and_nothing_else_is_overwritten() {
    let (memory, _gallery) = gallery();
    memory.damage("segment-0000000000000000/face-face.fine", |bytes| bytes[100] ^= 1);
    let said = back_up(&memory, &Memory::new()).unwrap_err().to_string();
    assert!(said.contains("face-face.fine") && said.contains("checksum"), "{said}");

    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("letter.txt"), "dear").unwrap();
    let refused = back_up(&gallery().0, &Files::new(directory.path())).unwrap_err();
    assert!(matches!(refused, GalleryError::Foreign(_)), "{refused}");
    assert!(matches!(back_up(&Memory::new(), &Memory::new()), Err(GalleryError::Storage(_) | GalleryError::Absent(_))));
}

#[test]
fn a_gallery_that_is_written_to_is_copied_at_some_moment() {
    let directory = tempfile::tempdir().unwrap();
    let files = Arc::new(Files::new(directory.path().join("gallery")));
    let gallery = Gallery::create(files.clone()).unwrap();
    gallery.enrol(vec![reference("first", &[RightIndex])]).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Also where something below fails: or else the writer would go on for ever.
        let _ending = Ending(&done);
        scope.spawn(|| {
            for number in 0.. {
                if done.load(Ordering::Acquire) {
                    return;
                }
                gallery.enrol(vec![reference(&format!("r{number}"), &[Face])]).unwrap();
                if number % 3 == 0 {
                    gallery.compact().unwrap()
                } else {
                    gallery.settle().unwrap()
                };
            }
        });
        let mut sequence = 0;
        for number in 0..12 {
            let copy = Files::new(directory.path().join(format!("copy-{}", number % 2)));
            let copied = back_up(&*files, &copy).unwrap();
            let held = Snapshot::open(&copy).unwrap();
            assert_eq!((held.verify(), held.len()), (vec![], copied.references));
            assert!(copied.sequence >= sequence && held.contains(&id("first")));
            sequence = copied.sequence;
        }
    });
}
