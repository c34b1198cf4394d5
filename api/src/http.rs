//! The HTTP gateway: the operations of gRPC as `POST /v1/<service>/<method>` with the JSON of protocol buffers, for those who have no
//! gRPC at hand; `/openapi.json` describes them, and `/` is a page to read. Status lists of credentials are fetched by `GET`.
//!
//! - [`Gateway`]: takes the services that gRPC serves and calls them in process, so that both say the same;
//! - [`names`]: which path is which method;
//! - [`problem`]: a status of gRPC as a problem of RFC 9457;
//! - [`descriptors`]: the API as data, from which the description and the page are made.
//!
//! Streams are lines of JSON, one message a line. What this module is not: it decides nothing and knows no client; who a client is
//! stands in the extensions of a request, which are handed on.

pub mod descriptors;
mod identity;
mod json;
mod lines;
pub mod names;
pub mod openapi;
mod page;
pub mod problem;
mod routes;
mod status_list;
#[cfg(test)]
mod tests;
mod timeout;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use tonic::{Code, Status};
use whorl_proto::v1::audit_service_server::AuditService;
use whorl_proto::v1::deduplication_service_server::DeduplicationService;
use whorl_proto::v1::enrolment_service_server::EnrolmentService;
use whorl_proto::v1::extraction_service_server::ExtractionService;
use whorl_proto::v1::gallery_service_server::GalleryService;
use whorl_proto::v1::identification_service_server::IdentificationService;
use whorl_proto::v1::verification_service_server::VerificationService;

pub use names::{STATUS_LISTS, grpc_path, http_path, http_path_of, is_status_list};
pub use timeout::REQUEST_TIMEOUT_MS;
pub(crate) use timeout::grpc_timeout;

use descriptors::Api;
use routes::Routes;

/// What the gateway takes in at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest message of gRPC, in bytes; its JSON may have a third more, for bytes are in base64.
    pub max_message_bytes: usize,
    /// After how long a call without a deadline is given up, and the longest deadline that is granted. Streams are exempt.
    pub timeout: Duration,
}

/// JSON has at most this much beside the bytes that it holds in base64: names of fields, and numbers as text.
const JSON_ROOM_BYTES: usize = 256 << 10;

impl Limits {
    /// The largest JSON of a message, in bytes.
    fn max_json_bytes(&self) -> usize {
        self.max_message_bytes / 3 * 4 + JSON_ROOM_BYTES
    }
}

/// The page runs no script and loads nothing, whatever a browser would allow.
const PAGE_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The gateway while it is put together: the page and the description, and the services that were added.
#[derive(Debug)]
pub struct Gateway {
    limits: Limits,
    router: Router,
}

impl Gateway {
    /// The page and the description, and no service yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let api = Api::compiled_in();
        let page: Arc<str> = page::html(&api).into();
        let description: Arc<str> = openapi::document(&api).to_string().into();
        let html = move || async move {
            let kind = (header::CONTENT_TYPE, "text/html; charset=utf-8");
            let policy = (header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
            let as_said = (header::X_CONTENT_TYPE_OPTIONS, "nosniff");
            ([kind, policy, as_said], page.to_string()).into_response()
        };
        let json =
            move || async move { ([(header::CONTENT_TYPE, json::JSON)], description.to_string()).into_response() };
        Self { limits, router: Router::new().route("/", get(html)).route("/openapi.json", get(json)) }
    }

    /// The router, to be merged with that of gRPC: it has no fallback, and its paths are `/`, `/openapi.json` and those below `/v1/`, `/identity/v1/` and `/credentials/status/`. Who the client is must be found out by a layer above it.
    pub fn into_router(self) -> Router {
        let none = |router: Router, path: &&str| router.route(path, any(nothing_there));
        names::ANY_PATHS.iter().fold(self.router, none).method_not_allowed_fallback(not_by_this_method)
    }

    /// Serves enrolments.
    #[must_use]
    pub fn enrolment<S: EnrolmentService>(self, service: Arc<S>) -> Self {
        let routes = Routes::of("EnrolmentService", service, self.limits)
            .unary("Enrol", |s, request| async move { s.enrol(request).await })
            .both_stream("EnrolMany", |s, requests| async move { s.enrol_many(requests).await })
            .unary("Replace", |s, request| async move { s.replace(request).await })
            .unary("Remove", |s, request| async move { s.remove(request).await })
            .unary("Fetch", |s, request| async move { s.fetch(request).await });
        self.with(routes)
    }

    /// Serves searches of one to many.
    #[must_use]
    pub fn identification<S: IdentificationService>(self, service: Arc<S>) -> Self {
        let routes = Routes::of("IdentificationService", service, self.limits)
            .unary("Identify", |s, request| async move { s.identify(request).await })
            .both_stream("IdentifyMany", |s, requests| async move { s.identify_many(requests).await })
            .answer_streams("IdentifyStream", |s, request| async move { s.identify_stream(request).await });
        self.with(routes)
    }

    /// Serves comparisons of one to one.
    #[must_use]
    pub fn verification<S: VerificationService>(self, service: Arc<S>) -> Self {
        let routes = Routes::of("VerificationService", service, self.limits)
            .unary("Verify", |s, request| async move { s.verify(request).await })
            .unary("Compare", |s, request| async move { s.compare(request).await });
        self.with(routes)
    }

    /// Serves templates and qualities.
    #[must_use]
    pub fn extraction<S: ExtractionService>(self, service: Arc<S>) -> Self {
        let routes = Routes::of("ExtractionService", service, self.limits)
            .unary("Extract", |s, request| async move { s.extract(request).await })
            .unary("Assess", |s, request| async move { s.assess(request).await });
        self.with(routes)
    }

    /// Serves the looking after galleries.
    #[must_use]
    pub fn galleries<S: GalleryService>(self, service: Arc<S>) -> Self {
        let routes = Routes::of("GalleryService", service, self.limits)
            .unary("CreateGallery", |s, request| async move { s.create_gallery(request).await })
            .unary("ListGalleries", |s, request| async move { s.list_galleries(request).await })
            .unary("GetGallery", |s, request| async move { s.get_gallery(request).await })
            .unary("CompactGallery", |s, request| async move { s.compact_gallery(request).await })
            .unary("ScrubGallery", |s, request| async move { s.scrub_gallery(request).await })
            .unary("BackUpGallery", |s, request| async move { s.back_up_gallery(request).await })
            .unary("ReopenGallery", |s, request| async move { s.reopen_gallery(request).await })
            .answer_streams("ExportGallery", |s, request| async move { s.export_gallery(request).await });
        self.with(routes)
    }

    /// Serves deduplications.
    #[must_use]
    pub fn deduplication<S: DeduplicationService>(self, service: Arc<S>) -> Self {
        let routes = Routes::of("DeduplicationService", service, self.limits)
            .unary("StartJob", |s, request| async move { s.start_job(request).await })
            .unary("GetJob", |s, request| async move { s.get_job(request).await })
            .unary("ListJobs", |s, request| async move { s.list_jobs(request).await })
            .answer_streams("WatchJob", |s, request| async move { s.watch_job(request).await })
            .unary("CancelJob", |s, request| async move { s.cancel_job(request).await })
            .unary("ResumeJob", |s, request| async move { s.resume_job(request).await })
            .answer_streams("ListPairs", |s, request| async move { s.list_pairs(request).await });
        self.with(routes)
    }

    /// Serves the record of who did what.
    #[must_use]
    pub fn audit<S: AuditService>(self, service: Arc<S>) -> Self {
        let routes = Routes::of("AuditService", service, self.limits)
            .unary("ListRecords", |s, request| async move { s.list_records(request).await });
        self.with(routes)
    }

    fn with<S>(mut self, routes: Routes<S>) -> Self {
        self.router = self.router.merge(routes.router);
        self
    }
}

async fn nothing_there() -> axum::response::Response {
    let status = Status::new(Code::Unimplemented, "there is no such operation; / lists all");
    problem::with_status(StatusCode::NOT_FOUND, &status)
}

async fn not_by_this_method() -> axum::response::Response {
    let status = Status::new(
        Code::Unimplemented,
        "operations are called by POST, and status lists are fetched by GET; / lists all",
    );
    problem::with_status(StatusCode::METHOD_NOT_ALLOWED, &status)
}

/// The methods of the API as gRPC calls them, such as `/whorl.v1.EnrolmentService/Enrol`.
#[must_use]
pub fn grpc_paths() -> Vec<String> {
    let api = Api::compiled_in();
    let methods = api.services.iter().flat_map(|service| {
        service.methods.iter().map(|method| format!("/{}.{}/{}", service.package, service.name, method.name))
    });
    methods.collect()
}
