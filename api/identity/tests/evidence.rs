//! Who decides about a case sees the names and pictures of both sides, and nobody else does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod country;

use country::{Ground, eyes, fields, newcomer, packet, send, uin};
use serde_json::{Value, json};
use whorl_identity::adjudication::{AdjudicationError, Case, Evidence, Finding, Look, Standing};
use whorl_identity::layer::Layer;
use whorl_identity::lifecycle::Deed;
use whorl_identity::registration::{Enclosure, EnclosureContent, Packet, PacketKind, Registration, Stage};
use whorl_identity::subject::Status;

const DEED: Deed<'_> = Deed { by: "oskar", reason: "his own wish" };
const DAY_MS: u64 = 86_400_000;

fn look<'a>(by: &'a str, standings: &'a [Standing]) -> Look<'a> {
    Look { by, standings, purpose: "adjudication" }
}

fn adjudicator(by: &str) -> Look<'_> {
    look(by, &[Standing::Adjudicator])
}

fn supervisor(by: &str) -> Look<'_> {
    look(by, &[Standing::Supervisor])
}

/// Somebody who says that he is another than `r1`, with his eyes and a document.
fn second(id: &str) -> Packet {
    let content = EnclosureContent::Document { category: "proof-of-identity".to_owned(), kind: "passport".to_owned() };
    let document = Enclosure { content, bytes: b"%PDF-1.7 a passport".to_vec() };
    let mut packet = Packet { demographics: fields(101), ..newcomer(id, 1, 1) };
    packet.enclosures.push(document);
    packet
}

fn case_of(layer: &Layer, registration: &Registration) -> Case {
    assert_eq!(registration.stage, Stage::InAdjudication, "{:?}", registration.rejection);
    layer.case(registration.case.unwrap()).unwrap()
}

/// The case of a second registration with the eyes of the first.
fn waiting(layer: &Layer) -> Case {
    send(layer, &newcomer("r1", 1, 0));
    case_of(layer, &send(layer, &second("r2")))
}

fn decide(layer: &Layer, case: &Case, by: &str, is_same: bool) {
    let findings = case.suspects.iter().map(|suspect| Finding { subject: suspect.subject, is_same });
    layer.decide_case(case.id, by, &findings.collect::<Vec<_>>(), "the eyes").unwrap();
}

/// That neither the records nor a file of `case` are shown, and the reason of it.
fn refused(layer: &Layer, case: &Case, look: Look<'_>) -> AdjudicationError {
    let file = layer.evidence_file(case.id, look, &case.registration, 0).unwrap_err();
    let records = layer.evidence(case.id, look, 0).unwrap_err();
    assert_eq!(records.to_string(), file.to_string());
    records
}

#[test]
fn the_records_of_both_sides_are_shown_and_what_was_captured_of_them() {
    let layer = Ground::new().open();
    let case = waiting(&layer);
    let Evidence { applicant, suspects, .. } = layer.evidence(case.id, adjudicator("anna"), 0).unwrap();
    assert_eq!((applicant.status, &applicant.demographics), (Status::Applicant, &fields(101)));
    let [(suspect, side)] = suspects.as_slice() else { panic!("{} suspects", suspects.len()) };
    assert_eq!((side.status, &side.demographics, side.earlier), (Status::Active, &fields(1), 0));
    assert_eq!((side.subject, suspect), (Some(suspect.subject), &case.suspects[0]));
    assert_eq!(suspect.likeness_in(&side.registrations[0]), suspect.biometric.first());
    assert_eq!(suspect.likeness_in(&applicant.registrations[0]), None, "the score is of his own capture");
    for (side, sent) in [(&applicant, second("r2")), (side, newcomer("r1", 1, 0))] {
        let [registration] = side.registrations.as_slice() else { panic!("{side:?}") };
        assert_eq!((&registration.id, registration.enclosed.len()), (&sent.id, sent.enclosures.len()));
        for (number, enclosure) in (0..).zip(&sent.enclosures) {
            let file = layer.evidence_file(case.id, adjudicator("anna"), &sent.id, number).unwrap();
            assert_eq!((&*file.bytes, file.subject), (&enclosure.bytes, side.subject));
            assert_eq!(file.enclosed.size_bytes, enclosure.bytes.len() as u64);
        }
    }
    let document = &applicant.registrations[0].enclosed[2];
    assert_eq!((document.kind.as_str(), document.media_type.as_str()), ("passport", "application/pdf"));
    let absent = layer.evidence_file(case.id, adjudicator("anna"), &case.registration, 3).unwrap_err();
    assert!(matches!(absent, AdjudicationError::NoFile { number: 3, .. }), "{absent}");
}

#[test]
fn nobody_is_shown_who_is_not_a_party_of_the_case() {
    let layer = Ground::new().open();
    let case = waiting(&layer);
    let stranger = send(&layer, &newcomer("r3", 3, 0));
    let unknown = "r4".parse().unwrap();
    for registration in [&stranger.id, &unknown] {
        let refused = layer.evidence_file(case.id, adjudicator("anna"), registration, 0).unwrap_err();
        assert!(matches!(refused, AdjudicationError::Elsewhere(_)), "{refused}");
    }
}

#[test]
fn only_who_may_decide_now_sees_it() {
    let layer = Ground::new().open();
    let case = waiting(&layer);
    let registered = refused(&layer, &case, adjudicator("olga"));
    assert!(matches!(registered, AdjudicationError::Partial(_)), "{registered}");
    let early = refused(&layer, &case, supervisor("sonja"));
    assert!(matches!(early, AdjudicationError::NoConflict(_)), "{early}");
    layer.assign_case(case.id, &["anna".to_owned(), "berta".to_owned()]).unwrap();
    let other = refused(&layer, &case, adjudicator("clara"));
    assert!(matches!(other, AdjudicationError::NotAssigned(_)), "{other}");
    layer.evidence(case.id, adjudicator("anna"), 0).unwrap();
    decide(&layer, &case, "anna", true);
    let done = refused(&layer, &case, adjudicator("anna"));
    assert!(matches!(done, AdjudicationError::Partial(_)), "{done}");
    decide(&layer, &case, "berta", false);
    let third = refused(&layer, &case, adjudicator("clara"));
    assert!(matches!(third, AdjudicationError::Conflict(_)), "{third}");
    let both = [Standing::Adjudicator, Standing::Supervisor];
    assert!(matches!(refused(&layer, &case, look("anna", &both)), AdjudicationError::Partial(_)));
    assert!(matches!(refused(&layer, &case, look("olga", &both)), AdjudicationError::Partial(_)));
    layer.evidence(case.id, supervisor("sonja"), 0).unwrap();
    let findings = [Finding { subject: case.suspects[0].subject, is_same: false }];
    layer.settle_case(case.id, "sonja", &findings, "two persons").unwrap();
    let late = refused(&layer, &case, look("sonja", &both));
    assert!(matches!(late, AdjudicationError::Settled(_)), "{late}");
}

#[test]
fn who_does_not_say_what_for_sees_nothing() {
    let layer = Ground::new().open();
    let case = waiting(&layer);
    for purpose in [String::new(), "x".repeat(1_025)] {
        let silent = refused(&layer, &case, Look { purpose: &purpose, ..adjudicator("anna") });
        assert!(matches!(silent, AdjudicationError::Purpose), "{silent}");
    }
}

#[test]
fn of_who_is_erased_is_said_that_he_is_and_nothing_else() {
    let layer = Ground::new().open();
    let first = send(&layer, &newcomer("r1", 1, 0));
    let case = case_of(&layer, &send(&layer, &second("r2")));
    layer.erase(&uin(&layer, &first), DEED).unwrap();
    let suspects = layer.evidence(case.id, adjudicator("anna"), 0).unwrap().suspects;
    let (_, side) = &suspects[0];
    assert!(side.is_erased() && side.demographics.is_empty() && side.registrations.is_empty());
    assert!(side.exceptions.is_empty() && side.subject == Some(case.suspects[0].subject));
    let gone = layer.evidence_file(case.id, adjudicator("anna"), &first.id, 0).unwrap_err();
    assert!(matches!(gone, AdjudicationError::Elsewhere(_)), "{gone}");
}

#[test]
fn of_pictures_that_are_kept_no_longer_is_said_when_they_went() {
    let mut ground = Ground::new();
    ground.settings.retention.enclosures_days = Some(30);
    let layer = ground.open();
    let first = send(&layer, &newcomer("r1", 1, 0));
    ground.clock.advance(31 * DAY_MS);
    assert_eq!(layer.retain().unwrap().enclosures, 1);
    let went_ms = layer.now_ms();
    let case = case_of(&layer, &send(&layer, &second("r2")));
    ground.clock.advance(31 * DAY_MS);
    assert_eq!(layer.retain().unwrap().enclosures, 0, "what waits is kept, and what went goes once");
    let Evidence { applicant, suspects, .. } = layer.evidence(case.id, adjudicator("anna"), 0).unwrap();
    let (_, side) = &suspects[0];
    assert_eq!((side.registrations[0].deleted_ms, &side.demographics), (Some(went_ms), &fields(1)));
    assert_eq!(applicant.registrations[0].deleted_ms, None);
    let gone = layer.evidence_file(case.id, adjudicator("anna"), &first.id, 0).unwrap_err();
    assert!(matches!(gone, AdjudicationError::Gone(_)), "{gone}");
    layer.evidence_file(case.id, adjudicator("anna"), &case.registration, 0).unwrap();
}

#[test]
fn who_has_no_number_yet_is_shown_as_his_registration_says_and_suspects_come_a_few_at_a_time() {
    let layer = Ground { has_biometrics: false, ..Ground::new() }.open();
    let alike = |id: &str| Packet { demographics: fields(1), ..newcomer(id, 1, 0) };
    send(&layer, &alike("r0"));
    let ids = (1..=6).map(|number| format!("r{number}")).collect::<Vec<_>>();
    let cases = ids.iter().map(|id| case_of(&layer, &send(&layer, &alike(id)))).collect::<Vec<_>>();
    let last = cases.last().unwrap();
    assert_eq!(last.suspects.len(), 6);
    let page = |skip| layer.evidence(last.id, adjudicator("anna"), skip).unwrap().suspects;
    let (first, rest) = (page(0), page(Evidence::MOST_SUSPECTS));
    assert_eq!((first.len(), rest.len(), page(6).len()), (Evidence::MOST_SUSPECTS, 1, 0));
    let sides = first.iter().chain(&rest).map(|(_, side)| side).collect::<Vec<_>>();
    let applicants = sides.iter().filter(|side| side.status == Status::Applicant);
    assert_eq!(applicants.count(), 5, "all but the one who was first");
    assert!(sides.iter().all(|side| side.demographics == fields(1) && side.registrations.len() == 1));
}

#[test]
fn a_change_is_shown_with_what_stays_and_of_a_suspect_nothing_that_was_refused() {
    let layer = Ground::new().open();
    let number = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
    let other = uin(&layer, &send(&layer, &newcomer("r2", 2, 0)));
    // The eyes of somebody else, whom nobody may take for him.
    let foreign = Packet { uin: Some(other), enclosures: eyes(7, 0), ..packet("u0", PacketKind::Update) };
    assert_eq!(send(&layer, &foreign).stage, Stage::Rejected);
    let changes = json!({ "city": "Elsewhere" }).as_object().unwrap().clone();
    let mut update = Packet { uin: Some(number), demographics: changes, ..packet("u1", PacketKind::Update) };
    update.enclosures = eyes(1, 4);
    update.enclosures.extend(eyes(2, 4));
    let case = case_of(&layer, &send(&layer, &update));
    let Evidence { applicant, suspects, .. } = layer.evidence(case.id, adjudicator("anna"), 0).unwrap();
    let mut whole = fields(1);
    whole.insert("city".to_owned(), Value::from("Elsewhere"));
    assert_eq!((applicant.status, &applicant.demographics), (Status::Active, &whole));
    let ids =
        |registrations: &[Registration]| registrations.iter().map(|found| found.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&applicant.registrations), ["r1", "u1"]);
    assert_eq!(ids(&suspects[0].1.registrations), ["r2"]);
    let refused = layer.evidence_file(case.id, adjudicator("anna"), &foreign.id, 0).unwrap_err();
    assert!(matches!(refused, AdjudicationError::Elsewhere(_)), "{refused}");
}

#[test]
fn whose_number_was_lost_is_nobody_yet_and_what_is_shown_prints_no_name() {
    let layer = Ground { has_biometrics: false, ..Ground::new() }.open();
    send(&layer, &newcomer("r1", 1, 0));
    let lost = Packet { demographics: fields(1), enclosures: eyes(1, 2), ..packet("l1", PacketKind::Lost) };
    let case = case_of(&layer, &send(&layer, &lost));
    let evidence = layer.evidence(case.id, adjudicator("anna"), 0).unwrap();
    assert_eq!((evidence.applicant.subject, &evidence.applicant.demographics), (None, &fields(1)));
    let file = layer.evidence_file(case.id, adjudicator("anna"), &lost.id, 1).unwrap();
    assert_eq!((&*file.bytes, file.subject), (&lost.enclosures[1].bytes, None));
    let printed = format!("{evidence:?} {file:?}");
    assert!(!printed.contains(fields(1)["lastName"].as_str().unwrap()), "{printed}");
}
