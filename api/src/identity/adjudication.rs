//! `whorl.identity.v1.AdjudicationService`.

use tonic::{Request, Response, Status};
use whorl_identity::adjudication::{Case, CaseState, Finding, Opinion, Standing, Suspect};
use whorl_identity::linkage::Likeness;
use whorl_identity::matcher::Resembling;
use whorl_proto::identity::v1;
use whorl_proto::identity::v1::adjudication_service_server::AdjudicationService;

use super::convert::{kind, most, opaque, word};
use super::failure::Failure;
use super::services::{Desk, Services};
use crate::calls::Call;
use crate::security::Role;

const LIST: &str = "/whorl.identity.v1.AdjudicationService/ListCases";
const GET: &str = "/whorl.identity.v1.AdjudicationService/GetCase";
const EVIDENCE: &str = "/whorl.identity.v1.AdjudicationService/GetEvidence";
const FILE: &str = "/whorl.identity.v1.AdjudicationService/GetEvidenceFile";
const ASSIGN: &str = "/whorl.identity.v1.AdjudicationService/AssignCase";
const DECIDE: &str = "/whorl.identity.v1.AdjudicationService/DecideCase";
const SETTLE: &str = "/whorl.identity.v1.AdjudicationService/SettleCase";

/// The most who are named to decide about a case: thrice as many as may have to.
const MOST_ASSIGNED: usize = 16;

/// The most bytes of the name of a client.
const MOST_NAME_BYTES: usize = 300;

/// The most findings of a request: more suspects than any search names.
const MOST_FINDINGS: usize = 10_000;

#[tonic::async_trait]
impl AdjudicationService for Services {
    async fn list_cases(
        &self,
        request: Request<v1::ListCasesRequest>,
    ) -> Result<Response<v1::ListCasesResponse>, Status> {
        let (call, request) = (Call::of(LIST, &request), request.into_inner());
        let sees_all = call.has(Role::Supervise);
        let list = move |desk: &mut Desk<'_>| {
            let after = Some(request.after.as_str()).filter(|after| !after.is_empty());
            let after = after.map(|after| opaque(after, "after")).transpose()?;
            let cases = desk.layer.open_cases(after, most(request.most)?)?;
            for case in &cases {
                desk.concerns(&case.id);
            }
            Ok(v1::ListCasesResponse { cases: cases.iter().map(|case| message(case, &desk.by, sees_all)).collect() })
        };
        self.work(call, list).await.map(Response::new)
    }

    async fn get_case(&self, request: Request<v1::GetCaseRequest>) -> Result<Response<v1::GetCaseResponse>, Status> {
        let (call, id) = (Call::of(GET, &request), request.into_inner().id);
        let case = self.case(call, id, |desk, id| Ok(desk.layer.case(id)?)).await?;
        Ok(Response::new(v1::GetCaseResponse { case: Some(case) }))
    }

    async fn get_evidence(
        &self,
        request: Request<v1::GetEvidenceRequest>,
    ) -> Result<Response<v1::GetEvidenceResponse>, Status> {
        let (call, request) = (Call::of(EVIDENCE, &request), request.into_inner());
        let standings = standings(&call);
        self.work(call, move |desk| desk.evidence(&request, &standings)).await.map(Response::new)
    }

    async fn get_evidence_file(
        &self,
        request: Request<v1::GetEvidenceFileRequest>,
    ) -> Result<Response<v1::GetEvidenceFileResponse>, Status> {
        let (call, request) = (Call::of(FILE, &request), request.into_inner());
        let standings = standings(&call);
        self.work(call, move |desk| desk.evidence_file(&request, &standings)).await.map(Response::new)
    }

    async fn assign_case(
        &self,
        request: Request<v1::AssignCaseRequest>,
    ) -> Result<Response<v1::AssignCaseResponse>, Status> {
        let (call, v1::AssignCaseRequest { id, to }) = (Call::of(ASSIGN, &request), request.into_inner());
        let assign = move |desk: &mut Desk<'_>, id| {
            if to.len() > MOST_ASSIGNED || to.iter().any(|name| !(1..=MOST_NAME_BYTES).contains(&name.len())) {
                let message = format!("to: at most {MOST_ASSIGNED} clients, each of 1 to {MOST_NAME_BYTES} bytes");
                return Err(Failure::field("to", message));
            }
            Ok(desk.layer.assign_case(id, &to)?)
        };
        let case = self.case(call, id, assign).await?;
        Ok(Response::new(v1::AssignCaseResponse { case: Some(case) }))
    }

    async fn decide_case(
        &self,
        request: Request<v1::DecideCaseRequest>,
    ) -> Result<Response<v1::DecideCaseResponse>, Status> {
        let (call, request) = (Call::of(DECIDE, &request), request.into_inner());
        let v1::DecideCaseRequest { id, findings, reason } = request;
        let decide = move |desk: &mut Desk<'_>, id| {
            Ok(desk.layer.decide_case(id, &desk.by, &of_suspects(&findings)?, &reason)?)
        };
        let case = self.case(call, id, decide).await?;
        Ok(Response::new(v1::DecideCaseResponse { case: Some(case) }))
    }

    async fn settle_case(
        &self,
        request: Request<v1::SettleCaseRequest>,
    ) -> Result<Response<v1::SettleCaseResponse>, Status> {
        let (call, request) = (Call::of(SETTLE, &request), request.into_inner());
        let v1::SettleCaseRequest { id, findings, reason } = request;
        let settle = move |desk: &mut Desk<'_>, id| {
            Ok(desk.layer.settle_case(id, &desk.by, &of_suspects(&findings)?, &reason)?)
        };
        let case = self.case(call, id, settle).await?;
        Ok(Response::new(v1::SettleCaseResponse { case: Some(case) }))
    }
}

impl Services {
    /// A case after `work`, as who asks may see it. Where it is settled, its registration goes on.
    async fn case(
        &self,
        call: Call,
        id: String,
        work: impl FnOnce(&mut Desk<'_>, whorl_identity::chance::Opaque) -> Result<Case, Failure> + Send + 'static,
    ) -> Result<v1::AdjudicationCase, Status> {
        let sees_all = call.has(Role::Supervise);
        let work = move |desk: &mut Desk<'_>| {
            let id = opaque(&id, "id")?;
            desk.concerns(&id);
            let case = work(desk, id)?;
            if let CaseState::Settled { .. } = case.state {
                desk.office.tell(&case.registration);
            }
            Ok(message(&case, &desk.by, sees_all))
        };
        self.work(call, work).await
    }
}

/// As what a client may come to a case.
fn standings(call: &Call) -> Vec<Standing> {
    let roles = [(Role::Adjudicate, Standing::Adjudicator), (Role::Supervise, Standing::Supervisor)];
    roles.into_iter().filter(|(role, _)| call.has(*role)).map(|(_, standing)| standing).collect()
}

fn of_suspects(findings: &[v1::CaseFinding]) -> Result<Vec<Finding>, Failure> {
    if findings.len() > MOST_FINDINGS {
        return Err(Failure::field("findings", format!("findings: at most {MOST_FINDINGS}")));
    }
    let finding = |finding: &v1::CaseFinding| {
        Ok(Finding { subject: opaque(&finding.subject, "findings.subject")?, is_same: finding.is_same })
    };
    findings.iter().map(finding).collect()
}

/// A case as `by` may see it: what others decided only once it is settled, unless he `sees_all`.
fn message(case: &Case, by: &str, sees_all: bool) -> v1::AdjudicationCase {
    let (status, same) = match case.state {
        CaseState::Open => (v1::CaseStatus::Open, None),
        CaseState::Conflict => (v1::CaseStatus::Conflict, None),
        CaseState::Settled { same } => (v1::CaseStatus::Settled, same),
    };
    let is_over = status == v1::CaseStatus::Settled;
    let seen = case.opinions.iter().filter(|opinion| is_over || sees_all || opinion.by == by);
    v1::AdjudicationCase {
        id: case.id.to_string(),
        registration: case.registration.to_string(),
        kind: kind(case.kind).into(),
        opened_unix_ms: case.opened_ms,
        suspects: case.suspects.iter().map(suspect).collect(),
        assigned: case.assigned.clone(),
        decided: case.opinions.len() as u32,
        opinions: seen.map(opinion).collect(),
        status: status.into(),
        same_subject: same.map(|same| same.to_string()).unwrap_or_default(),
        too_common: case.too_common.clone(),
    }
}

pub(super) fn suspect(suspect: &Suspect) -> v1::CaseSuspect {
    v1::CaseSuspect {
        subject: suspect.subject.to_string(),
        biometric: suspect.biometric.iter().map(resembling).collect(),
        demographic: suspect.demographic.as_ref().map(likeness),
    }
}

pub(super) fn resembling(found: &Resembling) -> v1::BiometricLikeness {
    v1::BiometricLikeness { llr_nats: found.llr_nats, is_duplicate: found.is_duplicate }
}

fn likeness(likeness: &Likeness) -> v1::DemographicLikeness {
    let field = |agreement: &whorl_identity::demographic::Agreement| v1::FieldLikeness {
        field: word(serde_json::to_value(agreement.field)),
        level: word(serde_json::to_value(agreement.level)),
        bits: agreement.bits,
    };
    v1::DemographicLikeness {
        bits: likeness.bits,
        is_sure: likeness.is_sure,
        fields: likeness.fields.iter().map(field).collect(),
    }
}

fn opinion(opinion: &Opinion) -> v1::CaseOpinion {
    let finding =
        |finding: &Finding| v1::CaseFinding { subject: finding.subject.to_string(), is_same: finding.is_same };
    v1::CaseOpinion {
        by: opinion.by.clone(),
        at_unix_ms: opinion.at_ms,
        findings: opinion.findings.iter().map(finding).collect(),
        reason: opinion.reason.clone(),
    }
}

#[cfg(test)]
mod tests {
    use whorl_identity::chance::Opaque;
    use whorl_identity::registration::PacketKind;

    use super::*;

    fn case(state: CaseState) -> Case {
        let opinion =
            |by: &str| Opinion { by: by.to_owned(), at_ms: 1, findings: Vec::new(), reason: "why".to_owned() };
        Case {
            id: Opaque::draw().unwrap(),
            registration: "R-1".parse().unwrap(),
            kind: PacketKind::New,
            operators: Vec::new(),
            opened_ms: 1,
            suspects: Vec::new(),
            too_common: Vec::new(),
            assigned: Vec::new(),
            opinions: vec![opinion("one"), opinion("two")],
            state,
        }
    }

    #[test]
    fn who_decides_does_not_see_what_others_decided_before_it_is_settled() {
        let seen = |state, by, all| {
            message(&case(state), by, all).opinions.into_iter().map(|seen| seen.by).collect::<Vec<_>>()
        };
        assert_eq!(seen(CaseState::Open, "two", false), ["two"]);
        assert_eq!(seen(CaseState::Open, "three", false), [""; 0]);
        assert_eq!(seen(CaseState::Conflict, "one", false), ["one"]);
        assert_eq!(seen(CaseState::Conflict, "three", true), ["one", "two"]);
        assert_eq!(seen(CaseState::Settled { same: None }, "three", false), ["one", "two"]);
    }
}
