//! A stream of requests, answered one after the other: no more is read than a few are worked on, so that a fast client waits.

use std::future::Future;
use std::pin::Pin;

use tokio::sync::mpsc::channel;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::{Status, Streaming};

/// How many requests of a stream are worked on at once: enough to fill the shared pass of a search and the shared write of an enrolment,
/// and few enough that one client is not all there is.
const AT_ONCE: usize = 16;

/// Answers on their way.
pub(super) type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Answers every request of `requests` by `answer`, which is told its number, in their order. A status that `answer` gives ends
/// the stream.
pub(super) fn answer_each<Asked, Answer, Answering>(
    mut requests: Streaming<Asked>,
    answer: impl Fn(u64, Asked) -> Answering + Send + 'static,
) -> Answers<Answer>
where
    Asked: Send + 'static,
    Answer: Send + 'static,
    Answering: Future<Output = Result<Answer, Status>> + Send + 'static,
{
    // What waits in the channel is being worked on; the order is that of the requests.
    let (send, mut working) = channel::<Result<Unfinished<Answer>, Status>>(AT_ONCE);
    let (give, given) = channel(1);
    tokio::spawn(async move {
        let mut number = 0;
        while let Some(request) = requests.next().await {
            let work = request.map(|asked| Unfinished(tokio::spawn(answer(number, asked))));
            number += 1;
            let failed = work.is_err();
            if send.send(work).await.is_err() || failed {
                break;
            }
        }
    });
    tokio::spawn(async move {
        while let Some(work) = working.recv().await {
            let answered = match work {
                Ok(work) => work.done().await,
                Err(status) => Err(status),
            };
            let failed = answered.is_err();
            if give.send(answered).await.is_err() || failed {
                break;
            }
        }
    });
    Box::pin(ReceiverStream::new(given))
}

/// Work of a stream; dropped, it is not wanted any more.
struct Unfinished<T>(JoinHandle<Result<T, Status>>);

impl<T> Unfinished<T> {
    async fn done(mut self) -> Result<T, Status> {
        (&mut self.0).await.unwrap_or_else(|_| Err(Status::internal("the work broke off; the server's log says why")))
    }
}

impl<T> Drop for Unfinished<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
