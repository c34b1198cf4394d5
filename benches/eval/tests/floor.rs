//! What the fingerprint matcher must not fall below, on a slice of the real sets; skipped where they are not at hand.

use std::path::{Path, PathBuf};

use whorl_engine::calibrate::Calibration;
use whorl_eval::{Fingerprints, Matcher, Protocol, Report, Settings, Silent, evaluate};

/// The manifest `name` in `WHORL_DATA`, else beside the checkout; none where it is not there.
fn manifest(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let manifest = std::env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from).join(name);
    if manifest.exists() {
        return Some(manifest);
    }
    eprintln!("skipped: {} is not there; set WHORL_DATA to the folder with the samples", manifest.display());
    None
}

fn report(name: &str) -> Option<Report> {
    let settings = Settings { manifest: manifest(name)?, protocol: Protocol::AllPairs, seed: 1 };
    let evaluation = evaluate(&Fingerprints, Calibration::fingerprint(), &settings, &Silent);
    Some(evaluation.expect("the manifest is sound").report)
}

#[test]
fn the_shipped_calibration_holds_for_the_matcher_it_ships_with() {
    let calibration = Calibration::fingerprint();
    assert_eq!(calibration.check(&Fingerprints.extractor(), &Fingerprints.comparator()), Ok(()));
}

#[test]
fn an_optical_set_is_told_apart_and_its_scores_mean_what_they_say() {
    let Some(report) = report("fingerprint-fvc2002_db1b.csv") else { return };
    assert_eq!((report.genuine, report.impostor, report.failures), (280, 2880, 0));
    assert!(report.eer <= Some(0.02), "EER {:?}", report.eer);
    assert!(report.fnmr_at_fmr["1e-3"] <= Some(0.04), "{:?}", report.fnmr_at_fmr);
    assert!(report.cllr <= Some(0.15), "Cllr {:?}", report.cllr);
}

#[test]
fn a_sweep_sensor_is_told_apart() {
    let Some(report) = report("fingerprint-fvc2004_db3b.csv") else { return };
    assert_eq!((report.genuine, report.impostor), (280, 2880));
    assert!(report.eer <= Some(0.03), "EER {:?}", report.eer);
    assert!(report.fnmr_at_fmr["1e-3"] <= Some(0.08), "{:?}", report.fnmr_at_fmr);
}
