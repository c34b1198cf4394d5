//! Galleries and deduplications.

use std::time::Duration;

use whorl_sdk::client::{Enrolment, Reason, SearchOptions};
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
    assert_eq!(galleries.create("nation").unwrap_err().reason(), Some(&Reason::GalleryExists));
    assert_eq!(galleries.get("elsewhere").unwrap_err().reason(), Some(&Reason::GalleryNotFound));
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
    assert_eq!(client.jobs().cancel(&job.id).unwrap_err().reason(), Some(&Reason::JobState));
    assert_eq!(client.jobs().resume("no-such").unwrap_err().reason(), Some(&Reason::JobNotFound));
}
