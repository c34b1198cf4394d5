//! What a gallery keeps when writing it fails at any step.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::sync::Arc;

use population::{id, reference};
use whorl_index::{Fault, Gallery, GalleryError, Memory, Reference, Snapshot};
use whorl_types::Position::{Face, LeftEye, LeftThumb, RightEye, RightIndex, Unknown};

/// More steps than creating a gallery or appending to it takes.
const MANY_STEPS: u64 = 60;

fn first() -> Vec<Reference> {
    vec![reference("ada", &[RightIndex, LeftThumb, LeftEye, Face]), reference("bea", &[RightIndex])]
}

fn second() -> Vec<Reference> {
    vec![reference("cleo", &[Unknown, LeftEye, Face]), reference("ada-2", &[LeftThumb, LeftThumb, RightEye, RightEye])]
}

fn holds_all(gallery: &Snapshot, references: &[Reference]) -> bool {
    references.iter().all(|reference| gallery.fetch(&reference.id).unwrap().as_ref() == Some(reference))
}

/// A gallery of the first references, about to fail at a step.
fn about_to_fail(step: u64, fault: Fault, seed: u64) -> (Memory, Gallery) {
    let memory = Memory::new();
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    gallery.enrol(first()).unwrap();
    memory.fail(step, fault, seed);
    (memory, gallery)
}

/// Opens what is left and checks that the second references are there whole, or not at all.
fn check(memory: &Memory, acknowledged: bool, told: &str) {
    memory.mend();
    let gallery = Gallery::open(Arc::new(memory.clone())).unwrap_or_else(|error| panic!("{told}: {error}"));
    let snapshot = gallery.snapshot();
    assert_eq!(snapshot.verify(), [], "{told}");
    assert!(holds_all(&snapshot, &first()), "{told}");
    match snapshot.len() {
        2 => assert!(!acknowledged, "{told}: lost"),
        4 => assert!(holds_all(&snapshot, &second()), "{told}"),
        half => panic!("{told}: {half} references"),
    }
    gallery.enrol(vec![reference("dora", &[RightIndex])]).unwrap_or_else(|error| panic!("{told}: {error}"));
    assert!(Snapshot::open(memory).unwrap().contains(&id("dora")), "{told}");
}

#[test]
fn a_power_cut_at_any_step_leaves_the_old_state_or_the_new_one() {
    for step in 0..MANY_STEPS {
        for seed in 0..40 {
            let (memory, gallery) = about_to_fail(step, Fault::PowerCut, seed);
            let acknowledged = gallery.enrol(second()).is_ok();
            drop(gallery);
            check(&memory.after_power_cut(seed), acknowledged, &format!("power cut at step {step}, seed {seed}"));
        }
    }
}

#[test]
fn a_power_cut_right_after_an_acknowledgement_loses_nothing() {
    for seed in 0..200 {
        let (memory, gallery) = about_to_fail(u64::MAX / 2, Fault::PowerCut, seed);
        gallery.enrol(second()).unwrap();
        drop(gallery);
        check(&memory.after_power_cut(seed), true, &format!("seed {seed}"));
    }
}

#[test]
fn a_failing_disk_leaves_the_old_state_or_the_new_one_and_stops_the_writer() {
    for fault in [Fault::NoSpace, Fault::SyncFailed, Fault::ShortWrite] {
        for step in 0..MANY_STEPS {
            let told = format!("{fault:?} at step {step}");
            let (memory, gallery) = about_to_fail(step, fault, step);
            let acknowledged = gallery.enrol(second()).is_ok();
            if !acknowledged {
                assert!(holds_all(&gallery.snapshot(), &first()), "{told}: reading goes on");
                let refused = gallery.enrol(vec![reference("eve", &[Unknown])]);
                assert!(matches!(refused, Err(GalleryError::Unsettled)), "{told}");
            }
            drop(gallery);
            check(&memory.after_power_cut(step), acknowledged, &told);
            check(&memory, acknowledged, &told);
        }
    }
}

#[test]
fn a_gallery_whose_creation_failed_at_any_step_can_be_created_again() {
    for step in 0..MANY_STEPS {
        for seed in 0..40 {
            let memory = Memory::new();
            memory.fail(step, Fault::PowerCut, seed);
            let created = Gallery::create(Arc::new(memory.clone())).is_ok();
            let after = memory.after_power_cut(seed);
            let told = format!("power cut at step {step}, seed {seed}");
            assert!(!created || Snapshot::open(&after).is_ok(), "{told}: lost");
            let gallery = Gallery::open_or_create(Arc::new(after));
            assert!(gallery.is_ok_and(|gallery| gallery.snapshot().is_empty()), "{told}");
        }
    }
}

/// Reopens a gallery whose write failed, and checks that it goes on and that a power cut afterwards loses nothing of it.
fn check_reopened(memory: &Memory, gallery: &Gallery, told: &str) {
    let acknowledged = gallery.snapshot();
    gallery.reopen().unwrap_or_else(|error| panic!("{told}: {error}"));
    let reopened = gallery.snapshot();
    assert!(reopened.sequence() >= acknowledged.sequence() && reopened.verify().is_empty(), "{told}");
    assert!(holds_all(&reopened, &first()), "{told}");
    assert!(reopened.len() == 2 || reopened.len() == 4 && holds_all(&reopened, &second()), "{told}: half there");
    for seed in 0..4 {
        let after = Snapshot::open(&memory.after_power_cut(seed)).unwrap_or_else(|error| panic!("{told}: {error}"));
        assert_eq!((after.len(), after.sequence()), (reopened.len(), reopened.sequence()), "{told}, power cut");
    }
    gallery.enrol(vec![reference("dora", &[RightIndex])]).unwrap_or_else(|error| panic!("{told}: {error}"));
    gallery.settle().unwrap_or_else(|error| panic!("{told}: {error}"));
    let after = Snapshot::open(&memory.after_power_cut(9)).unwrap_or_else(|error| panic!("{told}: {error}"));
    assert!(after.contains(&id("dora")) && holds_all(&after, &first()), "{told}");
}

#[test]
fn a_gallery_whose_disk_failed_and_was_mended_is_reopened_and_goes_on() {
    let mut reopened = 0;
    for fault in [Fault::NoSpace, Fault::SyncFailed, Fault::ShortWrite] {
        for step in 0..MANY_STEPS {
            for settles in [false, true] {
                let told = format!("{fault:?} at step {step}, settles: {settles}");
                let (memory, gallery) = about_to_fail(step, fault, step);
                let done = gallery.enrol(second()).map(drop);
                let done = if settles { done.and_then(|()| gallery.settle().map(drop)) } else { done };
                memory.mend();
                if done.is_err() {
                    check_reopened(&memory, &gallery, &told);
                    reopened += 1;
                }
            }
        }
    }
    assert!(reopened > 20, "{reopened}");
}

#[test]
fn a_gallery_that_cannot_be_reopened_yet_stays_as_it_is_and_can_be_reopened_later() {
    let mut failed = 0;
    for step in 0..MANY_STEPS {
        for fault in [Fault::NoSpace, Fault::SyncFailed] {
            let (memory, gallery) = about_to_fail(0, Fault::SyncFailed, step);
            assert!(gallery.enrol(second()).is_err());
            memory.fail(step, fault, step);
            let told = format!("{fault:?} at step {step} of reopening");
            if gallery.reopen().is_err() {
                assert!(holds_all(&gallery.snapshot(), &first()), "{told}: reading goes on");
                let refused = gallery.enrol(vec![reference("eve", &[Unknown])]);
                assert!(matches!(refused, Err(GalleryError::Unsettled)), "{told}");
                failed += 1;
                memory.mend();
                check_reopened(&memory, &gallery, &told);
            }
        }
    }
    assert!(failed > 10, "{failed}");
    let (_, sound) = about_to_fail(u64::MAX / 2, Fault::NoSpace, 0);
    let before = sound.snapshot().sequence();
    sound.reopen().unwrap();
    assert_eq!((sound.snapshot().sequence(), sound.snapshot().stats().segments), (before, 0), "nothing was wrong");
}
