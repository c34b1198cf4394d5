//! What is written is there, in order, once and for all.

use std::collections::BTreeSet;
use std::fs;

use super::{FIRST, check, entry, write};
use crate::audit::{Anchor, Audit, AuditError, Entry, Filter, Hash, read};

#[test]
fn what_was_recorded_is_read_in_its_order_across_openings() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 1..=3);
    write(folder.path(), []);
    write(folder.path(), 4..=5);
    let report = check(folder.path());
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(
        (report.records, report.files, report.last.sequence),
        (5, 2, 5),
        "an opening without lines begins no file"
    );
    let records: Vec<_> = read(folder.path(), None, Filter::default()).unwrap().map(Result::unwrap).collect();
    assert_eq!(
        records.iter().map(|record| record.request.as_str()).collect::<Vec<_>>(),
        ["r-1", "r-2", "r-3", "r-4", "r-5"]
    );
    assert_eq!(records.iter().map(|record| record.sequence).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!(records.windows(2).all(|two| two[1].previous == two[0].hash));
}

#[test]
fn a_line_is_on_the_disk_before_record_returns() {
    let folder = tempfile::tempdir().unwrap();
    let audit = Audit::open(folder.path()).unwrap();
    for number in 1..=3 {
        let anchor = audit.record(&entry(number)).unwrap();
        assert_eq!(anchor, audit.last());
        let text = fs::read_to_string(folder.path().join(FIRST)).unwrap();
        assert!(text.ends_with(&format!("\"hash\":\"{}\"}}\n", anchor.hash)));
        assert!(check(folder.path()).is_whole(), "a check may run while the log is open");
    }
}

#[test]
fn what_many_threads_record_is_all_there_and_each_in_its_own_order() {
    const THREADS: u64 = 8;
    const EACH: u64 = 50;
    let folder = tempfile::tempdir().unwrap();
    let audit = Audit::open(folder.path()).unwrap();
    let anchors: Vec<Vec<Anchor>> = std::thread::scope(|scope| {
        let audit = &audit;
        let work =
            |thread: u64| move || (0..EACH).map(|at| audit.record(&entry(thread * EACH + at)).unwrap()).collect();
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(work(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    drop(audit);
    assert!(anchors.iter().all(|own| own.is_sorted_by_key(|anchor| anchor.sequence)));
    let all: Vec<_> = anchors.concat();
    assert_eq!(all.iter().map(|anchor| anchor.sequence).collect::<BTreeSet<_>>(), (1..=THREADS * EACH).collect());
    let report = super::verify(folder.path(), &all).unwrap();
    assert!(report.is_whole() && report.records == THREADS * EACH, "{report:?}");
    let requests: BTreeSet<_> =
        read(folder.path(), None, Filter::default()).unwrap().map(|record| record.unwrap().request).collect();
    assert_eq!(requests.len() as u64, THREADS * EACH);
}

#[test]
fn only_one_writes_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let audit = Audit::open(folder.path()).unwrap();
    assert!(matches!(Audit::open(folder.path()), Err(AuditError::Locked(_))));
    drop(audit);
    assert!(Audit::open(folder.path()).is_ok());
}

#[test]
fn lines_are_found_by_whom_they_concern_who_asked_and_when() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 1..=6);
    let found =
        |filter| read(folder.path(), None, filter).unwrap().map(|record| record.unwrap().sequence).collect::<Vec<_>>();
    let reference = |id: &str| Filter { reference: Some(id.to_owned()), ..Filter::default() };
    assert_eq!(found(reference("3/1")), [3]);
    assert_eq!(found(reference("4711/1")).len(), 6);
    assert!(found(reference("4711")).is_empty());
    assert_eq!(found(Filter { client: Some("certificate CN=station-0".to_owned()), ..Filter::default() }), [3, 6]);
    assert!(found(Filter { gallery: Some("other".to_owned()), ..Filter::default() }).is_empty());
    assert!(found(Filter { since_unix_ms: Some(u64::MAX), ..Filter::default() }).is_empty());
    assert_eq!(found(Filter { before_unix_ms: Some(u64::MAX), ..Filter::default() }).len(), 6);
}

#[test]
fn an_entry_with_too_much_in_it_is_refused_and_the_log_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let audit = Audit::open(folder.path()).unwrap();
    let long = "x".repeat(1_025);
    let too_large = [
        Entry { client: long.clone(), ..entry(1) },
        Entry { purpose: Some(long), ..entry(1) },
        Entry { references: vec!["1".to_owned(); 10_001], ..entry(1) },
        Entry { references: vec!["x".repeat(200); 6_000], ..entry(1) },
    ];
    for entry in too_large {
        assert!(matches!(audit.record(&entry), Err(AuditError::TooLarge { .. })));
    }
    let largest = Entry { references: vec!["\u{1}".repeat(100); 10_000], ..entry(1) };
    assert_eq!(audit.record(&largest).unwrap().sequence, 1);
}

#[test]
fn a_large_file_is_followed_by_another_and_the_chain_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let audit = Audit::open(folder.path()).unwrap();
    // Each takes six megabytes as JSON.
    let large = Entry { references: vec!["\u{1}".repeat(100); 10_000], detail: Some(Hash::of(b"detail")), ..entry(1) };
    for _ in 0..8 {
        audit.record(&large).unwrap();
    }
    drop(audit);
    let report = check(folder.path());
    assert!(report.is_whole() && report.records == 8 && report.files == 2, "{report:?}");
}

#[test]
fn a_new_log_is_whole_and_empty() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("not yet there");
    write(&inside, []);
    let report = check(&inside);
    assert!(report.is_whole());
    assert_eq!((report.records, report.last), (0, Anchor::START));
}
