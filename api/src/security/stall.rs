//! Requests whose sender has stopped sending.

use std::collections::HashMap;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Sleep, sleep};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use tower::BoxError;

use super::answer::DOMAIN;

/// The body of a request. It ends with an error when somebody waits for its next piece for too long: time in which nobody reads, as
/// while a search goes on, does not count.
pub(super) struct Flowing<B> {
    body: B,
    patience: Duration,
    /// Since the first vain look for the next piece.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<B> Flowing<B> {
    pub(super) fn new(body: B, patience: Duration) -> Self {
        Self { body, patience, waiting: None }
    }

    fn stalled(&self) -> BoxError {
        let message =
            format!("nothing came of the request for {} s: send it again, faster", self.patience.as_secs_f32());
        let details = ErrorDetails::with_error_info("CLIENT_STALLED", DOMAIN, HashMap::<String, String>::new());
        Status::with_error_details(Code::DeadlineExceeded, message, details).into()
    }
}

impl<B> HttpBody for Flowing<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(piece) = Pin::new(&mut self.body).poll_frame(context) {
            self.waiting = None;
            return Poll::Ready(piece.map(|piece| piece.map_err(Into::into)));
        }
        let patience = self.patience;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(patience)));
        match waiting.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(self.stalled()))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tokio_stream::StreamExt;
    use tokio_stream::wrappers::ReceiverStream;

    use super::*;

    const PATIENCE: Duration = Duration::from_millis(100);

    /// A body whose pieces come after these pauses, and that then hangs.
    fn body(pauses: &[u64]) -> Body {
        let (sender, pieces) = tokio::sync::mpsc::channel::<Bytes>(1);
        let pauses = pauses.to_vec();
        tokio::spawn(async move {
            for pause in pauses {
                sleep(Duration::from_millis(pause)).await;
                let _ = sender.send(Bytes::from_static(b"piece")).await;
            }
            sender.closed().await;
        });
        Body::from_stream(ReceiverStream::new(pieces).map(Ok::<_, BoxError>))
    }

    async fn read(pauses: &[u64]) -> (usize, Status) {
        let mut pieces = tonic::body::Body::new(Flowing::new(body(pauses), PATIENCE));
        let mut count = 0;
        loop {
            match std::future::poll_fn(|context| Pin::new(&mut pieces).poll_frame(context)).await {
                Some(Ok(_)) => count += 1,
                Some(Err(status)) => return (count, status),
                None => panic!("the body hangs, it does not end"),
            }
        }
    }

    #[tokio::test]
    async fn a_body_that_hangs_ends_with_an_error_after_what_came() {
        for pauses in [&[][..], &[10], &[40, 40, 40, 40]] {
            let (count, status) = read(pauses).await;
            assert_eq!((count, status.code()), (pauses.len(), Code::DeadlineExceeded));
            assert_eq!(status.get_details_error_info().unwrap().reason, "CLIENT_STALLED");
        }
    }

    #[tokio::test]
    async fn time_in_which_nobody_reads_does_not_count() {
        let mut pieces = Flowing::new(body(&[0, 0]), PATIENCE);
        for _ in 0..2 {
            sleep(PATIENCE * 2).await;
            let piece = std::future::poll_fn(|context| Pin::new(&mut pieces).poll_frame(context)).await;
            assert!(piece.unwrap().is_ok());
        }
    }
}
