//! `whorl.v1.ExtractionService`.

use tonic::{Request, Response, Status};
use whorl_proto::v1;
use whorl_proto::v1::extraction_service_server::ExtractionService;
use whorl_service::sample::Instance;

use super::Services;
use super::convert::{modality, position};
use super::failure::{Failure, Reason};
use crate::calls::{About, Call};
use crate::workplace::Workplace;

const EXTRACT: &str = "/whorl.v1.ExtractionService/Extract";
const ASSESS: &str = "/whorl.v1.ExtractionService/Assess";

#[tonic::async_trait]
impl ExtractionService for Services {
    async fn extract(&self, request: Request<v1::ExtractRequest>) -> Result<Response<v1::ExtractResponse>, Status> {
        let (call, request) = (Call::of(EXTRACT, &request), request.into_inner());
        self.work(call, About::default(), move |workplace, _, _| workplace.extract(&request)).await.map(Response::new)
    }

    async fn assess(&self, request: Request<v1::AssessRequest>) -> Result<Response<v1::AssessResponse>, Status> {
        let (call, request) = (Call::of(ASSESS, &request), request.into_inner());
        self.work(call, About::default(), move |workplace, _, _| workplace.assess(&request)).await.map(Response::new)
    }
}

impl Workplace {
    fn extract(&self, request: &v1::ExtractRequest) -> Result<v1::ExtractResponse, Failure> {
        if !self.policy.return_templates {
            let message =
                "this server hands out no templates (policy.return_templates); Assess says what samples are worth";
            return Err(Failure::new(Reason::TemplatesRefused, message));
        }
        let extracted = self.extracted(&request.samples, "samples")?;
        let templates = extracted.instances.iter().map(|(sample, instance)| v1::ExtractedTemplate {
            sample: *sample,
            modality: modality(instance.template.modality()).into(),
            position: position(instance.position).into(),
            template: instance.to_bytes().into(),
            quality: Some(quality(instance)),
        });
        Ok(v1::ExtractResponse { templates: templates.collect(), refusals: extracted.refusals })
    }

    fn assess(&self, request: &v1::AssessRequest) -> Result<v1::AssessResponse, Failure> {
        let extracted = self.extracted(&request.samples, "samples")?;
        let assessments = extracted.instances.iter().map(|(sample, instance)| v1::Assessment {
            sample: *sample,
            modality: modality(instance.template.modality()).into(),
            position: position(instance.position).into(),
            quality: Some(quality(instance)),
            algorithm: format!("whorl-{}", instance.template.modality().name()),
        });
        Ok(v1::AssessResponse { assessments: assessments.collect(), refusals: extracted.refusals })
    }
}

fn quality(instance: &Instance) -> u32 {
    instance.template.quality().get().into()
}
