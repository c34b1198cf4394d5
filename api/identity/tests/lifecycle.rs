//! What becomes of an identity: suspended, locked, merged, shown, erased.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod country;

use std::sync::Arc;

use country::{Ground, fields, newcomer, packet, send, uin};
use whorl_identity::authentication::Factor;
use whorl_identity::lifecycle::{Deed, LifecycleError};
use whorl_identity::registration::{
    Enclosure, EnclosureContent, Packet, PacketKind, RegistrationError, Rejection, Stage,
};
use whorl_identity::store::{Crash, Memory};
use whorl_identity::subject::Status;
use whorl_index::{Memory as Files, Storage};
use whorl_types::{Modality, Position};

const DEED: Deed<'_> = Deed { by: "officer", reason: "by order 7" };

#[test]
fn a_number_is_blocked_and_unblocked_and_its_history_says_by_whom() {
    let layer = Ground::new().open();
    let number = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
    layer.block(&number, DEED).unwrap();
    assert!(matches!(layer.block(&number, DEED), Err(LifecycleError::Status(Status::Blocked))));
    layer.unblock(&number, DEED).unwrap();
    let changes = layer.history(&number, 0, 10).unwrap();
    let whats = changes.iter().map(|change| change.what.as_str()).collect::<Vec<_>>();
    assert_eq!(whats.len(), 3);
    assert!(whats.contains(&"blocked") && changes.iter().any(|change| change.detail == "by order 7"));
    assert!(matches!(layer.block("0000000000", DEED), Err(LifecycleError::Unknown)));
    assert!(matches!(layer.block(&number, Deed { by: "officer", reason: "" }), Err(LifecycleError::Reason)));
}

#[test]
fn a_kind_of_authentication_is_locked_and_opened_for_a_while() {
    let ground = Ground::new();
    let layer = ground.open();
    let number = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
    layer.lock(&number, Factor::Iris, DEED).unwrap();
    let holds = || layer.subject(&number).unwrap().locks.iter().any(|lock| lock.holds(layer.now_ms()));
    assert!(holds());
    layer.unlock(&number, Factor::Iris, Some(60), DEED).unwrap();
    assert!(!holds());
    ground.clock.advance(60_000);
    assert!(holds(), "the minute is over");
    layer.unlock(&number, Factor::Iris, None, DEED).unwrap();
    assert!(layer.subject(&number).unwrap().locks.is_empty());
}

#[test]
fn two_records_of_one_person_are_merged_and_parted_again() {
    let layer = Ground::new().open();
    let first = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
    let second = uin(&layer, &send(&layer, &newcomer("r2", 2, 0)));
    assert!(matches!(layer.merge(&first, &first, DEED), Err(LifecycleError::Same)));
    layer.merge(&first, &second, DEED).unwrap();
    let stays = layer.subject(&first).unwrap();
    assert_eq!(layer.subject(&second).unwrap().status, Status::Merged { into: stays.id });
    let again = send(&layer, &Packet { demographics: fields(50), ..newcomer("r3", 2, 1) });
    assert_eq!(again.stage, Stage::InAdjudication, "who is like the second is still a duplicate");
    layer.unmerge(&second, DEED).unwrap();
    assert_eq!(layer.subject(&second).unwrap().status, Status::Active);
    assert!(matches!(layer.unmerge(&second, DEED), Err(LifecycleError::Status(Status::Active))));
}

/// Whether `needle` is anywhere in what the ground keeps.
fn is_anywhere(ground: &Ground, store: &Memory, needle: &[u8]) -> bool {
    let is_in = |bytes: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let is_in_files = |files: &Files| files.paths().iter().any(|path| is_in(&files.read(path, usize::MAX).unwrap()));
    is_in(&store.raw()) || is_in_files(&ground.keys) || is_in_files(&ground.gallery)
}

#[test]
fn who_is_erased_is_found_nowhere_and_his_number_is_nobodys_again() {
    let store = Memory::new();
    let ground = Ground::on(Arc::new(store.clone()));
    let layer = ground.open();
    let registration = send(&layer, &newcomer("r1", 1, 0));
    let number = uin(&layer, &registration);
    send(&layer, &newcomer("r2", 2, 0));
    let name = fields(1)["lastName"].as_str().unwrap().to_owned();
    let before = store.reborn();
    assert!(!is_anywhere(&ground, &store, name.as_bytes()), "nothing of a person is in the clear, erased or not");
    assert!(!is_anywhere(&ground, &store, number.as_bytes()));
    let erasure = layer.erase(&number, DEED).unwrap();
    assert_eq!((erasure.keys, erasure.references, erasure.registrations), (2, 1, 1));
    assert!(matches!(layer.subject(&number), Err(LifecycleError::Unknown)));
    let gone = layer.registration(&registration.id).unwrap_err();
    assert!(matches!(gone, RegistrationError::Erased(_)), "{gone}");
    let again = send(&layer, &Packet { id: "r3".parse().unwrap(), ..newcomer("r3", 1, 1) });
    assert_eq!(again.stage, Stage::Issued, "nobody is like him any more");
    assert_ne!(uin(&layer, &again), number);
    drop(layer);
    let backup = Ground { store: Arc::new(before), ..ground };
    let unread = backup.open().registration(&registration.id).unwrap_err();
    assert!(matches!(unread, RegistrationError::Erased(_)), "a backup of the store does not bring him back: {unread}");
}

#[test]
fn an_erasure_that_a_crash_broke_off_is_ended() {
    for crash in [Crash::Before, Crash::After] {
        for change in 0..2 {
            let store = Memory::new();
            let ground = Ground::on(Arc::new(store.clone()));
            let layer = ground.open();
            let number = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
            store.die_at(store.changes() + change, crash);
            assert!(layer.erase(&number, DEED).is_err());
            drop(layer);
            let next = Ground { store: Arc::new(store.reborn()), ..ground };
            let layer = next.open();
            let resumed = layer.resume_erasures().unwrap();
            let is_erased = layer.subject(&number).is_err();
            let was_begun = (change, crash) != (0, Crash::Before);
            assert_eq!(is_erased, was_begun, "{crash:?} {change}");
            assert!(resumed.len() <= 1 && layer.resume_erasures().unwrap().is_empty());
            let again = send(&layer, &Packet { demographics: fields(9), ..newcomer("r2", 1, 1) });
            assert_eq!(again.stage == Stage::Issued, was_begun, "{crash:?} {change}");
        }
    }
}

#[test]
fn a_person_gets_everything_that_is_kept_of_him() {
    let layer = Ground::new().open();
    let number = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
    let export = layer.export(&number, DEED).unwrap();
    assert_eq!((export.registrations.len(), export.enclosures.len(), export.history.len()), (1, 2, 2));
    assert_eq!(export.subject.demographics, fields(1));
    let shown = format!("{export:?} {:?} {:?}", export.subject, export.registrations);
    assert!(!shown.contains(fields(1)["lastName"].as_str().unwrap()), "{shown}");
}

#[test]
fn what_is_kept_no_longer_than_the_rules_say_goes() {
    let mut ground = Ground::new();
    ground.settings.retention.enclosures_days = Some(30);
    ground.settings.retention.rejected_days = Some(10);
    ground.settings.retention.events_days = Some(10);
    ground.settings.retention.transactions_days = Some(25);
    let layer = ground.open();
    let number = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
    let refused = send(&layer, &Packet { consent: None, ..newcomer("r2", 2, 0) });
    assert!(matches!(refused.rejection, Some(Rejection::Consent(_))));
    assert_eq!(layer.retain().unwrap(), whorl_identity::lifecycle::Retained::default());
    ground.clock.advance(11 * 86_400_000);
    let first = layer.retain().unwrap();
    assert_eq!((first.rejected, first.enclosures, first.events > 0), (1, 0, true));
    assert!(layer.registration(&refused.id).is_err());
    ground.clock.advance(20 * 86_400_000);
    let second = layer.retain().unwrap();
    assert_eq!((second.rejected, second.enclosures), (0, 1));
    assert!(layer.export(&number, DEED).unwrap().enclosures.is_empty());
    assert_eq!(layer.retain().unwrap().enclosures, 0);
}

#[test]
fn a_registration_in_process_holds_up_erasing_and_merging() {
    let layer = Ground::new().open();
    let number = uin(&layer, &send(&layer, &newcomer("r1", 1, 0)));
    let other = uin(&layer, &send(&layer, &newcomer("r2", 2, 0)));
    let mut update = Packet { uin: Some(number.clone()), ..packet("u1", PacketKind::Update) };
    update.enclosures = country::eyes(1, 4);
    update.enclosures.extend(country::eyes(2, 4));
    assert_eq!(send(&layer, &update).stage, Stage::InAdjudication);
    assert!(matches!(layer.erase(&number, DEED), Err(LifecycleError::Busy(_))));
    assert!(matches!(layer.merge(&number, &other, DEED), Err(LifecycleError::Busy(_))));
}

/// A picture of a face, as a file that begins so.
fn face(start: &[u8]) -> Enclosure {
    let (modality, position) = (Modality::Face, Position::Face);
    let content = EnclosureContent::Sample { modality, position, ppi: None, liveness: None };
    Enclosure { content, bytes: [start, b" and so on"].concat() }
}

#[test]
fn the_portrait_is_the_last_face_that_is_kept_and_that_a_card_can_show() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n first";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0 second";
    let mut ground = Ground { has_biometrics: false, ..Ground::new() };
    ground.settings.retention.enclosures_days = Some(30);
    let layer = ground.open();
    let document = Enclosure { bytes: JPEG.to_vec(), ..country::document("proof-of-identity") };
    let enclosures = vec![document, face(b"FAC\0 a record"), face(PNG)];
    let number = uin(&layer, &send(&layer, &Packet { enclosures, ..newcomer("r1", 1, 0) }));
    let portrait = || {
        let found = layer.portrait(&layer.subject(&number).unwrap()).unwrap();
        found.map(|file| file.strip_suffix(b" and so on").unwrap().to_vec())
    };
    assert_eq!(portrait().as_deref(), Some(PNG));
    let update = |id: &str, enclosures: Vec<Enclosure>| {
        let update = Packet { uin: Some(number.clone()), enclosures, ..packet(id, PacketKind::Update) };
        assert_eq!(send(&layer, &update).stage, Stage::Issued);
    };
    ground.clock.advance(20 * 86_400_000);
    update("u1", vec![face(JPEG)]);
    assert_eq!(portrait().as_deref(), Some(JPEG));
    let large = Enclosure { bytes: [PNG, &vec![0; 1 << 20]].concat(), ..face(PNG) };
    update("u2", vec![large, face(b"\xff\x4f\xff\x51 a codestream")]);
    assert_eq!(portrait().as_deref(), Some(JPEG), "no card shows what came last");
    ground.clock.advance(20 * 86_400_000);
    assert_eq!(layer.retain().unwrap().enclosures, 1);
    assert_eq!(portrait().as_deref(), Some(JPEG), "the first is gone, the second is not");
    ground.clock.advance(20 * 86_400_000);
    layer.retain().unwrap();
    assert_eq!(portrait(), None);
}
