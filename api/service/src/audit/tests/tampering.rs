//! Whatever is done to a log is noticed.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{FIRST, change, change_lines, check, write};
use crate::audit::{Anchor, Audit, AuditError, Flaw, Hash, Place, SET_ASIDE, verify};

/// A log of two files: lines 1 to 4 and 5 to 6.
fn log() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 1..=4);
    write(folder.path(), 5..=6);
    folder
}

fn place(file: u64, line: u64) -> Place {
    Place { file, line }
}

/// What a check finds after `with` was done to the lines of the first file.
fn flaws(with: impl FnOnce(&mut Vec<String>)) -> Vec<Flaw> {
    let folder = log();
    change_lines(&folder.path().join(FIRST), with);
    check(folder.path()).flaws
}

#[test]
fn any_flipped_bit_is_noticed() {
    let folder = log();
    for name in [FIRST, "00000002.jsonl"] {
        let path = folder.path().join(name);
        let whole = fs::read(&path).unwrap();
        for bit in (0..whole.len() * 8).step_by(5) {
            change(&path, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
            assert!(!check(folder.path()).is_whole(), "bit {bit} of {name}");
            fs::write(&path, &whole).unwrap();
        }
    }
    assert!(check(folder.path()).is_whole());
}

#[test]
fn a_changed_line_is_named() {
    let changed = flaws(|lines| lines[1] = lines[1].replace("\"OK\"", "\"NO\""));
    assert_eq!(changed, [Flaw::Changed(place(1, 2))]);
}

#[test]
fn a_line_that_was_changed_with_its_hash_does_not_carry_the_next() {
    let changed = flaws(|lines| {
        let changed = lines[1].replace("\"OK\"", "\"NO\"");
        let (hashed, _) = changed.split_once(",\"hash\":").unwrap();
        lines[1] = format!("{hashed},\"hash\":\"{}\"}}\n", Hash::of(hashed.as_bytes()));
    });
    assert_eq!(changed, [Flaw::Unchained { at: place(1, 3), sequence: 3 }]);
}

#[test]
fn removed_swapped_and_copied_lines_are_noticed() {
    let removed = flaws(|lines| drop(lines.remove(1)));
    assert_eq!(removed, [Flaw::Missing { at: place(1, 2), expected: 2, found: 3 }]);
    let first = flaws(|lines| drop(lines.remove(0)));
    assert_eq!(first, [Flaw::Missing { at: place(1, 1), expected: 1, found: 2 }]);
    let last_of_a_file = flaws(|lines| drop(lines.pop()));
    assert_eq!(last_of_a_file, [Flaw::Missing { at: place(2, 1), expected: 4, found: 5 }]);
    let swapped = flaws(|lines| lines.swap(1, 2));
    assert_eq!(swapped[0], Flaw::Missing { at: place(1, 2), expected: 2, found: 3 });
    assert_eq!(swapped[1], Flaw::Moved { at: place(1, 3), expected: 4, found: 2 });
    let copied = flaws(|lines| lines.insert(2, lines[1].clone()));
    assert_eq!(copied[0], Flaw::Moved { at: place(1, 3), expected: 3, found: 2 });
    let foreign = flaws(|lines| lines.insert(2, "{}\n".to_owned()));
    assert_eq!(foreign, [Flaw::Changed(place(1, 3))]);
    let blank = flaws(|lines| lines.insert(2, "\n".to_owned()));
    assert_eq!(blank, [Flaw::Changed(place(1, 3))]);
}

#[test]
fn a_removed_file_is_noticed() {
    let folder = log();
    fs::remove_file(folder.path().join(FIRST)).unwrap();
    let missing = check(folder.path()).flaws;
    assert_eq!(missing, [Flaw::FileMissing(1), Flaw::Missing { at: place(2, 1), expected: 1, found: 5 }]);
    let folder = log();
    fs::remove_file(folder.path().join("00000002.jsonl")).unwrap();
    assert!(matches!(check(folder.path()).flaws[..], [Flaw::CutOff { last: 4, .. }]));
}

/// Cuts the last line off, as whoever did something at the end would.
fn cut(folder: &Path) {
    change_lines(&folder.join("00000002.jsonl"), |lines| drop(lines.pop()));
}

#[test]
fn an_end_that_was_cut_off_is_noticed_by_head_or_by_an_anchor() {
    let folder = log();
    let report = check(folder.path());
    cut(folder.path());
    assert!(matches!(check(folder.path()).flaws[..], [Flaw::CutOff { last: 5, known: Anchor { sequence: 6, .. } }]));
    assert!(
        matches!(Audit::open(folder.path()), Err(AuditError::Broken(flaw)) if matches!(*flaw, Flaw::CutOff { .. }))
    );
    // Who can write the folder can set HEAD back.
    let last = fs::read_to_string(folder.path().join("00000002.jsonl")).unwrap();
    let hash = &last[last.len() - 67..last.len() - 3];
    fs::write(folder.path().join("HEAD"), format!("5:{hash}\n")).unwrap();
    assert!(check(folder.path()).is_whole(), "without an anchor there is nothing left to tell it by");
    let known = verify(folder.path(), &[report.last]).unwrap().flaws;
    assert_eq!(known, [Flaw::CutOff { last: 5, known: report.last }]);
}

#[test]
fn a_log_that_was_written_anew_is_noticed_by_an_anchor() {
    let folder = log();
    let known = check(folder.path()).last;
    let other = tempfile::tempdir().unwrap();
    write(other.path(), 11..=20);
    assert!(check(other.path()).is_whole());
    assert_eq!(verify(other.path(), &[known]).unwrap().flaws, [Flaw::Replaced { known }]);
    let emptied = tempfile::tempdir().unwrap();
    write(emptied.path(), []);
    assert_eq!(verify(emptied.path(), &[known]).unwrap().flaws, [Flaw::CutOff { last: 0, known }]);
}

#[test]
fn without_head_the_log_is_neither_whole_nor_gone_on_with() {
    let folder = log();
    for rubbish in ["", "6", "6:\n", "nonsense"] {
        fs::write(folder.path().join("HEAD"), rubbish).unwrap();
        assert_eq!(check(folder.path()).flaws, [Flaw::NoHead]);
        assert!(matches!(Audit::open(folder.path()), Err(AuditError::NoHead)));
    }
    fs::remove_file(folder.path().join("HEAD")).unwrap();
    assert_eq!(check(folder.path()).flaws, [Flaw::NoHead]);
    assert!(matches!(Audit::open(folder.path()), Err(AuditError::NoHead)));
}

#[test]
fn a_log_whose_last_file_was_changed_is_not_gone_on_with() {
    let folder = log();
    change_lines(&folder.path().join("00000002.jsonl"), |lines| lines[0] = lines[0].replace("\"OK\"", "\"NO\""));
    assert!(matches!(Audit::open(folder.path()), Err(AuditError::Broken(_))));
}

#[test]
fn an_unfinished_end_is_set_aside_and_told() {
    let folder = log();
    let torn = b"{\"sequence\":7,\"time_unix";
    change(&folder.path().join("00000002.jsonl"), |bytes| bytes.extend_from_slice(torn));
    let before = check(folder.path());
    let left = before.unfinished.unwrap();
    assert!(before.is_whole());
    assert_eq!((left.at, left.bytes, left.sha256), (place(2, 3), torn.len() as u64, Hash::of(torn)));
    let audit = Audit::open(folder.path()).unwrap();
    assert_eq!(audit.set_aside(), Some(left));
    drop(audit);
    let report = check(folder.path());
    assert!(report.is_whole() && report.unfinished.is_none(), "{report:?}");
    assert_eq!((report.set_aside, report.records), (vec![left], 7));
    let told = fs::read_to_string(folder.path().join("00000003.jsonl")).unwrap();
    assert!(told.contains(SET_ASIDE) && told.contains(&left.sha256.to_string()), "{told}");
    // What was set aside is evidence too.
    change(&folder.path().join("00000002.jsonl"), |bytes| *bytes.last_mut().unwrap() = b'X');
    assert_eq!(check(folder.path()).flaws, [Flaw::SetAsideGone(place(3, 1))]);
    change(&folder.path().join("00000002.jsonl"), |bytes| bytes.truncate(bytes.len() - torn.len()));
    assert_eq!(check(folder.path()).flaws, [Flaw::SetAsideGone(place(3, 1))]);
}
