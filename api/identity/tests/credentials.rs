//! What becomes of credentials: each has a place of its own in a status list, which says what its holder's record says.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod country;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::thread;

use country::{Ground, START_MS, newcomer, packet, send, uin};
use whorl_identity::chance::Opaque;
use whorl_identity::credential::{CredentialStatus, IssuerKey, PublishedList, StatusEntry, StatusList, StatusPurpose};
use whorl_identity::layer::Layer;
use whorl_identity::lifecycle::{Deed, LifecycleError};
use whorl_identity::registration::{Packet, PacketKind, Stage};
use whorl_identity::store::{Crash, Memory};
use whorl_identity::subject::{CredentialForm, HeldCredential, Status, Subject};

const DEED: Deed<'_> = Deed { by: "officer", reason: "by order 7" };
const BASE: &str = "https://id.example/credentials/status";
const ISSUER: &str = "https://id.example";
const DAY_MS: u64 = 86_400_000;

/// A deployment without biometrics.
fn ground() -> Ground {
    Ground { has_biometrics: false, ..Ground::new() }
}

/// The same in memory, whatever store the tests run on.
fn in_memory() -> (Memory, Ground) {
    let store = Memory::new();
    let ground = Ground::on(Arc::new(store.clone()));
    (store, Ground { has_biometrics: false, ..ground })
}

fn registered(layer: &Layer, person: u64) -> String {
    uin(layer, &send(layer, &newcomer(&format!("r{person}"), person, 0)))
}

/// A credential that is handed over.
fn handed(layer: &Layer, number: &str, form: CredentialForm, replaces: bool) -> Result<Held, LifecycleError> {
    let place = layer.allot(BASE)?;
    let credential = HeldCredential {
        id: format!("urn:test:{}", Opaque::draw().unwrap()),
        form,
        kind: "IdentityCredential".to_owned(),
        list: place.list,
        index: place.entry.index,
        issued_ms: layer.now_ms(),
        until_ms: layer.now_ms() + 30 * DAY_MS,
        revoked_ms: None,
    };
    layer.enter_credential(number, &credential, replaces, "desk")?;
    Ok(Held { id: credential.id, list: place.list, entry: place.entry })
}

/// A credential as its holder knows it.
struct Held {
    id: String,
    list: Opaque,
    entry: StatusEntry,
}

impl Held {
    /// What anybody reads of it who fetches its lists, in both forms.
    fn published(&self, layer: &Layer) -> CredentialStatus {
        let list = layer.status_list(self.list).unwrap().unwrap();
        let (key, now_ms) = (IssuerKey::from_pem(&IssuerKey::generate_pem().unwrap()).unwrap(), layer.now_ms());
        let read = |address: &str, token: &str| {
            let list = PublishedList::verify(&key.public(), ISSUER, address, token, now_ms).unwrap();
            list.status(&self.entry).unwrap()
        };
        let said = read(&self.entry.list, &list.sign_token(ISSUER, &key, now_ms).unwrap());
        for purpose in StatusPurpose::ALL {
            let of_w3c = list.sign_vc(purpose, ISSUER, &key, now_ms).unwrap();
            let is_set = read(&self.entry.address(purpose), &of_w3c) != CredentialStatus::Valid;
            assert_eq!(is_set, said == purpose.status(), "{} of {said:?}", purpose.name());
        }
        said
    }
}

#[test]
fn what_is_done_to_a_person_is_done_to_his_credentials_and_undone_where_it_can_be() {
    use CredentialStatus::{Revoked, Suspended, Valid};
    let ground = ground();
    let layer = ground.open();
    let (number, other) = (registered(&layer, 1), registered(&layer, 2));
    let forms = [CredentialForm::Vc, CredentialForm::Selective, CredentialForm::Compact, CredentialForm::Card];
    let held = forms.map(|form| handed(&layer, &number, form, false).unwrap());
    let stranger = handed(&layer, &other, CredentialForm::Vc, false).unwrap();
    let all = |status| held.iter().all(|held| held.published(&layer) == status);
    assert!(all(Valid));
    layer.block(&number, DEED).unwrap();
    assert!(all(Suspended) && stranger.published(&layer) == Valid, "nobody else's");
    let refused = handed(&layer, &number, CredentialForm::Vc, false);
    assert!(matches!(refused, Err(LifecycleError::Status(Status::Blocked))));
    layer.unblock(&number, DEED).unwrap();
    assert!(all(Valid));
    for (kind, status) in [(PacketKind::Deactivate, Suspended), (PacketKind::Reactivate, Valid)] {
        let change = Packet { uin: Some(number.clone()), ..packet(&format!("{kind:?}").to_lowercase(), kind) };
        assert_eq!(send(&layer, &change).stage, Stage::Issued);
        assert!(all(status), "{kind:?}");
    }
    layer.revoke_credential(&number, &held[0].id, DEED).unwrap();
    layer.block(&number, DEED).unwrap();
    layer.unblock(&number, DEED).unwrap();
    assert_eq!(held.each_ref().map(|held| held.published(&layer)), [Revoked, Valid, Valid, Valid], "it stays revoked");
    layer.merge(&other, &number, DEED).unwrap();
    assert!(all(Revoked) && stranger.published(&layer) == Valid);
    layer.unmerge(&number, DEED).unwrap();
    assert!(all(Revoked), "who was told so is not told otherwise");
    assert_eq!(handed(&layer, &number, CredentialForm::Vc, false).unwrap().published(&layer), Valid);
}

#[test]
fn an_officer_revokes_one_credential_by_its_name_and_for_a_reason() {
    let ground = ground();
    let layer = ground.open();
    let (number, other) = (registered(&layer, 1), registered(&layer, 2));
    let [lost, kept] = [(); 2].map(|()| handed(&layer, &number, CredentialForm::Vc, false).unwrap());
    assert!(matches!(layer.revoke_credential(&other, &lost.id, DEED), Err(LifecycleError::NoCredential)));
    assert!(matches!(layer.revoke_credential(&number, "", DEED), Err(LifecycleError::NoCredential)));
    let silent = Deed { reason: "", ..DEED };
    assert!(matches!(layer.revoke_credential(&number, &lost.id, silent), Err(LifecycleError::Reason)));
    ground.clock.advance(1_000);
    layer.revoke_credential(&number, &lost.id, DEED).unwrap();
    ground.clock.advance(1_000);
    layer.revoke_credential(&number, &lost.id, DEED).unwrap();
    assert_eq!(lost.published(&layer), CredentialStatus::Revoked);
    assert_eq!(kept.published(&layer), CredentialStatus::Valid);
    let listed = layer.credentials(&number).unwrap();
    let said = listed.iter().map(|(held, status)| (held.id.as_str(), held.revoked_ms, *status)).collect::<Vec<_>>();
    let wanted = [
        (lost.id.as_str(), Some(START_MS + 1_000), CredentialStatus::Revoked),
        (kept.id.as_str(), None, CredentialStatus::Valid),
    ];
    assert_eq!(said, wanted, "it is revoked since the first time");
    let history = layer.history(&number, 0, 100).unwrap();
    let revoked = history.iter().filter(|change| change.what == "credential revoked").collect::<Vec<_>>();
    assert_eq!((revoked.len(), revoked[0].by.as_str(), revoked[0].detail.as_str()), (2, "officer", "by order 7"));
    assert_eq!(history.iter().filter(|change| change.what == "credential issued").count(), 2);
}

#[test]
fn one_that_replaces_others_revokes_those_of_its_form_and_kind() {
    use CredentialStatus::{Revoked, Valid};
    let ground = ground();
    let layer = ground.open();
    let number = registered(&layer, 1);
    let old = [CredentialForm::Vc, CredentialForm::Vc, CredentialForm::Card]
        .map(|form| handed(&layer, &number, form, false).unwrap());
    let new = handed(&layer, &number, CredentialForm::Vc, true).unwrap();
    assert_eq!(old.each_ref().map(|held| held.published(&layer)), [Revoked, Revoked, Valid]);
    assert_eq!(new.published(&layer), Valid);
}

#[test]
fn credentials_that_are_over_are_forgotten_and_there_is_a_most_of_those_that_count() {
    let ground = ground();
    let layer = ground.open();
    let number = registered(&layer, 1);
    let first = handed(&layer, &number, CredentialForm::Vc, false).unwrap();
    for _ in 1..Subject::MOST_CREDENTIALS {
        handed(&layer, &number, CredentialForm::Vc, false).unwrap();
    }
    let refused = handed(&layer, &number, CredentialForm::Vc, false);
    assert!(matches!(refused, Err(LifecycleError::ManyCredentials)));
    layer.revoke_credential(&number, &first.id, DEED).unwrap();
    handed(&layer, &number, CredentialForm::Vc, false).unwrap();
    let listed = layer.credentials(&number).unwrap();
    assert_eq!((listed.len(), listed.iter().any(|(held, _)| held.id == first.id)), (100, false));
    assert_eq!(first.published(&layer), CredentialStatus::Revoked, "its place says so without it");
    ground.clock.advance(30 * DAY_MS);
    assert!(layer.credentials(&number).unwrap().is_empty());
    handed(&layer, &number, CredentialForm::Vc, false).unwrap();
    assert_eq!(layer.subject(&number).unwrap().credentials.len(), 1);
}

#[test]
fn who_is_erased_leaves_revoked_places_that_name_nobody() {
    let (store, ground) = in_memory();
    let layer = ground.open();
    let number = registered(&layer, 1);
    let held = handed(&layer, &number, CredentialForm::Vc, false).unwrap();
    let is_anywhere = |needle: &[u8]| store.raw().windows(needle.len()).any(|window| window == needle);
    assert!(!is_anywhere(held.id.as_bytes()), "what he holds is sealed by his key");
    layer.erase(&number, DEED).unwrap();
    assert_eq!(held.published(&layer), CredentialStatus::Revoked);
}

#[test]
fn an_erasure_that_a_crash_breaks_off_has_revoked_all_or_was_not_begun() {
    for crash in [Crash::Before, Crash::After] {
        for change in 0..2 {
            let (store, ground) = in_memory();
            let layer = ground.open();
            let number = registered(&layer, 1);
            let held = [(); 3].map(|()| handed(&layer, &number, CredentialForm::Vc, false).unwrap());
            store.die_at(store.changes() + change, crash);
            assert!(layer.erase(&number, DEED).is_err());
            drop(layer);
            let next = Ground { store: Arc::new(store.reborn()), ..ground };
            let layer = next.open();
            let was_begun = (change, crash) != (0, Crash::Before);
            let wanted = if was_begun { CredentialStatus::Revoked } else { CredentialStatus::Valid };
            // Also before anything is resumed: the keys may be gone by now.
            assert!(held.iter().all(|held| held.published(&layer) == wanted), "{crash:?} {change}");
            layer.resume_erasures().unwrap();
            assert!(held.iter().all(|held| held.published(&layer) == wanted), "{crash:?} {change}");
            assert_eq!(layer.subject(&number).is_err(), was_begun);
        }
    }
}

/// Hands two persons credentials and does things to one, dying at the change `at`; then the next process goes on. Says whether it died.
fn die_at(at: u64, crash: Crash) -> bool {
    let (store, ground) = in_memory();
    let layer = ground.open();
    let (number, other) = (registered(&layer, 1), registered(&layer, 2));
    store.die_at(store.changes() + at, crash);
    let mut held = Vec::new();
    let went = (|| {
        for form in [CredentialForm::Vc, CredentialForm::Card] {
            held.push(handed(&layer, &number, form, false)?);
        }
        held.push(handed(&layer, &other, CredentialForm::Vc, false)?);
        layer.block(&number, DEED)?;
        layer.unblock(&number, DEED)?;
        layer.revoke_credential(&number, &held[0].id, DEED)?;
        layer.merge(&other, &number, DEED)
    })()
    .is_ok();
    drop(layer);
    let next = Ground { store: Arc::new(store.reborn()), ..ground };
    let layer = next.open();
    let after = [(); 5].map(|()| handed(&layer, &other, CredentialForm::Selective, false).unwrap());
    let places = held.iter().chain(&after).map(|held| held.entry.clone()).collect::<Vec<_>>();
    let different = places.iter().map(|entry| (entry.list.as_str(), entry.index)).collect::<HashSet<_>>();
    assert_eq!(different.len(), places.len(), "no place twice, at {at}, {crash:?}");
    for holder in [&number, &other] {
        let known = layer.credentials(holder).unwrap().into_iter().map(|(known, status)| (known.id, status));
        let known = known.collect::<HashMap<_, _>>();
        // Whatever was done, or not: the lists say what the record says, and nobody has what is not in a record.
        for held in held.iter().chain(&after).filter(|held| known.contains_key(&held.id)) {
            assert_eq!(held.published(&layer), known[&held.id], "at {at}, {crash:?}");
        }
    }
    let all = [&number, &other].map(|holder| layer.credentials(holder).unwrap()).concat();
    assert!(held.iter().chain(&after).all(|held| all.iter().any(|(known, _)| known.id == held.id)));
    !went
}

#[test]
fn a_process_that_dies_at_any_change_gives_no_place_twice_and_its_lists_say_what_its_records_say() {
    for crash in [Crash::Before, Crash::After] {
        let mut at = 0;
        while die_at(at, crash) {
            at += 1;
        }
        assert!(at >= 10, "three credentials and four deeds have more changes than {at}");
    }
}

#[test]
fn of_many_who_are_handed_credentials_at_once_no_two_share_a_place() {
    const THREADS: u64 = 8;
    const EACH: usize = 60;
    let layer = Ground { has_biometrics: false, ..Ground::new() }.open();
    let numbers = (0..THREADS).map(|person| registered(&layer, person)).collect::<Vec<_>>();
    let places = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for number in &numbers {
            scope.spawn(|| {
                for _ in 0..EACH {
                    let held = handed(&layer, number, CredentialForm::Vc, false).unwrap();
                    places.lock().unwrap().push((held.list, held.entry.index));
                }
                layer.block(number, DEED).unwrap();
            });
        }
    });
    let places = places.into_inner().unwrap();
    let different = places.iter().collect::<HashSet<_>>();
    assert_eq!((places.len(), different.len()), (THREADS as usize * EACH, THREADS as usize * EACH));
    let lists = places.iter().map(|(list, _)| *list).collect::<HashSet<_>>();
    assert_eq!(lists.len(), 1, "who begins at once fills one list");
}

#[test]
fn a_full_list_is_followed_by_another_and_places_are_spread_over_all_of_it() {
    const THREADS: usize = 4;
    let (_, ground) = in_memory();
    let layer = ground.open();
    let places = Mutex::new(HashSet::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..150_000 / THREADS {
                    let place = layer.allot(BASE).unwrap();
                    assert!(places.lock().unwrap().insert((place.list, place.entry.index)), "it was given before");
                }
            });
        }
    });
    let mut filled = HashMap::<Opaque, Vec<u32>>::new();
    for (list, index) in places.into_inner().unwrap() {
        filled.entry(list).or_default().push(index);
    }
    assert_eq!(filled.len(), 2);
    let full = filled.values().map(Vec::len).max().unwrap();
    // About nine in ten; fewer than seven in ten once in some millions of times.
    let least = StatusList::ENTRIES as usize * 7 / 10;
    assert!((least..StatusList::ENTRIES as usize).contains(&full), "{full} before another was begun");
    for indexes in filled.values() {
        // A tenth more or less would be ten standard deviations and more.
        let quarter = |at: u32| indexes.iter().filter(|index| **index / (StatusList::ENTRIES / 4) == at).count();
        let wanted = indexes.len() / 4;
        assert!((0..4).all(|at| quarter(at).abs_diff(wanted) < wanted / 10), "{:?}", [0, 1, 2, 3].map(quarter));
    }
}

#[test]
fn lists_stay_where_their_credentials_say_and_another_address_begins_another() {
    let ground = ground();
    let layer = ground.open();
    let old = layer.allot(BASE).unwrap();
    let again = layer.allot(BASE).unwrap();
    let new = layer.allot("https://elsewhere.example/status").unwrap();
    assert!(old.list == again.list && old.list != new.list);
    assert_eq!(new.entry.list, format!("https://elsewhere.example/status/{}", new.list));
    let published = layer.status_list(old.list).unwrap().unwrap();
    assert_eq!(published.address(), old.entry.list);
    assert_eq!(layer.status_list(Opaque::draw().unwrap()).unwrap(), None);
}
