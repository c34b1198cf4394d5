//! People: enrolled, found, verified, replaced and removed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use whorl_sdk::client::{
    ClientError, Code, Enrolment, Finding, Probe, Reason, Sample, SearchMode, SearchOptions, Threshold,
};
use whorl_sdk::desk::DuplicateCheck;
use whorl_sdk::types::{Decision, Fmr, Guarantee, Modality, Position, Verdict};

use crate::people::{enrolment, id, photograph, print, samples};
use crate::running::Running;

#[test]
fn a_person_is_enrolled_found_verified_and_removed() {
    let (_running, client) = Running::start();
    let ada = client.enrol(enrolment("ada", 1, 1)).unwrap();
    assert!(ada.is_enrolled() && ada.verdict == Verdict::Unique && ada.templates == 2);
    assert!(client.enrol(enrolment("bea", 2, 1)).unwrap().is_enrolled());

    let again = client.enrol(enrolment("adele", 1, 2)).unwrap();
    assert_eq!((again.verdict, again.sequence), (Verdict::Duplicate, None));
    let found = again.found.unwrap();
    assert_eq!(found.candidates[0].id, id("ada"));
    assert_eq!(found.candidates[0].evidence.instances.len(), 2);

    let findings = client.identify_stream(Probe::new("nation", samples(2, 3))).unwrap();
    let findings = findings.map(Result::unwrap).collect::<Vec<_>>();
    let [Finding::Candidate(candidate), .., Finding::Done(done)] = &findings[..] else { panic!("{findings:?}") };
    assert_eq!((candidate.id.as_str(), candidate.rank, candidate.verdict), ("bea", 1, Verdict::Duplicate));
    assert!(done.found.candidates.is_empty() && done.found.coverage.references == 2);

    let exact = SearchOptions { mode: Some(SearchMode::Exact), candidates: Some(1), ..SearchOptions::default() };
    let probe = Probe { search: exact, ..Probe::new("nation", samples(2, 3)) };
    let found = client.identify(probe).unwrap().found;
    assert_eq!((found.candidates[0].id.as_str(), found.coverage.guarantee), ("bea", Guarantee::Exhaustive));
    assert_eq!((found.candidates.len(), found.coverage.references), (1, 2));

    let threshold = Threshold { target_fmr: Some(Fmr::new(1e-4).unwrap()), mirrored: false };
    let decision = |who, person| client.verify("nation", &id(who), samples(person, 4), threshold).unwrap().decision;
    assert_eq!([decision("ada", 1), decision("ada", 2)], [Decision::Match, Decision::NonMatch]);

    client.replace("nation", &id("ada"), samples(3, 1), Vec::new()).unwrap();
    assert_eq!([decision("ada", 1), decision("ada", 3)], [Decision::NonMatch, Decision::Match]);
    let templates = client.fetch("nation", &id("ada"), false).unwrap();
    assert_eq!(templates[0].position, Position::RightIndex);
    assert!(templates.iter().all(|template| template.template.is_empty()));
    assert!(client.remove("nation", &id("ada")).unwrap() > ada.sequence.unwrap());
    let gone = client.fetch("nation", &id("ada"), false).unwrap_err();
    assert_eq!((gone.reason(), gone.code(), gone.may_pass()), (Some(Reason::NotEnrolled), Some(Code::NotFound), false));
}

#[test]
fn many_are_enrolled_in_order_and_one_that_fails_does_not_end_the_stream() {
    let (_running, client) = Running::start();
    let mut people = (1..=6).map(|person| enrolment(&format!("p{person}"), person, 1)).collect::<Vec<_>>();
    people[2].samples = vec![Sample::at(Position::RightIndex, b"no picture".to_vec())];
    people[4].gallery = "elsewhere".to_owned();
    let answers = client.enrol_many(people).unwrap().map(Result::unwrap).collect::<Vec<_>>();
    let reasons = answers.iter().map(|one| one.result.as_ref().err().and_then(ClientError::reason));
    let expected = [None, None, Some(Reason::UnreadableSample), None, Some(Reason::GalleryNotFound), None];
    assert_eq!(reasons.collect::<Vec<_>>(), expected);
    assert!(answers.iter().zip(1..).all(|(one, person)| one.id == format!("p{person}") && one.number == person - 1));

    let probes = [6, 4].map(|person| Probe::new("nation", samples(person, 2)));
    let found = client.identify_many(probes).unwrap().map(|answer| answer.unwrap().found.candidates[0].id.to_string());
    assert_eq!(found.collect::<Vec<_>>(), ["p6", "p4"]);
}

#[test]
fn no_more_is_made_ready_than_the_server_has_room_for() {
    let (_running, client) = Running::start();
    let (ready, total) = (Arc::new(AtomicU64::new(0)), 90);
    let (picture, made) = (print(1, 1), Arc::clone(&ready));
    let people = (0..total).map(move |number| {
        made.fetch_add(1, Ordering::SeqCst);
        let sample = Sample::at(Position::RightIndex, picture.clone());
        let enrolment = Enrolment::new("nation", id(&format!("p{number}")), vec![sample]);
        Enrolment { check: Some(DuplicateCheck::None), ..enrolment }
    });
    let ahead = client.enrol_many(people).unwrap().zip(1..).map(|(one, answered)| {
        assert!(one.unwrap().result.unwrap().is_enrolled());
        ready.load(Ordering::SeqCst) - answered
    });
    let ahead = ahead.max().unwrap();
    // The server works on sixteen and holds as many answers; what else is ahead is on its way.
    assert!(ahead < total * 2 / 3, "{ahead} of {total} were made ready ahead of their answers");
}

#[test]
fn samples_are_assessed_and_compared_without_a_gallery_and_templates_stay_inside() {
    let (_running, client) = Running::start();
    let eye = || Sample::of(Modality::Iris, photograph(5, 1));
    let assessed = client.assess(vec![Sample::at(Position::RightIndex, print(5, 1)), eye()]).unwrap();
    assert_eq!(assessed.assessments.len(), 2);
    assert!(assessed.assessments.iter().all(|one| one.quality.is_some() && !one.algorithm.is_empty()));
    let compared = client.compare(samples(5, 1), samples(5, 2), Threshold::default()).unwrap();
    assert_eq!((compared.decision, compared.evidence.instances.len()), (Decision::Match, 2));
    let refused = client.extract(vec![eye()]).unwrap_err();
    assert_eq!(refused.reason(), Some(Reason::TemplatesRefused));
}
