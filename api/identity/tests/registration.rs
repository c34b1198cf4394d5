//! Registrations from the packet to the number, or to the reason why not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod country;

use country::{Ground, document, eyes, fields, newcomer, packet, send, uin};
use serde_json::json;
use whorl_identity::event::{Cursor, HOLD_BACK_MS};
use whorl_identity::registration::{Packet, PacketError, PacketKind, RegistrationError, Rejection, Stage};
use whorl_identity::subject::Status;

#[test]
fn a_newcomer_gets_a_number_that_says_nothing_and_every_stage_is_noted() {
    let ground = Ground::new();
    let layer = ground.open();
    let done = send(&layer, &newcomer("r1", 1, 0));
    assert_eq!(done.stage, Stage::Issued, "{:?}", done.rejection);
    let stages = done.steps.iter().map(|step| step.stage).collect::<Vec<_>>();
    let all = [
        Stage::Received,
        Stage::Validated,
        Stage::QualityChecked,
        Stage::DemographicallyChecked,
        Stage::BiometricallyChecked,
        Stage::Issued,
    ];
    assert_eq!(stages, all);
    let number = uin(&layer, &done);
    assert_eq!(number.len(), 10);
    let subject = layer.subject(&number).unwrap();
    assert_eq!((subject.status, subject.references.len(), subject.in_process), (Status::Active, 1, None));
    let history = layer.history(&number, 0, 10).unwrap();
    assert_eq!(history.iter().map(|change| change.what.as_str()).collect::<Vec<_>>(), ["issued"]);
}

#[test]
fn events_of_one_millisecond_are_told_in_the_order_of_steps() {
    let ground = Ground::new();
    let layer = ground.open();
    let done = (1..=4).map(|number| send(&layer, &newcomer(&format!("r{number}"), number, 0))).collect::<Vec<_>>();
    assert!(layer.events(&Cursor::default(), 100).unwrap().0.is_empty(), "they are held back");
    ground.clock.advance(HOLD_BACK_MS + 1);
    let (events, _) = layer.events(&Cursor::default(), 100).unwrap();
    for registration in done {
        let told = events.iter().filter(|event| event.registration == registration.id).map(|event| event.stage);
        let steps = registration.steps.iter().map(|step| step.stage).collect::<Vec<_>>();
        assert_eq!(told.collect::<Vec<_>>(), steps, "{}", registration.id);
    }
}

#[test]
fn a_packet_that_comes_again_is_answered_again_and_another_of_its_name_is_refused() {
    let layer = Ground::new().open();
    let packet = newcomer("r1", 1, 0);
    assert!(!layer.register(&packet).unwrap().is_repeated);
    layer.process(&packet.id).unwrap();
    let again = layer.register(&packet).unwrap();
    assert_eq!((again.is_repeated, again.stage), (true, Stage::Issued));
    let other = layer.register(&newcomer("r1", 2, 0)).unwrap_err();
    assert!(matches!(other, RegistrationError::Taken(_)), "{other}");
}

#[test]
fn who_comes_twice_is_found_by_his_eyes_and_waits_for_people() {
    let layer = Ground::new().open();
    let first = send(&layer, &newcomer("r1", 1, 0));
    let mut again = newcomer("r2", 1, 1);
    again.demographics = fields(77);
    let second = send(&layer, &again);
    assert_eq!(second.stage, Stage::InAdjudication);
    let case = layer.case(second.case.unwrap()).unwrap();
    assert_eq!(case.suspects.len(), 1);
    assert_eq!(Some(case.suspects[0].subject), first.subject);
    assert!(case.suspects[0].biometric[0].is_duplicate && case.suspects[0].demographic.is_none());
}

#[test]
fn who_has_no_biometrics_is_found_by_his_name_and_a_stranger_is_not() {
    let ground = Ground { has_biometrics: false, ..Ground::new() };
    let layer = ground.open();
    assert_eq!(send(&layer, &newcomer("r1", 1, 0)).stage, Stage::Issued);
    assert_eq!(send(&layer, &newcomer("r2", 2, 0)).stage, Stage::Issued);
    let mut again = newcomer("r3", 1, 0);
    let name = again.demographics["lastName"].as_str().unwrap().to_uppercase();
    again.demographics.insert("lastName".to_owned(), json!(name));
    let again = send(&layer, &again);
    assert_eq!(again.stage, Stage::InAdjudication);
    assert!(layer.case(again.case.unwrap()).unwrap().suspects[0].demographic.is_some());
}

#[test]
fn biometrics_of_both_tell_two_of_one_name_apart() {
    let layer = Ground::new().open();
    send(&layer, &newcomer("r1", 1, 0));
    let twin = Packet { demographics: fields(1), ..newcomer("r2", 2, 0) };
    let twin = send(&layer, &twin);
    assert_eq!((twin.stage, twin.alike.len()), (Stage::Issued, 1));
}

#[test]
fn what_a_station_left_out_is_corrected_and_what_was_well_is_kept() {
    let mut ground = Ground::new();
    ground.settings.required_documents = vec!["proof-of-identity".to_owned()];
    let layer = ground.open();
    let refused = send(&layer, &newcomer("r1", 1, 0));
    assert_eq!(refused.rejection, Some(Rejection::Document("proof-of-identity".to_owned())));
    let mut correction = packet("r2", PacketKind::Correction);
    correction.corrects = Some(refused.id.clone());
    correction.enclosures = vec![document("proof-of-identity")];
    let done = send(&layer, &correction);
    assert_eq!(done.stage, Stage::Issued, "{:?}", done.rejection);
    let subject = layer.subject(&uin(&layer, &done)).unwrap();
    assert_eq!((subject.references.len(), subject.documents.len()), (1, 1));
    assert_eq!(subject.demographics, fields(1));
    let twice = Packet { id: "r3".parse().unwrap(), ..correction };
    assert_eq!(send(&layer, &twice).rejection, Some(Rejection::Corrected));
}

#[test]
fn consent_schema_and_introducers_are_asked_for() {
    let layer = Ground::new().open();
    let silent = Packet { consent: None, ..newcomer("r1", 1, 0) };
    assert!(matches!(send(&layer, &silent).rejection, Some(Rejection::Consent(_))));
    let mut odd = newcomer("r2", 2, 0);
    odd.demographics.insert("dateOfBirth".to_owned(), json!("secret value"));
    let Some(Rejection::Schema(reason)) = send(&layer, &odd).rejection else { panic!("a birth date that is none") };
    assert!(reason.contains("dateOfBirth") && !reason.contains("secret"), "{reason}");
    let mut minor = newcomer("r3", 3, 0);
    minor.demographics.insert("dateOfBirth".to_owned(), json!("2015-06-01"));
    assert_eq!(send(&layer, &minor).rejection, Some(Rejection::Introducer(18)));
    let parent = send(&layer, &newcomer("r4", 4, 0));
    let introduced = Packet { id: "r5".parse().unwrap(), introducer: Some(uin(&layer, &parent)), ..minor };
    let introduced = send(&layer, &introduced);
    assert_eq!(introduced.stage, Stage::Issued, "{:?}", introduced.rejection);
    assert_eq!(layer.subject(&uin(&layer, &introduced)).unwrap().introducer, parent.subject);
}

#[test]
fn an_update_is_taken_of_the_person_only() {
    let layer = Ground::new().open();
    let first = send(&layer, &newcomer("r1", 1, 0));
    let number = uin(&layer, &first);
    let update = |id: &str, person| {
        let mut update = packet(id, PacketKind::Update);
        update.uin = Some(number.clone());
        update.demographics.insert("city".to_owned(), json!("Novo"));
        update.enclosures = eyes(person, 5);
        update
    };
    let stranger = send(&layer, &update("r2", 2));
    assert_eq!(stranger.rejection, Some(Rejection::OtherPerson));
    let own = send(&layer, &update("r3", 1));
    assert_eq!(own.stage, Stage::Issued, "{:?}", own.rejection);
    let subject = layer.subject(&number).unwrap();
    assert_eq!((subject.demographics["city"].as_str(), subject.references.len()), (Some("Novo"), 2));
    for capture in 6..9 {
        let more = Packet { enclosures: eyes(1, capture), ..update(&format!("u{capture}"), 1) };
        assert_eq!(send(&layer, &more).stage, Stage::Issued);
    }
    assert_eq!(layer.subject(&number).unwrap().references.len(), 3, "older captures make room");
}

#[test]
fn one_registration_of_a_person_is_worked_on_at_a_time() {
    let layer = Ground::new().open();
    let number = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
    send(&layer, &newcomer("r2", 2, 0));
    let update = |id: &str, person| Packet {
        uin: Some(number.clone()),
        enclosures: eyes(person, 9),
        ..packet(id, PacketKind::Update)
    };
    let mut held_up = update("u1", 1);
    held_up.enclosures.extend(eyes(2, 9));
    let first = send(&layer, &held_up);
    assert_eq!(first.stage, Stage::InAdjudication, "eyes of two persons");
    assert_eq!(send(&layer, &update("u2", 1)).rejection, Some(Rejection::Busy));
}

#[test]
fn a_lost_number_is_found_by_the_body_and_a_stranger_finds_none() {
    let layer = Ground::new().open();
    let first = send(&layer, &newcomer("r1", 1, 0));
    let lost = Packet { enclosures: eyes(1, 3), ..packet("l1", PacketKind::Lost) };
    let found = send(&layer, &lost);
    assert_eq!((found.stage, found.subject), (Stage::Issued, first.subject), "{:?}", found.rejection);
    assert_eq!(uin(&layer, &found), uin(&layer, &first));
    let stranger = Packet { enclosures: eyes(9, 3), demographics: fields(1), ..packet("l2", PacketKind::Lost) };
    assert_eq!(send(&layer, &stranger).rejection, Some(Rejection::NotFound));
}

#[test]
fn a_number_goes_out_of_force_and_back() {
    let layer = Ground::new().open();
    let number = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
    let turn = |id: &str, kind| send(&layer, &Packet { uin: Some(number.clone()), ..packet(id, kind) });
    assert_eq!(turn("d1", PacketKind::Reactivate).rejection, Some(Rejection::Uin));
    assert_eq!(turn("d2", PacketKind::Deactivate).stage, Stage::Issued);
    assert_eq!(layer.subject(&number).unwrap().status, Status::Deactivated);
    assert_eq!(turn("d3", PacketKind::Reactivate).stage, Stage::Issued);
    assert_eq!(layer.subject(&number).unwrap().status, Status::Active);
}

#[test]
fn packets_that_are_none_are_refused_and_leave_nothing() {
    let layer = Ground::new().open();
    let refused = |packet: &Packet| {
        let Err(RegistrationError::Packet(error)) = layer.register(packet) else { panic!("{packet:?}") };
        error
    };
    let mut many = newcomer("r1", 1, 0);
    many.enclosures = vec![document("d"); 65];
    assert_eq!(refused(&many), PacketError::Enclosures(65));
    let mut empty = newcomer("r1", 1, 0);
    empty.enclosures[1].bytes.clear();
    assert_eq!(refused(&empty), PacketError::EnclosureSize { number: 1, bytes: 0 });
    assert_eq!(refused(&packet("r1", PacketKind::Update)), PacketError::Missing("uin"));
    assert_eq!(refused(&packet("r1", PacketKind::Correction)), PacketError::Missing("corrects"));
    let whose = Packet { uin: Some("1".to_owned()), ..newcomer("r1", 1, 0) };
    assert_eq!(refused(&whose), PacketError::Unexpected("uin"));
    assert!(layer.pending(None, 10).unwrap().is_empty());
    let garbled = Packet { enclosures: vec![document("d")], ..newcomer("r1", 1, 0) };
    assert_eq!(send(&layer, &garbled).stage, Stage::Issued, "biometrics are optional");
    let mut noise = newcomer("r2", 2, 0);
    noise.enclosures.iter_mut().for_each(|enclosure| enclosure.bytes = vec![7; 100]);
    assert_eq!(send(&layer, &noise).rejection, Some(Rejection::Quality { found: 0, least: 1 }));
}
