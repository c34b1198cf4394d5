//! Many who ask an open gallery at once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::num::NonZeroUsize;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use whorl_datasets::synthetic::templates;
use whorl_index::{Fault, Gallery, GalleryError, Memory, Mode, Positions, SearchError, Shortlist, Wanted};
use whorl_service::desk::{Desk, DeskError, DuplicateCheck, Gathering};
use whorl_service::sample::Instance;
use whorl_service::{Engine, IdentifyError, Search};
use whorl_types::{Decision, Fmr, Fpir, Liveness, LivenessOutcome, Position, ReferenceId, Verdict};

const EYES: [Position; 2] = [Position::RightEye, Position::LeftEye];

fn desk(gathering: Gathering) -> Desk {
    let gallery = Gallery::create(Arc::new(Memory::new())).unwrap();
    Desk::new(Arc::new(Engine::new(2).unwrap()), Arc::new(gallery), gathering).unwrap()
}

fn search() -> Search {
    Search {
        candidates: 5,
        mode: Mode::Cascade(Shortlist::default()),
        positions: Positions::Labelled,
        mirrored: false,
        target: Fpir::new(0.001).unwrap(),
        within: None,
    }
}

/// The two eyes of a person, captured once more.
fn captured(person: u64, capture: u64) -> Vec<Instance> {
    let eye = |(number, &position): (u64, &Position)| {
        let template = templates::iris::template(1, person << 8 | number, capture).into();
        Instance { position, template, liveness: None }
    };
    (0..).zip(&EYES).map(eye).collect()
}

fn id(text: impl Into<String>) -> ReferenceId {
    ReferenceId::new(text).unwrap()
}

fn enrol(desk: &Desk, name: &str, instances: Vec<Instance>) -> Option<u64> {
    let (wanted, _waiting) = Wanted::by_one();
    desk.enrol(id(name), instances, DuplicateCheck::Unique, &search(), &wanted).unwrap().sequence
}

#[test]
fn of_those_who_enrol_one_person_at_the_same_instant_exactly_one_is_unique() {
    const AT_ONCE: u64 = 6;
    let desk = desk(Gathering::default());
    for person in 0..12 {
        let barrier = Barrier::new(AT_ONCE as usize);
        let enrolled = thread::scope(|scope| {
            let one = |capture| {
                let (desk, barrier) = (&desk, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    enrol(desk, &format!("{person}-{capture}"), captured(person, capture))
                })
            };
            let threads = (0..AT_ONCE).map(one).collect::<Vec<_>>();
            threads.into_iter().filter_map(|thread| thread.join().unwrap()).count()
        });
        assert_eq!((enrolled, desk.snapshot().len()), (1, person + 1));
    }
}

#[test]
fn who_was_not_enrolled_hides_nobody() {
    let desk = desk(Gathering::default());
    assert!(enrol(&desk, "first", captured(1, 0)).is_some());
    let (wanted, _waiting) = Wanted::by_one();
    let again = desk.enrol(id("second"), captured(1, 1), DuplicateCheck::Unique, &search(), &wanted).unwrap();
    assert_eq!((again.sequence, again.verdict()), (None, Verdict::Duplicate));
    assert_eq!(again.found.unwrap().candidates[0].id, id("first"));
    desk.remove(id("first")).unwrap();
    assert!(enrol(&desk, "second", captured(1, 1)).is_some(), "nobody is like him any more");
    let unchecked = desk.enrol(id("third"), captured(1, 2), DuplicateCheck::None, &search(), &wanted).unwrap();
    assert!(unchecked.sequence.is_some() && unchecked.found.is_none());
}

#[test]
fn who_resembles_only_those_who_are_known_to_be_others_is_enrolled_once() {
    let desk = desk(Gathering::default());
    let (wanted, _waiting) = Wanted::by_one();
    assert!(enrol(&desk, "first", captured(1, 0)).is_some());
    let beside = |name: &str, capture, cleared: &[&str]| {
        let cleared = cleared.iter().map(|name| id(*name)).collect::<Vec<_>>();
        desk.enrol_beside(id(name), captured(1, capture), &cleared, &search(), &wanted).unwrap()
    };
    assert!(beside("second", 1, &[]).sequence.is_none());
    assert!(beside("second", 1, &["first"]).sequence.is_some());
    let third = beside("third", 2, &["first"]);
    assert!(third.sequence.is_none(), "who came since is not cleared");
    assert_eq!(third.found.unwrap().candidates.len(), 2);
}

#[test]
fn searches_that_share_a_pass_give_each_the_answer_that_it_would_have_had_alone() {
    const PERSONS: u64 = 40;
    let most = NonZeroUsize::new(4).unwrap();
    let [shared, alone] = [most, NonZeroUsize::MIN].map(|most| desk(Gathering { most, ..Gathering::default() }));
    for desk in [&shared, &alone] {
        for person in 0..PERSONS {
            let (wanted, _waiting) = Wanted::by_one();
            let name = format!("person-{person}");
            desk.enrol(id(name), captured(person, 0), DuplicateCheck::None, &search(), &wanted).unwrap();
        }
    }
    let answer = |desk: &Desk, person| {
        let (wanted, _waiting) = Wanted::by_one();
        desk.identify(captured(person, 1), &search(), &wanted).unwrap()
    };
    let together = thread::scope(|scope| {
        let ask = |person| {
            let (shared, answer) = (&shared, &answer);
            scope.spawn(move || answer(shared, person))
        };
        let asking = (0..PERSONS).map(ask).collect::<Vec<_>>();
        asking.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    for (person, together) in (0..).zip(together) {
        assert_eq!(together, answer(&alone, person));
        assert_eq!(together.candidates[0].id, id(format!("person-{person}")));
    }
}

#[test]
fn a_search_that_nobody_waits_for_is_given_up_and_the_others_go_on() {
    let desk = desk(Gathering { wait: Duration::from_millis(2), ..Gathering::default() });
    enrol(&desk, "ada", captured(1, 0)).unwrap();
    let (unwanted, waiting) = Wanted::by_one();
    drop(waiting);
    let given_up = desk.identify(captured(1, 1), &search(), &unwanted);
    assert!(matches!(given_up, Err(DeskError::Identify(IdentifyError::Search(SearchError::Unwanted)))), "{given_up:?}");
    let (wanted, _waiting) = Wanted::by_one();
    assert_eq!(desk.identify(captured(1, 1), &search(), &wanted).unwrap().candidates.len(), 1);
}

#[test]
fn a_claim_is_compared_with_what_is_enrolled_under_it() {
    let desk = desk(Gathering::default());
    enrol(&desk, "ada", captured(1, 0)).unwrap();
    let target = Fmr::new(1e-4).unwrap();
    let decide = |name: &str, person| desk.verify(&id(name), &captured(person, 1), target, false);
    assert_eq!(decide("ada", 1).unwrap().0, Decision::Match);
    assert_eq!(decide("ada", 2).unwrap().0, Decision::NonMatch);
    assert!(matches!(decide("bea", 1), Err(DeskError::NotEnrolled(name)) if name == id("bea")));
    desk.replace(id("ada"), &captured(2, 0)).unwrap();
    assert_eq!(decide("ada", 2).unwrap().0, Decision::Match);
}

#[test]
fn nobody_is_enrolled_with_nothing_or_by_a_reported_attack() {
    let desk = desk(Gathering::default());
    let (wanted, _waiting) = Wanted::by_one();
    let mut attack = captured(1, 0);
    attack[1].liveness = Some(Liveness::new(LivenessOutcome::Attack, None, "booth 3").unwrap());
    for check in [DuplicateCheck::Unique, DuplicateCheck::None] {
        let refused = desk.enrol(id("ada"), attack.clone(), check, &search(), &wanted);
        assert!(matches!(refused, Err(DeskError::Attack(Position::LeftEye, source)) if source == "booth 3"));
        let refused = desk.enrol(id("ada"), Vec::new(), check, &search(), &wanted);
        assert!(matches!(refused, Err(DeskError::NothingToCompare)));
    }
    assert!(desk.snapshot().is_empty());
}

#[test]
fn a_gallery_that_is_closed_has_nothing_to_replay() {
    let storage = Arc::new(Memory::new());
    let gallery = Arc::new(Gallery::create(storage.clone()).unwrap());
    let desk = Desk::new(Arc::new(Engine::new(1).unwrap()), gallery, Gathering::default()).unwrap();
    enrol(&desk, "ada", captured(1, 0)).unwrap();
    desk.close().unwrap();
    let again = Gallery::open(storage).unwrap().snapshot();
    assert_eq!((again.len(), again.stats().unsealed), (1, 0));
}

#[test]
fn a_desk_whose_disk_failed_answers_on_and_takes_people_again_once_it_is_reopened() {
    let memory = Memory::new();
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    let desk = Desk::new(Arc::new(Engine::new(2).unwrap()), Arc::new(gallery), Gathering::default()).unwrap();
    enrol(&desk, "ada", captured(1, 1)).unwrap();
    memory.fail(0, Fault::NoSpace, 1);
    let (wanted, _waiting) = Wanted::by_one();
    let enrol_bea = || desk.enrol(id("bea"), captured(2, 1), DuplicateCheck::Unique, &search(), &wanted);
    assert!(enrol_bea().is_err());
    assert!(matches!(enrol_bea(), Err(DeskError::Gallery(GalleryError::Unsettled))));
    let found = desk.identify(captured(1, 2), &search(), &wanted).unwrap();
    assert_eq!(found.candidates[0].id, id("ada"));
    memory.mend();
    desk.reopen().unwrap();
    assert!(enrol_bea().unwrap().sequence.is_some());
    assert_eq!(desk.snapshot().len(), 2);
    desk.close().unwrap();
}
