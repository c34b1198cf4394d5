//! Journals: what they hold is there again after every kind of end, and what is wrong with them is said.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::sync::Arc;

use population::{id, reference};
use whorl_index::{Change, Files, Gallery, GalleryError, Keeper, Memory, Reference, Snapshot, Storage};
use whorl_types::Position::{Face, LeftEye, LeftThumb, RightIndex};

const JOURNAL: &str = "journal-0000000000000000";

/// A gallery of three changes, none of them sealed, and where its journal's last entry, which closes it, begins.
fn journalled() -> (Memory, usize) {
    let memory = Memory::new();
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    gallery.enrol(vec![reference("ada", &[RightIndex, LeftEye, Face])]).unwrap();
    gallery.enrol(vec![reference("bea", &[LeftThumb])]).unwrap();
    gallery.remove(vec![id("ada")]).unwrap();
    let end = memory.len(JOURNAL).unwrap() as usize;
    drop(gallery);
    (memory, end)
}

#[test]
fn what_was_journalled_is_there_again_and_searched() {
    let (memory, _) = journalled();
    let snapshot = Snapshot::open(&memory).unwrap();
    assert_eq!((snapshot.len(), snapshot.sequence(), snapshot.torn()), (1, 3, &[][..]));
    assert_eq!(snapshot.fetch(&id("bea")).unwrap(), Some(reference("bea", &[LeftThumb])));
    assert_eq!(snapshot.fetch(&id("ada")).unwrap(), None);
    let stats = snapshot.stats();
    assert_eq!((stats.references, stats.unsealed, stats.segments, stats.fingers), (1, 1, 0, 1));
}

#[test]
fn a_flipped_bit_anywhere_in_a_journal_is_said_and_nothing_before_it_is_lost() {
    let (memory, end) = journalled();
    for byte in 0..memory.len(JOURNAL).unwrap() as usize {
        memory.damage(JOURNAL, |bytes| bytes[byte] ^= 1 << (byte % 8));
        match Snapshot::open(&memory) {
            Err(error) => assert!(error.to_string().contains(JOURNAL), "byte {byte}: {error}"),
            // Only what closes a journal may be damaged without anything being lost; it is then taken for a torn write.
            Ok(snapshot) => {
                assert!(byte >= end, "byte {byte}: nothing said");
                assert_eq!((snapshot.sequence(), snapshot.torn().len()), (3, 1), "byte {byte}");
            }
        }
        memory.damage(JOURNAL, |bytes| bytes[byte] ^= 1 << (byte % 8));
    }
}

#[test]
fn a_journal_cut_short_gives_what_was_whole_and_says_what_it_passed_over() {
    let (whole, _) = journalled();
    let length = whole.len(JOURNAL).unwrap() as usize;
    let mut sequences = Vec::new();
    for cut in 0..length {
        let (memory, _) = journalled();
        memory.damage(JOURNAL, |bytes| bytes.truncate(cut));
        let gallery = Gallery::open(Arc::new(memory.clone())).unwrap_or_else(|error| panic!("cut to {cut}: {error}"));
        let snapshot = gallery.snapshot();
        sequences.push(snapshot.sequence());
        // Who goes on writing does not make what was passed over count again.
        gallery.enrol(vec![reference("cleo", &[RightIndex])]).unwrap();
        let again = Snapshot::open(&memory).unwrap();
        assert_eq!((again.sequence(), again.len()), (snapshot.sequence() + 1, snapshot.len() + 1), "cut to {cut}");
    }
    assert!(sequences.is_sorted() && sequences.first() == Some(&0) && sequences.last() == Some(&3));
}

#[test]
fn a_journal_that_is_missing_between_others_is_missed() {
    let memory = Memory::new();
    for name in ["ada", "bea", "cleo"] {
        Gallery::open_or_create(Arc::new(memory.clone())).unwrap().enrol(vec![reference(name, &[RightIndex])]).unwrap();
    }
    assert_eq!(Snapshot::open(&memory).unwrap().len(), 3);
    memory.remove("journal-0000000000000001").unwrap();
    let said = Snapshot::open(&memory).unwrap_err().to_string();
    assert!(said.contains("journal-0000000000000002"), "{said}");
}

#[test]
fn a_journal_of_more_than_a_segment_takes_is_replayed_whole() {
    let memory = Memory::new();
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    let nameless = |number: usize| Reference { id: id(&format!("{number:06}")), templates: Vec::new() };
    let half = Gallery::MAX_CHANGES / 2 + 1;
    for start in [0, half] {
        gallery.enrol((start..start + half).map(nameless).collect()).unwrap();
    }
    // Two of them once more, so that ids come twice.
    gallery.remove(vec![id("000007")]).unwrap();
    gallery.replace(nameless(half)).unwrap();
    let (length, sequence) = (2 * half as u64 - 1, 2 * half as u64 + 2);
    drop(gallery);
    let snapshot = Snapshot::open(&memory).unwrap();
    assert_eq!((snapshot.len(), snapshot.sequence(), snapshot.stats().segments), (length, sequence, 0));
    assert_eq!(snapshot.verify(), []);
    for (number, is_there) in [(0, true), (7, false), (half - 1, true), (half, true), (2 * half - 1, true)] {
        assert_eq!(snapshot.contains(&id(&format!("{number:06}"))), is_there, "{number}");
    }
}

#[test]
fn changes_are_refused_by_name_and_leave_the_gallery_open() {
    let gallery = Gallery::create(Arc::new(Memory::new())).unwrap();
    gallery.enrol(vec![reference("ada", &[RightIndex])]).unwrap();
    let nobody = gallery.remove(vec![id("bea")]).unwrap_err();
    assert!(matches!(&nobody, GalleryError::NotEnrolled(who) if *who == id("bea")), "{nobody}");
    let nobody = gallery.replace(reference("bea", &[LeftThumb])).unwrap_err();
    assert!(matches!(nobody, GalleryError::NotEnrolled(_)));
    let both = vec![Change::Remove(id("ada")), Change::Enrol(reference("ada", &[LeftThumb]))];
    assert!(matches!(gallery.apply(both), Err(GalleryError::Duplicate(_))), "an id once in a call");
    gallery.replace(reference("ada", &[LeftThumb])).unwrap();
    let ada = gallery.snapshot().fetch(&id("ada")).unwrap();
    assert_eq!((ada, gallery.snapshot().len()), (Some(reference("ada", &[LeftThumb])), 1));
}

#[test]
fn many_threads_enrol_at_once_and_the_same_id_only_once() {
    let directory = tempfile::tempdir().unwrap();
    let files = Arc::new(Files::new(directory.path().join("gallery")));
    let gallery = Arc::new(Gallery::create(files.clone()).unwrap());
    let keeper = Keeper::start(Arc::clone(&gallery)).unwrap();
    let enrolled = std::thread::scope(|scope| {
        let work = |thread: usize| {
            let gallery = &gallery;
            move || {
                let one = |number: usize| {
                    // Every second name is tried by every thread.
                    let name =
                        if number.is_multiple_of(2) { format!("all-{number}") } else { format!("{thread}-{number}") };
                    let enrolled = gallery.enrol(vec![reference(&name, &[RightIndex])]);
                    assert!(gallery.snapshot().contains(&id(&name)), "read your writes");
                    enrolled.is_ok()
                };
                (0..20).filter(|number| one(*number)).count()
            }
        };
        let threads = (0..8).map(|thread| scope.spawn(work(thread))).collect::<Vec<_>>();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
    });
    assert_eq!(enrolled, 8 * 10 + 10);
    assert_eq!(keeper.flaws(), []);
    keeper.end().unwrap();
    drop(gallery);
    let snapshot = Snapshot::open(&*files).unwrap();
    assert_eq!((snapshot.len(), snapshot.sequence(), snapshot.verify()), (90, 90, vec![]));
}

#[test]
fn compaction_leaves_nothing_of_who_was_removed() {
    let memory = Memory::new();
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    for number in 0..10 {
        gallery
            .enrol(vec![
                reference(&format!("keep-{number}"), &[RightIndex]),
                reference(&format!("gone-{number}"), &[Face]),
            ])
            .unwrap();
        gallery.settle().unwrap();
    }
    let before = gallery.snapshot();
    gallery.remove((0..10).map(|number| id(&format!("gone-{number}"))).collect()).unwrap();
    gallery.compact().unwrap();
    let after = gallery.snapshot();
    assert_eq!((before.len(), after.len(), after.stats().removed, after.stats().segments), (20, 10, 0, 1));
    assert_eq!((after.verify(), before.verify()), (vec![], vec![]), "who reads an old snapshot goes on reading");
    for path in memory.paths() {
        let bytes = memory.read(&path, usize::MAX).unwrap();
        assert!(!bytes.windows(5).any(|five| five == b"gone-"), "{path}");
    }
    assert!(gallery.snapshot().stats().faces == 0 && gallery.compact().unwrap().written == 0);
}

#[test]
fn a_damaged_segment_is_not_made_a_sound_one() {
    let memory = Memory::new();
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    gallery.enrol(vec![reference("ada", &[Face]), reference("bea", &[Face])]).unwrap();
    gallery.settle().unwrap();
    drop(gallery);
    memory.damage("segment-0000000000000000/face-face.coarse", |bytes| bytes[100] ^= 1);
    let gallery = Gallery::open(Arc::new(memory.clone())).unwrap();
    gallery.remove(vec![id("bea")]).unwrap();
    gallery.settle().unwrap();
    assert!(!gallery.snapshot().verify().is_empty(), "it is still known to be damaged");
    let refused = gallery.compact().unwrap_err().to_string();
    assert!(refused.contains("face-face.coarse"), "{refused}");
    gallery.enrol(vec![reference("cleo", &[Face])]).unwrap();
}
