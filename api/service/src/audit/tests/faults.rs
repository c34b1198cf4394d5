//! Disks that fail and power that goes, at every step.

use std::sync::Arc;
use std::time::Duration;

use whorl_index::{Fault, MasterKey, Memory};

use super::entry;
use crate::audit::{Anchor, Audit, AuditError, verify_on};

/// More steps than the work below takes.
const STEPS: u64 = 40;

const SEEDS: u64 = 6;

/// Opens a log twice and records in it until something fails; the lines that were said to be safe.
fn work(storage: &Memory) -> Vec<Anchor> {
    let mut safe = Vec::new();
    for numbers in [0..4, 4..8] {
        let Ok(audit) = Audit::on(Arc::new(storage.clone()), None) else { return safe };
        for number in numbers {
            if let Ok(anchor) = audit.record(&entry(number)) {
                safe.push(anchor);
                continue;
            }
            let again = audit.record(&entry(number));
            assert!(matches!(again, Err(AuditError::Unsettled)), "a log that failed takes no more: {again:?}");
            return safe;
        }
    }
    safe
}

/// That `storage` holds a whole log with the lines that are known to be safe, that goes on.
fn assert_goes_on(storage: &Memory, safe: &[Anchor], when: &str) {
    // Before the log is opened again its end may be unfinished, but for a log that was only just begun.
    if !safe.is_empty() {
        let report = verify_on(storage, safe).unwrap();
        assert!(report.is_whole(), "{when}: {report:?}");
    }
    let audit = Audit::on(Arc::new(storage.clone()), None).unwrap_or_else(|error| panic!("{when}: {error}"));
    audit.record(&entry(99)).unwrap();
    drop(audit);
    let report = verify_on(storage, safe).unwrap();
    assert!(report.is_whole() && report.unfinished.is_none(), "{when}: {report:?}");
}

#[test]
fn whenever_the_power_goes_what_was_recorded_is_there() {
    for at in 0..STEPS {
        for seed in 0..SEEDS {
            let storage = Memory::new();
            storage.fail(at, Fault::PowerCut, seed);
            let safe = work(&storage);
            assert_goes_on(&storage.after_power_cut(seed), &safe, &format!("step {at}, seed {seed}"));
        }
    }
}

#[test]
fn whenever_the_power_goes_a_second_time_what_was_recorded_is_there() {
    for at in 0..STEPS {
        for seed in 0..SEEDS {
            let storage = Memory::new();
            storage.fail(at, Fault::PowerCut, seed);
            let mut safe = work(&storage);
            let again = storage.after_power_cut(seed);
            again.fail(seed * 2, Fault::PowerCut, seed + 1);
            safe.extend(work(&again));
            assert_goes_on(&again.after_power_cut(seed + 1), &safe, &format!("step {at}, seed {seed}"));
        }
    }
}

#[test]
fn a_full_disk_makes_recording_fail_and_loses_nothing() {
    let mut failed = 0;
    for at in 0..STEPS {
        let storage = Memory::new();
        storage.fail(at, Fault::NoSpace, at);
        let safe = work(&storage);
        failed += usize::from(safe.len() < 8);
        storage.mend();
        assert_goes_on(&storage, &safe, &format!("step {at}"));
    }
    assert!(failed > 10, "{failed}");
}

#[test]
fn a_sync_that_fails_makes_recording_fail() {
    let mut failed = 0;
    for at in 0..STEPS {
        let storage = Memory::new();
        storage.fail(at, Fault::SyncFailed, at);
        let safe = work(&storage);
        failed += usize::from(safe.len() < 8);
        assert_goes_on(&storage.after_power_cut(at), &safe, &format!("step {at}"));
    }
    assert!(failed > 10, "{failed}");
}

/// Longer than the pause after which a log that failed is looked at again.
const PAUSE: Duration = Duration::from_millis(1_050);

#[test]
fn a_log_whose_disk_is_mended_goes_on_by_itself_and_a_power_cut_afterwards_loses_nothing() {
    let master = MasterKey::generate().unwrap();
    let mut failed = Vec::new();
    for fault in [Fault::NoSpace, Fault::SyncFailed] {
        for at in 0..STEPS / 2 {
            let storage = Memory::new();
            let audit = Audit::on(Arc::new(storage.clone()), Some(&master)).unwrap();
            storage.fail(at, fault, at);
            let safe: Vec<_> = (0..6).map_while(|number| audit.record(&entry(number)).ok()).collect();
            if safe.len() < 6 {
                assert!(matches!(audit.record(&entry(6)), Err(AuditError::Unsettled)));
                assert!(!audit.is_writable());
                storage.mend();
                failed.push((storage, audit, safe, format!("{fault:?} at step {at}")));
            }
        }
    }
    assert!(failed.len() > 6, "{}", failed.len());
    std::thread::sleep(PAUSE);
    for (storage, audit, mut safe, told) in failed {
        assert!(audit.is_writable(), "{told}");
        safe.push(audit.record(&entry(7)).unwrap_or_else(|error| panic!("{told}: {error}")));
        for seed in 0..SEEDS {
            let report = verify_on(&storage.after_power_cut(seed), &safe).unwrap();
            assert!(report.is_whole() && report.unfinished.is_none(), "{told}, seed {seed}: {report:?}");
        }
    }
}
