//! `whorl.v1.VerificationService`.

use tonic::{Request, Response, Status};
use whorl_proto::v1;
use whorl_proto::v1::verification_service_server::VerificationService;
use whorl_types::Decision;

use super::Services;
use super::convert::{checked_id, evidence, extract, fmr};
use super::failure::{Failure, Reason};
use crate::workplace::Workplace;

#[tonic::async_trait]
impl VerificationService for Services {
    async fn verify(&self, request: Request<v1::VerifyRequest>) -> Result<Response<v1::VerifyResponse>, Status> {
        let request = request.into_inner();
        self.work(move |workplace, _| workplace.verify(&request)).await.map(Response::new)
    }

    async fn compare(&self, request: Request<v1::CompareRequest>) -> Result<Response<v1::CompareResponse>, Status> {
        let request = request.into_inner();
        self.work(move |workplace, _| workplace.compare(&request)).await.map(Response::new)
    }
}

impl Workplace {
    fn verify(&self, request: &v1::VerifyRequest) -> Result<v1::VerifyResponse, Failure> {
        let (desk, id) = (self.desk(&request.gallery)?, checked_id(&request.id, "id")?);
        let target = fmr(request.target_fmr, self.policy.target_fmr)?;
        let extracted = extract(&self.engine, &request.samples, "samples", self.taken())?;
        let refusals = extracted.refusals.clone();
        let (decided, found) = desk.verify(&id, &extracted.into_instances(), target, request.mirrored)?;
        let decision = decision(decided).into();
        Ok(v1::VerifyResponse { decision, evidence: Some(evidence(&found)), refusals })
    }

    fn compare(&self, request: &v1::CompareRequest) -> Result<v1::CompareResponse, Failure> {
        let target = fmr(request.target_fmr, self.policy.target_fmr)?;
        let probe = extract(&self.engine, &request.probe, "probe", self.taken())?;
        let reference = extract(&self.engine, &request.reference, "reference", self.taken())?;
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
