//! Who of a gallery is there twice.

use tonic::transport::Channel;
use whorl_proto::v1;
use whorl_proto::v1::deduplication_service_client::DeduplicationServiceClient;
use whorl_types::{LogLikelihoodRatio, ReferenceId, Verdict};

use super::error::ClientError;
use super::evidence::{told_id, weight};
use super::retry::Repeat;
use super::search::SearchOptions;
use super::vocabulary::told_verdict;
use super::{Answers, Client, MAX_ANSWER_BYTES, answers};
use crate::jobs::JobState;

/// The deduplications of a server: all of a gallery against all.
#[derive(Debug, Clone, Copy)]
pub struct Jobs<'a>(&'a Client);

/// A deduplication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its name.
    pub id: String,
    /// The gallery.
    pub gallery: String,
    /// Where it is.
    pub state: JobState,
    /// References that were held against those before them.
    pub done: u64,
    /// References in the gallery.
    pub total: u64,
    /// Pairs found so far.
    pub pairs: u64,
    /// Why it failed; empty where it did not.
    pub error: String,
    /// When it was started, in milliseconds since 1970.
    pub started_unix_ms: i64,
}

/// Two references that may be one person.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPair {
    /// One.
    pub a: ReferenceId,
    /// The other.
    pub b: ReferenceId,
    /// What speaks for it.
    pub llr: LogLikelihoodRatio,
    /// What follows.
    pub verdict: Verdict,
}

impl Client {
    /// The deduplications of the server.
    #[must_use]
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }
}

impl Jobs<'_> {
    /// Begins one; a gallery has one at a time.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::JobState`](super::Reason::JobState) where one runs.
    pub async fn start(&self, gallery: &str, search: SearchOptions) -> Result<Job, ClientError> {
        let message = v1::StartJobRequest { gallery: gallery.to_owned(), search: search.message() };
        let send = |channel, request| async move { service(channel).start_job(request).await };
        job(self.0.call(message, Repeat::WhenRefused, send).await?.job)
    }

    /// Says where one is.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::JobNotFound`](super::Reason::JobNotFound) where there is none.
    pub async fn get(&self, id: &str) -> Result<Job, ClientError> {
        let message = v1::GetJobRequest { id: id.to_owned() };
        let send = |channel, request| async move { service(channel).get_job(request).await };
        job(self.0.call(message, Repeat::Freely, send).await?.job)
    }

    /// Lists those of a gallery, or all, newest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn list(&self, gallery: Option<&str>) -> Result<Vec<Job>, ClientError> {
        let message = v1::ListJobsRequest { gallery: gallery.unwrap_or_default().to_owned() };
        let send = |channel, request| async move { service(channel).list_jobs(request).await };
        let told = self.0.call(message, Repeat::Freely, send).await?;
        told.jobs.into_iter().map(|told| job(Some(told))).collect()
    }

    /// Follows one: its state now, whenever it changed, and at its end, with which the stream ends.
    ///
    /// # Errors
    /// [`ClientError`]; in the stream, where the connection breaks.
    pub async fn watch(&self, id: &str) -> Result<Answers<Job>, ClientError> {
        let message = v1::WatchJobRequest { id: id.to_owned() };
        let send = |channel, request| async move { service(channel).watch_job(request).await };
        Ok(answers(self.0.open(message, Repeat::Freely, send).await?, |told: v1::WatchJobResponse| job(told.job)))
    }

    /// Stops one at its next step; it can be resumed.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::JobState`](super::Reason::JobState) where it is over.
    pub async fn cancel(&self, id: &str) -> Result<Job, ClientError> {
        let message = v1::CancelJobRequest { id: id.to_owned() };
        let send = |channel, request| async move { service(channel).cancel_job(request).await };
        job(self.0.call(message, Repeat::WhenRefused, send).await?.job)
    }

    /// Goes on with one that was cancelled or failed.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::JobState`](super::Reason::JobState) where it runs or is done.
    pub async fn resume(&self, id: &str) -> Result<Job, ClientError> {
        let message = v1::ResumeJobRequest { id: id.to_owned() };
        let send = |channel, request| async move { service(channel).resume_job(request).await };
        job(self.0.call(message, Repeat::WhenRefused, send).await?.job)
    }

    /// The pairs that were found so far, in the order in which they were.
    ///
    /// # Errors
    /// [`ClientError`]; in the stream, where the connection breaks.
    pub async fn pairs(&self, id: &str) -> Result<Answers<FoundPair>, ClientError> {
        let message = v1::ListPairsRequest { id: id.to_owned() };
        let send = |channel, request| async move { service(channel).list_pairs(request).await };
        Ok(answers(self.0.open(message, Repeat::Freely, send).await?, pair))
    }
}

fn service(channel: Channel) -> DeduplicationServiceClient<Channel> {
    DeduplicationServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}

fn job(told: Option<v1::Job>) -> Result<Job, ClientError> {
    let told = told.ok_or(ClientError::Answer("job"))?;
    let state = match told.state() {
        v1::JobState::Running => JobState::Running,
        v1::JobState::Cancelled => JobState::Cancelled,
        v1::JobState::Failed => JobState::Failed,
        v1::JobState::Done => JobState::Done,
        v1::JobState::Unspecified => return Err(ClientError::Answer("state of a job")),
    };
    let v1::Job { id, gallery, done, total, pairs, error, started_unix_ms, .. } = told;
    Ok(Job { id, gallery, state, done, total, pairs, error, started_unix_ms })
}

fn pair(told: v1::ListPairsResponse) -> Result<FoundPair, ClientError> {
    let v1::ListPairsResponse { a, b, llr, verdict } = told;
    Ok(FoundPair { a: told_id(a)?, b: told_id(b)?, llr: weight(llr)?, verdict: told_verdict(verdict)? })
}
