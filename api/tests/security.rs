//! Who may do what, over TLS on a real socket, and what is told of it afterwards.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod serving;

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey};
use rcgen::date_time_ymd;
use serde_json::{Value, json};
use tonic::metadata::MetadataValue;
use tonic::transport::{Channel, ClientTlsConfig};
use tonic::{Code, Request, Status};
use whorl_api::config::{Level, Log, LogFormat};
use whorl_api::http::http_path;
use whorl_api::operations::log::subscriber;
use whorl_api::security::Role;
use whorl_api::security::permission::{Access, access, methods};
use whorl_index::MasterKey;
use whorl_proto::v1;
use whorl_proto::v1::audit_service_client::AuditServiceClient;
use whorl_proto::v1::enrolment_service_client::EnrolmentServiceClient;
use whorl_proto::v1::gallery_service_client::GalleryServiceClient;
use whorl_proto::v1::identification_service_client::IdentificationServiceClient;
use whorl_proto::v1::verification_service_client::VerificationServiceClient;
use whorl_service::audit::{Filter, read, verify};

use serving::authority::{AUDIENCE, Authority, ISSUER, Issuer};
use serving::raw::{EMPTY_MESSAGE, grpc, json as by_json, send};
use serving::{Serving, enrol, print, reason};

const VERIFY: &str = "/whorl.v1.VerificationService/Verify";
const VERIFY_BY_HTTP: &str = "/v1/verification/verify";

/// A server that knows a client of each role by its certificate.
struct Guarded {
    serving: Serving,
    authority: Authority,
    issuer: Issuer,
}

impl Guarded {
    /// With `tokens`, it also believes an issuer of tokens, and so asks for no certificate.
    async fn start(tokens: bool) -> Self {
        let (authority, issuer) = (Authority::new("the authority"), Issuer::new());
        let folder = tempfile::tempdir().unwrap();
        authority.write(folder.path());
        std::fs::write(folder.path().join("keys.json"), issuer.keys()).unwrap();
        let client = |role: Role| format!("{{ certificate = \"CN={role}\", roles = [\"{role}\"] }}");
        let clients = Role::ALL.map(client).join(", ");
        let changes = format!(
            "[security]\nauthentication = \"required\"\nclients = [{clients}]\n[security.tls]\n\
             certificate = \"server.pem\"\nkey = \"server.key\"\nclient_ca = \"authority.pem\"\n"
        );
        let believed =
            format!("[security.tokens]\nissuer = \"{ISSUER}\"\naudience = \"{AUDIENCE}\"\njwks_file = \"keys.json\"\n");
        let changes = if tokens { changes + &believed } else { changes };
        Self { serving: Serving::within(folder, &changes).await, authority, issuer }
    }

    async fn of_role(&self, role: Role) -> Channel {
        self.serving.endpoint(self.authority.client(role.name())).connect().await.unwrap()
    }

    /// What a verification over a new connection ends with: an error where there is no connection.
    async fn verifies(&self, tls: ClientTlsConfig, token: Option<&str>) -> Result<Option<(Code, String)>, String> {
        // The client may think that it is connected before the server has looked at its certificate.
        let channel = self.serving.endpoint(tls).connect().await.map_err(|error| error.to_string())?;
        let answer = send(&channel, grpc(VERIFY, EMPTY_MESSAGE, token)).await.map_err(|error| error.to_string())?;
        Ok(Status::from_header_map(answer.headers()).map(|status| (status.code(), reason(&status))))
    }
}

/// The code and reason of a refusal in the head of an answer by gRPC.
async fn refusal(channel: &Channel, path: &str) -> Option<(Code, String)> {
    let answer = send(channel, grpc(path, EMPTY_MESSAGE, None)).await.unwrap();
    Status::from_header_map(answer.headers()).map(|status| (status.code(), reason(&status)))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_call_its_methods_and_no_others_by_grpc_and_by_http() {
    let guarded = Guarded::start(false).await;
    let lacking = Some((Code::PermissionDenied, "ROLE_MISSING".to_owned()));
    for role in Role::ALL {
        let channel = guarded.of_role(role).await;
        for method in methods() {
            let needed = match access(&method, false).unwrap() {
                Access::Open => &Role::ALL[..],
                Access::AnyOf(needed) => needed,
            };
            let may = needed.contains(&role);
            let refused = refusal(&channel, &method).await;
            assert_eq!(refused == lacking, !may, "{role} at {method}: {refused:?}");
            let Some((service, name)) = method.strip_prefix("/whorl.v1.").and_then(|method| method.split_once('/'))
            else {
                continue;
            };
            let answer = send(&channel, by_json(&http_path(service, name), "{}", None)).await.unwrap();
            assert_eq!(answer.status() == StatusCode::FORBIDDEN, !may, "{role} at {method}: {}", answer.status());
        }
    }
    guarded.serving.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_of_another_authority_or_time_or_none_at_all_are_refused() {
    let guarded = Guarded::start(false).await;
    let ours = &guarded.authority;
    let known = guarded.verifies(ours.client("verify"), None).await.unwrap();
    assert_ne!(known.unwrap().0, Code::Unauthenticated);
    let stranger = guarded.verifies(ours.client("nobody"), None).await.unwrap();
    assert_eq!(stranger, Some((Code::Unauthenticated, "CERTIFICATE_UNKNOWN".to_owned())));

    let theirs = Authority::new("the authority");
    let (certificate, key) = theirs.issue("verify", |_| ());
    let forged = ours.trusting().identity(tonic::transport::Identity::from_pem(certificate, key));
    let past = ours.client_with("verify", |parameters| parameters.not_after = date_time_ymd(2020, 1, 1));
    let future = ours.client_with("verify", |parameters| parameters.not_before = date_time_ymd(2999, 1, 1));
    for (what, tls) in [("forged", forged), ("past", past), ("future", future), ("none", ours.trusting())] {
        let answered = guarded.verifies(tls, None).await;
        assert!(answered.is_err(), "{what}: {answered:?}");
    }
    assert!(guarded.verifies(theirs.client("verify"), None).await.is_err(), "the client does not trust the server");
    let clear = Channel::from_shared(format!("http://{}", guarded.serving.address)).unwrap();
    let clear = clear.connect().await;
    let spoken = match clear {
        Ok(channel) => send(&channel, grpc(VERIFY, EMPTY_MESSAGE, None)).await.is_ok(),
        Err(_) => false,
    };
    assert!(!spoken, "without TLS");
    guarded.serving.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_not_meant_for_us_are_refused_by_grpc_and_by_http() {
    let guarded = Guarded::start(true).await;
    let (issuer, other) = (&guarded.issuer, Issuer::new());
    let with = |claims: Value| issuer.token("station", &claims);
    let good = with(json!({ "roles": ["verify"] }));
    let (head, signature) = good.rsplit_once('.').unwrap();
    let payload = head.split_once('.').unwrap().1;
    let shared = EncodingKey::from_secret(issuer.keys().as_bytes()).unwrap();
    let shared = Issuer::signed("station", &json!({}), Algorithm::HS256, &shared);
    let cases = [
        ("expired", with(json!({ "exp": 1_700_000_000 })), "TOKEN_EXPIRED"),
        ("not yet", with(json!({ "nbf": 32_000_000_000_u64 })), "TOKEN_NOT_YET_VALID"),
        ("audience", with(json!({ "aud": "another" })), "TOKEN_AUDIENCE"),
        ("issuer", with(json!({ "iss": "https://elsewhere.example" })), "TOKEN_ISSUER"),
        // {"alg":"none"}
        ("alg none", format!("eyJhbGciOiJub25lIn0.{payload}."), "TOKEN_MALFORMED"),
        ("alg none, signed", format!("eyJhbGciOiJub25lIn0.{payload}.{signature}"), "TOKEN_MALFORMED"),
        ("public key as secret", shared, "TOKEN_ALGORITHM"),
        ("another's key", other.token("station", &json!({})), "TOKEN_SIGNATURE"),
        ("unsigned", format!("{head}."), "TOKEN_SIGNATURE"),
        ("garbage", "garbage".to_owned(), "TOKEN_MALFORMED"),
        ("long", "x".repeat(20_000), "TOKEN_TOO_LONG"),
    ];
    let channel = guarded.serving.endpoint(guarded.authority.trusting()).connect().await.unwrap();
    for (what, token, expected) in cases {
        let answered = guarded.verifies(guarded.authority.trusting(), Some(&token)).await.unwrap();
        let (code, told) = answered.unwrap();
        assert_eq!(code, Code::Unauthenticated, "{what}: {told}");
        assert_eq!(told, expected, "{what}");
        let by_http = send(&channel, by_json(VERIFY_BY_HTTP, "{}", Some(&token))).await.unwrap();
        assert_eq!(by_http.status(), StatusCode::UNAUTHORIZED, "{what}");
    }
    let nothing = guarded.verifies(guarded.authority.trusting(), None).await.unwrap();
    assert_eq!(nothing, Some((Code::Unauthenticated, "CREDENTIALS_MISSING".to_owned())));
    let believed = guarded.verifies(guarded.authority.trusting(), Some(&good)).await.unwrap();
    assert_ne!(believed.unwrap().0, Code::Unauthenticated);
    guarded.serving.end().await;
}

/// What was logged.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that is done with `sample`, and what is refused, by clients of several roles.
async fn use_all(guarded: &Guarded, sample: &v1::Sample, tokens: &[String; 2]) {
    let samples = || vec![sample.clone()];
    let mut galleries = GalleryServiceClient::new(guarded.of_role(Role::Admin).await);
    galleries.create_gallery(v1::CreateGalleryRequest { name: "nation".to_owned() }).await.unwrap();
    let enrolling = guarded.of_role(Role::Enrol).await;
    EnrolmentServiceClient::new(enrolling.clone()).enrol(enrol("nation", "ada", samples())).await.unwrap();
    let searching = guarded.of_role(Role::Search).await;
    let identify = v1::IdentifyRequest { gallery: "nation".to_owned(), samples: samples(), ..Default::default() };
    let mut identification = IdentificationServiceClient::new(searching.clone());
    identification.identify(identify.clone()).await.unwrap();
    let denied = IdentificationServiceClient::new(enrolling).identify(identify).await.unwrap_err();
    assert_eq!(reason(&denied), "ROLE_MISSING");
    let fetch =
        |with_templates| v1::FetchRequest { gallery: "nation".to_owned(), id: "ada".to_owned(), with_templates };
    let mut looking = EnrolmentServiceClient::new(searching.clone());
    looking.fetch(fetch(false)).await.unwrap();
    assert_eq!(reason(&looking.fetch(fetch(true)).await.unwrap_err()), "ROLE_MISSING");
    let remove = v1::RemoveRequest { gallery: "nation".to_owned(), id: "ada".to_owned() };
    assert_eq!(reason(&looking.remove(remove).await.unwrap_err()), "ROLE_MISSING");
    refusal(&searching, "/whorl.v1.EnrolmentService/Invented").await.unwrap();
    let bare = guarded.serving.endpoint(guarded.authority.trusting()).connect().await.unwrap();
    for token in tokens {
        let claim = v1::VerifyRequest {
            gallery: "nation".to_owned(),
            id: "ada".to_owned(),
            samples: samples(),
            ..v1::VerifyRequest::default()
        };
        let mut claim = Request::new(claim);
        let bearer: MetadataValue<_> = format!("Bearer {token}").parse().unwrap();
        claim.metadata_mut().insert("authorization", bearer);
        // One of the tokens has expired.
        let _ = VerificationServiceClient::new(bare.clone()).verify(claim).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_has_a_line_for_all_that_was_done_or_refused_and_neither_it_nor_the_log_has_a_sample_or_a_token() {
    let written = Written::default();
    let out = written.clone();
    let log = Log { format: LogFormat::Json, level: Level::Trace };
    tracing::subscriber::set_global_default(subscriber(log, move || out.clone())).unwrap();
    let guarded = Guarded::start(true).await;
    let tokens = [
        guarded.issuer.token("station", &json!({ "roles": ["verify"] })),
        guarded.issuer.token("station", &json!({ "roles": ["verify"], "exp": 1_700_000_000 })),
    ];
    let sample = print(1, 1);
    use_all(&guarded, &sample, &tokens).await;
    let folder = guarded.serving.end().await;

    let audit = folder.path().join("whorl-audit");
    assert!(verify(&audit, &[]).unwrap().is_whole());
    let lines = read(&audit, None, Filter::default()).unwrap().map(|line| line.unwrap()).collect::<Vec<_>>();
    let told = lines.iter().map(|line| {
        let method = line.method.strip_prefix("whorl.v1.").unwrap_or(&line.method);
        format!("{} | {method} | {} | {}", line.client, line.references.join(" "), line.outcome)
    });
    let expected = [
        "certificate CN=admin | GalleryService/CreateGallery |  | OK",
        "certificate CN=enrol | EnrolmentService/Enrol | ada | OK",
        "certificate CN=search | IdentificationService/Identify | ada | OK",
        "certificate CN=enrol | IdentificationService/Identify |  | ROLE_MISSING",
        "certificate CN=search | EnrolmentService/Fetch | ada | OK",
        "certificate CN=search | EnrolmentService/Fetch | ada | ROLE_MISSING",
        "certificate CN=search | EnrolmentService/Remove |  | ROLE_MISSING",
        "certificate CN=search | unknown |  | METHOD_UNKNOWN",
        "token station | VerificationService/Verify | ada | OK",
        "unknown | VerificationService/Verify |  | TOKEN_EXPIRED",
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    assert!(lines.iter().all(|line| !line.request.is_empty()));

    let mut all = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert!(all.contains("answered"), "the log was heard");
    for entry in std::fs::read_dir(&audit).unwrap() {
        all += &String::from_utf8(std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
    }
    // As text, base64, hexadecimal digits and numbers.
    assert!(sample.data.starts_with(b"\x89PNG"));
    let sample = ["IHDR", "iVBORw0KGgo", "89504e47", "137, 80, 78, 71"].map(str::to_owned);
    let pieces = tokens.iter().flat_map(|token| token.split('.').skip(1).map(|piece| piece[..20].to_owned()));
    for secret in sample.into_iter().chain(pieces) {
        assert!(!all.contains(&secret), "{secret} was let out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_audits_reads_the_sealed_record_in_pages_and_that_is_recorded_too() {
    let key = tempfile::tempdir().unwrap();
    let master = MasterKey::generate().unwrap();
    master.write_file(&key.path().join("key")).unwrap();
    let changes = format!("[encryption]\nmode = \"journal\"\nmaster_key_file = \"{}/key\"\n", key.path().display());
    let serving = Serving::with(&changes).await;
    let mut galleries = GalleryServiceClient::new(serving.channel().await);
    for name in ["nation", "visitors", "nation"] {
        // The last is refused, which is recorded as well.
        let _ = galleries.create_gallery(v1::CreateGalleryRequest { name: name.to_owned() }).await;
    }
    let mut audit = AuditServiceClient::new(serving.channel().await);
    let asked = |page_size, page_token: &str| v1::ListRecordsRequest {
        gallery: "nation".to_owned(),
        method: "CreateGallery".to_owned(),
        page_size,
        page_token: page_token.to_owned(),
        ..v1::ListRecordsRequest::default()
    };
    let first = audit.list_records(asked(1, "")).await.unwrap().into_inner();
    assert_eq!((first.records.len(), first.records[0].outcome.as_str(), first.sealed), (1, "OK", 0));
    let second = audit.list_records(asked(5, &first.next_page_token)).await.unwrap().into_inner();
    let told = second.records.iter().map(|record| (record.sequence, record.outcome.as_str()));
    assert_eq!(told.collect::<Vec<_>>(), [(3, "GALLERY_EXISTS")]);
    assert!(second.next_page_token.is_empty() && second.damaged == 0);
    for (size, token, text) in [(1_001, "", ""), (1, "elsewhere", ""), (1, "", &*"x".repeat(1_025))] {
        let wrong = v1::ListRecordsRequest { client: text.to_owned(), ..asked(size, token) };
        assert_eq!(reason(&audit.list_records(wrong).await.unwrap_err()), "INVALID_ARGUMENT");
    }
    let of_itself = v1::ListRecordsRequest { method: "ListRecords".to_owned(), ..v1::ListRecordsRequest::default() };
    let of_itself = audit.list_records(of_itself).await.unwrap().into_inner().records;
    assert_eq!((of_itself.len(), of_itself[0].gallery.as_str()), (5, "nation"));
    let channel = serving.channel().await;
    let by_http = send(&channel, by_json(&http_path("AuditService", "ListRecords"), "{}", None)).await.unwrap();
    assert_eq!(by_http.status(), StatusCode::OK);

    let folder = serving.end().await;
    let record = folder.path().join("whorl-audit");
    assert!(verify(&record, &[]).unwrap().is_whole());
    let mut without_key = read(&record, None, Filter::default()).unwrap();
    assert_eq!((without_key.by_ref().count(), without_key.unread().sealed), (0, 10));
    let with_key = read(&record, Some(&master), Filter::default()).unwrap();
    assert!(with_key.map(|line| line.unwrap()).all(|line| line.client == "anonymous"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_replaced_while_the_server_serves_is_shown_to_new_connections() {
    let guarded = Guarded::start(false).await;
    let verifying = guarded.of_role(Role::Verify).await;
    let (folder, next) = (guarded.serving.folder.path(), Authority::new("the next authority"));
    assert!(guarded.verifies(next.client("verify"), None).await.is_err());
    // A key without its certificate fits nothing: the old ones stay in use.
    std::fs::write(folder.join("server.key"), next.issue("server", |_| ()).1).unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(guarded.verifies(guarded.authority.client("verify"), None).await.is_ok());
    next.write(folder);
    let began = Instant::now();
    while guarded.verifies(next.client("verify"), None).await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(30), "they are never read again");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(guarded.verifies(guarded.authority.client("verify"), None).await.is_err(), "its authority is another now");
    assert!(refusal(&verifying, VERIFY).await.is_some(), "who is connected stays so");
    guarded.serving.end().await;
}
