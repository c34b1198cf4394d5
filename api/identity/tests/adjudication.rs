//! People decide, independently of each other, and the registration goes on as they say.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod country;

use country::{Ground, eyes, fields, newcomer, packet, send, uin};
use whorl_identity::adjudication::{AdjudicationError, Case, CaseState, Finding};
use whorl_identity::layer::Layer;
use whorl_identity::registration::{Packet, PacketKind, Registration, Rejection, Stage};

/// A registration that waits, because its eyes are those of `r1`.
fn waiting(layer: &Layer, id: &str, capture: u64) -> (Registration, Case) {
    let second = send(layer, &Packet { demographics: fields(100 + capture), ..newcomer(id, 1, capture) });
    assert_eq!(second.stage, Stage::InAdjudication, "{:?}", second.rejection);
    let case = layer.case(second.case.unwrap()).unwrap();
    (second, case)
}

fn all(case: &Case, is_same: bool) -> Vec<Finding> {
    case.suspects.iter().map(|suspect| Finding { subject: suspect.subject, is_same }).collect()
}

#[test]
fn two_who_agree_refuse_a_duplicate_and_nothing_of_it_stays_in_the_gallery() {
    let ground = Ground::new();
    let layer = ground.open();
    send(&layer, &newcomer("r1", 1, 0));
    let (second, case) = waiting(&layer, "r2", 1);
    let once = layer.decide_case(case.id, "anna", &all(&case, true), "the same eyes").unwrap();
    assert_eq!(once.state, CaseState::Open);
    let twice = layer.decide_case(case.id, "berta", &all(&case, true), "the same eyes").unwrap();
    assert_eq!(twice.state, CaseState::Settled { same: Some(case.suspects[0].subject) });
    assert_eq!(layer.registration(&second.id).unwrap().rejection, Some(Rejection::Duplicate));
    let late = layer.decide_case(case.id, "clara", &all(&case, true), "late").unwrap_err();
    assert!(matches!(late, AdjudicationError::Settled(_)), "{late}");
    assert!(layer.open_cases(None, 10).unwrap().is_empty());
}

#[test]
fn two_who_agree_that_there_are_two_persons_let_the_second_in() {
    let layer = Ground::new().open();
    send(&layer, &newcomer("r1", 1, 0));
    let (second, case) = waiting(&layer, "r2", 1);
    for name in ["anna", "berta"] {
        layer.decide_case(case.id, name, &all(&case, false), "twins").unwrap();
    }
    assert_eq!(layer.process(&second.id).unwrap(), Stage::Issued);
    let (_, third) = waiting(&layer, "r3", 2);
    assert_eq!(third.suspects.len(), 2, "whoever comes next is like both");
}

#[test]
fn who_came_while_people_decided_is_compared_too() {
    let layer = Ground::new().open();
    send(&layer, &newcomer("r1", 1, 0));
    let (second, case) = waiting(&layer, "r2", 1);
    let (third, of_third) = waiting(&layer, "r3", 2);
    assert_eq!(of_third.suspects.len(), 1, "the second is nobody yet");
    for name in ["anna", "berta"] {
        layer.decide_case(case.id, name, &all(&case, false), "another").unwrap();
        layer.decide_case(of_third.id, name, &all(&of_third, false), "another").unwrap();
    }
    assert_eq!(layer.process(&second.id).unwrap(), Stage::Issued);
    assert_eq!(layer.process(&third.id).unwrap(), Stage::InAdjudication, "the second came meanwhile");
    let again = layer.case(layer.registration(&third.id).unwrap().case.unwrap()).unwrap();
    assert_eq!(again.suspects.iter().map(|suspect| Some(suspect.subject)).collect::<Vec<_>>(), [second.subject]);
}

#[test]
fn a_supervisor_settles_what_others_disagree_about_and_nothing_else() {
    let layer = Ground::new().open();
    send(&layer, &newcomer("r1", 1, 0));
    let (second, case) = waiting(&layer, "r2", 1);
    let early = layer.settle_case(case.id, "sonja", &all(&case, true), "early").unwrap_err();
    assert!(matches!(early, AdjudicationError::NoConflict(_)), "{early}");
    layer.decide_case(case.id, "anna", &all(&case, true), "the same").unwrap();
    let split = layer.decide_case(case.id, "berta", &all(&case, false), "two").unwrap();
    assert_eq!(split.state, CaseState::Conflict);
    let third = layer.decide_case(case.id, "clara", &all(&case, false), "two").unwrap_err();
    assert!(matches!(third, AdjudicationError::Conflict(_)), "{third}");
    let own = layer.settle_case(case.id, "anna", &all(&case, true), "mine").unwrap_err();
    assert!(matches!(own, AdjudicationError::Partial(_)), "{own}");
    layer.settle_case(case.id, "sonja", &all(&case, false), "two").unwrap();
    assert_eq!(layer.process(&second.id).unwrap(), Stage::Issued);
}

#[test]
fn nobody_decides_twice_or_about_what_he_registered_or_without_a_reason() {
    let layer = Ground::new().open();
    send(&layer, &newcomer("r1", 1, 0));
    let (_, case) = waiting(&layer, "r2", 1);
    let operator = layer.decide_case(case.id, "olga", &all(&case, true), "mine").unwrap_err();
    assert!(matches!(operator, AdjudicationError::Partial(_)), "{operator}");
    layer.decide_case(case.id, "anna", &all(&case, true), "the same").unwrap();
    let twice = layer.decide_case(case.id, "anna", &all(&case, true), "the same").unwrap_err();
    assert!(matches!(twice, AdjudicationError::Partial(_)), "{twice}");
    for reason in [String::new(), "x".repeat(1_025)] {
        let silent = layer.decide_case(case.id, "berta", &all(&case, true), &reason).unwrap_err();
        assert!(matches!(silent, AdjudicationError::Reason), "{silent}");
    }
    let none = layer.decide_case(case.id, "berta", &[], "nothing").unwrap_err();
    assert!(matches!(none, AdjudicationError::Findings(1)), "{none}");
    layer.assign_case(case.id, &["dora".to_owned()]).unwrap();
    let other = layer.decide_case(case.id, "berta", &all(&case, true), "the same").unwrap_err();
    assert!(matches!(other, AdjudicationError::NotAssigned(_)), "{other}");
}

#[test]
fn whose_lost_number_it_is_is_decided_by_people_where_a_name_is_all_there_is() {
    let layer = Ground { has_biometrics: false, ..Ground::new() }.open();
    let first = send(&layer, &newcomer("r1", 1, 0));
    let lost = Packet { demographics: fields(1), ..packet("l1", PacketKind::Lost) };
    let lost = send(&layer, &lost);
    assert_eq!(lost.stage, Stage::InAdjudication, "{:?}", lost.rejection);
    let case = layer.case(lost.case.unwrap()).unwrap();
    for name in ["anna", "berta"] {
        layer.decide_case(case.id, name, &all(&case, true), "he answered").unwrap();
    }
    assert_eq!(layer.process(&lost.id).unwrap(), Stage::Issued);
    assert_eq!(layer.uin_of(&lost.id).unwrap().unwrap(), uin(&layer, &first));
    let stranger = Packet { demographics: fields(1), enclosures: eyes(5, 0), ..packet("l2", PacketKind::Lost) };
    let stranger = send(&layer, &stranger);
    let case = layer.case(stranger.case.unwrap()).unwrap();
    for name in ["anna", "berta"] {
        layer.decide_case(case.id, name, &all(&case, false), "he did not").unwrap();
    }
    layer.process(&stranger.id).unwrap();
    assert_eq!(layer.registration(&stranger.id).unwrap().rejection, Some(Rejection::NotFound));
}
