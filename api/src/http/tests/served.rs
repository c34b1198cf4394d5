//! Services without galleries: what they answer follows from the request alone.

use std::future::pending;
use std::pin::Pin;

use tokio_stream::{Stream, StreamExt};
use tonic::{Code, Request, Response, Status, Streaming, async_trait};
use tonic_types::{ErrorDetails, StatusExt};
use whorl_proto::v1::audit_service_server::AuditService;
use whorl_proto::v1::deduplication_service_server::DeduplicationService;
use whorl_proto::v1::enrol_many_response::Result as OneOfMany;
use whorl_proto::v1::enrolment_service_server::EnrolmentService;
use whorl_proto::v1::extraction_service_server::ExtractionService;
use whorl_proto::v1::gallery_service_server::GalleryService;
use whorl_proto::v1::identification_service_server::IdentificationService;
use whorl_proto::v1::identify_stream_response::Event;
use whorl_proto::v1::verification_service_server::VerificationService;
use whorl_proto::v1::*;

type Many<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;
type Answered<T> = Result<Response<T>, Status>;

/// All services.
pub(super) struct Served;

/// Who a client is, as a layer above the gateway would say it.
#[derive(Clone)]
pub(super) struct Who(pub(super) &'static str);

fn not_here<T>() -> Answered<T> {
    Err(Status::unimplemented("not here"))
}

fn taken() -> Status {
    let details = ErrorDetails::with_error_info("ALREADY_ENROLLED", "whorl", []);
    Status::with_error_details(Code::AlreadyExists, "it is taken", details)
}

fn enrolled(request: &EnrolRequest) -> Result<EnrolResponse, Status> {
    if request.id == "taken" {
        return Err(taken());
    }
    let templates = request.samples.len() as u32;
    Ok(EnrolResponse { outcome: EnrolOutcome::Enrolled.into(), sequence: 3, templates, ..EnrolResponse::default() })
}

#[async_trait]
impl EnrolmentService for Served {
    type EnrolManyStream = Many<EnrolManyResponse>;

    async fn enrol(&self, request: Request<EnrolRequest>) -> Answered<EnrolResponse> {
        if request.get_ref().id == "slow" {
            return pending().await;
        }
        enrolled(request.get_ref()).map(Response::new)
    }

    async fn enrol_many(&self, requests: Request<Streaming<EnrolManyRequest>>) -> Answered<Self::EnrolManyStream> {
        let mut next = 0..;
        let answers = requests.into_inner().map(move |request| {
            let enrol = request?.enrol.unwrap_or_default();
            let result = match enrolled(&enrol) {
                Ok(answer) => OneOfMany::Answer(answer),
                Err(_) => OneOfMany::Problem(Problem { reason: "ALREADY_ENROLLED".into(), ..Problem::default() }),
            };
            Ok(EnrolManyResponse { number: next.next().unwrap_or_default(), id: enrol.id, result: Some(result) })
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn replace(&self, _: Request<ReplaceRequest>) -> Answered<ReplaceResponse> {
        not_here()
    }

    async fn remove(&self, request: Request<RemoveRequest>) -> Answered<RemoveResponse> {
        let who = request.extensions().get::<Who>().map_or("nobody", |who| who.0);
        let timeout = request.metadata().get("grpc-timeout").and_then(|value| value.to_str().ok());
        Err(Status::unimplemented(format!("{who} has {}", timeout.unwrap_or("no deadline"))))
    }

    async fn fetch(&self, _: Request<FetchRequest>) -> Answered<FetchResponse> {
        not_here()
    }
}

#[async_trait]
impl IdentificationService for Served {
    type IdentifyManyStream = Many<IdentifyManyResponse>;
    type IdentifyStreamStream = Many<IdentifyStreamResponse>;

    async fn identify(&self, _: Request<IdentifyRequest>) -> Answered<IdentifyResponse> {
        not_here()
    }

    async fn identify_many(&self, _: Request<Streaming<IdentifyManyRequest>>) -> Answered<Self::IdentifyManyStream> {
        Ok(Response::new(Box::pin(tokio_stream::empty())))
    }

    async fn identify_stream(&self, _: Request<IdentifyStreamRequest>) -> Answered<Self::IdentifyStreamStream> {
        let candidate = Candidate { id: "A-1".into(), ..Candidate::default() };
        let first = IdentifyStreamResponse { event: Some(Event::Candidate(candidate)) };
        let answers = [Ok(first), Err(Status::unavailable("the disk is gone")), Ok(IdentifyStreamResponse::default())];
        Ok(Response::new(Box::pin(tokio_stream::iter(answers))))
    }
}

/// Methods that are there and do nothing.
macro_rules! idle {
    ($service:ident { $($name:ident($request:ty) -> $response:ty;)* } $($many:ident = $each:ty;)*) => {
        #[async_trait]
        impl $service for Served {
            $(type $many = Many<$each>;)*
            $(async fn $name(&self, _: Request<$request>) -> Answered<$response> { not_here() })*
        }
    };
}

idle!(VerificationService {
    verify(VerifyRequest) -> VerifyResponse;
    compare(CompareRequest) -> CompareResponse;
});

idle!(ExtractionService {
    extract(ExtractRequest) -> ExtractResponse;
    assess(AssessRequest) -> AssessResponse;
});

idle!(AuditService {
    list_records(ListRecordsRequest) -> ListRecordsResponse;
});

idle!(GalleryService {
    create_gallery(CreateGalleryRequest) -> CreateGalleryResponse;
    list_galleries(ListGalleriesRequest) -> ListGalleriesResponse;
    get_gallery(GetGalleryRequest) -> GetGalleryResponse;
    compact_gallery(CompactGalleryRequest) -> CompactGalleryResponse;
    scrub_gallery(ScrubGalleryRequest) -> ScrubGalleryResponse;
    back_up_gallery(BackUpGalleryRequest) -> BackUpGalleryResponse;
    reopen_gallery(ReopenGalleryRequest) -> ReopenGalleryResponse;
    export_gallery(ExportGalleryRequest) -> Self::ExportGalleryStream;
}
    ExportGalleryStream = ExportGalleryResponse;
);

idle!(DeduplicationService {
    start_job(StartJobRequest) -> StartJobResponse;
    get_job(GetJobRequest) -> GetJobResponse;
    list_jobs(ListJobsRequest) -> ListJobsResponse;
    watch_job(WatchJobRequest) -> Self::WatchJobStream;
    cancel_job(CancelJobRequest) -> CancelJobResponse;
    resume_job(ResumeJobRequest) -> ResumeJobResponse;
    list_pairs(ListPairsRequest) -> Self::ListPairsStream;
}
    WatchJobStream = WatchJobResponse;
    ListPairsStream = ListPairsResponse;
);
