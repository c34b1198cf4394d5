//! How calls are made: who asks, how long it may take, and when it is asked again.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status};

use super::Client;
use super::error::{ClientError, Failure};
use super::retry::Repeat;

/// A call that was cancelled so little before its deadline was cancelled for it: transport and server keep the time too.
const AT_THE_END: Duration = Duration::from_millis(20);

/// How a call is bounded in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bounded {
    /// All of it, which the server hears.
    Whole,
    /// Its beginning: a stream lasts as long as it has something to say.
    Beginning,
}

impl Client {
    /// Asks for one answer.
    pub(super) async fn call<Asked, Answer, Sent>(
        &self,
        asked: Asked,
        repeat: Repeat,
        send: impl Fn(Channel, Request<Asked>) -> Sent,
    ) -> Result<Answer, ClientError>
    where
        Asked: Clone,
        Sent: Future<Output = Result<Response<Answer>, Status>>,
    {
        self.attempt(asked, repeat, Bounded::Whole, send).await
    }

    /// Asks for a stream of answers.
    pub(super) async fn open<Asked, Answer, Sent>(
        &self,
        asked: Asked,
        repeat: Repeat,
        send: impl Fn(Channel, Request<Asked>) -> Sent,
    ) -> Result<Answer, ClientError>
    where
        Asked: Clone,
        Sent: Future<Output = Result<Response<Answer>, Status>>,
    {
        self.attempt(asked, repeat, Bounded::Beginning, send).await
    }

    /// Asks with a stream, which can be sent only once.
    pub(super) async fn stream<Asked, Answer, Sent>(
        &self,
        asked: Asked,
        send: impl FnOnce(Channel, Request<Asked>) -> Sent,
    ) -> Result<Answer, ClientError>
    where
        Sent: Future<Output = Result<Response<Answer>, Status>>,
    {
        let (request, end) = (self.request(asked)?, Instant::now() + self.options.deadline);
        within(end, self.options.deadline, send(self.channel.clone(), request)).await.map_err(ClientError::Failed)
    }

    async fn attempt<Asked, Answer, Sent>(
        &self,
        asked: Asked,
        repeat: Repeat,
        bounded: Bounded,
        send: impl Fn(Channel, Request<Asked>) -> Sent,
    ) -> Result<Answer, ClientError>
    where
        Asked: Clone,
        Sent: Future<Output = Result<Response<Answer>, Status>>,
    {
        let (deadline, retry) = (self.options.deadline, self.options.retry);
        let end = Instant::now() + deadline;
        let mut failed = 0;
        loop {
            let mut request = self.request(asked.clone())?;
            if bounded == Bounded::Whole {
                request.set_timeout(end.saturating_duration_since(Instant::now()));
            }
            let failure = match within(end, deadline, send(self.channel.clone(), request)).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            failed += 1;
            let wait = retry.wait(failed, failure.wait, getrandom::u32()?);
            if failed >= retry.attempts || !repeat.is_after(failure.code) || Instant::now() + wait >= end {
                return Err(ClientError::Failed(failure));
            }
            sleep(wait).await;
        }
    }

    /// A request that says who asks.
    fn request<Asked>(&self, asked: Asked) -> Result<Request<Asked>, ClientError> {
        let mut request = Request::new(asked);
        if let Some(token) = &self.options.token {
            request.metadata_mut().insert("authorization", token.header()?);
        }
        Ok(request)
    }
}

async fn within<Answer>(
    end: Instant,
    deadline: Duration,
    sent: impl Future<Output = Result<Response<Answer>, Status>>,
) -> Result<Answer, Failure> {
    match timeout_at(end, sent).await {
        Ok(Ok(response)) => Ok(response.into_inner()),
        Ok(Err(status)) if status.code() == Code::Cancelled && Instant::now() + AT_THE_END >= end => {
            Err(Failure::no_answer_within(deadline))
        }
        Ok(Err(status)) => Err(Failure::of(&status)),
        Err(_) => Err(Failure::no_answer_within(deadline)),
    }
}
