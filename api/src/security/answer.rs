//! A refusal as a client sees it: a status of gRPC, or a problem in JSON (RFC 9457).

use std::collections::HashMap;
use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};
use serde_json::json;
use tonic::Status;
use tonic::body::Body;
use tonic_types::{ErrorDetails, StatusExt};

use super::refusal::Refusal;

/// Whose reasons ours are.
pub(super) const DOMAIN: &str = "whorl";

impl From<&Refusal> for Status {
    fn from(refusal: &Refusal) -> Self {
        let mut details = ErrorDetails::with_error_info(refusal.reason(), DOMAIN, HashMap::<String, String>::new());
        if let Some(wait) = refusal.wait() {
            details.set_retry_info(Some(wait));
        }
        Self::with_error_details(refusal.code(), refusal.to_string(), details)
    }
}

/// The answer to a request of gRPC.
pub(super) fn grpc(refusal: &Refusal) -> Response<Body> {
    Status::from(refusal).into_http()
}

/// The answer to any other request.
pub(super) fn http(refusal: &Refusal) -> Response<Body> {
    let status = refusal.status();
    let problem = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": refusal.to_string(),
        "code": refusal.code() as i32,
        "reason": refusal.reason(),
        "domain": DOMAIN,
    });
    let mut response = Response::new(Body::new(axum::body::Body::from(problem.to_string())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge(refusal)));
    }
    if let Some(wait) = refusal.wait() {
        headers.insert(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
    }
    response
}

/// What to send, as RFC 6750 says it.
fn challenge(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Token(_) => "Bearer realm=\"whorl\", error=\"invalid_token\"",
        Refusal::Unnamed
        | Refusal::TokensNotTaken
        | Refusal::Certificate(_)
        | Refusal::RoleMissing { .. }
        | Refusal::UnknownMethod
        | Refusal::OverLimit(_) => "Bearer realm=\"whorl\"",
    }
}

/// Rounded up: who comes after so many seconds is taken.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
