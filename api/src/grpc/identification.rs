//! `whorl.v1.IdentificationService`.

use tokio_stream::iter;
use tonic::{Request, Response, Status, Streaming};
use whorl_index::Wanted;
use whorl_proto::v1;
use whorl_proto::v1::identification_service_server::IdentificationService;
use whorl_proto::v1::identify_stream_response::Event;

use super::Services;
use super::convert::{candidate_list, checked_id, search};
use super::failure::{Failure, Reason};
use super::stream::{Answers, answer_each};
use crate::calls::{About, Call};
use crate::workplace::Workplace;

const IDENTIFY: &str = "/whorl.v1.IdentificationService/Identify";
const IDENTIFY_MANY: &str = "/whorl.v1.IdentificationService/IdentifyMany";
const IDENTIFY_STREAM: &str = "/whorl.v1.IdentificationService/IdentifyStream";

#[tonic::async_trait]
impl IdentificationService for Services {
    type IdentifyManyStream = Answers<v1::IdentifyManyResponse>;
    type IdentifyStreamStream = Answers<v1::IdentifyStreamResponse>;

    async fn identify(&self, request: Request<v1::IdentifyRequest>) -> Result<Response<v1::IdentifyResponse>, Status> {
        let call = Call::of(IDENTIFY, &request);
        self.identified(call, request.into_inner()).await.map(Response::new)
    }

    async fn identify_many(
        &self,
        request: Request<Streaming<v1::IdentifyManyRequest>>,
    ) -> Result<Response<Self::IdentifyManyStream>, Status> {
        let (services, call) = (self.clone(), Call::of(IDENTIFY_MANY, &request));
        let answers = answer_each(request.into_inner(), move |number, asked: v1::IdentifyManyRequest| {
            let (services, call) = (services.clone(), call.clone());
            async move {
                let answer = services.identified(call, asked.identify.unwrap_or_default()).await?;
                Ok(v1::IdentifyManyResponse { number, answer: Some(answer) })
            }
        });
        Ok(Response::new(answers))
    }

    async fn identify_stream(
        &self,
        request: Request<v1::IdentifyStreamRequest>,
    ) -> Result<Response<Self::IdentifyStreamStream>, Status> {
        let call = Call::of(IDENTIFY_STREAM, &request);
        let answer = self.identified(call, request.into_inner().identify.unwrap_or_default()).await?;
        Ok(Response::new(Box::pin(iter(events(answer)))))
    }
}

impl Services {
    async fn identified(&self, call: Call, request: v1::IdentifyRequest) -> Result<v1::IdentifyResponse, Status> {
        let about = About::gallery(&request.gallery);
        let identify = move |workplace: &Workplace, wanted: &Wanted, about: &mut About| {
            let answer = workplace.identify(&request, wanted)?;
            let found = answer.found.iter().flat_map(|found| &found.candidates);
            about.references.extend(found.map(|candidate| candidate.id.clone()));
            Ok(answer)
        };
        self.work(call, about, identify).await
    }
}

impl Workplace {
    fn identify(&self, request: &v1::IdentifyRequest, wanted: &Wanted) -> Result<v1::IdentifyResponse, Failure> {
        let desk = self.desk(&request.gallery)?;
        let search = search(request.search.as_ref(), &self.policy.search)?;
        let among = request.among.iter().map(|id| checked_id(id, "among")).collect::<Result<Vec<_>, _>>()?;
        let extracted = self.extracted(&request.samples, "samples")?;
        let refusals = extracted.refusals.clone();
        let probe = extracted.into_instances();
        if !wanted.by_anybody() {
            return Err(Failure::new(Reason::GivenUp, "nobody waits for the answer any more"));
        }
        let found = if among.is_empty() {
            desk.identify(probe, &search, wanted)?
        } else {
            desk.identify_among(probe, &among, &search)?
        };
        self.metrics.searched(found.coverage.rows_scanned, found.coverage.rows_compared);
        Ok(v1::IdentifyResponse { found: Some(candidate_list(&found)), refusals })
    }
}

/// Candidates one by one, then all else.
fn events(mut answer: v1::IdentifyResponse) -> impl Iterator<Item = Result<v1::IdentifyStreamResponse, Status>> {
    let candidates = answer.found.as_mut().map(|found| std::mem::take(&mut found.candidates)).unwrap_or_default();
    let candidates = candidates.into_iter().map(Event::Candidate);
    let events = candidates.chain([Event::Done(answer)]);
    events.map(|event| Ok(v1::IdentifyStreamResponse { event: Some(event) }))
}
