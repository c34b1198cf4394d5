//! `whorl.v1.DeduplicationService`.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use whorl_proto::v1;
use whorl_proto::v1::deduplication_service_server::DeduplicationService;
use whorl_service::jobs::{Job, JobState};

use super::Services;
use super::convert::search;
use super::failure::{Failure, Reason};
use super::stream::Answers;
use crate::calls::{About, Call};
use crate::workplace::Workplace;

const START: &str = "/whorl.v1.DeduplicationService/StartJob";
const GET: &str = "/whorl.v1.DeduplicationService/GetJob";
const LIST: &str = "/whorl.v1.DeduplicationService/ListJobs";
const WATCH: &str = "/whorl.v1.DeduplicationService/WatchJob";
const CANCEL: &str = "/whorl.v1.DeduplicationService/CancelJob";
const RESUME: &str = "/whorl.v1.DeduplicationService/ResumeJob";
const PAIRS: &str = "/whorl.v1.DeduplicationService/ListPairs";

/// How often a job that is followed is looked at.
const LOOKED_AT: Duration = Duration::from_millis(250);

/// How many pairs wait for a slow client.
const WAITING_PAIRS: usize = 256;

#[tonic::async_trait]
impl DeduplicationService for Services {
    type WatchJobStream = Answers<v1::WatchJobResponse>;
    type ListPairsStream = Answers<v1::ListPairsResponse>;

    async fn start_job(&self, request: Request<v1::StartJobRequest>) -> Result<Response<v1::StartJobResponse>, Status> {
        let (call, request) = (Call::of(START, &request), request.into_inner());
        let about = About::gallery(&request.gallery);
        let start = move |workplace: &Workplace| {
            let search = search(request.search.as_ref(), &workplace.policy.search)?;
            Ok(message(&*workplace.jobs()?.start(&request.gallery, &search)?))
        };
        let job = self.work(call, about, move |workplace, _, _| start(workplace)).await?;
        Ok(Response::new(v1::StartJobResponse { job: Some(job) }))
    }

    async fn get_job(&self, request: Request<v1::GetJobRequest>) -> Result<Response<v1::GetJobResponse>, Status> {
        let (call, id) = (Call::of(GET, &request), request.into_inner().id);
        let job = self.job(call, move |workplace| Ok(workplace.jobs()?.find(&id)?)).await?;
        Ok(Response::new(v1::GetJobResponse { job: Some(message(&job)) }))
    }

    async fn list_jobs(&self, request: Request<v1::ListJobsRequest>) -> Result<Response<v1::ListJobsResponse>, Status> {
        let (call, gallery) = (Call::of(LIST, &request), request.into_inner().gallery);
        let about = About::gallery(&gallery);
        let list = move |workplace: &Workplace| {
            let jobs = workplace.jobs()?.list();
            let asked = jobs.iter().filter(|job| gallery.is_empty() || job.gallery() == gallery);
            Ok(asked.map(|job| message(job)).collect())
        };
        let jobs = self.work(call, about, move |workplace, _, _| list(workplace)).await?;
        Ok(Response::new(v1::ListJobsResponse { jobs }))
    }

    async fn watch_job(&self, request: Request<v1::WatchJobRequest>) -> Result<Response<Self::WatchJobStream>, Status> {
        let (call, id) = (Call::of(WATCH, &request), request.into_inner().id);
        let job = self.job(call, move |workplace| Ok(workplace.jobs()?.find(&id)?)).await?;
        let (send, told) = channel(1);
        tokio::spawn(follow(job, send));
        Ok(Response::new(Box::pin(ReceiverStream::new(told))))
    }

    async fn cancel_job(
        &self,
        request: Request<v1::CancelJobRequest>,
    ) -> Result<Response<v1::CancelJobResponse>, Status> {
        let (call, id) = (Call::of(CANCEL, &request), request.into_inner().id);
        let job = self.job(call, move |workplace| Ok(workplace.jobs()?.cancel(&id)?)).await?;
        Ok(Response::new(v1::CancelJobResponse { job: Some(message(&job)) }))
    }

    async fn resume_job(
        &self,
        request: Request<v1::ResumeJobRequest>,
    ) -> Result<Response<v1::ResumeJobResponse>, Status> {
        let (call, id) = (Call::of(RESUME, &request), request.into_inner().id);
        let job = self.job(call, move |workplace| Ok(workplace.jobs()?.resume(&id)?)).await?;
        Ok(Response::new(v1::ResumeJobResponse { job: Some(message(&job)) }))
    }

    async fn list_pairs(
        &self,
        request: Request<v1::ListPairsRequest>,
    ) -> Result<Response<Self::ListPairsStream>, Status> {
        let (call, id) = (Call::of(PAIRS, &request), request.into_inner().id);
        let job = self.job(call, move |workplace| Ok(workplace.jobs()?.find(&id)?)).await?;
        let place = self.workplace.admit().map_err(Failure::from)?;
        let (pairs, sent) = channel(WAITING_PAIRS);
        tokio::task::spawn_blocking(move || {
            let _place = place;
            if let Err(error) = send_pairs(&job.pairs(), &pairs) {
                let failure = Failure::new(Reason::StorageFailed, format!("the pairs cannot be read: {error}"));
                // Where the client has gone there is nobody to tell.
                let _ = pairs.blocking_send(Err(failure.into()));
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(sent))))
    }
}

impl Services {
    /// A job, by what is asked of it.
    async fn job(
        &self,
        call: Call,
        find: impl FnOnce(&Workplace) -> Result<Arc<Job>, Failure> + Send + 'static,
    ) -> Result<Arc<Job>, Status> {
        let find = move |workplace: &Workplace, about: &mut About| {
            let job = find(workplace)?;
            about.gallery = job.gallery();
            Ok(job)
        };
        self.work(call, About::default(), move |workplace, _, about| find(workplace, about)).await
    }
}

/// Sends where a job is whenever that has changed, until it does not run any more.
async fn follow(job: Arc<Job>, send: Sender<Result<v1::WatchJobResponse, Status>>) {
    let mut last = None;
    loop {
        let now = message(&job);
        let is_over = now.state() != v1::JobState::Running;
        if last.as_ref() != Some(&now) {
            last = Some(now.clone());
            if send.send(Ok(v1::WatchJobResponse { job: Some(now) })).await.is_err() {
                return;
            }
        }
        if is_over || send.is_closed() {
            return;
        }
        tokio::time::sleep(LOOKED_AT).await;
    }
}

/// A row of the file of pairs.
#[derive(Deserialize)]
struct Pair {
    reference: String,
    candidate: String,
    verdict: String,
    llr: f32,
}

fn send_pairs(place: &Path, pairs: &Sender<Result<v1::ListPairsResponse, Status>>) -> Result<(), csv::Error> {
    for pair in csv::Reader::from_reader(File::open(place)?).deserialize() {
        let Pair { reference, candidate, verdict, llr } = pair?;
        let verdict = match verdict.as_str() {
            "duplicate" => v1::Verdict::Duplicate,
            _ => v1::Verdict::Adjudicate,
        };
        let message = v1::ListPairsResponse { a: reference, b: candidate, llr, verdict: verdict.into() };
        if pairs.blocking_send(Ok(message)).is_err() {
            break;
        }
    }
    Ok(())
}

fn message(job: &Job) -> v1::Job {
    let status = job.status();
    let state = match status.state {
        JobState::Running => v1::JobState::Running,
        JobState::Cancelled => v1::JobState::Cancelled,
        JobState::Failed => v1::JobState::Failed,
        JobState::Done => v1::JobState::Done,
    };
    v1::Job {
        id: job.id().to_owned(),
        gallery: job.gallery(),
        state: state.into(),
        done: status.done,
        total: status.total,
        pairs: status.pairs,
        error: status.error,
        started_unix_ms: job.started_unix_ms() as i64,
    }
}
