//! The routes of one service, each to the method of the trait that gRPC calls as well.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{header, request};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::{task, time};
use tokio_stream::Stream;
use tonic::{Status, Streaming};

use super::json::{self, JSON, JSON_LINES, Unfit};
use super::{Limits, lines, names, timeout};
use crate::grpc::too_late;

/// JSON of more bytes is parsed where it does not hold up other requests: it takes a millisecond and more.
const PARSED_AT_ONCE_BYTES: usize = 1 << 20;

type Answered<A> = Result<tonic::Response<A>, Status>;

/// The routes of a service that is served by an `S`.
pub(super) struct Routes<S> {
    package: &'static str,
    name: &'static str,
    service: Arc<S>,
    limits: Limits,
    pub(super) router: Router,
}

impl<S: Send + Sync + 'static> Routes<S> {
    /// No route yet.
    pub(super) fn of(name: &'static str, service: Arc<S>, limits: Limits) -> Self {
        Self { package: names::PACKAGE, name, service, limits, router: Router::new() }
    }

    /// The same of another package.
    pub(super) fn in_package(self, package: &'static str) -> Self {
        Self { package, ..self }
    }

    /// A method that takes a message and gives one.
    pub(super) fn unary<Q, A, F, R>(self, method: &str, call: F) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        A: Serialize,
        F: Fn(Arc<S>, tonic::Request<Q>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Answered<A>> + Send + 'static,
    {
        self.route(method, move |service, request, limits| {
            let call = call.clone();
            async move {
                let stated = timeout::stated(request.headers())?;
                let granted = stated.map_or(limits.timeout, |stated| stated.min(limits.timeout));
                let answered = async {
                    let request = message(request, limits, Some(granted)).await?;
                    let answer = call(service, request).await?.into_inner();
                    Ok::<_, Unfit>(answer_of(JSON, json::text(&answer)?))
                };
                time::timeout(granted, answered).await.map_err(|_| too_late(granted))?
            }
        })
    }

    /// A method that takes a message and gives a stream.
    pub(super) fn answer_streams<Q, A, T, F, R>(self, method: &str, call: F) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        A: Serialize,
        T: Stream<Item = Result<A, Status>> + Send + 'static,
        F: Fn(Arc<S>, tonic::Request<Q>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Answered<T>> + Send + 'static,
    {
        self.route(method, move |service, request, limits| {
            let call = call.clone();
            async move {
                let stated = timeout::stated(request.headers())?;
                let request = message(request, limits, stated).await?;
                let answers = call(service, request).await?.into_inner();
                Ok(answer_of(JSON_LINES, lines::write(answers)))
            }
        })
    }

    /// A method that takes a stream and gives one.
    pub(super) fn both_stream<Q, A, T, F, R>(self, method: &str, call: F) -> Self
    where
        Q: DeserializeOwned + Send + 'static,
        A: Serialize,
        T: Stream<Item = Result<A, Status>> + Send + 'static,
        F: Fn(Arc<S>, tonic::Request<Streaming<Q>>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Answered<T>> + Send + 'static,
    {
        self.route(method, move |service, request, limits| {
            let call = call.clone();
            async move {
                let stated = timeout::stated(request.headers())?;
                let (parts, body) = request.into_parts();
                json::expect(JSON_LINES, &parts.headers)?;
                let requests = as_grpc(parts, lines::read(body, limits.max_json_bytes()), stated);
                let answers = call(service, requests).await?.into_inner();
                Ok(answer_of(JSON_LINES, lines::write(answers)))
            }
        })
    }

    fn route<F, R>(mut self, method: &str, answer: F) -> Self
    where
        F: Fn(Arc<S>, Request, Limits) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Result<Response, Unfit>> + Send + 'static,
    {
        let (service, limits) = (Arc::clone(&self.service), self.limits);
        let handler = move |request: Request| answer(Arc::clone(&service), request, limits);
        self.router = self.router.route(&names::http_path_of(self.package, self.name, method), post(handler));
        self
    }
}

/// The one message of `request`.
async fn message<Q>(request: Request, limits: Limits, timeout: Option<Duration>) -> Result<tonic::Request<Q>, Unfit>
where
    Q: DeserializeOwned + Send + 'static,
{
    let (parts, body) = request.into_parts();
    json::expect(JSON, &parts.headers)?;
    let bytes = json::read(&parts.headers, body, limits.max_json_bytes()).await?;
    let message = if bytes.len() > PARSED_AT_ONCE_BYTES {
        let parsed = task::spawn_blocking(move || json::parse(&bytes)).await;
        parsed.map_err(|_| Status::internal("the body could not be parsed; this is a fault of the server"))?
    } else {
        json::parse(&bytes)
    };
    Ok(as_grpc(parts, message?, timeout))
}

/// What gRPC would have made of it: headers as metadata, and the extensions, among them who the client is.
fn as_grpc<T>(parts: request::Parts, message: T, timeout: Option<Duration>) -> tonic::Request<T> {
    let mut request = tonic::Request::from_http(axum::http::Request::from_parts(parts, message));
    if let Some(timeout) = timeout {
        request.set_timeout(timeout);
    }
    request
}

fn answer_of(kind: &'static str, body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, kind)], body.into()).into_response()
}
