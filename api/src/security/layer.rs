//! What every request passes: who is it, may he, and not too often.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Bytes;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use rustls::pki_types::CertificateDer;
use tonic::body::Body;
use tower::{BoxError, Layer, Service};

use super::answer;
use super::authenticator::Authenticator;
use super::certificate::PeerCertificates;
use super::client::Client;
use super::limits::{Admission, Limits};
use super::permission::{Access, access};
use super::refusal::Refusal;
use super::stall::Flowing;

/// The path of the gRPC method that a request is for, by its HTTP method and path; none where it is for nothing that is known.
pub type MethodOf = fn(&Method, &str) -> Option<Cow<'static, str>>;

/// Lets only those requests through that are of a known client, which has a role for the method and is within its limits. The
/// [`Client`] is in the extensions of what comes through; the token no longer is in its headers.
#[derive(Debug, Clone)]
pub struct SecurityLayer(Arc<Gate>);

struct Gate {
    authenticator: Authenticator,
    limits: Limits,
    reflection: bool,
    method_of: MethodOf,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate")
            .field("authenticator", &self.authenticator)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl SecurityLayer {
    /// A layer that recognises by `authenticator` and counts in `limits`; with `reflection`, clients may ask what methods there
    /// are. Clones share what they count.
    #[must_use]
    pub fn new(authenticator: Authenticator, limits: Limits, reflection: bool, method_of: MethodOf) -> Self {
        Self(Arc::new(Gate { authenticator, limits, reflection, method_of }))
    }
}

impl<S> Layer<S> for SecurityLayer {
    type Service = Secured<S>;

    fn layer(&self, inner: S) -> Secured<S> {
        Secured { gate: Arc::clone(&self.0), inner }
    }
}

/// A service behind a [`SecurityLayer`].
#[derive(Debug, Clone)]
pub struct Secured<S> {
    gate: Arc<Gate>,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Secured<S>
where
    S: Service<Request<Body>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError>,
    R: HttpBody<Data = Bytes> + Send + Unpin + 'static,
    R::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let gate = Arc::clone(&self.gate);
        // The one that said that it is ready, not its clone, takes the request.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let certificates = certificates(&parts.extensions);
            let asked = Asked { method: &parts.method, path: parts.uri.path(), headers: &parts.headers };
            let passed = match gate.pass(asked, certificates.as_deref().map(Vec::as_slice)).await {
                Ok(passed) => passed,
                Err(refused) => return Ok(refuse(refused, &parts.headers)),
            };
            parts.headers.remove(AUTHORIZATION);
            if let Some(Passed { client, .. }) = &passed {
                parts.extensions.insert(client.clone());
            }
            let body = Body::new(Flowing::new(body, gate.limits.patience()));
            let response = inner.call(Request::from_parts(parts, body)).await?;
            Ok(response.map(|body| Body::new(UnderWay { body, _admission: passed.map(|passed| passed.admission) })))
        })
    }
}

/// What of a request counts here.
struct Asked<'a> {
    method: &'a Method,
    path: &'a str,
    headers: &'a HeaderMap,
}

/// Who passed.
struct Passed {
    client: Client,
    admission: Admission,
}

impl Gate {
    /// Lets a request pass; nobody is named where the method is open to everybody.
    async fn pass(
        &self,
        asked: Asked<'_>,
        certificates: Option<&[CertificateDer<'static>]>,
    ) -> Result<Option<Passed>, Refused> {
        let method = (self.method_of)(asked.method, asked.path);
        let access = method.as_deref().and_then(|path| access(path, self.reflection));
        if access == Some(Access::Open) {
            return Ok(None);
        }
        let client = self.authenticator.authenticate(certificates, asked.headers).await?;
        match self.admit(&client, access, method) {
            Ok(admission) => Ok(Some(Passed { client, admission })),
            Err(refusal) => Err(Refused { refusal, client: Some(client) }),
        }
    }

    fn admit(
        &self,
        client: &Client,
        access: Option<Access>,
        method: Option<Cow<'static, str>>,
    ) -> Result<Admission, Refusal> {
        // Before the roles: who may nothing may not ask without end either.
        let admission = self.limits.admit(client)?;
        let (Some(Access::AnyOf(needed)), Some(method)) = (access, method) else {
            return Err(Refusal::UnknownMethod);
        };
        if !client.roles.has_any(needed) {
            return Err(Refusal::RoleMissing { method: method.into_owned(), needed });
        }
        Ok(admission)
    }
}

/// Why a request was refused, and whose it was where that is known. The layer leaves it in the extensions of its answer, for
/// whoever keeps the log around it.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Why.
    pub refusal: Refusal,
    /// Whose.
    pub client: Option<Client>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, client: None }
    }
}

fn certificates(extensions: &axum::http::Extensions) -> Option<Arc<Vec<CertificateDer<'static>>>> {
    extensions.get::<PeerCertificates>().map(|PeerCertificates(shown)| Arc::clone(shown))
}

fn refuse(refused: Refused, headers: &HeaderMap) -> Response<Body> {
    let kind = headers.get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    let answer = if kind.starts_with(b"application/grpc") { answer::grpc } else { answer::http };
    let mut response = answer(&refused.refusal);
    response.extensions_mut().insert(refused);
    response
}

/// The body of an answer; the request is under way until it is dropped, which is when it was sent or the client went away.
struct UnderWay<B> {
    body: B,
    _admission: Option<Admission>,
}

impl<B: HttpBody + Unpin> HttpBody for UnderWay<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
