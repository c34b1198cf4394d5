//! The identity layer behind a server, on a real socket: from a registration to its end, and what is told of it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

#[path = "identity/country.rs"]
mod country;
#[path = "identity/credentials.rs"]
mod credentials;
#[path = "identity/database.rs"]
mod database;
mod serving;
#[path = "identity/settings.rs"]
mod settings;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tonic::Code;
use whorl_formats::image::decode;
use whorl_identity::credential::{PublicKeys, verify_vc};
use whorl_proto::identity::v1::authentication_service_client::AuthenticationServiceClient;
use whorl_proto::identity::v1::identity_service_client::IdentityServiceClient;
use whorl_proto::identity::v1::issuance_service_client::IssuanceServiceClient;
use whorl_proto::identity::v1::{self as person};
use whorl_proto::v1;
use whorl_proto::v1::enrolment_service_client::EnrolmentServiceClient;

use country::{Country, People, as_client, now_ms, packet, sha, wait_for};
use serving::{enrol, print, reason};

const DECIDE: &str = "/identity/v1/adjudication/decide-case";

/// Registers somebody whose prints are those of `person`, and waits until nothing more is done about it.
async fn registered(country: &Country, id: &str, name: &str, of: u64, capture: u64) -> person::GetRegistrationResponse {
    let packet = packet(id, name, vec![print(of, capture)]);
    let answer = country.registration("station", &["register"]).await.register(packet).await.unwrap().into_inner();
    assert!(!answer.is_repeated);
    wait_for(country, id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_registered_and_his_second_registration_is_decided_by_two_people_and_refused() {
    let country = Country::start().await;
    let issued = registered(&country, "R-1", "Ottilie", 1, 1).await;
    assert_eq!(issued.stage(), person::RegistrationStage::Issued, "{:?}", issued.rejection);
    assert!(issued.uin.len() >= 10, "an officer sees the UIN");
    let seen =
        country.registration("station", &["register"]).await.get_registration(get("R-1")).await.unwrap().into_inner();
    assert_eq!((seen.uin.as_str(), seen.stage()), ("", person::RegistrationStage::Issued), "a station does not");
    let other = registered(&country, "R-2", "Bertolt", 2, 1).await;
    assert_eq!(other.stage(), person::RegistrationStage::Issued);

    let waiting = registered(&country, "R-3", "Zebulon", 1, 2).await;
    assert_eq!(waiting.stage(), person::RegistrationStage::InAdjudication);
    let cases =
        country.adjudication("anna", &["adjudicate"]).await.list_cases(person::ListCasesRequest::default()).await;
    let cases = cases.unwrap().into_inner().cases;
    assert_eq!((cases.len(), cases[0].registration.as_str(), cases[0].suspects.len()), (1, "R-3", 1));
    assert_eq!(cases[0].id, waiting.case_id);
    let decide = decision(&cases[0], true);

    let own = country.adjudication("olga", &["adjudicate"]).await.decide_case(decide.clone()).await.unwrap_err();
    assert_eq!(reason(&own), "NOT_IMPARTIAL", "who registered somebody decides nothing about him");
    let first =
        country.adjudication("anna", &["adjudicate"]).await.decide_case(decide.clone()).await.unwrap().into_inner();
    assert_eq!(first.case.unwrap().status(), person::CaseStatus::Open);
    let again = country.adjudication("anna", &["adjudicate"]).await.decide_case(decide.clone()).await.unwrap_err();
    assert_eq!(reason(&again), "NOT_IMPARTIAL");
    let seen = country.adjudication("boris", &["adjudicate"]).await.get_case(case(&waiting.case_id)).await.unwrap();
    let seen = seen.into_inner().case.unwrap();
    assert_eq!((seen.decided, seen.opinions.len()), (1, 0), "he does not see what others said");
    let second =
        country.adjudication("boris", &["adjudicate"]).await.decide_case(decide.clone()).await.unwrap().into_inner();
    assert_eq!(second.case.unwrap().status(), person::CaseStatus::Settled);
    let late = country.adjudication("cora", &["adjudicate"]).await.decide_case(decide).await.unwrap_err();
    assert_eq!((late.code(), reason(&late)), (Code::FailedPrecondition, "CASE_SETTLED".to_owned()));
    let rejected = wait_for(&country, "R-3").await;
    assert_eq!(rejected.rejection.map(|why| why.reason).as_deref(), Some("duplicate"));
    country.end().await;
}

fn get(id: &str) -> person::GetRegistrationRequest {
    person::GetRegistrationRequest { id: id.to_owned() }
}

fn case(id: &str) -> person::GetCaseRequest {
    person::GetCaseRequest { id: id.to_owned() }
}

fn decision(case: &person::AdjudicationCase, is_same: bool) -> person::DecideCaseRequest {
    let findings =
        case.suspects.iter().map(|suspect| person::CaseFinding { subject: suspect.subject.clone(), is_same });
    person::DecideCaseRequest { id: case.id.clone(), findings: findings.collect(), reason: "the ridges agree".into() }
}

/// What the audit says of the looks at what a case is decided by: who, for which method, how it ended, what for, and whom it was about.
async fn looks(country: &Country) -> Vec<(String, String, String, String, Vec<String>)> {
    let (_, page) = country.by_http("/v1/audit/list-records", &json!({ "pageSize": 1_000 }), "ada", &["audit"]).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let look = |record: &Value| {
        let method = text(&record["method"]).strip_prefix("whorl.identity.v1.AdjudicationService/Get")?.to_owned();
        let references = record["references"].as_array().into_iter().flatten().map(text).collect();
        let looked = (text(&record["client"]), method, text(&record["outcome"]), text(&record["purpose"]), references);
        looked.1.starts_with("Evidence").then_some(looked)
    };
    page["records"].as_array().into_iter().flatten().filter_map(look).collect()
}

fn evidence(id: &str, purpose: &str) -> person::GetEvidenceRequest {
    person::GetEvidenceRequest { id: id.to_owned(), purpose: purpose.to_owned(), skip: 0 }
}

fn evidence_file(id: &str, registration: &str) -> person::GetEvidenceFileRequest {
    let (id, purpose, registration) = (id.to_owned(), "deciding".to_owned(), registration.to_owned());
    person::GetEvidenceFileRequest { id, purpose, registration, number: 0, picture: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_decides_sees_the_names_and_pictures_of_both_sides_and_each_look_is_in_the_audit() {
    let country = Country::start().await;
    let first = country.subject(&registered(&country, "R-1", "Ottilie", 1, 1).await.uin).await;
    let id = registered(&country, "R-2", "Zebulon", 1, 2).await.case_id;
    let (asked, pictured) =
        (|purpose: &str| evidence(&id, purpose), |registration: &str| evidence_file(&id, registration));
    let mut anna = country.adjudication("anna", &["adjudicate"]).await;
    assert_eq!(reason(&anna.get_evidence(asked("")).await.unwrap_err()), "INVALID_ARGUMENT");
    for (client, roles, why) in [
        ("olga", &["adjudicate", "supervise"][..], "NOT_IMPARTIAL"),
        ("sonja", &["supervise"][..], "CASE_NOT_IN_CONFLICT"),
        ("station", &["register", "officer"][..], "ROLE_MISSING"),
    ] {
        let mut other = country.adjudication(client, roles).await;
        assert_eq!(reason(&other.get_evidence(asked("deciding")).await.unwrap_err()), why, "{client}");
        assert_eq!(reason(&other.get_evidence_file(pictured("R-1")).await.unwrap_err()), why, "{client}");
    }
    let seen = anna.get_evidence(asked("deciding")).await.unwrap().into_inner();
    let (applicant, suspect) = (seen.applicant.unwrap(), seen.suspects[0].clone());
    let side = suspect.side.unwrap();
    for (side, name) in [(&applicant, "Zebulon"), (&side, "Ottilie")] {
        let record = serde_json::to_value(side.demographics.as_ref().unwrap()).unwrap();
        assert_eq!(record["firstName"], name);
        let file = &side.registrations[0].files[0];
        assert_eq!((file.media_type.as_str(), file.modality()), ("image/png", v1::Modality::Fingerprint));
        assert_eq!(file.position(), v1::Position::RightIndex);
    }
    assert_eq!((suspect.suspect.unwrap().subject, side.subject.clone(), seen.suspects_left), (first.clone(), first, 0));
    assert!(side.registrations[0].biometric.is_some() && applicant.registrations[0].biometric.is_none());
    for (registration, capture) in [("R-1", 1), ("R-2", 2)] {
        let file = anna.get_evidence_file(pictured(registration)).await.unwrap().into_inner();
        assert_eq!(sha(&file.data), sha(&print(1, capture).data), "{registration}");
    }
    let picture = |number| person::GetEvidenceFileRequest { picture: Some(number), ..pictured("R-1") };
    let shown = anna.get_evidence_file(picture(0)).await.unwrap().into_inner();
    assert_eq!((shown.media_type.as_str(), shown.pictures), ("image/png", 1));
    assert_eq!(decode(&shown.data).unwrap().pixels, decode(&print(1, 1).data).unwrap().pixels);
    assert_eq!(reason(&anna.get_evidence_file(picture(1)).await.unwrap_err()), "INVALID_ARGUMENT");
    let file = json!({ "id": id, "purpose": "deciding", "registration": "R-2" });
    let (_, shown) =
        country.by_http("/identity/v1/adjudication/get-evidence-file", &file, "boris", &["adjudicate"]).await;
    assert!(shown["data"].as_str().unwrap().starts_with("iVBORw0KGgo"), "a PNG in base64");
    let shown: person::GetEvidenceFileResponse = serde_json::from_value(shown).unwrap();
    assert_eq!((sha(&shown.data), shown.media_type.as_str()), (sha(&print(1, 2).data), "image/png"));
    let assigned = person::AssignCaseRequest { id: id.clone(), to: vec!["token boris".to_owned()] };
    country.adjudication("sonja", &["supervise"]).await.assign_case(assigned).await.unwrap();
    assert_eq!(reason(&anna.get_evidence(asked("deciding")).await.unwrap_err()), "NOT_ASSIGNED");

    let looks = looks(&country).await;
    let told = |client: &str, method: &str, outcome: &str, purpose: &str, of: &[&str]| {
        let text = |of: &&str| (*of).to_owned();
        let look = (
            client.to_owned(),
            method.to_owned(),
            outcome.to_owned(),
            purpose.to_owned(),
            of.iter().map(text).collect(),
        );
        assert!(looks.contains(&look), "{look:?} is not in {looks:#?}");
    };
    told("token anna", "Evidence", "INVALID_ARGUMENT", "", &[&id]);
    told("token olga", "Evidence", "NOT_IMPARTIAL", "deciding", &[&id]);
    told("token olga", "EvidenceFile", "NOT_IMPARTIAL", "deciding", &[&id, "R-1"]);
    told("token sonja", "EvidenceFile", "CASE_NOT_IN_CONFLICT", "deciding", &[&id, "R-1"]);
    told("token station", "EvidenceFile", "ROLE_MISSING", "", &[]);
    told("token anna", "Evidence", "OK", "deciding", &[&id, "R-2", &side.subject, &applicant.subject]);
    told("token anna", "EvidenceFile", "OK", "deciding", &[&id, "R-1", &side.subject]);
    told("token boris", "EvidenceFile", "OK", "deciding", &[&id, "R-2", &applicant.subject]);
    told("token anna", "Evidence", "NOT_ASSIGNED", "deciding", &[&id]);
    country.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_http_a_record_is_an_object_and_who_has_another_role_is_refused() {
    let country = Country::start().await;
    let fields = json!({ "firstName": "Ottilie", "dateOfBirth": "1980-02-29", "gender": "Female" });
    let body = json!({
        "id": "R-1", "kind": "PACKET_KIND_NEW", "demographics": fields, "capturedUnixMs": now_ms(),
        "consent": { "purpose": "foundational-id", "isGiven": true, "atUnixMs": "1767225600000" },
        "capturedBy": { "station": "station-7" },
    });
    let path = "/identity/v1/registration/register";
    let (status, answer) = country.by_http(path, &body, "station", &["register"]).await;
    assert_eq!((status, &answer["stage"]), (StatusCode::OK, &json!("REGISTRATION_STAGE_RECEIVED")), "{answer}");
    let (_, again) = country.by_http(path, &body, "station", &["register"]).await;
    assert_eq!(again["isRepeated"], true, "{again}");
    let uin = wait_for(&country, "R-1").await.uin;
    let asked = json!({ "uin": uin, "purpose": "a question of the holder" });
    let (_, record) = country.by_http("/identity/v1/identity/get-identity", &asked, "oskar", &["officer"]).await;
    assert_eq!((&record["demographics"], &record["status"]), (&fields, &json!("IDENTITY_STATUS_ACTIVE")));
    for (path, role) in [
        (path, "officer"),
        ("/identity/v1/identity/get-identity", "register"),
        ("/identity/v1/identity/erase", "admin"),
        ("/identity/v1/issuance/create-vid", "officer"),
        (DECIDE, "supervise"),
        ("/identity/v1/adjudication/settle-case", "adjudicate"),
    ] {
        let (status, problem) = country.by_http(path, &json!({}), "somebody", &[role]).await;
        assert_eq!((status, &problem["reason"]), (StatusCode::FORBIDDEN, &json!("ROLE_MISSING")), "{path} by {role}");
    }
    let mut wrong = body.clone();
    wrong["id"] = json!("R-2");
    wrong["kind"] = json!("PACKET_KIND_UNSPECIFIED");
    let (status, problem) = country.by_http(path, &wrong, "station", &["register"]).await;
    assert_eq!((status, &problem["violations"][0]["field"]), (StatusCode::BAD_REQUEST, &json!("kind")));
    let page = json!({ "cursor": "" });
    let (_, keys) = country.by_http("/identity/v1/issuance/get-issuer-keys", &json!({}), "", &[]).await;
    assert_eq!(keys["keys"]["keys"][0]["crv"], "P-256", "{keys}");
    let (status, _) = country.by_http("/identity/v1/registration/list-events", &page, "station", &["register"]).await;
    assert_eq!(status, StatusCode::OK);
    country.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gallery_of_identities_is_entered_by_registration_alone() {
    let country = Country::start().await;
    registered(&country, "R-1", "Ottilie", 1, 1).await;
    let channel = country.serving.channel().await;
    let mut stranger =
        EnrolmentServiceClient::with_interceptor(channel.clone(), as_client(&country.issuer, "s", &["enrol"]));
    let refused = stranger.enrol(enrol("people", "foreign", vec![print(9, 1)])).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::PermissionDenied, "GALLERY_RESERVED".to_owned()));
    let remove = v1::RemoveRequest { gallery: "people".to_owned(), id: "any".to_owned() };
    assert_eq!(reason(&stranger.remove(remove).await.unwrap_err()), "GALLERY_RESERVED");
    let (status, _) =
        country.by_http("/v1/gallery/reopen-gallery", &json!({ "name": "people" }), "a", &["admin"]).await;
    assert_eq!(status, StatusCode::OK, "an operator looks after it");
    let (_, gallery) = country.by_http("/v1/gallery/get-gallery", &json!({ "name": "people" }), "a", &["admin"]).await;
    assert_eq!(gallery["gallery"]["references"], "1", "{gallery}");
    country.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_numbers_and_credentials_is_blocked_shown_and_erased() {
    let country = Country::start().await;
    let face = v1::Sample { modality: v1::Modality::Face.into(), position: v1::Position::Face.into(), ..print(1, 2) };
    let with_face = packet("R-1", "Ottilie", vec![print(1, 1), face.clone()]);
    country.registration("station", &["register"]).await.register(with_face).await.unwrap();
    let uin = wait_for(&country, "R-1").await.uin;
    let channel = country.serving.channel().await;
    let mut issuing =
        IssuanceServiceClient::with_interceptor(channel.clone(), as_client(&country.issuer, "i", &["issue"]));
    let wanted = person::CreateVidRequest { uin: uin.clone(), kind: "Perpetual".to_owned() };
    let vid = issuing.create_vid(wanted).await.unwrap().into_inner().vid.unwrap();
    assert_ne!(vid.number, uin);
    let foreign = person::RegenerateVidRequest { uin: uin.clone(), vid: "1".to_owned() };
    assert_eq!(reason(&issuing.regenerate_vid(foreign).await.unwrap_err()), "VID_NOT_FOUND");
    let credential = |form: person::CredentialForm| person::IssueCredentialRequest {
        uin: uin.clone(),
        form: form.into(),
        fields: vec!["firstName".to_owned(), "dateOfBirth".to_owned()],
        card: Some(person::CardFace { title: "Republic".to_owned(), ..Default::default() }),
        ..Default::default()
    };
    let signed = issuing.issue_credential(credential(person::CredentialForm::Vc)).await.unwrap().into_inner();
    let keys = issuing.get_issuer_keys(person::GetIssuerKeysRequest {}).await.unwrap().into_inner();
    let public = PublicKeys::from_json(&serde_json::to_string(&keys.keys.unwrap()).unwrap()).unwrap();
    let said = verify_vc(&public, &keys.issuer, &signed.credential, now_ms()).unwrap();
    assert_eq!((said.claims["firstName"].as_str(), said.subject.as_str()), (Some("Ottilie"), signed.holder.as_str()));
    let card = issuing.issue_credential(credential(person::CredentialForm::Card)).await.unwrap().into_inner();
    assert!(card.credential.starts_with("<svg") && card.credential.contains("Republic"));
    let portrait = "href=\"data:image/png;base64,iVBORw0KGgo";
    assert!(card.credential.contains(portrait), "the picture of her face that is kept");
    let mut faceless = credential(person::CredentialForm::Card);
    faceless.card.as_mut().unwrap().without_portrait = true;
    let card = issuing.issue_credential(faceless.clone()).await.unwrap().into_inner();
    assert!(!card.credential.contains(portrait));
    faceless.card.as_mut().unwrap().portrait = face.data.clone();
    assert_eq!(reason(&issuing.issue_credential(faceless).await.unwrap_err()), "INVALID_ARGUMENT");

    let mut officer = IdentityServiceClient::with_interceptor(channel, as_client(&country.issuer, "o", &["officer"]));
    let why = || "his own wish".to_owned();
    let nameless = person::BlockRequest { uin: uin.clone(), reason: String::new() };
    assert_eq!(reason(&officer.block(nameless).await.unwrap_err()), "INVALID_ARGUMENT");
    officer.block(person::BlockRequest { uin: uin.clone(), reason: why() }).await.unwrap();
    let refused = issuing.issue_credential(credential(person::CredentialForm::Selective)).await.unwrap_err();
    assert_eq!(reason(&refused), "IDENTITY_STATUS");
    officer.unblock(person::UnblockRequest { uin: uin.clone(), reason: why() }).await.unwrap();
    let mut parts =
        officer.export(person::ExportRequest { uin: uin.clone(), reason: why() }).await.unwrap().into_inner();
    let record = parts.message().await.unwrap().unwrap().record.unwrap();
    assert!(record.fields.contains_key("history") && !record.fields.contains_key("enclosures"));
    let file = parts.message().await.unwrap().unwrap().file.unwrap();
    assert_eq!(sha(&file.data), sha(&print(1, 1).data), "his print as it was sent in");
    let erased = officer.erase(person::EraseRequest { uin: uin.clone(), reason: why() }).await.unwrap().into_inner();
    assert_eq!((erased.references, erased.registrations), (1, 1));
    let gone = officer.get_identity(person::GetIdentityRequest { uin, purpose: why() }).await.unwrap_err();
    assert_eq!((gone.code(), reason(&gone)), (Code::NotFound, "IDENTITY_NOT_FOUND".to_owned()));
    country.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_listens_hears_every_event_signed_also_after_a_restart_and_neither_log_nor_audit_has_anything_of_a_person()
{
    let log = country::log();
    let mut country = Country::start().await;
    let mut uins = vec![registered(&country, "R-1", "Ottilie", 1, 1).await.uin];
    let asked = json!({ "uin": uins[0], "purpose": "a question" });
    let (status, _) = country.by_http("/identity/v1/identity/get-identity", &asked, "oskar", &["officer"]).await;
    assert_eq!(status, StatusCode::OK);
    let subject = country.subject(&uins[0]).await;
    country = country.restart().await;
    uins.push(registered(&country, "R-2", "Bertolt", 2, 1).await.uin);
    let heard = country.heard("R-2", "issued").await;
    for registration in ["R-1", "R-2"] {
        let stages = heard.iter().filter(|event| event["registration"] == registration);
        let mut stages: Vec<&str> = stages.map(|event| event["stage"].as_str().unwrap()).collect();
        stages.dedup();
        let all =
            ["received", "validated", "quality_checked", "demographically_checked", "biometrically_checked", "issued"];
        assert_eq!(stages, all, "{registration}");
    }
    let folder = country.end().await;
    let audit = folder.path().join("whorl-audit");
    let mut told = String::from_utf8(log.lock().unwrap().clone()).unwrap();
    assert!(told.contains("worked on"), "the log was heard");
    for entry in std::fs::read_dir(&audit).unwrap() {
        told += &String::from_utf8_lossy(&std::fs::read(entry.unwrap().path()).unwrap());
    }
    assert!(told.contains(&subject) && told.contains("a question") && told.contains("token oskar"));
    let personal = ["Ottilie", "Bertolt", "1980-02-29", "iVBORw0KGgo"].map(str::to_owned);
    for secret in personal.into_iter().chain(uins) {
        assert!(!told.contains(&secret), "{secret} was let out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_the_layer_says_so() {
    let serving = serving::Serving::with("").await;
    let channel = serving.channel().await;
    let mut people = People::new(channel);
    let refused = people.get_registration(get("R-1")).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::Unimplemented, "IDENTITY_OFF".to_owned()));
    serving.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_with_its_key_hears_yes_of_the_person_and_no_of_another() {
    let country = Country::start().await;
    let uin = registered(&country, "R-1", "Ottilie", 1, 1).await.uin;
    let policy = json!({ "factors": [{ "factor": "fingerprint" }, { "factor": "demographic" }], "token": "partner" });
    let terms = json!({ "name": "The bank", "kind": "PARTNER_KIND_AUTHENTICATION", "policy": policy });
    let partner = json!({ "id": "bank", "terms": terms });
    let path = "/identity/v1/partner/create-partner";
    let (_, made) = country.by_http(path, &partner, "paula", &["partners"]).await;
    let api_key = made["apiKey"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let (status, again) = country.by_http(path, &partner, "paula", &["partners"]).await;
    assert_eq!((status, &again["reason"]), (StatusCode::CONFLICT, &json!("PARTNER_EXISTS")));
    let channel = country.serving.channel().await;
    let bearer = as_client(&country.issuer, "gate", &["authenticate"]);
    let mut asking = AuthenticationServiceClient::with_interceptor(channel, bearer);
    let ask = |transaction: &str, api_key: &str, finger: u64| person::AuthenticateRequest {
        partner: "bank".to_owned(),
        api_key: api_key.to_owned(),
        claim: Some(person::AuthenticationClaim {
            id: uin.clone(),
            transaction: transaction.to_owned(),
            at_unix_ms: now_ms(),
            purpose: "opening an account".to_owned(),
            consent: Some(person::AuthenticationConsent { is_given: true, ..Default::default() }),
            samples: vec![print(finger, 3)],
            ..Default::default()
        }),
        signed: None,
    };
    let yes = asking.authenticate(ask("T-1", &api_key, 1)).await.unwrap().into_inner();
    assert!(yes.is_authentic && !yes.token.is_empty(), "{:?}", yes.refusals.first().map(|why| why.code.clone()));
    let codes =
        |answer: person::AuthenticateResponse| answer.refusals.into_iter().map(|why| why.code).collect::<Vec<_>>();
    let no = asking.authenticate(ask("T-2", &api_key, 2)).await.unwrap().into_inner();
    assert!(!no.is_authentic);
    assert_eq!(codes(no), ["IDA-BIA-001"]);
    let replayed = asking.authenticate(ask("T-1", &api_key, 1)).await.unwrap().into_inner();
    assert_eq!(codes(replayed), ["IDA-MLC-009"]);
    let stranger = asking.authenticate(ask("T-3", "guessed", 1)).await.unwrap().into_inner();
    assert_eq!(codes(stranger), ["IDA-MPA-009"]);
    let both = person::AuthenticateRequest { claim: None, ..ask("T-4", &api_key, 1) };
    assert_eq!(reason(&asking.authenticate(both).await.unwrap_err()), "INVALID_ARGUMENT");
    let listed = json!({ "uin": uin, "purpose": "his question" });
    let path = "/identity/v1/authentication/list-transactions";
    let (_, made) = country.by_http(path, &listed, "oskar", &["officer"]).await;
    let made = made["transactions"].as_array().unwrap_or_else(|| panic!("{made}")).clone();
    assert_eq!(made.iter().filter(|made| made["isAccepted"] == true).count(), 1, "{made:?}");
    country.end().await;
}
