//! The identity services: people registered, given numbers and credentials, and erased, by both clients.

use serde_json::{Value, json};
use whorl_sdk::client::identity::v1;
use whorl_sdk::client::{Client, Code, Reason, StreamExt};

use crate::country::{Country, newcomer};
use crate::people::print;
use crate::running::Running;

#[test]
fn a_person_is_registered_followed_numbered_shown_blocked_and_erased() {
    let country = Country::start();
    let station = country.client("olga", &["register"]);
    let registration = newcomer("R-1", "Ottilie", 1, 1);
    let first = station.identity().register(registration.clone()).unwrap();
    assert_eq!((first.stage(), first.is_repeated), (v1::RegistrationStage::Received, false));
    assert!(station.identity().register(registration).unwrap().is_repeated);
    let other = station.identity().register(newcomer("R-1", "Bertolt", 2, 1)).unwrap_err();
    assert_eq!((other.reason(), other.code()), (Some(Reason::RegistrationExists), Some(Code::AlreadyExists)));
    let mut told = Vec::new();
    for answer in station.identity().watch_events(v1::WatchEventsRequest::default()).unwrap() {
        told.extend(answer.unwrap().events);
        if told.last().is_some_and(|event| event.stage() == v1::RegistrationStage::Issued) {
            break;
        }
    }
    assert!(told.len() >= 6 && told.iter().all(|event| event.registration == "R-1"), "{} events", told.len());
    let listed = station.identity().list_events(v1::ListEventsRequest::default()).unwrap();
    assert_eq!(listed.events, told);
    let uin = country.settled("R-1").uin;

    let issuing = country.client("ines", &["issue"]);
    let wanted = v1::CreateVidRequest { uin: uin.clone(), kind: "Perpetual".to_owned() };
    let vid = issuing.identity().create_vid(wanted).unwrap().vid.unwrap();
    let again = v1::RegenerateVidRequest { uin: uin.clone(), vid: "1".to_owned() };
    assert_eq!(issuing.identity().regenerate_vid(again).unwrap_err().reason(), Some(Reason::VidNotFound));
    let listed = issuing.identity().list_vids(v1::ListVidsRequest { uin: uin.clone() }).unwrap().vids;
    assert_eq!(listed, std::slice::from_ref(&vid));
    let end = v1::EndVidRequest { uin: uin.clone(), vid: vid.number, end: v1::VidEnd::Revoked.into() };
    issuing.identity().end_vid(end).unwrap();
    let credential = v1::IssueCredentialRequest {
        uin: uin.clone(),
        form: v1::CredentialForm::Vc.into(),
        fields: vec!["firstName".to_owned()],
        ..Default::default()
    };
    let signed = issuing.identity().issue_credential(credential.clone()).unwrap();
    assert_eq!((signed.media_type.as_str(), signed.credential.split('.').count()), ("application/vc+jwt", 3));
    assert_eq!(issuing.identity().get_issuer_keys(v1::GetIssuerKeysRequest {}).unwrap().issuer, "https://id.example");

    let officer = country.client("oskar", &["officer"]);
    let (why, of) = (|| "his own wish".to_owned(), || uin.clone());
    let nameless = officer.identity().block(v1::BlockRequest { uin: of(), reason: String::new() }).unwrap_err();
    assert_eq!(nameless.reason(), Some(Reason::InvalidArgument));
    officer.identity().block(v1::BlockRequest { uin: of(), reason: why() }).unwrap();
    assert_eq!(issuing.identity().issue_credential(credential).unwrap_err().reason(), Some(Reason::IdentityStatus));
    officer.identity().unblock(v1::UnblockRequest { uin: of(), reason: why() }).unwrap();
    let found = officer.identity().get_identity(v1::GetIdentityRequest { uin: of(), purpose: why() }).unwrap();
    assert_eq!(found.status(), v1::IdentityStatus::Active);
    let known = serde_json::to_value(found.demographics.unwrap()).unwrap();
    assert_eq!((&known["firstName"], &known["dateOfBirth"]), (&json!("Ottilie"), &json!("1980-02-29")));
    let history = officer.identity().get_history(v1::GetHistoryRequest { uin: of(), ..Default::default() }).unwrap();
    assert!(history.changes.iter().any(|change| change.by == "token oskar" && change.detail == why()));
    let parts = officer.identity().export(v1::ExportRequest { uin: of(), reason: why() }).unwrap();
    let parts = parts.map(Result::unwrap).collect::<Vec<_>>();
    assert!(parts.len() == 2 && parts[0].record.is_some());
    assert_eq!(parts[1].file.as_ref().unwrap().data, print(1, 1), "his print as it was sent in");
    assert_eq!(officer.identity().erase(v1::EraseRequest { uin: of(), reason: why() }).unwrap().registrations, 1);
    let gone = officer.identity().get_identity(v1::GetIdentityRequest { uin, purpose: why() }).unwrap_err();
    assert_eq!((gone.reason(), gone.code()), (Some(Reason::IdentityNotFound), Some(Code::NotFound)));
    assert_eq!(officer.identity().run_retention(v1::RunRetentionRequest {}).unwrap().rejected, 0);
}

#[test]
fn the_asynchronous_client_has_the_same_services_also_for_tasks() {
    let country = Country::start();
    let (station, officer) = (country.options("olga", &["register"]), country.options("oskar", &["officer"]));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (uin, parts) = runtime.block_on(async {
        let station = Client::connect(station).await.unwrap();
        let task = tokio::spawn(async move {
            station.identity().register(newcomer("R-1", "Ottilie", 1, 1)).await.unwrap();
            let mut events = station.identity().watch_events(v1::WatchEventsRequest::default()).await.unwrap();
            while let Some(told) = events.next().await {
                if told.unwrap().events.iter().any(|event| event.stage() == v1::RegistrationStage::Issued) {
                    break;
                }
            }
        });
        task.await.unwrap();
        let officer = Client::connect(officer).await.unwrap();
        let asked = v1::GetRegistrationRequest { id: "R-1".to_owned() };
        let uin = officer.identity().get_registration(asked).await.unwrap().uin;
        let export = v1::ExportRequest { uin: uin.clone(), reason: "his own wish".to_owned() };
        let parts = officer.identity().export(export).await.unwrap().map(Result::unwrap).collect::<Vec<_>>().await;
        (uin, parts.len())
    });
    assert_eq!((uin, parts), (country.settled("R-1").uin, 2));
}

#[test]
fn what_is_asked_of_a_server_without_the_layer_or_without_the_role_is_said_to_programs() {
    let (_running, client) = Running::start();
    let asked = || v1::GetRegistrationRequest { id: "R-1".to_owned() };
    let off = client.identity().get_registration(asked()).unwrap_err();
    assert_eq!((off.reason(), off.code()), (Some(Reason::IdentityOff), Some(Code::Unimplemented)));
    let country = Country::start();
    let unknown = country.client("olga", &["register"]).identity().get_registration(asked()).unwrap_err();
    assert_eq!(unknown.reason(), Some(Reason::RegistrationNotFound));
    let stranger = country.client("gate", &["verify"]).identity().get_registration(asked()).unwrap_err();
    assert_eq!(stranger.reason(), Some(Reason::RoleMissing));
}

#[test]
fn neither_a_record_nor_a_sample_is_printed() {
    let printed = format!("{:?}", newcomer("R-1", "Ottilie", 1, 1));
    assert!(printed.starts_with("RegisterRequest(") && !printed.contains("Ottilie"), "{printed}");
    let known: Value = serde_json::to_value(newcomer("R-1", "Ottilie", 1, 1).demographics.unwrap()).unwrap();
    assert_eq!(known["lastName"], "Ottilieson");
}
