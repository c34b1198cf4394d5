use crate::numbers::{LifeError, PolicyError, RestoreOn, VidLife, VidPolicies, VidPolicy, VidStatus, may_begin};

const NOW: u64 = 1_800_000_000_000;
const MINUTE: u64 = 60_000;

/// In the form of MOSIP's sample.
const SAMPLE: &str = r#"{"vidPolicies": [
    {"vidType": "Perpetual", "vidPolicy": {"validForInMinutes": null, "transactionsAllowed": null, "instancesAllowed": 1,
        "autoRestoreAllowed": true, "restoreOnAction": "REVOKED"}},
    {"vidType": "Temporary", "vidPolicy": {"validForInMinutes": 30, "transactionsAllowed": 2, "instancesAllowed": 5,
        "autoRestoreAllowed": false, "restoreOnAction": "REGENERATE"}},
    {"vidType": "OneTimeUse", "vidPolicy": {"validForInMinutes": null, "transactionsAllowed": 2, "instancesAllowed": 5,
        "autoRestoreAllowed": false, "restoreOnAction": "REVOKED"}}]}"#;

fn policy(kind: &str) -> VidPolicy {
    *VidPolicies::mosip().find(kind).unwrap()
}

#[test]
fn mosips_policies_are_read_and_written_in_its_format() {
    let policies = VidPolicies::read(SAMPLE.as_bytes()).unwrap();
    assert_eq!(policies, VidPolicies::mosip());
    let (written, sample): (serde_json::Value, serde_json::Value) =
        (serde_json::from_str(&policies.write().unwrap()).unwrap(), serde_json::from_str(SAMPLE).unwrap());
    assert_eq!(written, sample);
    assert_eq!(policies.find("Lifelong"), None);
    let schemas = SAMPLE.replace("REVOKED", "REVOKE");
    assert_eq!(VidPolicies::read(schemas.as_bytes()).unwrap(), policies);
}

#[test]
fn policies_that_cannot_be_followed_are_refused() {
    let read = |from: &str, to: &str| VidPolicies::read(SAMPLE.replace(from, to).as_bytes()).unwrap_err();
    assert!(matches!(read("Temporary", "Perpetual"), PolicyError::Twice(kind) if kind == "Perpetual"));
    assert!(matches!(read("Temporary", ""), PolicyError::Name(_)));
    assert!(matches!(read("Temporary", "Tempor\\u00e4r"), PolicyError::Name(_)));
    assert!(matches!(read(": 30", ": 0"), PolicyError::Zero { field: "validForInMinutes", .. }));
    assert!(matches!(read(": 5", ": 0"), PolicyError::Zero { field: "instancesAllowed", .. }));
    assert!(matches!(read(": 2", ": 0"), PolicyError::Zero { field: "transactionsAllowed", .. }));
    assert!(matches!(read(": 30", ": -1"), PolicyError::Json(_)));
    assert!(matches!(read("REGENERATE", "SOMETIMES"), PolicyError::Json(_)));
    assert!(matches!(read("autoRestoreAllowed", "autoRestore"), PolicyError::Json(_)));
    assert!(matches!(VidPolicies::read(&vec![b' '; (1 << 20) + 1]), Err(PolicyError::TooLong { .. })));
}

#[test]
fn a_temporary_vid_is_good_for_two_uses() {
    let life = VidLife::begin(&policy("Temporary"), NOW);
    let once = life.used(NOW + 1).unwrap();
    assert_eq!((once.status, once.uses_left), (VidStatus::Active, Some(1)));
    let twice = once.used(NOW + 2).unwrap();
    assert_eq!((twice.status, twice.uses_left), (VidStatus::Used, Some(0)));
    assert_eq!(twice.used(NOW + 3), Err(LifeError::Status(VidStatus::Used)));
    assert_eq!(twice.used(NOW + 3).unwrap_err().to_string(), "VID is USED");
}

#[test]
fn a_temporary_vid_expires_after_thirty_minutes_to_the_millisecond() {
    let life = VidLife::begin(&policy("Temporary"), NOW);
    let end = NOW + 30 * MINUTE;
    assert!(life.used(end - 1).is_ok());
    assert_eq!(life.used(end), Err(LifeError::Status(VidStatus::Expired)));
    assert_eq!((life.status, life.status_at(end)), (VidStatus::Active, VidStatus::Expired));
    let endless = VidPolicy { valid_for_in_minutes: Some(u64::MAX), ..policy("Temporary") };
    assert_eq!(VidLife::begin(&endless, NOW).status_at(u64::MAX - 1), VidStatus::Active);
}

#[test]
fn a_perpetual_vid_is_used_for_ever_and_restored_when_it_is_revoked() {
    let policy = policy("Perpetual");
    let life = VidLife::begin(&policy, NOW);
    let later = NOW + 100 * 365 * 24 * 60 * MINUTE;
    assert_eq!(life.used(later), Ok(life));
    assert_eq!(life.ended(VidStatus::Used, &policy, later), Ok((life, false)));
    let (revoked, restores) = life.ended(VidStatus::Revoked, &policy, later).unwrap();
    assert_eq!((revoked.status, restores), (VidStatus::Revoked, true));
    assert_eq!(life.regenerated(&policy, later), Err(LifeError::RestoredByItself));
    let unrestored = VidPolicy { restore_on_action: RestoreOn::Regenerate, ..policy };
    assert!(!life.ended(VidStatus::Revoked, &unrestored, later).unwrap().1);
}

#[test]
fn an_ended_vid_cannot_be_ended_again() {
    let policy = policy("OneTimeUse");
    for status in [VidStatus::Revoked, VidStatus::Used, VidStatus::Expired] {
        let (ended, restores) = VidLife::begin(&policy, NOW).ended(status, &policy, NOW).unwrap();
        assert_eq!((ended.status_at(NOW), restores), (status, false));
        assert_eq!(ended.ended(VidStatus::Revoked, &policy, NOW), Err(LifeError::Status(status)));
    }
    for status in [VidStatus::Active, VidStatus::Invalidated, VidStatus::Deactivated] {
        let refused = VidLife::begin(&policy, NOW).ended(status, &policy, NOW);
        assert_eq!(refused, Err(LifeError::NoAction(status)));
    }
}

#[test]
fn a_vid_is_regenerated_from_four_of_six_statuses() {
    let policy = policy("Temporary");
    let life = VidLife::begin(&policy, NOW);
    for (status, may) in [
        (VidStatus::Active, true),
        (VidStatus::Revoked, true),
        (VidStatus::Expired, true),
        (VidStatus::Used, true),
        (VidStatus::Invalidated, false),
        (VidStatus::Deactivated, false),
    ] {
        let regenerated = VidLife { status, ..life }.regenerated(&policy, NOW);
        let wanted = if may { Ok(VidStatus::Invalidated) } else { Err(LifeError::Status(status)) };
        assert_eq!(regenerated.map(|life| life.status), wanted);
        assert_eq!(serde_json::to_value(status).unwrap(), status.name());
    }
}

#[test]
fn a_deactivated_vid_comes_back_unless_its_time_is_over() {
    let life = VidLife::begin(&policy("Temporary"), NOW);
    let away = life.deactivated(NOW).unwrap();
    assert_eq!(away.used(NOW), Err(LifeError::Status(VidStatus::Deactivated)));
    assert_eq!(away.deactivated(NOW), Err(LifeError::Status(VidStatus::Deactivated)));
    assert_eq!(away.reactivated(NOW + MINUTE), Ok(life));
    assert_eq!(away.reactivated(NOW + 30 * MINUTE), Err(LifeError::Status(VidStatus::Expired)));
    assert_eq!(life.reactivated(NOW), Err(LifeError::Status(VidStatus::Active)));
}

#[test]
fn a_person_has_as_many_active_vids_as_the_policy_allows() {
    let policy = policy("Temporary");
    assert_eq!(may_begin(&policy, 4), Ok(()));
    assert_eq!(may_begin(&policy, 5), Err(LifeError::TooMany { active: 5, allowed: 5 }));
}
