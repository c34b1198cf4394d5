//! A process that dies at any change of the store, and everybody who comes at once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod country;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use country::{Ground, eyes, fields, newcomer, packet, send};
use whorl_identity::layer::Layer;
use whorl_identity::registration::{Packet, PacketKind, RegistrationId, Rejection, Stage};
use whorl_identity::settings::OnDuplicate;
use whorl_identity::store::{Crash, Memory};

/// Works on all that is pending, as a process does that begins.
fn catch_up(layer: &Layer) {
    for id in layer.pending(None, 100).unwrap() {
        layer.process(&id).unwrap();
    }
}

/// Registers one person and then his duplicate, dying at the change `at` and going on in another process. Says whether it died.
fn die_at(at: u64, crash: Crash) -> bool {
    let store = Memory::new();
    let mut ground = Ground::on(Arc::new(store.clone()));
    ground.settings.biometrics.on_duplicate = OnDuplicate::Reject;
    let layer = ground.open();
    let (first, second) = (newcomer("r1", 1, 0), Packet { demographics: fields(2), ..newcomer("r2", 1, 1) });
    store.die_at(store.changes() + at, crash);
    let went = [&first, &second]
        .into_iter()
        .all(|packet| layer.register(packet).is_ok_and(|_| layer.process(&packet.id).is_ok()));
    drop(layer);
    let next = Ground { store: Arc::new(store.reborn()), ..ground };
    let layer = next.open();
    catch_up(&layer);
    // The station sends again what nobody acknowledged.
    for packet in [&first, &second] {
        layer.register(packet).unwrap();
        layer.process(&packet.id).unwrap();
    }
    let ends = [&first, &second].map(|packet| layer.registration(&packet.id).unwrap());
    assert_eq!(ends.each_ref().map(|end| end.stage), [Stage::Issued, Stage::Rejected], "change {at}, {crash:?}");
    assert_eq!(ends[1].rejection, Some(Rejection::Duplicate));
    assert_eq!(layer.subject(&layer.uin_of(&first.id).unwrap().unwrap()).unwrap().references.len(), 1);
    let steps = ends[0].steps.iter().map(|step| step.stage).collect::<Vec<_>>();
    let each_once = steps.iter().map(|stage| stage.name()).collect::<HashSet<_>>();
    assert_eq!(each_once.len(), steps.len(), "no stage is done twice: {steps:?}");
    !went
}

#[test]
fn a_process_that_dies_at_any_change_of_a_registration_leaves_nobody_half_registered() {
    for crash in [Crash::Before, Crash::After] {
        let mut at = 0;
        while die_at(at, crash) {
            at += 1;
        }
        assert!(at > 10, "two registrations have more changes than {at}");
    }
}

#[test]
fn of_many_who_come_at_once_everybody_gets_one_number_and_no_duplicate_does() {
    const PERSONS: u64 = 1_000;
    const DUPLICATES: u64 = 50;
    const THREADS: usize = 8;
    let mut ground = Ground::new();
    ground.settings.biometrics.on_duplicate = OnDuplicate::Reject;
    let layer = ground.open();
    let mut packets =
        (0..PERSONS - DUPLICATES).map(|person| newcomer(&format!("r{person}"), person, 0)).collect::<Vec<_>>();
    for number in 0..DUPLICATES {
        // Every twentieth comes right after his first registration, with other papers.
        let again = newcomer(&format!("d{number}"), number * 19, 1);
        packets.insert(number as usize * 20 + 1, Packet { demographics: fields(10_000 + number), ..again });
    }
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(packet) = packets.get(next.fetch_add(1, Ordering::Relaxed)) {
                    send(&layer, packet);
                }
            });
        }
    });
    let ends = packets.iter().map(|packet| layer.registration(&packet.id).unwrap()).collect::<Vec<_>>();
    let issued = ends.iter().filter(|end| end.stage == Stage::Issued).collect::<Vec<_>>();
    let numbers = issued.iter().map(|end| layer.uin_of(&end.id).unwrap().unwrap()).collect::<HashSet<_>>();
    assert_eq!((packets.len() as u64, issued.len() as u64), (PERSONS, PERSONS - DUPLICATES));
    assert_eq!(numbers.len(), issued.len(), "no number twice");
    let refused = ends.iter().filter(|end| end.stage != Stage::Issued);
    assert!(
        refused.clone().all(|end| end.rejection == Some(Rejection::Duplicate)),
        "{:?}",
        refused.collect::<Vec<_>>()
    );
}

#[test]
fn of_two_changes_of_one_person_at_once_one_is_done_and_none_is_lost() {
    let layer = Ground::new().open();
    let number = layer.uin_of(&send(&layer, &newcomer("r1", 1, 0)).id).unwrap().unwrap();
    let update = |turn: u64| Packet {
        uin: Some(number.clone()),
        demographics: fields(1).into_iter().filter(|(name, _)| name == "city").collect(),
        enclosures: eyes(1, turn),
        ..packet(&format!("u{turn}"), PacketKind::Update)
    };
    let updates = (1..7).map(update).collect::<Vec<_>>();
    thread::scope(|scope| {
        for packet in &updates {
            scope.spawn(|| send(&layer, packet));
        }
    });
    let end = |id: &RegistrationId| layer.registration(id).unwrap();
    let ends = updates.iter().map(|packet| end(&packet.id)).collect::<Vec<_>>();
    assert!(ends.iter().all(|end| end.stage == Stage::Issued || end.rejection == Some(Rejection::Busy)));
    assert!(ends.iter().any(|end| end.stage == Stage::Issued));
    assert_eq!(layer.subject(&number).unwrap().in_process, None);
}
