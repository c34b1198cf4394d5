//! Messages as JSON, in and out. What a client sent is never repeated in what he is told of it: it may hold a sample.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_stream::StreamExt;
use tonic::{Code, Status};

use super::problem;

/// The type of one message.
pub(super) const JSON: &str = "application/json";

/// The type of messages, a line each.
pub(super) const JSON_LINES: &str = "application/x-ndjson";

/// The longest name of a field that is repeated; those of the API are shorter.
const MAX_NAME_BYTES: usize = 64;

/// That a request cannot be taken, with the status of HTTP where it says more than that of gRPC.
pub(super) struct Unfit {
    status: Status,
    http: Option<StatusCode>,
}

impl From<Status> for Unfit {
    fn from(status: Status) -> Self {
        Self { status, http: None }
    }
}

impl IntoResponse for Unfit {
    fn into_response(self) -> Response {
        match self.http {
            Some(http) => problem::with_status(http, &self.status),
            None => problem::response(&self.status),
        }
    }
}

/// Refuses a request whose body is not said to be `kind`. A page of another site can make a browser send other kinds, and not this
/// one, without asking first.
pub(super) fn expect(kind: &str, headers: &HeaderMap) -> Result<(), Unfit> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = said.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(kind) {
        return Ok(());
    }
    let status = Status::invalid_argument(format!("the body must be {kind}; say so in the header content-type"));
    Err(Unfit { status, http: Some(StatusCode::UNSUPPORTED_MEDIA_TYPE) })
}

/// That there is more than may be.
pub(super) fn too_large(most: usize) -> Unfit {
    let told = format!(
        "a message may have {most} bytes of JSON; send fewer or smaller samples, or raise server.max_message_mib"
    );
    Unfit { status: Status::new(Code::ResourceExhausted, told), http: Some(StatusCode::PAYLOAD_TOO_LARGE) }
}

/// All of a body of at most `most` bytes.
pub(super) async fn read(headers: &HeaderMap, body: Body, most: usize) -> Result<Vec<u8>, Unfit> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    let mut bytes = Vec::new();
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece: Bytes =
            piece.map_err(|_| Status::cancelled("the request ended before its body did; send it again"))?;
        if bytes.len() + piece.len() > most {
            return Err(too_large(most));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// The message that `bytes` are.
pub(super) fn parse<Q: DeserializeOwned>(bytes: &[u8]) -> Result<Q, Status> {
    serde_json::from_slice(bytes).map_err(|error| {
        let told = without_values(&error.to_string());
        Status::invalid_argument(format!(
            "the body is not the JSON of this request: {told}; /openapi.json describes it"
        ))
    })
}

/// The JSON of `message`.
pub(super) fn text<A: Serialize>(message: &A) -> Result<Vec<u8>, Status> {
    serde_json::to_vec(message)
        .map_err(|error| Status::internal(format!("the answer cannot be written as JSON: {error}")))
}

/// A message of the parser without the text that it repeats: what stands between the first and the last quotation mark, the word that
/// is none of an enum, and a name of a field that is longer than any.
fn without_values(told: &str) -> String {
    if let (Some(first), Some(last)) = (told.find('"'), told.rfind('"')) {
        return format!("{}...{}", &told[..first], &told[last + 1..]);
    }
    let Some((before, rest)) = told.split_once('`') else { return told.to_owned() };
    match rest.split_once("`, expected") {
        Some((name, after)) if before.starts_with("unknown variant") || name.len() > MAX_NAME_BYTES => {
            format!("{before}..., expected{after}")
        }
        _ => told.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use whorl_proto::v1::EnrolRequest;

    use super::*;

    #[test]
    fn what_is_told_of_a_body_that_is_wrong_repeats_none_of_its_values() {
        for (body, expected) in [
            ("{\"samples\": [\"SECRET\"]}", "invalid type: string ..., expected"),
            ("{\"samples\": [{\"data\": \"SECRET!\"}]}", "Invalid"),
            (
                "{\"samples\": [{\"modality\": \"SECRET\"}]}",
                "unknown variant ..., expected one of `MODALITY_UNSPECIFIED`",
            ),
            (&format!("{{\"{}\": 1}}", "SECRET".repeat(20)), "unknown field ..., expected one of `gallery`"),
            ("{\"samples\": \"SECRET\\\"SECRET\"}", "string ..., expected"),
            ("{\"gallery\": \"SECRET\", ", "EOF while parsing"),
            ("{\"galery\": 1}", "unknown field `galery`"),
            ("", "EOF while parsing"),
        ] {
            let status = parse::<EnrolRequest>(body.as_bytes()).expect_err("it is wrong");
            assert!(status.message().contains(expected), "{body}: {}", status.message());
            assert!(!status.message().contains("SECRET"), "{body}: {}", status.message());
        }
    }

    #[test]
    fn json_nested_without_end_is_refused() {
        let body = format!("{{\"samples\": {}", "[".repeat(100_000));
        assert!(parse::<EnrolRequest>(body.as_bytes()).is_err());
    }
}
