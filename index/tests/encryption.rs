//! Encrypted galleries: they answer as others do, nobody reads them without a key, and who was removed does not come back.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::collections::HashSet;
use std::sync::Arc;

use population::{id, reference};
use whorl_index::{
    Change, Encryption, Fault, Findings, Flaw, Gallery, GalleryError, KeyError, Limits, MasterKey, Memory, Pair,
    Reference, Snapshot, Storage, back_up, rotate,
};
use whorl_types::LogLikelihoodRatio;
use whorl_types::Position::{Face, LeftEye, LeftThumb, RightEye, RightIndex, Unknown};

const TABLE: &str = "keys/table";

/// Bytes before the first key of a reference in the table: its header, and the gallery's own key.
const FIRST_KEY: usize = 128;

fn population() -> Vec<Reference> {
    let names = ["ada", "bea", "cleo", "dora", "eve", "fay", "gina", "hedy", "ida", "jane"];
    let all = [&[RightIndex, LeftEye, Face][..], &[LeftThumb, LeftThumb], &[], &[Unknown, Face], &[LeftEye, RightEye]];
    names.iter().enumerate().map(|(at, name)| reference(name, all[at % all.len()])).collect()
}

fn encryption(segments: bool) -> Encryption {
    Encryption { master: MasterKey::generate().unwrap(), segments }
}

fn create(encryption: &Encryption) -> (Memory, Gallery) {
    let memory = Memory::new();
    let gallery = Gallery::create_with(Arc::new(memory.clone()), Some(encryption)).unwrap();
    (memory, gallery)
}

fn open(memory: &Memory, encryption: &Encryption) -> Snapshot {
    Snapshot::open_with(memory, Some(&encryption.master)).unwrap()
}

fn refusal(memory: &Memory, master: Option<&MasterKey>) -> GalleryError {
    Snapshot::open_with(memory, master).unwrap_err()
}

fn search(snapshot: &Snapshot) -> Vec<Findings> {
    let probes = population().into_iter().map(|reference| reference.templates).collect::<Vec<_>>();
    let weigh = |pairs: &[Pair]| {
        let best = pairs.iter().map(|pair| pair.similarity.get()).max().unwrap_or(0);
        LogLikelihoodRatio::new(best as f32).unwrap()
    };
    snapshot.identify_batch(&probes, &Limits::default(), &weigh).unwrap()
}

fn whole(memory: &Memory, path: &str) -> Vec<u8> {
    memory.read(path, usize::MAX).unwrap()
}

/// `copy` with the keys that `gallery` has now: how a copy is restored.
fn restored(copy: &Memory, gallery: &Memory) -> Memory {
    let restored = Memory::new();
    back_up(copy, &restored).unwrap();
    restored.create_dir("keys").unwrap();
    restored.write(TABLE, &[&whole(gallery, TABLE)]).unwrap();
    restored
}

#[test]
fn an_encrypted_gallery_answers_as_one_in_the_clear_journalled_sealed_and_compacted() {
    for segments in [false, true] {
        let encryption = encryption(segments);
        let (memory, gallery) = create(&encryption);
        let clear = Gallery::create(Arc::new(Memory::new())).unwrap();
        let both = |work: &dyn Fn(&Gallery) -> bool| {
            assert!(work(&gallery) && work(&clear));
            let (one, other) = (gallery.snapshot(), clear.snapshot());
            assert_eq!((search(&one), one.verify()), (search(&other), vec![]));
            assert_eq!(search(&open(&memory, &encryption)), search(&other), "opened again");
            let all = |snapshot: &Snapshot| snapshot.references().map(Result::unwrap).collect::<Vec<_>>();
            assert_eq!(all(&open(&memory, &encryption)), all(&other));
        };
        both(&|gallery| gallery.enrol(population()[..6].to_vec()).is_ok());
        both(&|gallery| gallery.settle().is_ok());
        both(&|gallery| gallery.enrol(population()[6..].to_vec()).is_ok());
        both(&|gallery| gallery.remove(vec![id("ada"), id("gina")]).is_ok());
        both(&|gallery| gallery.replace(reference("bea", &[Face, RightIndex])).is_ok());
        both(&|gallery| gallery.settle().is_ok());
        both(&|gallery| gallery.enrol(vec![reference("ada", &[LeftThumb])]).is_ok());
        both(&|gallery| gallery.compact().is_ok());
        assert_eq!(open(&memory, &encryption).verify(), []);
    }
}

/// The runs of bytes that are worth looking for: not of a few values only, as zeros and small numbers are.
fn telling(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.windows(12).filter(|run| run.iter().collect::<HashSet<_>>().len() > 8)
}

#[test]
fn no_file_holds_anything_of_a_template_in_the_clear() {
    let clear = Memory::new();
    let gallery = Gallery::create(Arc::new(clear.clone())).unwrap();
    gallery.enrol(population()).unwrap();
    let mut known = whole(&clear, "journal-0000000000000000")[88..].to_vec();
    gallery.settle().unwrap();
    for path in clear.paths().into_iter().filter(|path| path.starts_with("segment-") && path.contains('.')) {
        known.extend(&whole(&clear, &path)[64..]);
    }
    let known = telling(&known).collect::<HashSet<_>>();
    assert!(known.len() > 5_000, "{}", known.len());
    let encryption = encryption(true);
    let (memory, gallery) = create(&encryption);
    gallery.enrol(population()).unwrap();
    let look = || {
        for path in memory.paths().into_iter().filter(|path| !path.ends_with("/ids")) {
            let bytes = whole(&memory, &path);
            let found = telling(&bytes).find(|run| known.contains(run));
            // Ids stand beside what is encrypted.
            assert!(found.is_none(), "{path}: {found:?}");
        }
    };
    look();
    gallery.settle().unwrap();
    look();
    assert!(memory.paths().iter().any(|path| path.ends_with("face-face.fine")));
}

#[test]
fn with_segments_in_the_clear_only_journals_are_encrypted() {
    let (memory, gallery) = create(&encryption(false));
    gallery.enrol(population()).unwrap();
    gallery.settle().unwrap();
    let face = whole(&memory, "segment-0000000000000000/face-face.fine");
    assert_eq!(face[8], 1, "the version of columns in the clear");
    let ada = &population()[0].templates[2].1;
    let embedding = ada.as_face().unwrap().embedding().map(i8::cast_unsigned);
    assert!(face.windows(512).any(|row| row == embedding));
}

#[test]
fn who_was_removed_or_replaced_comes_back_with_no_copy() {
    for segments in [false, true] {
        let encryption = encryption(segments);
        let (memory, gallery) = create(&encryption);
        gallery.enrol(population()[..5].to_vec()).unwrap();
        let journalled = Memory::new();
        back_up(&memory, &journalled).unwrap();
        gallery.settle().unwrap();
        let sealed = Memory::new();
        back_up(&memory, &sealed).unwrap();
        assert!(!sealed.paths().iter().any(|path| path.starts_with("keys")), "a copy has no keys");
        assert!(open(&restored(&sealed, &memory), &encryption).contains(&id("ada")));
        let before = whole(&memory, TABLE);
        gallery.remove(vec![id("ada")]).unwrap();
        gallery.replace(reference("bea", &[Face])).unwrap();
        let after = whole(&memory, TABLE);
        let gone = |key: usize| after[FIRST_KEY + 64 * key..][..60] == [0; 60];
        assert_eq!((0..5).map(gone).collect::<Vec<_>>(), [true, true, false, false, false]);
        assert_eq!(
            before[FIRST_KEY + 128..FIRST_KEY + 320],
            after[FIRST_KEY + 128..FIRST_KEY + 320],
            "others are kept"
        );
        for copy in [&journalled, &sealed] {
            let restored = restored(copy, &memory);
            let snapshot = open(&restored, &encryption);
            assert_eq!((snapshot.contains(&id("ada")), snapshot.contains(&id("bea"))), (false, false));
            assert_eq!((snapshot.len(), snapshot.verify()), (3, vec![]));
            assert_eq!(snapshot.fetch(&id("dora")).unwrap(), Some(population()[3].clone()));
            let gallery = Gallery::open_with(Arc::new(restored.clone()), Some(&encryption.master)).unwrap();
            gallery.enrol(vec![reference("ada", &[RightIndex])]).unwrap();
            gallery.compact().unwrap();
            let again = open(&restored, &encryption);
            assert_eq!((again.len(), again.verify(), again.stats().removed), (4, vec![], 0));
        }
    }
}

#[test]
fn a_snapshot_does_not_move_when_a_key_is_destroyed() {
    let (_, gallery) = create(&encryption(true));
    gallery.enrol(population()).unwrap();
    gallery.settle().unwrap();
    let before = gallery.snapshot();
    let found = search(&before);
    gallery.remove(vec![id("ada"), id("bea")]).unwrap();
    gallery.compact().unwrap();
    assert_eq!((search(&before), before.verify()), (found, vec![]));
    assert!(before.contains(&id("ada")) && !gallery.snapshot().contains(&id("ada")));
}

#[test]
fn without_the_right_keys_a_gallery_says_what_is_needed() {
    let given = encryption(true);
    let (memory, gallery) = create(&given);
    gallery.enrol(population()).unwrap();
    let early = whole(&memory, TABLE);
    let many = (0..80).map(|number| reference(&format!("r{number}"), &[RightIndex])).collect();
    gallery.enrol(many).unwrap();
    drop(gallery);
    let none = refusal(&memory, None);
    assert!(
        matches!(none, GalleryError::Keys(KeyError::Needed(_))) && none.to_string().contains("--master-key"),
        "{none}"
    );
    let wrong = refusal(&memory, Some(&MasterKey::generate().unwrap()));
    assert!(matches!(wrong, GalleryError::Keys(KeyError::Wrong(_))), "{wrong}");
    let refused = Gallery::open(Arc::new(memory.clone())).unwrap_err();
    assert!(matches!(refused, GalleryError::Keys(KeyError::Needed(_))), "{refused}");
    let table = whole(&memory, TABLE);
    memory.damage(TABLE, |bytes| bytes.clone_from(&early));
    let stale = refusal(&memory, Some(&given.master));
    assert!(matches!(stale, GalleryError::Keys(KeyError::Stale(_))), "{stale}");
    let other = create(&Encryption { master: given.master.clone(), segments: true }).0;
    memory.damage(TABLE, |bytes| bytes.clone_from(&whole(&other, TABLE)));
    let foreign = refusal(&memory, Some(&given.master));
    assert!(matches!(foreign, GalleryError::Keys(KeyError::Foreign(_))), "{foreign}");
    memory.damage(TABLE, |bytes| bytes.clone_from(&table));
    assert_eq!(open(&memory, &given).len(), 90);
    memory.remove("keys").unwrap();
    let missing = refusal(&memory, Some(&given.master));
    assert!(matches!(missing, GalleryError::Keys(KeyError::Missing(_))), "{missing}");
}

#[test]
fn keys_in_use_are_not_written_over_by_a_new_gallery() {
    let given = encryption(true);
    let (memory, gallery) = create(&given);
    gallery.enrol(population()).unwrap();
    let empty = Memory::new();
    empty.create_dir("").unwrap();
    empty.create_dir("keys").unwrap();
    empty.write(TABLE, &[&whole(&memory, TABLE)]).unwrap();
    let refused = Gallery::open_or_create_with(Arc::new(empty.clone()), Some(&given)).unwrap_err();
    assert!(matches!(refused, GalleryError::Keys(KeyError::InUse(_))), "{refused}");
    assert_eq!(whole(&empty, TABLE), whole(&memory, TABLE));
}

#[test]
fn a_flipped_bit_of_what_is_encrypted_is_said_by_file_and_place() {
    let given = encryption(true);
    let (memory, gallery) = create(&given);
    gallery.enrol(population()).unwrap();
    gallery.settle().unwrap();
    drop(gallery);
    let columns = memory.paths().into_iter().filter(|path| path.starts_with("segment-") && !path.ends_with("CONTENTS"));
    for path in columns {
        let length = whole(&memory, &path).len();
        let place = path.rsplit_once('.').map_or("segment-0000000000000000/", |(place, _)| place);
        for byte in (64..length).step_by(97).chain(64..(64 + 64).min(length)) {
            memory.damage(&path, |bytes| bytes[byte] ^= 4);
            match Snapshot::open_with(&memory, Some(&given.master)) {
                // What is wrong in `rows` shows where the template of the row is read, what is wrong in `ids` at the key of the id.
                Err(error) => assert!(error.to_string().contains(place), "{path}, {byte}: {error}"),
                Ok(snapshot) => {
                    let flaws = snapshot.verify();
                    assert!(flaws.iter().any(|flawed| flawed.file == path), "{path}, {byte}: nothing said");
                }
            }
            memory.damage(&path, |bytes| bytes[byte] ^= 4);
        }
    }
    let path = "segment-0000000000000000/face-face.coarse";
    memory.damage(path, |bytes| bytes[64 + 130] ^= 1);
    let GalleryError::Flawed(flawed) = refusal(&memory, Some(&given.master)) else { panic!("it is a flaw") };
    assert_eq!((flawed.file.as_str(), flawed.offset, flawed.flaw), (path, 64 + 128, Flaw::Encrypted));
}

/// Two pieces of a column that stand in each other's place, with what it takes to read them.
fn swap(bytes: &mut [u8], row_bytes: usize, rows: usize) {
    let stamps = 64 + (row_bytes * rows).next_multiple_of(64);
    for (first, size) in [(64, row_bytes), (stamps, 28)] {
        let (one, other) = bytes[first..].split_at_mut(size);
        one.swap_with_slice(&mut other[..size]);
    }
}

#[test]
fn pieces_in_the_place_of_others_are_refused() {
    for (file, row_bytes) in [("face-face.fine", 512), ("face-face.coarse", 64), ("face-face.rows", 64)] {
        let given = encryption(true);
        let (memory, gallery) = create(&given);
        gallery.enrol(vec![reference("ada", &[Face, Face]), reference("bea", &[Face])]).unwrap();
        gallery.settle().unwrap();
        drop(gallery);
        let path = format!("segment-0000000000000000/{file}");
        memory.damage(&path, |bytes| swap(bytes, row_bytes, 3));
        let GalleryError::Flawed(flawed) = refusal(&memory, Some(&given.master)) else { panic!("it is a flaw") };
        assert_eq!((flawed.file, flawed.flaw), (path, Flaw::Encrypted));
    }
}

#[test]
fn a_damaged_key_is_said_where_it_is_needed_and_nowhere_else() {
    let given = encryption(true);
    let (memory, gallery) = create(&given);
    gallery.enrol(population()[..3].to_vec()).unwrap();
    gallery.settle().unwrap();
    gallery.remove(vec![id("ada")]).unwrap();
    drop(gallery);
    memory.damage(TABLE, |bytes| bytes[FIRST_KEY + 5] ^= 1);
    assert_eq!(open(&memory, &given).len(), 2, "it was removed");
    memory.damage(TABLE, |bytes| bytes[FIRST_KEY + 64 + 5] ^= 1);
    let GalleryError::Flawed(flawed) = refusal(&memory, Some(&given.master)) else { panic!("it is a flaw") };
    assert_eq!((flawed.file.as_str(), flawed.offset), (TABLE, FIRST_KEY as u64 + 64));
}

#[test]
fn another_master_key_changes_nothing_but_the_table_of_keys() {
    let (old, new) = (encryption(true), encryption(true));
    let (memory, gallery) = create(&old);
    gallery.enrol(population()).unwrap();
    gallery.settle().unwrap();
    gallery.remove(vec![id("ada")]).unwrap();
    let sealed = gallery.payload_key().unwrap().seal(b"entry 1", b"who asked").unwrap();
    assert!(matches!(rotate(&memory, &old.master, &new.master), Err(GalleryError::Storage(_))), "somebody writes");
    let copy = Memory::new();
    back_up(&memory, &copy).unwrap();
    drop(gallery);
    let others = |memory: &Memory| {
        let others = memory.paths().into_iter().filter(|path| path != TABLE);
        others.map(|path| (path.clone(), whole(memory, &path))).collect::<Vec<_>>()
    };
    let before = others(&memory);
    assert!(matches!(rotate(&memory, &new.master, &old.master), Err(GalleryError::Keys(KeyError::Wrong(_)))));
    assert_eq!(rotate(&memory, &old.master, &new.master).unwrap(), 65);
    assert_eq!(others(&memory), before);
    assert!(matches!(refusal(&memory, Some(&old.master)), GalleryError::Keys(KeyError::Wrong(_))));
    for memory in [memory.clone(), restored(&copy, &memory)] {
        let gallery = Gallery::open_with(Arc::new(memory), Some(&new.master)).unwrap();
        assert_eq!((gallery.snapshot().len(), gallery.snapshot().verify()), (9, vec![]));
        assert!(!gallery.snapshot().contains(&id("ada")), "what was destroyed stays so");
        assert_eq!(gallery.payload_key().unwrap().open(b"entry 1", &sealed).unwrap(), b"who asked");
        gallery.enrol(vec![reference("ada", &[Face])]).unwrap();
    }
    let clear = Memory::new();
    drop(Gallery::create(Arc::new(clear.clone())).unwrap());
    assert!(matches!(rotate(&clear, &old.master, &new.master), Err(GalleryError::Keys(KeyError::Plain(_)))));
}

#[test]
fn a_power_cut_at_any_step_of_a_rotation_leaves_one_of_the_two_master_keys() {
    for step in 0..8 {
        for seed in 0..20 {
            let (old, new) = (encryption(true), encryption(true));
            let (memory, gallery) = create(&old);
            gallery.enrol(population()[..3].to_vec()).unwrap();
            drop(gallery);
            memory.fail(step, Fault::PowerCut, seed);
            let done = rotate(&memory, &old.master, &new.master).is_ok();
            let after = memory.after_power_cut(seed);
            let opened = |master| Snapshot::open_with(&after, Some(master)).is_ok_and(|snapshot| snapshot.len() == 3);
            assert!(opened(&new.master) || !done && opened(&old.master), "step {step}, seed {seed}");
            let is_new = opened(&new.master);
            let key = if is_new { &new.master } else { &old.master };
            drop(Gallery::open_with(Arc::new(after.clone()), Some(key)).unwrap());
            assert!(
                !after.paths().iter().any(|path| path.ends_with("table.new")),
                "it has keys of who is removed later"
            );
            if !is_new {
                rotate(&after, &old.master, &new.master).unwrap();
            }
        }
    }
}

/// Takes `ada` away in some way, with something going wrong at a step, and looks at what is left.
fn take_away(sealed: bool, change: &dyn Fn() -> Change, (step, fault, seed): (u64, Fault, u64)) {
    let told = format!("{fault:?} at step {step}, seed {seed}, sealed {sealed}");
    let given = encryption(true);
    let (memory, gallery) = create(&given);
    gallery.enrol(population()[..2].to_vec()).unwrap();
    if sealed {
        gallery.settle().unwrap();
    }
    let copy = Memory::new();
    back_up(&memory, &copy).unwrap();
    let ada = |memory: &Memory| open(&restored(&copy, memory), &given).fetch(&id("ada")).unwrap();
    memory.fail(step, fault, seed);
    let acknowledged = gallery.apply(vec![change()]).is_ok();
    drop(gallery);
    memory.mend();
    for left in [memory.after_power_cut(seed), memory.after_power_cut(seed + 1)] {
        if acknowledged {
            assert_eq!(ada(&left), None, "{told}: the key is there after it was said to be gone");
        }
        let gallery = Gallery::open_with(Arc::new(left.clone()), Some(&given.master)).unwrap();
        let (snapshot, all) = (gallery.snapshot(), population());
        assert_eq!(snapshot.verify(), [], "{told}");
        assert_eq!(snapshot.fetch(&id("bea")).unwrap().as_ref(), Some(&all[1]), "{told}: another is touched");
        let now = snapshot.fetch(&id("ada")).unwrap();
        let is_old = now.as_ref() == Some(&all[0]);
        assert!(is_old || now.as_ref() == change().reference(), "{told}: half there");
        assert!(!(acknowledged && is_old), "{told}: back again");
        assert_eq!(ada(&left).is_some(), is_old, "{told}: the key goes with the reference and not before");
        gallery.settle().unwrap();
        assert_eq!(open(&left, &given).fetch(&id("ada")).unwrap(), now, "{told}");
    }
}

#[test]
fn whatever_goes_wrong_at_any_step_of_a_removal_the_reference_and_its_key_go_together() {
    let remove: &dyn Fn() -> Change = &|| Change::Remove(id("ada"));
    let replace: &dyn Fn() -> Change = &|| Change::Replace(reference("ada", &[LeftThumb, Face]));
    for (sealed, change) in [(false, remove), (true, remove), (false, replace), (true, replace)] {
        for step in 0..14 {
            for seed in 0..12 {
                take_away(sealed, change, (step, Fault::PowerCut, seed));
            }
            for fault in [Fault::NoSpace, Fault::SyncFailed, Fault::ShortWrite] {
                take_away(sealed, change, (step, fault, step));
            }
        }
    }
}

#[test]
fn an_encrypted_gallery_whose_creation_failed_at_any_step_can_be_created_again() {
    for step in 0..30 {
        for seed in 0..20 {
            let (memory, given) = (Memory::new(), encryption(true));
            memory.fail(step, Fault::PowerCut, seed);
            let created = Gallery::create_with(Arc::new(memory.clone()), Some(&given)).is_ok();
            let after = memory.after_power_cut(seed);
            let told = format!("power cut at step {step}, seed {seed}");
            assert!(!created || Snapshot::open_with(&after, Some(&given.master)).is_ok(), "{told}: lost");
            let gallery = Gallery::open_or_create_with(Arc::new(after), Some(&given));
            assert!(gallery.is_ok_and(|gallery| gallery.snapshot().is_empty()), "{told}");
        }
    }
}

#[test]
fn who_is_replaced_among_very_many_at_once_comes_back_with_no_copy() {
    let given = encryption(true);
    let (memory, gallery) = create(&given);
    gallery.enrol(vec![reference("ada", &[Face]), reference("bea", &[Face])]).unwrap();
    let copy = Memory::new();
    back_up(&memory, &copy).unwrap();
    // More than goes into a journal.
    let one = reference("model", &[LeftEye; 64]).templates;
    let many =
        (0..900).map(|number| Change::Enrol(Reference { id: id(&format!("r{number}")), templates: one.clone() }));
    gallery.apply(many.chain([Change::Replace(reference("ada", &[LeftEye]))]).collect()).unwrap();
    let stats = gallery.snapshot().stats();
    assert_eq!((stats.unsealed, stats.references), (0, 902), "it went into a segment at once");
    let copied = open(&restored(&copy, &memory), &given);
    assert_eq!((copied.contains(&id("ada")), copied.contains(&id("bea"))), (false, true));
    drop(gallery);
    let snapshot = open(&memory, &given);
    assert_eq!(snapshot.fetch(&id("ada")).unwrap(), Some(reference("ada", &[LeftEye])));
}

#[test]
fn a_gallery_in_the_clear_has_no_keys_and_needs_none() {
    let memory = Memory::new();
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    gallery.enrol(population()).unwrap();
    gallery.settle().unwrap();
    assert!(gallery.payload_key().is_none());
    assert!(!memory.paths().iter().any(|path| path.contains("keys")));
    assert!(whole(&memory, "MANIFEST").starts_with(b"whorl gallery 4\n"));
    assert!(whole(&memory, "segment-0000000000000000/CONTENTS").starts_with(b"whorl segment 1\n"));
    drop(gallery);
    let given = encryption(true);
    assert_eq!(Snapshot::open_with(&memory, Some(&given.master)).unwrap().len(), 10);
    let refused = Gallery::open_or_create_with(Arc::new(memory), Some(&given)).unwrap_err();
    assert!(matches!(refused, GalleryError::Keys(KeyError::Plain(_))), "{refused}");
}
