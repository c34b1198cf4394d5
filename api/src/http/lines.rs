//! Streams as lines of JSON: from a body to the stream that a service of gRPC reads, and from the stream that it writes to a body.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream, Bytes};
use prost::bytes::Buf;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio_stream::{Stream, StreamExt};
use tonic::codec::{DecodeBuf, Decoder};
use tonic::{Code, Status, Streaming};

use super::{json, problem};

/// gRPC puts this before each message: a byte for compression, and the length.
const FRAME_HEAD_BYTES: usize = 5;

/// The messages of `body`, one a line, each of at most `most` bytes.
pub(super) fn read<Q: DeserializeOwned + Send + 'static>(body: Body, most: usize) -> Streaming<Q> {
    let frames = Frames { body: body.into_data_stream(), read: Vec::new(), looked_at: 0, ended: false, most };
    let lines = OfJson { number: 0, message: PhantomData::<fn() -> Q> };
    Streaming::new_request(lines, Body::from_stream(frames), None, Some(most))
}

/// `answers` as a body, one a line. An error is the last line, an object with the one field `error`, for the status of HTTP was sent
/// long before.
pub(super) fn write<A, T>(answers: T) -> Body
where
    A: Serialize,
    T: Stream<Item = Result<A, Status>> + Send + 'static,
{
    let mut failed = false;
    let lines = answers.map_while(move |answer| {
        if failed {
            return None;
        }
        let line = answer.and_then(|answer| json::text(&answer));
        failed = line.is_err();
        let mut line =
            line.unwrap_or_else(|status| json!({ "error": problem::body(&status) }).to_string().into_bytes());
        line.push(b'\n');
        Some(Ok::<_, Status>(Bytes::from(line)))
    });
    Body::from_stream(lines)
}

/// The lines of a body, each in a frame of gRPC, so that what reads streams of gRPC reads them.
struct Frames {
    body: BodyDataStream,
    read: Vec<u8>,
    /// How much of `read` is known to hold no end of a line.
    looked_at: usize,
    ended: bool,
    most: usize,
}

impl Frames {
    /// The next whole line that was read, empty ones left out.
    fn next_line(&mut self) -> Option<Bytes> {
        loop {
            let found = self.read[self.looked_at..].iter().position(|&byte| byte == b'\n');
            let end = match found {
                Some(at) => self.looked_at + at + 1,
                None if self.ended => self.read.len(),
                None => {
                    self.looked_at = self.read.len();
                    return None;
                }
            };
            if end == 0 {
                return None;
            }
            let line: Vec<u8> = self.read.drain(..end).collect();
            self.looked_at = 0;
            if !line.trim_ascii().is_empty() {
                return Some(frame(line.trim_ascii()));
            }
        }
    }
}

fn frame(line: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(FRAME_HEAD_BYTES + line.len());
    frame.push(0);
    frame.extend((line.len() as u32).to_be_bytes());
    frame.extend(line);
    frame.into()
}

impl Stream for Frames {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(line) = self.next_line() {
                return Poll::Ready(Some(Ok(line)));
            }
            if self.ended {
                return Poll::Ready(None);
            }
            if self.read.len() > self.most {
                let told = format!("a line may have {} bytes; send fewer or smaller samples", self.most);
                return Poll::Ready(Some(Err(Status::new(Code::ResourceExhausted, told))));
            }
            match ready!(Pin::new(&mut self.body).poll_next(context)) {
                Some(Ok(piece)) => self.read.extend_from_slice(&piece),
                Some(Err(_)) => {
                    return Poll::Ready(Some(Err(Status::cancelled("the request ended before its body did"))));
                }
                None => self.ended = true,
            }
        }
    }
}

/// Reads a frame that holds JSON.
struct OfJson<Q> {
    number: u64,
    message: PhantomData<fn() -> Q>,
}

impl<Q: DeserializeOwned> Decoder for OfJson<Q> {
    type Item = Q;
    type Error = Status;

    fn decode(&mut self, frame: &mut DecodeBuf<'_>) -> Result<Option<Q>, Status> {
        self.number += 1;
        let line = frame.copy_to_bytes(frame.remaining());
        let told = |status: Status| Status::invalid_argument(format!("message {}: {}", self.number, status.message()));
        json::parse(&line).map(Some).map_err(told)
    }
}

#[cfg(test)]
mod tests {
    use whorl_proto::v1::RemoveRequest;

    use super::*;

    async fn read_all(pieces: &[&str]) -> Result<Vec<String>, String> {
        let pieces: Vec<Result<Bytes, Status>> =
            pieces.iter().map(|piece| Ok(Bytes::from((*piece).to_owned()))).collect();
        let mut messages = read::<RemoveRequest>(Body::from_stream(tokio_stream::iter(pieces)), 100);
        let mut ids = Vec::new();
        while let Some(message) = messages.message().await.map_err(|status| status.message().to_owned())? {
            ids.push(message.id);
        }
        Ok(ids)
    }

    #[tokio::test]
    async fn lines_are_messages_wherever_the_pieces_of_a_body_end() {
        let text = "{\"id\":\"a\"}\n\n  {\"id\":\"b\"}\r\n{\"id\":\"c\"}";
        let expected = Ok(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]);
        assert_eq!(read_all(&[text]).await, expected);
        for at in 1..text.len() {
            assert_eq!(read_all(&[&text[..at], &text[at..]]).await, expected, "cut at {at}");
        }
        assert_eq!(read_all(&[]).await, Ok(vec![]));
        assert_eq!(read_all(&["\n \n"]).await, Ok(vec![]));
    }

    #[tokio::test]
    async fn a_line_that_is_wrong_ends_the_stream_and_is_named() {
        let told = read_all(&["{\"id\":\"a\"}\n{\"id\":1}\n"]).await.unwrap_err();
        assert!(told.starts_with("message 2: ") && told.contains("expected a string"), "{told}");
    }

    #[tokio::test]
    async fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        let piece = "x".repeat(60);
        let told = read_all(&[&piece, &piece, &piece]).await.unwrap_err();
        assert!(told.contains("a line may have 100 bytes"), "{told}");
    }

    #[tokio::test]
    async fn an_error_is_the_last_line() {
        let answers = [
            Ok(RemoveRequest { id: "a".into(), ..Default::default() }),
            Err(Status::not_found("gone")),
            Ok(RemoveRequest::default()),
        ];
        let body = axum::body::to_bytes(write(tokio_stream::iter(answers)), 1000).await.unwrap();
        let lines: Vec<serde_json::Value> =
            std::str::from_utf8(&body).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!((&lines[0]["id"], &lines[1]["error"]["code"]), (&"a".into(), &"NOT_FOUND".into()));
    }
}
