//! The identity services: people decide whether two registrations are of one person.

use whorl_sdk::client::Reason;
use whorl_sdk::client::identity::v1;

use crate::country::Country;

fn findings(case: &v1::AdjudicationCase, is_same: bool) -> Vec<v1::CaseFinding> {
    let finding = |suspect: &v1::CaseSuspect| v1::CaseFinding { subject: suspect.subject.clone(), is_same };
    case.suspects.iter().map(finding).collect()
}

#[test]
fn a_case_is_assigned_decided_by_two_who_disagree_and_settled() {
    let country = Country::start();
    assert_eq!(country.registered("R-1", "Ottilie", 1, 1).stage(), v1::RegistrationStage::Issued);
    let waiting = country.registered("R-2", "Zebulon", 1, 2);
    assert_eq!(waiting.stage(), v1::RegistrationStage::InAdjudication);
    let (anna, berta) = (country.client("anna", &["adjudicate"]), country.client("berta", &["adjudicate"]));
    let sonja = country.client("sonja", &["supervise"]);
    let cases = anna.identity().list_cases(v1::ListCasesRequest::default()).unwrap().cases;
    assert_eq!((cases.len(), &cases[0].id), (1, &waiting.case_id));
    let id = || waiting.case_id.clone();
    let decide = |is_same| v1::DecideCaseRequest {
        id: id(),
        findings: findings(&cases[0], is_same),
        reason: "looked at twice".to_owned(),
    };
    let assign = |to: &str| v1::AssignCaseRequest { id: id(), to: vec![to.to_owned()] };
    let partial = sonja.identity().assign_case(assign("token olga")).unwrap_err();
    assert_eq!(partial.reason(), Some(Reason::NotImpartial), "she registered him");
    sonja.identity().assign_case(assign("token anna")).unwrap();
    assert_eq!(berta.identity().decide_case(decide(false)).unwrap_err().reason(), Some(Reason::NotAssigned));
    sonja.identity().assign_case(v1::AssignCaseRequest { id: id(), to: Vec::new() }).unwrap();
    let settle = || v1::SettleCaseRequest { id: id(), findings: findings(&cases[0], true), reason: "same".to_owned() };
    assert_eq!(sonja.identity().settle_case(settle()).unwrap_err().reason(), Some(Reason::CaseNotInConflict));
    anna.identity().decide_case(decide(true)).unwrap();
    let disputed = berta.identity().decide_case(decide(false)).unwrap().case.unwrap();
    assert_eq!(disputed.status(), v1::CaseStatus::Conflict);
    let cora = country.client("cora", &["adjudicate"]);
    assert_eq!(cora.identity().decide_case(decide(true)).unwrap_err().reason(), Some(Reason::CaseInConflict));
    let settled = sonja.identity().settle_case(settle()).unwrap().case.unwrap();
    assert_eq!(settled.status(), v1::CaseStatus::Settled);
    assert_eq!(cora.identity().decide_case(decide(true)).unwrap_err().reason(), Some(Reason::CaseSettled));
    let rejected = country.settled("R-2").rejection.unwrap();
    assert_eq!((rejected.reason.as_str(), rejected.is_correctable), ("duplicate", false));
    let nowhere = v1::GetCaseRequest { id: "0".repeat(32) };
    assert_eq!(anna.identity().get_case(nowhere).unwrap_err().reason(), Some(Reason::CaseNotFound));
}
