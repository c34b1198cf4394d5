//! Whether the server lives, whether it is ready, and its metrics: a listener of its own, which asks nobody who he is and tells
//! nothing of persons.

use std::fmt::{Debug, Formatter};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::task;
use tokio::time::timeout;

use super::metrics::Metrics;

/// How long checks may take together; a disk that does not answer within is no ready one.
const CHECKS_TIMEOUT: Duration = Duration::from_secs(5);

type Check = Box<dyn Fn() -> Result<(), String> + Send + Sync>;

/// What must be so that the server can serve. The server feeds it.
#[derive(Default)]
pub struct Readiness {
    galleries_open: AtomicBool,
    draining: AtomicBool,
    checks: Vec<(&'static str, Check)>,
}

/// Why the server is not ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What it is about, a word for programs.
    pub what: &'static str,
    /// What is wrong and what to do, for people.
    pub why: String,
}

#[derive(Serialize)]
struct Answer {
    ready: bool,
    reasons: Vec<Reason>,
}

struct Served {
    metrics: Arc<Metrics>,
    readiness: Arc<Readiness>,
    /// One at a time checks.
    turn: Arc<Semaphore>,
}

impl Readiness {
    /// Not ready: no gallery is open yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Also asks `check` each time, which says what is wrong where something is: whether the disk has room, whether the audit can be
    /// written. It may block for as long as a disk does.
    #[must_use]
    pub fn with(mut self, what: &'static str, check: impl Fn() -> Result<(), String> + Send + Sync + 'static) -> Self {
        self.checks.push((what, Box::new(check)));
        self
    }

    /// The galleries are open, or they are not.
    pub fn set_galleries_open(&self, open: bool) {
        self.galleries_open.store(open, Ordering::Release);
    }

    /// The server was told to stop: it answers what it has begun and is never ready again.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// Whether the server was told to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Why the server is not ready; empty where it is.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason> {
        let opening = !self.galleries_open.load(Ordering::Acquire);
        let own = [
            (opening, "galleries", "the galleries are not open yet; wait, or look into the log"),
            (self.is_draining(), "draining", "the server was told to stop; ask another"),
        ];
        let own =
            own.into_iter().filter(|(is_so, ..)| *is_so).map(|(_, what, why)| Reason { what, why: why.to_owned() });
        let failed = self.checks.iter().filter_map(|(what, check)| Some(Reason { what, why: check().err()? }));
        own.chain(failed).collect()
    }
}

impl Debug for Readiness {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readiness")
            .field("galleries_open", &self.galleries_open)
            .field("draining", &self.draining)
            .field("checks", &self.checks.len())
            .finish()
    }
}

/// `/healthz`, `/readyz` and `/metrics`.
pub fn router(metrics: Arc<Metrics>, readiness: Arc<Readiness>) -> Router {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(measured))
        .with_state(Arc::new(Served { metrics, readiness, turn: Arc::new(Semaphore::new(1)) }))
}

async fn ready(State(served): State<Arc<Served>>) -> Response {
    let reasons = timeout(CHECKS_TIMEOUT, checked(served)).await.ok().flatten().unwrap_or_else(|| {
        let why = format!("the checks did not end well within {} s; look at the disks", CHECKS_TIMEOUT.as_secs());
        vec![Reason { what: "checks", why }]
    });
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Answer { ready: reasons.is_empty(), reasons })).into_response()
}

/// Why the server is not ready, or none where a check panicked.
async fn checked(served: Arc<Served>) -> Option<Vec<Reason>> {
    let turn = Arc::clone(&served.turn).acquire_owned().await.ok()?;
    let checks = task::spawn_blocking(move || {
        // Checks that hang on a disk keep their turn, so that later ones do not hang threads beside them.
        let _turn = turn;
        served.readiness.reasons()
    });
    checks.await.ok()
}

async fn measured(State(served): State<Arc<Served>>) -> Response {
    ([(header::CONTENT_TYPE, Metrics::CONTENT_TYPE)], served.metrics.text()).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn ask(path: &str, readiness: &Arc<Readiness>) -> (u16, String, String) {
        let app = router(Arc::new(Metrics::new([])), Arc::clone(readiness));
        let response = app.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, kind, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn it_lives_before_it_is_ready() {
        let readiness = Arc::new(Readiness::new());
        assert_eq!(ask("/healthz", &readiness).await.0, 200);
        let (status, kind, body) = ask("/readyz", &readiness).await;
        assert_eq!((status, kind.as_str()), (503, "application/json"));
        assert!(body.starts_with("{\"ready\":false,\"reasons\":[{\"what\":\"galleries\","), "{body}");
        readiness.set_galleries_open(true);
        assert_eq!(ask("/readyz", &readiness).await.2, "{\"ready\":true,\"reasons\":[]}");
    }

    #[tokio::test]
    async fn a_check_that_fails_is_named_and_asked_again() {
        let full = Arc::new(AtomicBool::new(true));
        let seen = Arc::clone(&full);
        let check = move || if seen.load(Ordering::Relaxed) { Err("3 MiB are free".to_owned()) } else { Ok(()) };
        let readiness = Arc::new(Readiness::new().with("disk", check));
        readiness.set_galleries_open(true);
        let (status, _, body) = ask("/readyz", &readiness).await;
        assert_eq!((status, body.contains("{\"what\":\"disk\",\"why\":\"3 MiB are free\"}")), (503, true), "{body}");
        full.store(false, Ordering::Relaxed);
        assert_eq!(ask("/readyz", &readiness).await.0, 200);
    }

    #[tokio::test]
    async fn a_server_that_was_told_to_stop_is_not_ready_and_lives() {
        let readiness = Arc::new(Readiness::new());
        readiness.set_galleries_open(true);
        readiness.drain();
        let (status, _, body) = ask("/readyz", &readiness).await;
        assert_eq!((status, body.contains("\"what\":\"draining\"")), (503, true), "{body}");
        assert_eq!(ask("/healthz", &readiness).await.0, 200);
    }

    #[tokio::test]
    async fn a_check_that_panics_is_no_ready_server() {
        let readiness = Arc::new(Readiness::new().with("disk", || panic!("a fault of ours")));
        assert_eq!(ask("/readyz", &readiness).await.0, 503);
    }

    #[tokio::test]
    async fn metrics_are_openmetrics_text() {
        let (status, kind, body) = ask("/metrics", &Arc::new(Readiness::new())).await;
        assert_eq!((status, kind.as_str()), (200, Metrics::CONTENT_TYPE));
        assert!(body.contains("whorl_build_info{") && body.ends_with("# EOF\n"), "{body}");
    }
}
