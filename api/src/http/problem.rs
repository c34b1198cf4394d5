//! A status of gRPC as a status of HTTP and a problem of RFC 9457.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::operations::metrics::code_name;

/// The type of a problem's body.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What nginx says where a client closed his request; the standard has no status for it.
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// The status of HTTP for a code of gRPC, as `google/rpc/code.proto` pairs them.
#[must_use]
pub fn http_status(code: Code) -> StatusCode {
    match code {
        Code::Ok => StatusCode::OK,
        Code::Cancelled => StatusCode::from_u16(CLIENT_CLOSED_REQUEST).unwrap_or(StatusCode::BAD_REQUEST),
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted => StatusCode::CONFLICT,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The answer that says `status`. Layers above the gateway, which find out who a client is, answer by it too.
#[must_use]
pub fn response(status: &Status) -> Response {
    with_status(http_status(status.code()), status)
}

/// The answer that says `status` under another status of HTTP than the usual.
#[must_use]
pub fn with_status(http: StatusCode, status: &Status) -> Response {
    let body = described(http, status).to_string();
    let mut response = (http, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
    if let Some(delay) = status.get_details_retry_info().and_then(|info| info.retry_delay) {
        // Whole seconds, and never earlier than was said.
        let seconds = delay.as_secs() + u64::from(delay.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if http == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// The problem that says `status`.
pub(super) fn body(status: &Status) -> Value {
    described(http_status(status.code()), status)
}

fn described(http: StatusCode, status: &Status) -> Value {
    let title = http.canonical_reason().unwrap_or("Client Closed Request");
    let mut problem = json!({
        "type": "about:blank",
        "title": title,
        "status": http.as_u16(),
        "detail": status.message(),
        "code": code_name(status.code()),
    });
    if let Some(info) = status.get_details_error_info() {
        problem["reason"] = info.reason.into();
        let metadata = info.metadata.into_iter().map(|(key, value)| (key, Value::from(value)));
        problem["metadata"] = Value::Object(metadata.collect());
    }
    if let Some(request) = status.get_details_bad_request() {
        let violations = request.field_violations.into_iter();
        problem["violations"] =
            violations.map(|found| json!({ "field": found.field, "description": found.description })).collect();
    }
    problem
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tonic_types::ErrorDetails;

    use super::*;

    async fn told(status: &Status) -> (u16, Value, Response) {
        let (parts, body) = response(status).into_parts();
        let bytes = axum::body::to_bytes(body, 10_000).await.unwrap();
        let problem = serde_json::from_slice(&bytes).unwrap();
        (parts.status.as_u16(), problem, Response::from_parts(parts, axum::body::Body::empty()))
    }

    #[tokio::test]
    async fn a_status_is_a_problem_with_its_reason() {
        let mut details =
            ErrorDetails::with_error_info("ALREADY_ENROLLED", "whorl", [("id".to_owned(), "A-1".to_owned())]);
        details.set_retry_info(Some(Duration::from_millis(1200)));
        details.add_bad_request_violation("id", "is taken");
        let (http, problem, answer) =
            told(&Status::with_error_details(Code::AlreadyExists, "A-1 is enrolled", details)).await;
        assert_eq!(http, 409);
        assert_eq!(
            problem,
            json!({
                "type": "about:blank",
                "title": "Conflict",
                "status": 409,
                "detail": "A-1 is enrolled",
                "code": "ALREADY_EXISTS",
                "reason": "ALREADY_ENROLLED",
                "metadata": { "id": "A-1" },
                "violations": [{ "field": "id", "description": "is taken" }],
            })
        );
        assert_eq!(answer.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
        assert_eq!(answer.headers()[header::RETRY_AFTER], "2");
    }

    #[tokio::test]
    async fn a_status_without_details_is_a_problem_too() {
        let (http, problem, answer) = told(&Status::unauthenticated("say who you are")).await;
        assert_eq!((http, &problem["detail"], &problem["reason"]), (401, &"say who you are".into(), &Value::Null));
        assert_eq!(answer.headers()[header::WWW_AUTHENTICATE], "Bearer");
        assert_eq!(told(&Status::cancelled("gone")).await.0, 499);
    }
}
