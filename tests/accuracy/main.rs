//! Floors under the accuracy of the whole matcher, from files to error rates: well below what the accuracy cards state, so
//! that only a real loss falls through.

mod double_enrolment;

use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use whorl_datasets::synthetic::population::Population;
use whorl_engine::calibrate::Calibrations;
use whorl_eval::{Fingerprints, Irises, Matcher, Protocol, Report, Settings, Silent, evaluate};

/// Slices of the development sets: a set, how many of its fingers are taken, and the EER that must not be exceeded. One mated
/// comparison in a hundred or two changes an EER by half a point, so the floors lie three points above what was measured.
const SLICES: [(&str, usize, f64); 3] =
    [("fvc2002_db1b", 5, 0.04), ("fvc2002_db3b", 5, 0.06), ("fvc2004_db3b", 5, 0.06)];

/// The smaller sets of eyes, whole, and the EER that must not be exceeded: twice what was measured, and a bit.
const EYES: [(&str, f64); 2] = [("casia1", 0.005), ("mmu1", 0.05)];

/// The samples of either set of eyes that may give no template.
const FTA: f64 = 0.01;

/// The EER that must not be exceeded on synthetic prints.
const SYNTHETIC_EER: f64 = 0.06;

/// Where the real samples lie, if they do.
fn samples() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("WHORL_DATA").map_or(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn all_pairs(matcher: &impl Matcher, manifest: PathBuf) -> Report {
    let settings = Settings { manifest, protocol: Protocol::AllPairs, seed: 1 };
    let evaluation = evaluate(matcher, &Calibrations::default(), &settings, &Silent);
    evaluation.unwrap_or_else(|error| panic!("{error}")).report
}

/// A manifest of the first `fingers` subjects of a set, in a folder of its own, with the paths of the samples made absolute.
fn slice_of(samples: &Path, set: &str, fingers: usize, folder: &Path) -> PathBuf {
    let listed = fs::read_to_string(samples.join(format!("fingerprint-{set}.csv"))).expect("the set has a manifest");
    let (header, rows) = listed.split_once('\n').expect("a manifest has rows");
    let mut subjects: Vec<&str> = rows.lines().filter_map(|row| row.split(',').nth(1)).collect();
    subjects.dedup();
    let mut slice = format!("{header}\n");
    for row in rows.lines() {
        let subject = row.split(',').nth(1).expect("a row has a subject");
        if subjects[..fingers].contains(&subject) {
            let _ = writeln!(slice, "{}/{row}", samples.canonicalize().expect("the samples are there").display());
        }
    }
    let manifest = folder.join(format!("{set}.csv"));
    fs::write(&manifest, slice).expect("the scratch folder can be written");
    manifest
}

#[test]
fn real_prints_of_three_sensors_are_told_apart() {
    let Some(samples) = samples() else {
        println!("skipped: the real samples are not here (set WHORL_DATA)");
        return;
    };
    let folder = tempfile::tempdir().expect("a scratch folder");
    for (set, fingers, floor) in SLICES {
        let report = all_pairs(&Fingerprints, slice_of(&samples, set, fingers, folder.path()));
        let eer = report.eer.expect("both kinds of comparisons are there");
        println!("{set}: EER {eer:.4}, {} genuine, {} impostor", report.genuine, report.impostor);
        assert!(report.failures == 0, "{set}: {:?}", report.failures_by_reason);
        assert!(eer <= floor, "{set}: EER {eer} is over {floor}");
    }
}

#[test]
fn real_eyes_of_two_sensors_are_told_apart() {
    let Some(samples) = samples() else {
        println!("skipped: the real samples are not here (set WHORL_DATA)");
        return;
    };
    for (set, floor) in EYES {
        let report = all_pairs(&Irises, samples.join(format!("iris-{set}.csv")));
        let eer = report.eer.expect("both kinds of comparisons are there");
        println!("{set}: EER {eer:.4}, FTA {:.4}", report.fta);
        assert!(report.fta <= FTA, "{set}: {:?}", report.failures_by_reason);
        assert!(eer <= floor, "{set}: EER {eer} is over {floor}");
    }
}

#[test]
fn synthetic_prints_are_told_apart() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let population = Population { fingers: 2, impressions: 4, ..Population::new(8, 42) };
    let made = population.write(folder.path(), &|_, _| ControlFlow::Continue(())).expect("a population can be written");
    let report = all_pairs(&Fingerprints, made.manifest);
    let eer = report.eer.expect("both kinds of comparisons are there");
    println!("synthetic: EER {eer:.4}, {} genuine, {} impostor", report.genuine, report.impostor);
    assert!(eer <= SYNTHETIC_EER, "EER {eer} is over {SYNTHETIC_EER}");
}
