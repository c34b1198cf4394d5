//! Gives a call up that is not answered by its deadline, and says so: the transport would call that cancelled.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::Response;
use tonic::Status;

use crate::grpc::too_late;
use crate::http::{grpc_timeout, problem};

/// A call is given up so much before its deadline, or a tenth of the time that it has, whichever is less: so the client hears why
/// before he stops listening, and the transport, which keeps the time too, is not asked first.
const LEAD: Duration = Duration::from_millis(10);

/// The least of that: timers count milliseconds.
const LEAST_LEAD: Duration = Duration::from_millis(1);

/// Answers a call by its deadline whether or not it is done, for [`axum::middleware::from_fn_with_state`]. The state is the longest
/// deadline that is granted, and the one of a call by gRPC that states none. Calls by HTTP are bounded by the gateway, unless they
/// state their deadline as gRPC does, for that the transport hears as well. Of streams only the beginning is bounded.
pub(crate) async fn keep_deadline(State(longest): State<Duration>, request: Request, next: Next) -> Response {
    let by_grpc = is_grpc(request.headers());
    let stated = grpc_timeout(request.headers());
    let granted = match stated {
        Some(stated) => stated.min(longest),
        None if by_grpc => longest,
        None => return next.run(request).await,
    };
    let lead = (granted / 10).clamp(LEAST_LEAD, LEAD);
    match tokio::time::timeout(granted.saturating_sub(lead), next.run(request)).await {
        Ok(response) => response,
        Err(_) => answer(&too_late(granted), by_grpc),
    }
}

fn is_grpc(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
}

fn answer(status: &Status, by_grpc: bool) -> Response {
    if by_grpc { status.clone().into_http() } else { problem::response(status) }
}
