//! The operations over a real socket.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod serving;

use std::time::Duration;

use tokio_stream::StreamExt;
use tonic::{Code, Request};
use whorl_proto::v1;
use whorl_proto::v1::deduplication_service_client::DeduplicationServiceClient;
use whorl_proto::v1::enrolment_service_client::EnrolmentServiceClient;
use whorl_proto::v1::extraction_service_client::ExtractionServiceClient;
use whorl_proto::v1::gallery_service_client::GalleryServiceClient;
use whorl_proto::v1::identification_service_client::IdentificationServiceClient;
use whorl_proto::v1::verification_service_client::VerificationServiceClient;

use serving::{Serving, enrol, print, reason};

const GALLERY: &str = "nation";

async fn with_gallery(changes: &str) -> Serving {
    let serving = Serving::with(changes).await;
    let mut galleries = GalleryServiceClient::new(serving.channel().await);
    galleries.create_gallery(v1::CreateGalleryRequest { name: GALLERY.to_owned() }).await.unwrap();
    serving
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_enrolled_found_verified_and_removed_and_stays_so_after_a_restart() {
    let serving = with_gallery("").await;
    let mut enrolment = EnrolmentServiceClient::new(serving.channel().await);
    let enrolled = enrolment.enrol(enrol(GALLERY, "ada", vec![print(1, 1)])).await.unwrap().into_inner();
    assert_eq!(
        (enrolled.outcome(), enrolled.verdict(), enrolled.templates),
        (v1::EnrolOutcome::Enrolled, v1::Verdict::Unique, 1)
    );
    let again = enrolment.enrol(enrol(GALLERY, "ada-again", vec![print(1, 2)])).await.unwrap().into_inner();
    assert_eq!((again.outcome(), again.verdict()), (v1::EnrolOutcome::NotEnrolled, v1::Verdict::Duplicate));
    assert_eq!(again.found.unwrap().candidates[0].id, "ada");
    enrolment.enrol(enrol(GALLERY, "bea", vec![print(2, 1)])).await.unwrap();

    let serving = Serving::within(serving.end().await, "").await;
    let mut identification = IdentificationServiceClient::new(serving.channel().await);
    let identify = v1::IdentifyRequest {
        gallery: GALLERY.to_owned(),
        samples: vec![print(1, 3)],
        ..v1::IdentifyRequest::default()
    };
    let found = identification.identify(identify.clone()).await.unwrap().into_inner().found.unwrap();
    assert_eq!((found.candidates[0].id.as_str(), found.verdict()), ("ada", v1::Verdict::Duplicate));
    assert_eq!((found.candidates[0].rank, found.coverage.unwrap().references), (1, 2));
    let among = v1::IdentifyRequest { among: vec!["bea".to_owned()], ..identify };
    let found = identification.identify(among).await.unwrap().into_inner().found.unwrap();
    assert_eq!((found.verdict(), found.coverage.unwrap().references), (v1::Verdict::Unique, 1));

    let mut verification = VerificationServiceClient::new(serving.channel().await);
    let claim = |id: &str| v1::VerifyRequest {
        gallery: GALLERY.to_owned(),
        id: id.to_owned(),
        samples: vec![print(1, 4)],
        ..v1::VerifyRequest::default()
    };
    assert_eq!(verification.verify(claim("ada")).await.unwrap().into_inner().decision(), v1::Decision::Match);
    assert_eq!(verification.verify(claim("bea")).await.unwrap().into_inner().decision(), v1::Decision::NonMatch);
    let nobody = verification.verify(claim("cleo")).await.unwrap_err();
    assert_eq!((nobody.code(), reason(&nobody).as_str()), (Code::NotFound, "NOT_ENROLLED"));

    let mut enrolment = EnrolmentServiceClient::new(serving.channel().await);
    let remove = v1::RemoveRequest { gallery: GALLERY.to_owned(), id: "ada".to_owned() };
    enrolment.remove(remove).await.unwrap();
    assert_eq!(reason(&verification.verify(claim("ada")).await.unwrap_err()), "NOT_ENROLLED");
    serving.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_enrol_one_person_at_the_same_instant_are_told_apart_exactly() {
    let serving = with_gallery("").await;
    let channel = serving.channel().await;
    for person in 0..4 {
        let asked = (0..4).map(|station| {
            let mut enrolment = EnrolmentServiceClient::new(channel.clone());
            let request = enrol(GALLERY, &format!("{person}-{station}"), vec![print(person, station + 1)]);
            tokio::spawn(async move { enrolment.enrol(request).await.unwrap().into_inner().outcome() })
        });
        let mut enrolled = 0;
        for outcome in asked.collect::<Vec<_>>() {
            enrolled += usize::from(outcome.await.unwrap() == v1::EnrolOutcome::Enrolled);
        }
        assert_eq!(enrolled, 1, "person {person}");
    }
    serving.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_people_is_answered_one_by_one_and_goes_on_after_a_mistake() {
    let serving = with_gallery("").await;
    let mut enrolment = EnrolmentServiceClient::new(serving.channel().await);
    let one = |id: &str, person| v1::EnrolManyRequest { enrol: Some(enrol(GALLERY, id, vec![print(person, 1)])) };
    let unreadable = v1::Sample { data: b"no picture".to_vec().into(), ..print(9, 1) };
    let damaged = v1::EnrolManyRequest { enrol: Some(enrol(GALLERY, "damaged", vec![unreadable])) };
    let requests = tokio_stream::iter(vec![one("ada", 1), one("ada", 2), damaged, one("bea", 3)]);
    let mut answers = enrolment.enrol_many(requests).await.unwrap().into_inner();
    let mut told = Vec::new();
    while let Some(answer) = answers.next().await {
        let answer = answer.unwrap();
        let outcome = match answer.result.unwrap() {
            v1::enrol_many_response::Result::Answer(answer) => answer.outcome().as_str_name().to_owned(),
            v1::enrol_many_response::Result::Problem(problem) => problem.reason,
        };
        told.push((answer.number, answer.id, outcome));
    }
    let enrolled = "ENROL_OUTCOME_ENROLLED".to_owned();
    // Both of one id are worked on at once: either may be the first.
    let of_ada = told[..2].iter().map(|(_, _, outcome)| outcome.as_str()).collect::<Vec<_>>();
    assert!(of_ada.contains(&enrolled.as_str()) && of_ada.contains(&"ALREADY_ENROLLED"), "{told:?}");
    assert_eq!(told[2], (2, "damaged".to_owned(), "UNREADABLE_SAMPLE".to_owned()));
    assert_eq!(told[3], (3, "bea".to_owned(), enrolled));
    assert_eq!(told.iter().map(|(number, ..)| *number).collect::<Vec<_>>(), [0, 1, 2, 3]);
    serving.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_key_gets_the_first_answer_and_never_enrols_twice() {
    let serving = with_gallery("").await;
    let mut enrolment = EnrolmentServiceClient::new(serving.channel().await);
    let keyed = |id: &str| v1::EnrolRequest {
        idempotency_key: "station-7/0001".to_owned(),
        ..enrol(GALLERY, id, vec![print(1, 1)])
    };
    let first = enrolment.enrol(keyed("ada")).await.unwrap().into_inner();
    let again = enrolment.enrol(keyed("ada")).await.unwrap().into_inner();
    assert_eq!(first, again);
    let other = enrolment.enrol(keyed("bea")).await.unwrap_err();
    assert_eq!((other.code(), reason(&other).as_str()), (Code::FailedPrecondition, "KEY_REUSED"));
    serving.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_told_by_field_and_reason() {
    let serving = with_gallery("[policy]\nmax_samples = 2\n").await;
    let mut enrolment = EnrolmentServiceClient::new(serving.channel().await);
    let mut refused = async |request: v1::EnrolRequest| {
        let status = enrolment.enrol(request).await.unwrap_err();
        (status.code(), reason(&status), status.message().to_owned())
    };
    let sample = |data: &[u8]| v1::Sample { data: data.to_vec().into(), ..print(1, 1) };
    let good = || vec![print(1, 1)];
    let cases = [
        (enrol("none", "a", good()), Code::NotFound, "GALLERY_NOT_FOUND"),
        (enrol("../etc", "a", good()), Code::InvalidArgument, "INVALID_ARGUMENT"),
        (enrol(GALLERY, "", good()), Code::InvalidArgument, "INVALID_ARGUMENT"),
        (enrol(GALLERY, &"x".repeat(65), good()), Code::InvalidArgument, "INVALID_ARGUMENT"),
        (enrol(GALLERY, "a", Vec::new()), Code::InvalidArgument, "INVALID_ARGUMENT"),
        (enrol(GALLERY, "a", vec![print(1, 1); 3]), Code::InvalidArgument, "INVALID_ARGUMENT"),
        (enrol(GALLERY, "a", vec![sample(b"")]), Code::InvalidArgument, "UNREADABLE_SAMPLE"),
        (
            enrol(GALLERY, "a", vec![v1::Sample { position: 99, ..print(1, 1) }]),
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        ),
        (
            enrol(GALLERY, "a", vec![v1::Sample { modality: 0, position: 0, ..print(1, 1) }]),
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        ),
    ];
    for (request, code, word) in cases {
        let (found, told, message) = refused(request).await;
        assert_eq!((found, told.as_str()), (code, word), "{message}");
        assert!(!message.is_empty());
    }
    serving.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_neither_taken_nor_let_out_unless_the_policy_says_so() {
    let serving = with_gallery("[policy]\naccept_templates = true\nreturn_templates = true\n").await;
    let mut extraction = ExtractionServiceClient::new(serving.channel().await);
    let samples = vec![print(1, 1)];
    let extracted = extraction.extract(v1::ExtractRequest { samples: samples.clone() }).await.unwrap().into_inner();
    let template = extracted.templates[0].template.clone();
    assert!(extracted.templates[0].quality.unwrap() > 20, "{extracted:?}");
    let as_template = v1::Sample { data: template, ..print(1, 1) };
    let mut enrolment = EnrolmentServiceClient::new(serving.channel().await);
    enrolment.enrol(enrol(GALLERY, "ada", vec![as_template.clone()])).await.unwrap();
    let fetch = v1::FetchRequest { gallery: GALLERY.to_owned(), id: "ada".to_owned(), with_templates: true };
    let fetched = enrolment.fetch(fetch.clone()).await.unwrap().into_inner();
    assert_eq!(fetched.templates.len(), 1);
    assert!(!fetched.templates[0].template.is_empty());

    let strict = Serving::within(serving.end().await, "").await;
    let mut enrolment = EnrolmentServiceClient::new(strict.channel().await);
    let refused = enrolment.enrol(enrol(GALLERY, "bea", vec![as_template])).await.unwrap_err();
    assert_eq!(reason(&refused), "TEMPLATES_REFUSED");
    assert_eq!(reason(&enrolment.fetch(fetch).await.unwrap_err()), "TEMPLATES_REFUSED");
    let mut extraction = ExtractionServiceClient::new(strict.channel().await);
    let refused = extraction.extract(v1::ExtractRequest { samples: samples.clone() }).await.unwrap_err();
    assert_eq!(reason(&refused), "TEMPLATES_REFUSED");
    let assessed = extraction.assess(v1::AssessRequest { samples }).await.unwrap().into_inner();
    assert_eq!((assessed.assessments.len(), assessed.refusals.len()), (1, 0));
    strict.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gallery_is_deduplicated_as_a_job_that_can_be_followed() {
    let serving = with_gallery("").await;
    let mut enrolment = EnrolmentServiceClient::new(serving.channel().await);
    for (id, person, capture) in [("ada", 1, 1), ("bea", 2, 1), ("ada-too", 1, 2), ("cleo", 3, 1)] {
        let check = v1::DuplicateCheck::None.into();
        let request = v1::EnrolRequest { check, ..enrol(GALLERY, id, vec![print(person, capture)]) };
        enrolment.enrol(request).await.unwrap();
    }
    let mut jobs = DeduplicationServiceClient::new(serving.channel().await);
    let started = v1::StartJobRequest { gallery: GALLERY.to_owned(), search: None };
    let job = jobs.start_job(started).await.unwrap().into_inner().job.unwrap();
    let mut watched = jobs.watch_job(v1::WatchJobRequest { id: job.id.clone() }).await.unwrap().into_inner();
    let mut last = job.clone();
    while let Some(told) = watched.next().await {
        last = told.unwrap().job.unwrap();
    }
    assert_eq!((last.state(), last.done, last.total, last.pairs), (v1::JobState::Done, 4, 4, 1), "{last:?}");
    let pairs = jobs.list_pairs(v1::ListPairsRequest { id: job.id.clone() }).await.unwrap().into_inner();
    let pairs = pairs.map(|pair| pair.unwrap()).collect::<Vec<_>>().await;
    let mut both = [pairs[0].a.as_str(), pairs[0].b.as_str()];
    both.sort_unstable();
    assert_eq!((pairs.len(), both, pairs[0].verdict()), (1, ["ada", "ada-too"], v1::Verdict::Duplicate));
    let done = jobs.resume_job(v1::ResumeJobRequest { id: job.id.clone() }).await.unwrap_err();
    assert_eq!(reason(&done), "JOB_STATE");
    assert_eq!(reason(&jobs.get_job(v1::GetJobRequest { id: "x".to_owned() }).await.unwrap_err()), "JOB_NOT_FOUND");

    let again = Serving::within(serving.end().await, "").await;
    let mut jobs = DeduplicationServiceClient::new(again.channel().await);
    let listed = jobs.list_jobs(v1::ListJobsRequest { gallery: GALLERY.to_owned() }).await.unwrap().into_inner().jobs;
    assert_eq!((listed.len(), listed[0].state(), listed[0].pairs), (1, v1::JobState::Done, 1));
    again.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gallery_is_compacted_scrubbed_backed_up_and_exported_while_it_is_served() {
    let serving = with_gallery("").await;
    let mut enrolment = EnrolmentServiceClient::new(serving.channel().await);
    for person in 1..=3 {
        enrolment.enrol(enrol(GALLERY, &format!("p{person}"), vec![print(person, 1)])).await.unwrap();
    }
    let name = || GALLERY.to_owned();
    let mut galleries = GalleryServiceClient::new(serving.channel().await);
    let compacted = galleries.compact_gallery(v1::CompactGalleryRequest { name: name() }).await.unwrap();
    let compacted = compacted.into_inner().gallery.unwrap();
    assert_eq!((compacted.references, compacted.unsealed, compacted.fingers), (3, 0, 3));
    let scrubbed = galleries.scrub_gallery(v1::ScrubGalleryRequest { name: name() }).await.unwrap().into_inner();
    assert!(scrubbed.flaws.is_empty(), "{scrubbed:?}");
    let copied = galleries.back_up_gallery(v1::BackUpGalleryRequest { name: name() }).await.unwrap().into_inner();
    assert!(copied.sequence == 3 && std::path::Path::new(&copied.folder).join("MANIFEST").exists(), "{copied:?}");
    let mut pieces = galleries.export_gallery(v1::ExportGalleryRequest { name: name() }).await.unwrap().into_inner();
    let mut archive = Vec::new();
    while let Some(piece) = pieces.next().await {
        archive.extend(piece.unwrap().piece);
    }
    assert!(archive.len() % 512 == 0 && archive.len() > 10_000, "a tar of {} bytes", archive.len());
    let reopened = galleries.reopen_gallery(v1::ReopenGalleryRequest { name: name() }).await.unwrap().into_inner();
    assert_eq!(reopened.gallery.unwrap(), compacted, "nothing had failed");
    let listed = galleries.list_galleries(v1::ListGalleriesRequest {}).await.unwrap().into_inner().galleries;
    assert_eq!((listed.len(), listed[0].references), (1, 3));
    let exists = galleries.create_gallery(v1::CreateGalleryRequest { name: name() }).await.unwrap_err();
    assert_eq!(reason(&exists), "GALLERY_EXISTS");
    serving.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_deadline_passes_is_given_up_and_the_server_goes_on() {
    let serving = with_gallery("").await;
    let mut identification = IdentificationServiceClient::new(serving.channel().await);
    let request = || v1::IdentifyRequest {
        gallery: GALLERY.to_owned(),
        samples: vec![print(1, 1)],
        ..v1::IdentifyRequest::default()
    };
    let mut late = Request::new(request());
    late.set_timeout(Duration::from_micros(200));
    let given_up = identification.identify(late).await.unwrap_err();
    assert!([Code::Cancelled, Code::DeadlineExceeded].contains(&given_up.code()), "{given_up:?}");
    assert!(identification.identify(request()).await.is_ok());
    serving.end().await;
}
