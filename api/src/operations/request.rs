//! The name of each request, by which its lines in the log, its entry in the audit and its answer are found again.

use std::fmt::{Display, Formatter};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

/// The header in which a client may name his request, and in which every answer names it.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest name that a client may give.
const MAX_LETTERS: usize = 64;

/// The longest path that is logged; those of the API are shorter.
const MAX_PATH_LETTERS: usize = 100;

/// What a request is called: 1 to 64 letters, digits, hyphens, dots and underscores.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(String);

/// Where names come from.
#[derive(Debug)]
pub struct RequestIds {
    /// Tells the runs of a server apart.
    run: u64,
    next: AtomicU64,
}

impl RequestId {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for RequestId {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Default for RequestIds {
    fn default() -> Self {
        // The seed of the standard library's maps is the system's randomness; a name is no secret, it is only to differ.
        Self { run: RandomState::new().hash_one(0), next: AtomicU64::new(1) }
    }
}

impl RequestIds {
    /// What the client calls it where that is a name, else another one.
    fn of(&self, headers: &HeaderMap) -> RequestId {
        let named = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|name| is_name(name));
        let name = named.map(str::to_owned);
        RequestId(name.unwrap_or_else(|| format!("{:016x}-{:x}", self.run, self.next.fetch_add(1, Ordering::Relaxed))))
    }
}

fn is_name(text: &str) -> bool {
    (1..=MAX_LETTERS).contains(&text.len())
        && text.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-._".contains(&letter))
}

/// Names every request, for [`axum::middleware::from_fn_with_state`]: the name is among the request's extensions, in every line that is
/// logged meanwhile, and in the answer's header. The head of each answer is logged in a line.
pub async fn name_requests(State(ids): State<Arc<RequestIds>>, mut request: Request, next: Next) -> Response {
    let id = ids.of(request.headers());
    let path: String = request.uri().path().chars().take(MAX_PATH_LETTERS).collect();
    let span = tracing::info_span!("request", %id);
    let named = HeaderValue::from_str(id.as_str());
    request.extensions_mut().insert(id);
    answer(request, next, path, named.ok()).instrument(span).await
}

async fn answer(request: Request, next: Next, path: String, named: Option<HeaderValue>) -> Response {
    let began = Instant::now();
    let mut response = next.run(request).await;
    let status = response.status().as_u16();
    let grpc = response.headers().get("grpc-status").and_then(|code| code.to_str().ok()).unwrap_or_default();
    tracing::info!(path, status, grpc, ms = began.elapsed().as_millis() as u64, "answered");
    if let Some(named) = named {
        response.headers_mut().insert(REQUEST_ID, named);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use axum::{Extension, Router, middleware};
    use tower::ServiceExt;

    use super::super::log::subscriber;
    use super::super::log::tests::Written;
    use super::*;
    use crate::config::{Level, Log, LogFormat};

    async fn ask(named: Option<&str>) -> (String, String) {
        let handler = |Extension(id): Extension<RequestId>| async move {
            tracing::warn!("inside");
            id.to_string()
        };
        let layer = middleware::from_fn_with_state(Arc::new(RequestIds::default()), name_requests);
        let app = Router::new().route("/x", get(handler)).layer(layer);
        let mut request = Request::get("/x").body(Body::empty()).unwrap();
        if let Some(named) = named {
            request.headers_mut().insert(REQUEST_ID, named.parse().unwrap());
        }
        let response = app.oneshot(request).await.unwrap();
        let header = response.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        (header, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_request_keeps_the_name_that_it_was_given() {
        assert_eq!(ask(Some("mine-1")).await, ("mine-1".to_owned(), "mine-1".to_owned()));
    }

    #[tokio::test]
    async fn a_request_without_a_proper_name_is_given_one() {
        for named in [None, Some(""), Some("two words"), Some(&*"x".repeat(65)), Some("\"quoted\"")] {
            let (header, seen) = ask(named).await;
            assert!(header == seen && is_name(&header) && Some(&*header) != named, "{named:?} became {header}");
        }
    }

    #[test]
    fn every_line_that_is_logged_meanwhile_has_the_name() {
        let written = Written::default();
        let out = written.clone();
        let log = Log { format: LogFormat::Json, level: Level::Info };
        tracing::subscriber::with_default(subscriber(log, move || out.clone()), || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(ask(Some("mine-2")));
        });
        let text = written.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines.iter().all(|line| line.contains("\"id\":\"mine-2\"")), "{text}");
        assert!(lines[1].contains("\"path\":\"/x\",\"status\":200"), "{text}");
    }
}
