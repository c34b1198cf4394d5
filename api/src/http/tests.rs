//! The gateway before services that are small and real enough: they answer, stream, fail and are slow.

mod served;
mod wire;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::descriptors::Api;
use super::*;
use served::{Served, Who};

const LIMITS: Limits = Limits { max_message_bytes: 3 << 20, timeout: Duration::from_secs(5) };

/// An answer, read to its end.
struct Answer {
    status: u16,
    kind: String,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn lines(&self) -> Vec<Value> {
        self.text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }
}

fn gateway() -> Router {
    let served = Arc::new(Served);
    Gateway::new(LIMITS)
        .enrolment(Arc::clone(&served))
        .identification(Arc::clone(&served))
        .verification(Arc::clone(&served))
        .extraction(Arc::clone(&served))
        .galleries(Arc::clone(&served))
        .deduplication(Arc::clone(&served))
        .audit(served)
        .identity(&identity())
        .status_lists(&identity())
        .into_router()
}

/// Services of a server without the identity layer, each method of which says so.
fn identity() -> Arc<crate::identity::Services> {
    let folder = tempfile::tempdir().unwrap();
    let engine = Arc::new(whorl_service::Engine::new(1).unwrap());
    let galleries = whorl_service::galleries::Galleries::open(
        folder.path(),
        Arc::clone(&engine),
        whorl_service::desk::Gathering::default(),
        None,
    );
    let policy = crate::workplace::Policy::default();
    let workplace =
        crate::workplace::Workplace::new(engine, Arc::new(galleries.unwrap()), policy, std::num::NonZeroUsize::MIN);
    Arc::new(crate::identity::Services::new(Arc::new(workplace)))
}

async fn send(request: Request<Body>) -> Answer {
    let response = gateway().oneshot(request).await.unwrap();
    let kind = response.headers().get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 16 << 20).await.unwrap();
    Answer { status, kind: kind.unwrap_or_default(), text: String::from_utf8(bytes.to_vec()).unwrap() }
}

fn request(path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path).header(header::CONTENT_TYPE, kind).body(body.into()).unwrap()
}

async fn post(path: &str, body: &Value) -> Answer {
    send(request(path, json::JSON, body.to_string())).await
}

#[tokio::test]
async fn a_message_goes_in_and_one_comes_out() {
    let enrol = json!({ "gallery": "national", "id": "A-1", "samples": [{ "data": "QUJD", "position": "POSITION_LEFT_THUMB" }] });
    let answer = post("/v1/enrolment/enrol", &enrol).await;
    assert_eq!((answer.status, answer.kind.as_str()), (200, json::JSON), "{}", answer.text);
    assert_eq!(answer.json(), json!({ "outcome": "ENROL_OUTCOME_ENROLLED", "sequence": "3", "templates": 1 }));
}

#[tokio::test]
async fn every_method_of_every_service_is_routed_as_it_streams() {
    for method in Api::compiled_in().services.iter().flat_map(|service| &service.methods) {
        let kind = if method.takes_stream { json::JSON_LINES } else { json::JSON };
        let answer = send(request(&method.path, kind, "{}")).await;
        assert!([200, 501].contains(&answer.status), "{}: {} {}", method.path, answer.status, answer.text);
        if answer.status == 200 {
            assert_eq!(answer.kind == json::JSON_LINES, method.gives_stream, "{}", method.path);
        }
    }
}

#[tokio::test]
async fn a_status_becomes_a_problem_with_its_reason() {
    let answer = post("/v1/enrolment/enrol", &json!({ "id": "taken" })).await;
    assert_eq!((answer.status, answer.kind.as_str()), (409, problem::PROBLEM_JSON));
    assert_eq!(
        (&answer.json()["code"], &answer.json()["reason"]),
        (&"ALREADY_EXISTS".into(), &"ALREADY_ENROLLED".into())
    );
}

#[tokio::test]
async fn extensions_and_deadlines_are_handed_on() {
    let mut request = request("/v1/enrolment/remove", json::JSON, "{}");
    request.extensions_mut().insert(Who("somebody"));
    request.headers_mut().insert(REQUEST_TIMEOUT_MS, "1500".parse().unwrap());
    let answer = send(request).await;
    assert_eq!(answer.json()["detail"], "somebody has 1500000u", "{}", answer.text);
}

#[tokio::test]
async fn a_call_is_given_up_when_its_deadline_passes() {
    for name in ["request-timeout-ms", "grpc-timeout"] {
        let mut request = request("/v1/enrolment/enrol", json::JSON, "{\"id\":\"slow\"}");
        let value = if name == "grpc-timeout" { "20m" } else { "20" };
        request.headers_mut().insert(name, value.parse().unwrap());
        let answer = send(request).await;
        assert_eq!((answer.status, &answer.json()["code"]), (504, &"DEADLINE_EXCEEDED".into()));
    }
    let mut unclear = request("/v1/enrolment/enrol", json::JSON, "{}");
    unclear.headers_mut().insert(REQUEST_TIMEOUT_MS, "soon".parse().unwrap());
    assert_eq!(send(unclear).await.status, 400);
}

#[tokio::test]
async fn lines_go_in_and_lines_come_out() {
    let body = "{\"enrol\":{\"id\":\"a\"}}\n{\"enrol\":{\"id\":\"taken\"}}\n{\"enrol\":{\"id\":\"b\"}}\n";
    let answer = send(request("/v1/enrolment/enrol-many", json::JSON_LINES, body)).await;
    assert_eq!((answer.status, answer.kind.as_str()), (200, json::JSON_LINES));
    let lines = answer.lines();
    let ids: Vec<&Value> = lines.iter().map(|line| &line["id"]).collect();
    assert_eq!(ids, ["a", "taken", "b"]);
    assert_eq!(lines[1]["problem"]["reason"], "ALREADY_ENROLLED");
    assert_eq!(lines[2]["number"], "2");
}

#[tokio::test]
async fn a_line_that_is_wrong_ends_the_answer_with_an_error() {
    let body = "{\"enrol\":{\"id\":\"a\"}}\nnonsense\n{\"enrol\":{\"id\":\"b\"}}\n";
    let answer = send(request("/v1/enrolment/enrol-many", json::JSON_LINES, body)).await;
    let lines = answer.lines();
    assert_eq!(lines.len(), 2, "{}", answer.text);
    assert_eq!(lines[1]["error"]["code"], "INVALID_ARGUMENT");
    assert!(lines[1]["error"]["detail"].as_str().unwrap().starts_with("message 2: "), "{}", answer.text);
}

#[tokio::test]
async fn a_stream_that_fails_ends_with_an_error() {
    let answer = post("/v1/identification/identify-stream", &json!({ "identify": { "gallery": "national" } })).await;
    let lines = answer.lines();
    assert_eq!((answer.status, lines.len()), (200, 2), "{}", answer.text);
    assert_eq!(lines[0]["candidate"]["id"], "A-1");
    assert_eq!(lines[1]["error"]["status"], 503);
}

#[test]
fn no_streamed_message_has_a_field_that_is_called_as_the_error_at_its_end() {
    let api = Api::compiled_in();
    for method in api.services.iter().flat_map(|service| &service.methods).filter(|method| method.gives_stream) {
        let fields = &api.messages[&method.gives].fields;
        assert!(fields.iter().all(|field| field.name != "error"), "{}", method.gives);
    }
}

#[tokio::test]
async fn a_body_that_is_not_said_to_be_json_is_refused() {
    for kind in ["text/plain", "", "application/x-www-form-urlencoded", json::JSON_LINES] {
        assert_eq!(send(request("/v1/enrolment/enrol", kind, "{}")).await.status, 415, "{kind}");
    }
    assert_eq!(send(request("/v1/enrolment/enrol", "Application/JSON; charset=utf-8", "{}")).await.status, 200);
    assert_eq!(send(request("/v1/enrolment/enrol-many", json::JSON, "{}")).await.status, 415);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whether_it_says_so_or_not() {
    let large = format!("{{\"samples\":[{{\"data\":\"{}\"}}]}}", "A".repeat(5 << 20));
    let pieces = large.as_bytes().chunks(1 << 20).map(|piece| Ok::<_, Status>(piece.to_vec())).collect::<Vec<_>>();
    for body in [Body::from(large.clone()), Body::from_stream(tokio_stream::iter(pieces))] {
        let answer = send(request("/v1/enrolment/enrol", json::JSON, body)).await;
        assert_eq!((answer.status, &answer.json()["code"]), (413, &"RESOURCE_EXHAUSTED".into()));
    }
    let line = send(request("/v1/enrolment/enrol-many", json::JSON_LINES, large)).await;
    assert_eq!(line.lines()[0]["error"]["code"], "RESOURCE_EXHAUSTED");
    let fits = format!("{{\"samples\":[{{\"data\":\"{}\"}}]}}", "A".repeat(4 << 20));
    assert_eq!(send(request("/v1/enrolment/enrol", json::JSON, fits)).await.status, 200);
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_as_well() {
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    for (request, status) in [
        (request("/v1/enrolment/forget", json::JSON, "{}"), 404),
        (request("/v1/nothing", json::JSON, "{}"), 404),
        (get("/v1/enrolment/enrol"), 405),
        (get("/v1/enrolment/Enrol"), 404),
    ] {
        let path = request.uri().path().to_owned();
        let answer = send(request).await;
        assert_eq!((answer.status, answer.kind.as_str()), (status, problem::PROBLEM_JSON), "{path}");
    }
}

#[tokio::test]
async fn the_page_and_the_description_are_there() {
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let page = send(get("/")).await;
    assert!(page.status == 200 && page.kind.starts_with("text/html") && page.text.starts_with("<!doctype html>"));
    let description = send(get("/openapi.json")).await;
    assert_eq!((description.kind.as_str(), &description.json()["openapi"]), (json::JSON, &"3.1.0".into()));
}

#[tokio::test]
async fn the_router_can_stand_beside_one_that_has_a_fallback() {
    let both = gateway().merge(Router::new().fallback(|| async { StatusCode::IM_A_TEAPOT }));
    let request = Request::get("/other").body(Body::empty()).unwrap();
    assert_eq!(both.oneshot(request).await.unwrap().status(), StatusCode::IM_A_TEAPOT);
}
