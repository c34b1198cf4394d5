//! Logs whose entries are sealed.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use whorl_index::{Fault, MasterKey, Memory};

use super::{FIRST, change_lines, check, entry, write};
use crate::audit::{Audit, AuditError, Filter, Flaw, Hash, Place, Unread, is_sealed, read, rotate, verify_on};

fn write_sealed(folder: &Path, master: &MasterKey, numbers: impl IntoIterator<Item = u64>) {
    let audit = Audit::open_with(folder, Some(master)).unwrap();
    for number in numbers {
        audit.record(&entry(number)).unwrap();
    }
}

fn requests(folder: &Path, master: Option<&MasterKey>) -> (Vec<String>, Unread) {
    let mut records = read(folder, master, Filter::default()).unwrap();
    let requests = records.by_ref().map(|record| record.unwrap().request).collect();
    (requests, records.unread())
}

#[test]
fn a_log_that_goes_from_clear_to_sealed_and_back_is_one_chain() {
    let (folder, master) = (tempfile::tempdir().unwrap(), MasterKey::generate().unwrap());
    let folder = folder.path();
    write(folder, 1..=2);
    assert!(!is_sealed(folder));
    write_sealed(folder, &master, 3..=4);
    write_sealed(folder, &master, 5..=5);
    write(folder, 6..=6);
    let report = check(folder);
    assert!(report.is_whole() && report.records == 6 && is_sealed(folder), "{report:?}");
    let all: Vec<_> = (1..=6).map(|number| format!("r-{number}")).collect();
    assert_eq!(requests(folder, Some(&master)), (all, Unread::default()));
    let clear: Vec<_> = [1, 2, 6].map(|number| format!("r-{number}")).into();
    assert_eq!(requests(folder, None), (clear, Unread { damaged: 0, sealed: 3 }));
}

#[test]
fn sealed_files_tell_neither_who_nor_whom() {
    let (folder, master) = (tempfile::tempdir().unwrap(), MasterKey::generate().unwrap());
    write_sealed(folder.path(), &master, 1..=3);
    for file in fs::read_dir(folder.path()).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for hidden in ["station", "4711/", "Identif", "national", "r-1"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
    }
}

#[test]
fn a_sealed_line_that_was_changed_or_moved_is_noticed_without_a_key_and_a_forged_one_with_it() {
    let (folder, master) = (tempfile::tempdir().unwrap(), MasterKey::generate().unwrap());
    let folder = folder.path();
    write_sealed(folder, &master, 1..=3);
    let path = folder.join(FIRST);
    let whole = fs::read(&path).unwrap();
    change_lines(&path, |lines| lines.swap(0, 1));
    assert!(!check(folder).is_whole());
    fs::write(&path, &whole).unwrap();
    change_lines(&path, |lines| lines[1] = lines[1].replace("\"sealed\":\"", "\"sealed\":\"A"));
    assert_eq!(check(folder).flaws, [Flaw::Changed(Place { file: 1, line: 2 })]);
    // Who writes the chain anew without the key leaves lines that the key does not open.
    fs::write(&path, &whole).unwrap();
    change_lines(&path, |lines| {
        let (hashed, _) = lines[2].split_once(",\"hash\":").unwrap();
        let hashed = hashed.replace("\"sequence\":3,\"time_unix_ms\":1", "\"sequence\":3,\"time_unix_ms\":2");
        lines[2] = format!("{hashed},\"hash\":\"{}\"}}\n", Hash::of(hashed.as_bytes()));
    });
    assert_eq!(requests(folder, Some(&master)).1, Unread { damaged: 1, sealed: 0 });
}

#[test]
fn another_master_key_takes_the_place_of_the_first_and_every_line_is_read_with_it() {
    let (folder, old, new) =
        (tempfile::tempdir().unwrap(), MasterKey::generate().unwrap(), MasterKey::generate().unwrap());
    let folder = folder.path();
    write(folder, 1..=1);
    assert!(matches!(rotate(folder, &old, &new), Err(AuditError::NotSealed(_))));
    write_sealed(folder, &old, 2..=2);
    let before = fs::read(folder.join(FIRST)).unwrap();
    assert_eq!(rotate(folder, &old, &new).unwrap(), 1);
    assert_eq!(fs::read(folder.join(FIRST)).unwrap(), before);
    assert!(matches!(Audit::open_with(folder, Some(&old)), Err(AuditError::WrongKey)));
    assert!(matches!(read(folder, Some(&old), Filter::default()), Err(AuditError::WrongKey)));
    write_sealed(folder, &new, 3..=3);
    assert_eq!(requests(folder, Some(&new)).0, ["r-1", "r-2", "r-3"]);
    let audit = Audit::open_with(folder, Some(&new)).unwrap();
    assert!(matches!(rotate(folder, &new, &old), Err(AuditError::Locked(_))));
    drop(audit);
}

#[test]
fn pages_follow_each_other_while_others_record() {
    let (folder, master) = (tempfile::tempdir().unwrap(), MasterKey::generate().unwrap());
    write(folder.path(), 1..=5);
    let audit = Audit::open_with(folder.path(), Some(&master)).unwrap();
    for number in 6..=9 {
        audit.record(&entry(number)).unwrap();
    }
    let (mut from, mut found, mut pages) = (Some(Place::START), Vec::new(), 0);
    while let Some(place) = from {
        let page = audit.page(Filter::default(), place, 4).unwrap();
        assert!(page.records.len() <= 4 && page.unread == Unread::default());
        found.extend(page.records.into_iter().map(|record| record.sequence));
        (from, pages) = (page.next, pages + 1);
        if pages == 1 {
            audit.record(&entry(10)).unwrap();
        }
    }
    assert_eq!((found, pages), ((1..=10).collect(), 3));
    let of_one = Filter { client: Some("certificate CN=station-0".to_owned()), ..Filter::default() };
    let page = audit.page(of_one, Place::START, 100).unwrap();
    assert_eq!(page.records.iter().map(|record| record.sequence).collect::<Vec<_>>(), [3, 6, 9]);
    let of_method = |method: &str| {
        let filter = Filter { method: Some(method.to_owned()), ..Filter::default() };
        audit.page(filter, Place::START, 100).unwrap().records.len()
    };
    assert_eq!((of_method("Identify"), of_method("Verify"), of_method("dentify")), (10, 0, 0));
    assert_eq!(of_method("whorl.v1.IdentificationService/Identify"), 10);
}

#[test]
fn a_page_of_large_lines_ends_before_it_is_too_large_for_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let audit = Audit::open(folder.path()).unwrap();
    let large = crate::audit::Entry { references: vec!["x".repeat(100); 10_000], ..entry(1) };
    for _ in 0..6 {
        audit.record(&large).unwrap();
    }
    let page = audit.page(Filter::default(), Place::START, 1_000).unwrap();
    assert_eq!((page.records.len(), page.next), (3, Some(Place { file: 1, line: 4 })));
}

#[test]
fn whenever_the_power_goes_what_was_sealed_can_be_read() {
    let master = MasterKey::generate().unwrap();
    for at in 0..20 {
        let storage = Memory::new();
        storage.fail(at, Fault::PowerCut, at);
        let safe: Vec<_> = Audit::on(Arc::new(storage.clone()), Some(&master))
            .map(|audit| (0..4).map_while(|number| audit.record(&entry(number)).ok()).collect())
            .unwrap_or_default();
        let after = storage.after_power_cut(at);
        let audit = Audit::on(Arc::new(after.clone()), Some(&master)).unwrap();
        audit.record(&entry(99)).unwrap();
        let page = audit.page(Filter::default(), Place::START, 100).unwrap();
        assert_eq!(page.unread.sealed, 0, "step {at}");
        let read = |sequence| page.records.iter().any(|record| record.sequence == sequence);
        assert!(safe.iter().all(|anchor| read(anchor.sequence)), "step {at}: {page:?}");
        drop(audit);
        assert!(verify_on(&after, &safe).unwrap().is_whole(), "step {at}");
    }
}
