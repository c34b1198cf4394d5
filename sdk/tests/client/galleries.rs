//! Galleries and deduplications.

use std::time::Duration;

use whorl_sdk::client::{AuditQuery, Enrolment, Reason, SearchOptions};
use whorl_sdk::desk::DuplicateCheck;
use whorl_sdk::jobs::JobState;
use whorl_sdk::types::Verdict;

use crate::people::{enrolment, id};
use crate::running::Running;

#[test]
fn a_gallery_is_made_looked_after_copied_and_sent() {
    let (running, client) = Running::start();
    let client = client.within(Duration::from_secs(30));
    let galleries = client.galleries();
    assert_eq!(galleries.create("nation").unwrap_err().reason(), Some(Reason::GalleryExists));
    assert_eq!(galleries.get("elsewhere").unwrap_err().reason(), Some(Reason::GalleryNotFound));
    client.enrol(enrolment("ada", 1, 1)).unwrap();
    client.enrol(enrolment("bea", 2, 1)).unwrap();
    client.remove("nation", &id("bea")).unwrap();
    let compacted = galleries.compact("nation").unwrap();
    assert_eq!((compacted.references, compacted.removed, compacted.fingers, compacted.irises), (1, 0, 1, 1));
    assert_eq!(galleries.list().unwrap(), [compacted]);
    assert_eq!(galleries.scrub("nation").unwrap(), Vec::<String>::new());
    let copied = galleries.back_up("nation").unwrap();
    assert!(copied.copied_bytes > 0 && running.folder().join("whorl-backups/nation").is_dir());
    let mut archive = Vec::new();
    assert_eq!(galleries.export("nation", &mut archive).unwrap(), archive.len() as u64);
    assert_eq!(&archive[257..262], b"ustar");
}

#[test]
fn a_deduplication_is_followed_to_its_end_and_its_pairs_are_read() {
    let (_running, client) = Running::start();
    for (name, person) in [("ada", 1), ("bea", 2), ("adele", 1)] {
        let check = Some(DuplicateCheck::None);
        let enrolment = Enrolment { check, ..enrolment(name, person, name.len() as u64) };
        assert!(client.enrol(enrolment).unwrap().is_enrolled());
    }
    let job = client.jobs().start("nation", SearchOptions::default()).unwrap();
    let last = client.jobs().watch(&job.id).unwrap().last().unwrap().unwrap();
    assert_eq!((last.state, last.done, last.total, last.error.as_str()), (JobState::Done, 3, 3, ""));
    let pairs = client.jobs().pairs(&job.id).unwrap().map(Result::unwrap).collect::<Vec<_>>();
    assert_eq!(pairs.len(), 1);
    let mut pair = [pairs[0].a.as_str(), pairs[0].b.as_str()];
    pair.sort_unstable();
    assert_eq!((pair, pairs[0].verdict), (["ada", "adele"], Verdict::Duplicate));
    assert_eq!(client.jobs().list(Some("nation")).unwrap(), [client.jobs().get(&job.id).unwrap()]);
    assert_eq!(client.jobs().cancel(&job.id).unwrap_err().reason(), Some(Reason::JobState));
    assert_eq!(client.jobs().resume("no-such").unwrap_err().reason(), Some(Reason::JobNotFound));
}

#[test]
fn the_record_of_what_was_done_is_read_page_by_page() {
    let (_running, client) = Running::start();
    client.enrol(enrolment("ada", 1, 1)).unwrap();
    assert_eq!(client.galleries().reopen("nation").unwrap().references, 1);
    let query = AuditQuery { gallery: Some("nation".to_owned()), page_size: Some(1), ..AuditQuery::default() };
    let first = client.audit(&query, None).unwrap();
    assert_eq!((first.records.len(), first.records[0].method.as_str()), (1, "whorl.v1.GalleryService/CreateGallery"));
    let second = client.audit(&query, first.next.as_deref()).unwrap();
    assert_eq!((&second.records[0].references[..], second.records[0].sequence), (&["ada".to_owned()][..], 2));
    let of_ada = AuditQuery { reference: Some("ada".to_owned()), ..AuditQuery::default() };
    let page = client.audit(&of_ada, None).unwrap();
    assert_eq!((page.records, page.next, page.damaged + page.sealed), (second.records, None, 0));
}
