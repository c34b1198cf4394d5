//! An evaluation from files to files, with a matcher simple enough to be checked by hand: a sample is a number, and the
//! nearer two numbers are, the higher they score.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;
use whorl_datasets::manifest::Entry;
use whorl_engine::calibrate::{Calibrations, PositionScope};
use whorl_eval::{
    Calibrated, Evaluation, Extracted, Failure, Matcher, Protocol, Report, Settings, Silent, calibrate, evaluate,
    resemblances,
};
use whorl_types::{Modality, Quality, Refusal, Similarity};

struct Numbers;

impl Matcher for Numbers {
    type Template = u32;
    type Probe = u32;

    fn modality(&self) -> Modality {
        Modality::Fingerprint
    }

    fn extractor(&self) -> String {
        "digits 1".to_owned()
    }

    fn comparator(&self) -> String {
        "distance 1".to_owned()
    }

    fn extract(&self, bytes: &[u8], _entry: &Entry) -> Result<Extracted<u32>, Failure> {
        let text = String::from_utf8_lossy(bytes);
        if text.is_empty() {
            return Err(Refusal::Blank.into());
        }
        let template = text.parse().map_err(|_| Failure::Format(format!("{text:?} is no number")))?;
        let quality = Quality::new((template % 10 * 10) as u8).expect("at most 90");
        Ok(Extracted { template, quality, template_bytes: 4, took: Some(Duration::from_millis(2)) })
    }

    fn prepare(&self, template: &u32) -> u32 {
        *template
    }

    fn compare(&self, probe: &u32, reference: &u32) -> Similarity {
        Similarity::new(100u32.saturating_sub(probe.abs_diff(*reference)))
    }
}

/// Files of a corpus: (name, content), and the subject is the first letter of the name.
fn corpus(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut manifest = String::from("path,subject,modality,position,encounter\n");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
        manifest += &[name, ",", &name[..1], ",fingerprint,left-thumb,", &name[1..], "\n"].concat();
    }
    fs::write(folder.path().join("manifest.csv"), manifest).unwrap();
    folder
}

const FILES: [(&str, &str); 9] = [
    ("a1", "100"),
    ("a2", "108"),
    ("a3", "103"),
    ("b1", "150"),
    ("b2", "155"),
    ("b3", ""),
    ("c1", "190"),
    ("c2", "177"),
    ("c3", "12x"),
];

fn settings(folder: &TempDir, protocol: Protocol) -> Settings {
    Settings { manifest: folder.path().join("manifest.csv"), protocol, seed: 1 }
}

fn measure(folder: &TempDir, protocol: Protocol) -> Evaluation {
    evaluate(&Numbers, &Calibrations::default(), &settings(folder, protocol), &Silent).unwrap()
}

/// The report as it is the same on every machine.
fn timeless(report: &Report) -> Report {
    Report { manifest: "manifest.csv".to_owned(), comparisons_per_second: None, threads: 0, ..report.clone() }
}

#[test]
fn the_report_of_a_small_corpus_is_the_one_that_was_checked_by_hand() {
    let report = measure(&corpus(&FILES), Protocol::AllPairs).report;
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/report.json");
    let found = timeless(&report).to_json();
    if std::env::var_os("WHORL_BLESS").is_some() {
        fs::write(&golden, &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(golden).unwrap(), "run with WHORL_BLESS=1 and review the difference");
}

#[test]
fn failed_samples_fail_to_match_and_are_named() {
    let report = measure(&corpus(&FILES), Protocol::AllPairs).report;
    // Three fingers of three samples: 9 mated pairs, of which 2 + 2 have a failed sample, and 27 others.
    assert_eq!((report.genuine, report.impostor, report.failures), (9, 27, 2));
    let at_tenth = report.fnmr_at_fmr["1e-1"].unwrap();
    assert!(at_tenth >= 4.0 / 9.0, "{at_tenth}");
    assert_eq!(report.fnmr_at_fmr["1e-2"], None);
    let names: Vec<&str> = report.failed_samples.iter().map(|sample| sample.path.as_str()).collect();
    assert_eq!(names, ["b3", "c3"]);
    assert_eq!((report.failures_by_reason["blank"], report.failures_by_reason["unknown-format"]), (1, 1));
}

#[test]
fn running_again_writes_the_same_files_but_for_times() {
    let (folder, out) = (corpus(&FILES), tempfile::tempdir().unwrap());
    let write = |name: &str| {
        let evaluation = measure(&folder, Protocol::AllPairs);
        evaluation.write(&out.path().join(name)).unwrap();
        let read = |file: &str| fs::read(out.path().join(name).join(file)).unwrap();
        (read("scores.csv"), timeless(&Report::parse(read("report.json")).unwrap()), read("report.html"))
    };
    let (first, second) = (write("first"), write("second"));
    assert_eq!((&first.0, &first.1), (&second.0, &second.1));
    let scores = String::from_utf8(first.0).unwrap();
    assert!(scores.starts_with("probe,reference,mated,raw,llr\na1,a2,1,92,\n"), "{scores}");
    let page = String::from_utf8(first.2).unwrap();
    assert!(page.contains("the image is blank") && page.contains("<svg"));
}

#[test]
fn a_run_is_compared_with_another_pair_by_pair() {
    let (folder, out) = (corpus(&FILES), tempfile::tempdir().unwrap());
    let mut evaluation = measure(&folder, Protocol::AllPairs);
    evaluation.write(out.path()).unwrap();
    evaluation.compare_with(out.path()).unwrap();
    let same = evaluation.report.against.clone().unwrap();
    assert!(same.name.contains("digits 1") && same.common == 36 && same.only_here == 0);
    assert!(same.differences.iter().all(|difference| difference.here.to_bits() == difference.there.to_bits()));

    let other = out.path().join("other.csv");
    fs::write(&other, "probe,reference,raw\na2,a1,0.1\na1,b1,0.7\n").unwrap();
    evaluation.compare_with(&other).unwrap();
    let against = evaluation.report.against.clone().unwrap();
    assert_eq!((against.common, against.differences[0].there > against.differences[0].here), (2, true));
    evaluation.write(out.path()).unwrap();
    assert!(fs::read_to_string(out.path().join("report.html")).unwrap().contains("Against another run"));

    fs::write(&other, "probe,reference,raw\nx,y,1\n").unwrap();
    assert!(evaluation.compare_with(&other).unwrap_err().to_string().contains("no comparison in common"));
}

#[test]
fn listed_pairs_with_folds_give_a_cross_validated_accuracy() {
    let folder = corpus(&FILES);
    let list = folder.path().join("pairs.csv");
    let pairs = "probe,reference,mated,fold\na1,a2,1,1\na1,b1,0,1\nb1,b2,1,2\nb1,c1,0,2\na1,gone,0,2\n";
    fs::write(&list, pairs).unwrap();
    let report = measure(&folder, Protocol::Pairs(list)).report;
    assert_eq!((report.genuine, report.impostor, report.fault_count), (2, 2, 1));
    assert!(report.faults[0].contains("gone"));
    assert_eq!((report.accuracy, report.folds.len()), (Some(1.0), 2));
}

#[test]
fn a_file_that_is_missing_is_a_failed_sample_and_the_others_are_measured() {
    let folder = corpus(&FILES);
    fs::remove_file(folder.path().join("a2")).unwrap();
    let report = measure(&folder, Protocol::Fvc).report;
    assert_eq!((report.failures, report.failures_by_reason["unreadable-file"]), (3, 1));
    assert_eq!((report.genuine, report.impostor), (9, 3));
}

#[test]
fn a_manifest_of_another_modality_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("manifest.csv");
    fs::write(&manifest, "path,subject,modality\na.png,a,iris\n").unwrap();
    let settings = Settings { manifest, protocol: Protocol::Fvc, seed: 1 };
    let error = evaluate(&Numbers, &Calibrations::default(), &settings, &Silent).unwrap_err().to_string();
    assert!(error.contains("fingerprint") && error.contains("manifest.csv"), "{error}");
}

#[test]
fn a_calibration_fitted_here_gives_the_scores_their_meaning() {
    let letters: Vec<String> = ('A'..='Z').chain('a'..='z').map(String::from).collect();
    let samples = |place: usize| (0..4).map(move |sample| (place, sample));
    let files: Vec<(String, String)> = (0..letters.len())
        .flat_map(samples)
        .map(|(place, sample)| (format!("{}{sample}", letters[place]), (place * 37 + sample * 3).to_string()))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect();
    let folder = corpus(&files);
    let manifests = [folder.path().join("manifest.csv")];
    let Calibrated { calibration, samples, left_out } =
        calibrate(&Numbers, &manifests, PositionScope::Same, &Silent).unwrap();
    assert_eq!((samples, left_out), (208, 0));
    assert!(calibration.llr(Similarity::new(95)).nats() > 3.0);
    assert!(calibration.llr(Similarity::NONE).nats() < -3.0);
    assert!(calibration.scope().corpus.starts_with("manifest sha256:"));
    let calibrations = Calibrations::default().with(calibration);
    let evaluation = evaluate(&Numbers, &calibrations, &settings(&folder, Protocol::AllPairs), &Silent).unwrap();
    assert!(evaluation.report.cllr.unwrap() < 0.2, "{:?}", evaluation.report.cllr);
}

#[test]
fn a_person_of_two_corpora_is_the_strongest_resemblance() {
    let one = corpus(&FILES);
    let other = corpus(&[("x1", "30"), ("x2", "41"), ("y1", "151"), ("y2", "154"), ("z1", "")]);
    let manifests = [&one, &other].map(|folder| folder.path().join("manifest.csv"));
    let found = resemblances(&Numbers, [&manifests[0], &manifests[1]], &Silent).unwrap();
    assert_eq!(found.len(), 9);
    assert_eq!((found[0].one.0.as_str(), found[0].other.0.as_str()), ("b", "y"));
    assert!(found[0].median > found[1].median);
}
