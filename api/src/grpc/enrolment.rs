//! `whorl.v1.EnrolmentService`.

use std::sync::Arc;

use prost::Message;
use tonic::{Request, Response, Status, Streaming};
use tonic_types::StatusExt;
use whorl_index::Wanted;
use whorl_proto::v1;
use whorl_proto::v1::enrol_many_response::Result as OneOfMany;
use whorl_proto::v1::enrolment_service_server::EnrolmentService;
use whorl_service::desk::{Admission, DuplicateCheck};
use whorl_service::sample::Instance;
use whorl_types::Verdict;

use super::Services;
use super::convert::{candidate_list, checked_exceptions, checked_id, modality, position, search, verdict};
use super::failure::{Failure, Reason};
use super::repeated::{First, Key};
use super::stream::{Answers, answer_each};
use crate::calls::{About, Call};
use crate::operations::metrics::EnrolOutcome;
use crate::security::Role;
use crate::workplace::Workplace;

const ENROL: &str = "/whorl.v1.EnrolmentService/Enrol";
const ENROL_MANY: &str = "/whorl.v1.EnrolmentService/EnrolMany";
const REPLACE: &str = "/whorl.v1.EnrolmentService/Replace";
const REMOVE: &str = "/whorl.v1.EnrolmentService/Remove";
const FETCH: &str = "/whorl.v1.EnrolmentService/Fetch";

#[tonic::async_trait]
impl EnrolmentService for Services {
    type EnrolManyStream = Answers<v1::EnrolManyResponse>;

    async fn enrol(&self, request: Request<v1::EnrolRequest>) -> Result<Response<v1::EnrolResponse>, Status> {
        let call = Call::of(ENROL, &request);
        self.enrol_once(call, request.into_inner()).await.map(Response::new)
    }

    async fn enrol_many(
        &self,
        request: Request<Streaming<v1::EnrolManyRequest>>,
    ) -> Result<Response<Self::EnrolManyStream>, Status> {
        let (services, call) = (self.clone(), Call::of(ENROL_MANY, &request));
        let answers = answer_each(request.into_inner(), move |number, asked: v1::EnrolManyRequest| {
            let (services, call) = (services.clone(), call.clone());
            let asked = asked.enrol.unwrap_or_default();
            async move {
                let id = asked.id.clone();
                let answered = services.enrol_once(call, asked).await;
                let result = answered.map_or_else(|status| OneOfMany::Problem(problem(&status)), OneOfMany::Answer);
                Ok(v1::EnrolManyResponse { number, id, result: Some(result) })
            }
        });
        Ok(Response::new(answers))
    }

    async fn replace(&self, request: Request<v1::ReplaceRequest>) -> Result<Response<v1::ReplaceResponse>, Status> {
        let (call, request) = (Call::of(REPLACE, &request), request.into_inner());
        let about = About::reference(&request.gallery, &request.id);
        self.work(call, about, move |workplace, _, _| workplace.replace(&request)).await.map(Response::new)
    }

    async fn remove(&self, request: Request<v1::RemoveRequest>) -> Result<Response<v1::RemoveResponse>, Status> {
        let (call, request) = (Call::of(REMOVE, &request), request.into_inner());
        let about = About::reference(&request.gallery, &request.id);
        let remove = move |workplace: &Workplace| {
            let sequence = workplace.desk(&request.gallery)?.remove(checked_id(&request.id, "id")?)?;
            Ok(v1::RemoveResponse { sequence })
        };
        self.work(call, about, move |workplace, _, _| remove(workplace)).await.map(Response::new)
    }

    async fn fetch(&self, request: Request<v1::FetchRequest>) -> Result<Response<v1::FetchResponse>, Status> {
        let (call, request) = (Call::of(FETCH, &request), request.into_inner());
        let about = About::reference(&request.gallery, &request.id);
        let may_see = call.has(Role::Admin);
        self.work(call, about, move |workplace, _, _| workplace.fetch(&request, may_see)).await.map(Response::new)
    }
}

impl Services {
    /// Enrols somebody, unless the same was asked before.
    async fn enrol_once(&self, call: Call, request: v1::EnrolRequest) -> Result<v1::EnrolResponse, Status> {
        let (repeated, client) = (Arc::clone(&self.repeated), call.client.to_string());
        let about = About::reference(&request.gallery, &request.id);
        // All of it at the workplace: work that goes on after the client has gone keeps its answer for when it asks again.
        let enrol = move |workplace: &Workplace, wanted: &Wanted, about: &mut About| {
            if request.idempotency_key.is_empty() {
                return workplace.enrol(&request, wanted, about);
            }
            let key = Key { client, gallery: request.gallery.clone(), word: request.idempotency_key.clone() };
            match repeated.first(key, &request.encode_to_vec())? {
                First::No(answer) => Ok(*answer),
                First::Yes(pending) => {
                    let answer = workplace.enrol(&request, wanted, about)?;
                    pending.answered(&answer);
                    Ok(answer)
                }
            }
        };
        self.work(call, about, enrol).await
    }
}

impl Workplace {
    fn enrol(
        &self,
        request: &v1::EnrolRequest,
        wanted: &Wanted,
        about: &mut About,
    ) -> Result<v1::EnrolResponse, Failure> {
        let (desk, id) = (self.desk(&request.gallery)?, checked_id(&request.id, "id")?);
        checked_exceptions(&request.exceptions)?;
        let search = search(request.search.as_ref(), &self.policy.search)?;
        let check = match request.check() {
            v1::DuplicateCheck::Unspecified => self.policy.check,
            v1::DuplicateCheck::Unique => DuplicateCheck::Unique,
            v1::DuplicateCheck::UnlessDuplicate => DuplicateCheck::UnlessDuplicate,
            v1::DuplicateCheck::None => DuplicateCheck::None,
        };
        let extracted = self.extracted(&request.samples, "samples")?;
        let refusals = extracted.refusals.clone();
        let instances = extracted.into_instances();
        if !wanted.by_anybody() {
            return Err(Failure::new(Reason::GivenUp, "nobody waits for the answer any more, so nobody was enrolled"));
        }
        let templates = instances.len() as u32;
        let admission = desk.enrol(id, instances, check, &search, wanted)?;
        self.metrics.enrolment_ended(counted(&admission));
        if let Some(found) = &admission.found {
            self.metrics.searched(found.coverage.rows_scanned, found.coverage.rows_compared);
        }
        let found = admission.found.iter().flat_map(|found| &found.candidates);
        about.references.extend(found.map(|candidate| candidate.id.to_string()));
        Ok(response(&admission, refusals, templates))
    }

    fn replace(&self, request: &v1::ReplaceRequest) -> Result<v1::ReplaceResponse, Failure> {
        let (desk, id) = (self.desk(&request.gallery)?, checked_id(&request.id, "id")?);
        checked_exceptions(&request.exceptions)?;
        let extracted = self.extracted(&request.samples, "samples")?;
        let refusals = extracted.refusals.clone();
        let instances = extracted.into_instances();
        let sequence = desk.replace(id, &instances)?;
        Ok(v1::ReplaceResponse { sequence, refusals, templates: instances.len() as u32 })
    }

    fn fetch(&self, request: &v1::FetchRequest, may_see: bool) -> Result<v1::FetchResponse, Failure> {
        if request.with_templates && !may_see {
            let message = "templates are biometric data: to see them the client needs the role admin";
            return Err(Failure::new(Reason::RoleMissing, message));
        }
        if request.with_templates && !self.policy.return_templates {
            let message = "this server hands out no templates (policy.return_templates)";
            return Err(Failure::new(Reason::TemplatesRefused, message));
        }
        let reference = self.desk(&request.gallery)?.fetch(&checked_id(&request.id, "id")?)?;
        let id = reference.id.to_string();
        let templates = reference.templates.into_iter().map(|(at, template)| {
            let instance = Instance { position: at, template, liveness: None };
            v1::EnrolledTemplate {
                modality: modality(instance.template.modality()).into(),
                position: position(at).into(),
                template: if request.with_templates { instance.to_bytes().into() } else { Vec::new().into() },
            }
        });
        Ok(v1::FetchResponse { id, templates: templates.collect() })
    }
}

fn response(admission: &Admission, refusals: Vec<v1::Refusal>, templates: u32) -> v1::EnrolResponse {
    let outcome = match admission.sequence {
        Some(_) => v1::EnrolOutcome::Enrolled,
        None => v1::EnrolOutcome::NotEnrolled,
    };
    v1::EnrolResponse {
        outcome: outcome.into(),
        verdict: verdict(admission.verdict()).into(),
        found: admission.found.as_ref().map(candidate_list),
        sequence: admission.sequence.unwrap_or(0),
        refusals,
        templates,
    }
}

fn counted(admission: &Admission) -> EnrolOutcome {
    match (admission.sequence, admission.verdict()) {
        (Some(_), _) => EnrolOutcome::Enrolled,
        (None, Verdict::Adjudicate) => EnrolOutcome::Adjudicate,
        (None, Verdict::Duplicate | Verdict::Unique) => EnrolOutcome::Duplicate,
    }
}

/// What a status says, within an answer.
fn problem(status: &Status) -> v1::Problem {
    let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    v1::Problem { code: status.code() as i32, reason, message: status.message().to_owned() }
}
