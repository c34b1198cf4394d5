//! `whorl.v1.VerificationService`.

use tonic::{Request, Response, Status};
use whorl_proto::v1;
use whorl_proto::v1::verification_service_server::VerificationService;
use whorl_types::Decision;

use super::Services;
use super::convert::{checked_id, evidence, fmr};
use super::failure::{Failure, Reason};
use crate::calls::{About, Call};
use crate::workplace::Workplace;

const VERIFY: &str = "/whorl.v1.VerificationService/Verify";
const COMPARE: &str = "/whorl.v1.VerificationService/Compare";

#[tonic::async_trait]
impl VerificationService for Services {
    async fn verify(&self, request: Request<v1::VerifyRequest>) -> Result<Response<v1::VerifyResponse>, Status> {
        let (call, request) = (Call::of(VERIFY, &request), request.into_inner());
        let about = About::reference(&request.gallery, &request.id);
        self.work(call, about, move |workplace, _, _| workplace.verify(&request)).await.map(Response::new)
    }

    async fn compare(&self, request: Request<v1::CompareRequest>) -> Result<Response<v1::CompareResponse>, Status> {
        let (call, request) = (Call::of(COMPARE, &request), request.into_inner());
        let about = About::default();
        self.work(call, about, move |workplace, _, _| workplace.compare(&request)).await.map(Response::new)
    }
}

impl Workplace {
    fn verify(&self, request: &v1::VerifyRequest) -> Result<v1::VerifyResponse, Failure> {
        let (desk, id) = (self.desk(&request.gallery)?, checked_id(&request.id, "id")?);
        let target = fmr(request.target_fmr, self.policy.target_fmr)?;
        let extracted = self.extracted(&request.samples, "samples")?;
        let refusals = extracted.refusals.clone();
        let (decided, found) = desk.verify(&id, &extracted.into_instances(), target, request.mirrored)?;
        let decision = decision(decided).into();
        Ok(v1::VerifyResponse { decision, evidence: Some(evidence(&found)), refusals })
    }

    fn compare(&self, request: &v1::CompareRequest) -> Result<v1::CompareResponse, Failure> {
        let target = fmr(request.target_fmr, self.policy.target_fmr)?;
        let probe = self.extracted(&request.probe, "probe")?;
        let reference = self.extracted(&request.reference, "reference")?;
        if probe.instances.is_empty() || reference.instances.is_empty() {
            let message = "one side has no sample that gave a template, so there is nothing to compare: capture again";
            return Err(Failure::new(Reason::NothingToCompare, message));
        }
        let (probe_refusals, reference_refusals) = (probe.refusals.clone(), reference.refusals.clone());
        let (probe, reference) = (probe.into_instances(), reference.into_instances());
        let found = self.engine.compare(&probe, &reference, request.mirrored);
        let decision = decision(self.engine.decide(&found, target)).into();
        let evidence = Some(evidence(&found));
        Ok(v1::CompareResponse { decision, evidence, probe_refusals, reference_refusals })
    }
}

fn decision(decision: Decision) -> v1::Decision {
    match decision {
        Decision::Match => v1::Decision::Match,
        Decision::NonMatch => v1::Decision::NonMatch,
    }
}
