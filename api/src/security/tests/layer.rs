//! Requests that pass, and all those that do not.

use std::borrow::Cow;
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use tempfile::TempDir;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Identity, Server};
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt;
use tower::{Layer, Service, ServiceExt, service_fn};

use super::authority::{Authority, write};
use super::issuer::{Signer, claims, settings, write_keys};
use crate::incoming::{Bounds, Incoming};
use crate::security::{
    Authentication, Authenticator, CertificateClient, Client, ClientCertificates, KeySource, LimitSettings, Limits,
    MethodOf, PeerCertificates, Refused, Renewal, Role, Roles, SecurityLayer, Settings, TlsSettings,
};

const ENROL: &str = "/whorl.v1.EnrolmentService/Enrol";
const VERIFY: &str = "/whorl.v1.VerificationService/Verify";

/// The path is the method's, as for servers that speak gRPC only.
fn as_grpc(_method: &Method, path: &str) -> Option<Cow<'static, str>> {
    path.starts_with('/').then(|| Cow::Owned(path.to_owned()))
}

struct Setup {
    folder: TempDir,
    signer: Signer,
    authority: Authority,
    settings: Settings,
}

/// Tokens of a signer are taken, and the certificate `station-7`, which may verify.
fn setup() -> Setup {
    let folder = tempfile::tempdir().unwrap();
    let (signer, authority) = (Signer::es256("a"), Authority::new("clients"));
    let server = authority.issue("server");
    let tls = TlsSettings {
        certificate: write(folder.path(), "server.pem", &server.certificate),
        key: write(folder.path(), "server.key", &server.key),
        client_authority: Some(write(folder.path(), "authority.pem", &authority.pem())),
        client_certificates: ClientCertificates::Optional,
    };
    let station =
        CertificateClient { certificate: "CN=station-7".parse().unwrap(), roles: Roles::from_iter([Role::Verify]) };
    let settings = Settings {
        tls: Some(tls),
        tokens: Some(settings(KeySource::File(write_keys(folder.path(), &[&signer])))),
        clients: vec![station],
        ..Settings::default()
    };
    Setup { folder, signer, authority, settings }
}

impl Setup {
    fn layer(&self, method_of: MethodOf) -> SecurityLayer {
        let authenticator = Authenticator::open(&self.settings).unwrap();
        SecurityLayer::new(authenticator, Limits::new(self.settings.limits.clone()), false, method_of)
    }

    fn bearer(&self, roles: &[Role]) -> String {
        let roles: Vec<_> = roles.iter().map(|role| role.name()).collect();
        format!("Bearer {}", self.signer.token(&claims(&json!({ "roles": roles }))))
    }
}

/// Answers with the name of the client, and fails where the token is still there.
async fn handler(request: Request<tonic::body::Body>) -> Result<Response<Body>, Infallible> {
    assert!(!request.headers().contains_key(AUTHORIZATION), "a handler must not see tokens");
    let client = request.extensions().get::<Client>().map_or("nobody".to_owned(), ToString::to_string);
    Ok(Response::new(Body::from(client)))
}

fn request(path: &str, bearer: Option<&str>) -> Request<Body> {
    let mut request = Request::post(path).header(CONTENT_TYPE, "application/grpc+proto").body(Body::empty()).unwrap();
    if let Some(bearer) = bearer {
        request.headers_mut().insert(AUTHORIZATION, bearer.parse().unwrap());
    }
    request
}

async fn ask(layer: &SecurityLayer, request: Request<Body>) -> Response<tonic::body::Body> {
    layer.layer(service_fn(handler)).oneshot(request).await.unwrap()
}

async fn text(response: Response<tonic::body::Body>) -> String {
    let bytes = axum::body::to_bytes(Body::new(response.into_body()), 1 << 16).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The code and the reason of a refusal; none where the request passed.
fn refusal(headers: &HeaderMap) -> Option<(Code, String)> {
    let status = Status::from_header_map(headers)?;
    let details = status.get_details_error_info().expect("every refusal has a reason");
    assert_eq!(details.domain, "whorl");
    Some((status.code(), details.reason))
}

async fn refused(layer: &SecurityLayer, request: Request<Body>) -> Option<(Code, String)> {
    refusal(ask(layer, request).await.headers())
}

#[tokio::test]
async fn each_role_opens_its_methods_and_no_others() {
    let setup = setup();
    let layer = setup.layer(as_grpc);
    let opens = [
        (ENROL, &[Role::Enrol][..]),
        ("/whorl.v1.EnrolmentService/Fetch", &[Role::Search]),
        ("/whorl.v1.IdentificationService/Identify", &[Role::Search]),
        (VERIFY, &[Role::Verify]),
        ("/whorl.v1.GalleryService/ExportGallery", &[Role::Admin]),
        ("/whorl.v1.DeduplicationService/ListPairs", &[Role::Admin, Role::Adjudicate]),
        ("/whorl.v1.ExtractionService/Assess", &[Role::Enrol, Role::Search, Role::Verify]),
    ];
    for (path, needed) in opens {
        for role in Role::ALL {
            let found = refused(&layer, request(path, Some(&setup.bearer(&[role])))).await;
            let expected = (!needed.contains(&role)).then(|| (Code::PermissionDenied, "ROLE_MISSING".to_owned()));
            assert_eq!(found, expected, "{role} at {path}");
        }
        let nothing = refused(&layer, request(path, Some(&setup.bearer(&[])))).await;
        assert_eq!(nothing, Some((Code::PermissionDenied, "ROLE_MISSING".to_owned())), "{path}");
    }
}

#[tokio::test]
async fn who_is_not_known_is_refused_with_a_reason() {
    let setup = setup();
    let layer = setup.layer(as_grpc);
    let expired = format!("Bearer {}", setup.signer.token(&claims(&json!({ "exp": 1 }))));
    let good = setup.bearer(&[Role::Enrol]);
    let cases = [
        (None, "CREDENTIALS_MISSING"),
        (Some(expired.as_str()), "TOKEN_EXPIRED"),
        (Some("Basic c2VjcmV0"), "TOKEN_MALFORMED"),
        (Some("Bearer "), "TOKEN_MALFORMED"),
        (Some("Bearer a.b.c"), "TOKEN_MALFORMED"),
    ];
    for (bearer, reason) in cases {
        let found = refused(&layer, request(ENROL, bearer)).await;
        assert_eq!(found, Some((Code::Unauthenticated, reason.to_owned())), "{bearer:?}");
    }
    let mut twice = request(ENROL, Some(&good));
    twice.headers_mut().append(AUTHORIZATION, good.parse().unwrap());
    assert_eq!(refused(&layer, twice).await, Some((Code::Unauthenticated, "TOKEN_MALFORMED".to_owned())));
    let unknown = refused(&layer, request("/whorl.v1.EnrolmentService/Nothing", Some(&good))).await;
    assert_eq!(unknown, Some((Code::Unimplemented, "METHOD_UNKNOWN".to_owned())));
    let reflection = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    assert_eq!(refused(&layer, request(reflection, Some(&good))).await.unwrap().1, "METHOD_UNKNOWN");
    let health = ask(&layer, request("/grpc.health.v1.Health/Check", None)).await;
    assert_eq!(text(health).await, "nobody");
}

#[tokio::test]
async fn handlers_learn_who_asks() {
    let setup = setup();
    let layer = setup.layer(as_grpc);
    let by_token = ask(&layer, request(ENROL, Some(&setup.bearer(&[Role::Enrol])))).await;
    assert_eq!(text(by_token).await, "token station-7");
    let shown = |name| {
        let issued = setup.authority.issue(name);
        let certificate = CertificateDer::from_pem_slice(issued.certificate.as_bytes()).unwrap();
        PeerCertificates(Arc::new(vec![certificate]))
    };
    let mut with_both = request(VERIFY, Some(&setup.bearer(&[Role::Admin])));
    with_both.extensions_mut().insert(shown("station-7"));
    assert_eq!(text(ask(&layer, with_both).await).await, "certificate CN=station-7");
    let mut stranger = request(VERIFY, None);
    stranger.extensions_mut().insert(shown("station-8"));
    assert_eq!(refused(&layer, stranger).await.unwrap().1, "CERTIFICATE_UNKNOWN");
    let mut stranger = request(VERIFY, Some(&setup.bearer(&[Role::Verify])));
    stranger.extensions_mut().insert(shown("station-8"));
    assert_eq!(text(ask(&layer, stranger).await).await, "token station-7");
}

#[tokio::test]
async fn where_nobody_must_say_who_he_is_everybody_may_do_everything_that_there_is() {
    let mut setup = setup();
    setup.settings = Settings { authentication: Authentication::None, ..Settings::default() };
    let layer = setup.layer(as_grpc);
    assert_eq!(text(ask(&layer, request(ENROL, Some("Bearer rubbish"))).await).await, "anonymous");
    assert_eq!(refused(&layer, request("/nothing", None)).await.unwrap().0, Code::Unimplemented);
}

#[tokio::test]
async fn a_request_is_under_way_until_its_answer_was_sent() {
    let mut setup = setup();
    let some = |count| NonZeroU32::new(count).unwrap();
    setup.settings.limits = LimitSettings {
        concurrent_requests: some(1),
        burst: some(4),
        requests_per_second: some(1),
        ..LimitSettings::default()
    };
    let layer = setup.layer(as_grpc);
    let bearer = setup.bearer(&[Role::Enrol]);
    let unsent = ask(&layer, request(ENROL, Some(&bearer))).await;
    let second = ask(&layer, request(ENROL, Some(&bearer))).await;
    assert_eq!(refusal(second.headers()), Some((Code::ResourceExhausted, "CONCURRENCY_LIMITED".to_owned())));
    let status = Status::from_header_map(second.headers()).unwrap();
    assert!(status.get_details_retry_info().unwrap().retry_delay.is_some());
    assert_eq!(text(unsent).await, "token station-7");
    assert_eq!(refused(&layer, request(ENROL, Some(&bearer))).await, None);
    assert_eq!(refused(&layer, request(VERIFY, Some(&bearer))).await.unwrap().1, "ROLE_MISSING");
    assert_eq!(refused(&layer, request(ENROL, Some(&bearer))).await.unwrap().1, "RATE_LIMITED");
}

fn gateway(method: &Method, path: &str) -> Option<Cow<'static, str>> {
    (method == Method::POST && path == "/v1/enrolment/enrol").then_some(Cow::Borrowed(ENROL))
}

#[tokio::test]
async fn requests_of_the_gateway_are_answered_in_json() {
    let mut setup = setup();
    setup.settings.limits.burst = NonZeroU32::MIN;
    // However busy the machine is, the second request comes before another is due.
    setup.settings.limits.requests_per_second = NonZeroU32::MIN;
    let layer = setup.layer(gateway);
    let ask_json = async |path: &str, bearer: Option<&str>| {
        let mut request = request(path, bearer);
        request.headers_mut().insert(CONTENT_TYPE, "application/json".parse().unwrap());
        let response = ask(&layer, request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        (status, headers, text(response).await)
    };
    let (status, headers, body) = ask_json("/v1/enrolment/enrol", None).await;
    let problem: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &problem["reason"]), (StatusCode::UNAUTHORIZED, &json!("CREDENTIALS_MISSING")));
    assert_eq!(headers["www-authenticate"], "Bearer realm=\"whorl\"");
    assert_eq!(headers["content-type"], "application/problem+json");
    let (status, ..) = ask_json("/v1/enrolment/enrol", Some(&setup.bearer(&[Role::Audit]))).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, headers, _) = ask_json("/v1/enrolment/enrol", Some(&setup.bearer(&[Role::Enrol]))).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(headers["retry-after"], "1");
    let (status, ..) = ask_json("/v2", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "who is not known does not learn what there is");
}

#[tokio::test]
async fn an_answer_says_inside_the_server_who_was_refused() {
    let setup = setup();
    let layer = setup.layer(as_grpc);
    let of =
        async |bearer: Option<&str>| ask(&layer, request(VERIFY, bearer)).await.extensions().get::<Refused>().cloned();
    let known = of(Some(&setup.bearer(&[Role::Enrol]))).await.unwrap();
    assert_eq!(known.client.unwrap().to_string(), "token station-7");
    assert_eq!(known.refusal.reason(), "ROLE_MISSING");
    assert!(of(None).await.unwrap().client.is_none());
    assert!(of(Some(&setup.bearer(&[Role::Verify]))).await.is_none());
}

fn as_verify(method: &Method, _path: &str) -> Option<Cow<'static, str>> {
    (method == Method::POST).then_some(Cow::Borrowed(VERIFY))
}

#[tokio::test]
async fn over_a_real_connection_a_certificate_says_who_one_is() {
    let setup = setup();
    let tls = setup.settings.tls.clone().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_reporter, health) = tonic_health::server::health_reporter();
    let patience = Duration::from_secs(30);
    let bounds = Bounds { connections: 8, handshake: patience, opening: patience, silence: patience };
    let (incoming, _) = Incoming::new(listener, Some(Arc::new(Renewal::open(tls).unwrap().0)), bounds);
    let server = Server::builder().layer(setup.layer(as_verify)).add_service(health);
    tokio::spawn(server.serve_with_incoming(incoming));
    let connect = async |shown: Option<&str>| {
        let trusted = ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(setup.authority.pem()))
            .domain_name("localhost");
        let config = match shown {
            None => trusted,
            Some(name) => {
                let issued = setup.authority.issue(name);
                trusted.identity(Identity::from_pem(issued.certificate, issued.key))
            }
        };
        let endpoint = Channel::from_shared(format!("https://{address}")).unwrap().tls_config(config).unwrap();
        let mut client = HealthClient::new(endpoint.connect().await.unwrap());
        client.check(HealthCheckRequest::default()).await.map(|_| ()).map_err(|status| status.code())
    };
    assert_eq!(connect(Some("station-7")).await, Ok(()));
    assert_eq!(connect(Some("station-8")).await, Err(Code::Unauthenticated));
    assert_eq!(connect(None).await, Err(Code::Unauthenticated));
    drop(setup.folder);
}

#[tokio::test]
async fn nothing_that_is_printed_holds_a_secret() {
    let setup = setup();
    let mut secured = setup.layer(as_grpc).layer(service_fn(handler));
    let bearer = setup.bearer(&[Role::Enrol]);
    let ready: &mut _ = ServiceExt::<Request<Body>>::ready(&mut secured).await.unwrap();
    let response = Service::call(ready, request(VERIFY, Some(&bearer))).await.unwrap();
    let key = std::fs::read_to_string(setup.folder.path().join("server.key")).unwrap();
    let printed =
        format!("{:?} {:?} {:?} {:?}", setup.settings, setup.layer(as_grpc), response.headers(), response.body());
    for secret in [&bearer["Bearer ".len()..], key.lines().nth(1).unwrap()] {
        assert!(!printed.contains(secret));
    }
}
