//! Counts every call, however it is answered: by a method, by the gate before it, or by nobody because the client went away.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use http_body::Frame;
use tonic::Code;

use crate::operations::Metrics;
use crate::operations::metrics::CallInProgress;

/// Counts a call, for [`axum::middleware::from_fn_with_state`].
pub(crate) async fn measure(
    State((metrics, method_of)): State<(Arc<Metrics>, crate::security::MethodOf)>,
    request: Request,
    next: Next,
) -> Response {
    let method = method_of(request.method(), request.uri().path()).map(Cow::into_owned);
    let Some(method) = method else { return next.run(request).await };
    let call = metrics.call_began(&method);
    let response = next.run(request).await;
    // A refusal has its code in the head, and so has an answer by HTTP; another has it at its end.
    let code = code_of(response.headers()).or_else(|| by_http(response.status()));
    match code {
        Some(code) => {
            call.ended(code);
            response
        }
        None => response.map(|body| Body::new(Measured { body, call: Some(call) })),
    }
}

fn code_of(headers: &HeaderMap) -> Option<Code> {
    Some(Code::from_bytes(headers.get("grpc-status")?.as_bytes()))
}

/// What a status of HTTP says; nothing where all is well so far.
fn by_http(status: StatusCode) -> Option<Code> {
    match status {
        status if status.is_success() => None,
        StatusCode::BAD_REQUEST => Some(Code::InvalidArgument),
        StatusCode::UNAUTHORIZED => Some(Code::Unauthenticated),
        StatusCode::FORBIDDEN => Some(Code::PermissionDenied),
        StatusCode::NOT_FOUND => Some(Code::NotFound),
        StatusCode::CONFLICT => Some(Code::AlreadyExists),
        StatusCode::TOO_MANY_REQUESTS => Some(Code::ResourceExhausted),
        StatusCode::SERVICE_UNAVAILABLE => Some(Code::Unavailable),
        StatusCode::GATEWAY_TIMEOUT => Some(Code::DeadlineExceeded),
        _ => Some(Code::Unknown),
    }
}

/// The body of an answer whose call is over when it is.
struct Measured {
    body: Body,
    call: Option<CallInProgress>,
}

impl HttpBody for Measured {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        // Who knows the length of a body does not ask for its end.
        let last = || self.body.is_end_stream().then_some(Code::Ok);
        let code = match &frame {
            Some(Ok(frame)) => frame.trailers_ref().and_then(code_of).or_else(last),
            Some(Err(_)) => Some(Code::Unknown),
            None => Some(Code::Ok),
        };
        if let Some((code, call)) = code.and_then(|code| Some((code, self.call.take()?))) {
            call.ended(code);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        // Asked before the end was seen, it would not be.
        self.call.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
