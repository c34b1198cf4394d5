//! Requests that no generated client would send.

use axum::body::Bytes;
use axum::http::{Request, Response, header};
use tonic::Status;
use tonic::body::Body;
use tonic::transport::Channel;
use tower::{Service, ServiceExt};

/// A message of nothing, as gRPC frames it.
pub const EMPTY_MESSAGE: &[u8] = &[0; 5];

/// A message with its frame.
pub fn framed(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap();
    [&[0][..], &length.to_be_bytes(), message].concat()
}

/// A request of gRPC for the method of `path`, with `token`.
pub fn grpc(path: &str, body: &[u8], token: Option<&str>) -> Request<Body> {
    request(path, "application/grpc", body, token)
}

/// A request of HTTP with JSON.
pub fn json(path: &str, body: &str, token: Option<&str>) -> Request<Body> {
    request(path, "application/json", body.as_bytes(), token)
}

fn request(path: &str, kind: &str, body: &[u8], token: Option<&str>) -> Request<Body> {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, kind).header(header::TE, "trailers");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(Body::new(axum::body::Body::from(Bytes::copy_from_slice(body)))).unwrap()
}

/// The answer, of which only the head has come; an error where the connection fails.
pub async fn send(channel: &Channel, request: Request<Body>) -> Result<Response<Body>, tonic::transport::Error> {
    let mut channel = channel.clone();
    channel.ready().await?.call(request).await
}

/// The status in the head or at the end of an answer; none where it has none.
pub async fn status(response: Response<Body>) -> Option<Status> {
    if let Some(status) = Status::from_header_map(response.headers()) {
        return Some(status);
    }
    let mut body = response.into_body();
    loop {
        let frame = std::future::poll_fn(|context| http_body::Body::poll_frame(std::pin::Pin::new(&mut body), context));
        match frame.await?.ok()?.into_trailers() {
            Ok(trailers) => return Status::from_header_map(&trailers),
            Err(_data) => {}
        }
    }
}
