//! Prints the accuracy card: one row for each manifest and protocol, with the command that gives it.
//!
//! ```text
//! cargo run --release -p whorl-eval --example card -- ../shared/data/fingerprint-*.csv > benches/eval/cards/fingerprint.md
//! ```

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use whorl_engine::calibrate::Calibration;
use whorl_eval::{EvaluateError, Fingerprints, Protocol, Report, Settings, Silent, evaluate};

const HEAD: &str = "\
# Accuracy card: fingerprints

Every row is what its command prints, in per cent, with 90 % intervals by persons drawn again. A sample that gives no template
(FTA) counts as a non-match everywhere. A dash: the corpus has too few non-mated comparisons to say. Where a set stands among
those that the shipped calibration was fitted on, thresholds were not: every rate here has its threshold from the set itself.
";

fn main() -> ExitCode {
    let manifests: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if manifests.is_empty() {
        eprintln!("usage: card MANIFEST...");
        return ExitCode::from(2);
    }
    print!("{HEAD}");
    for protocol in [Protocol::AllPairs, Protocol::Fvc] {
        if let Err(error) = table(&manifests, &protocol) {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn table(manifests: &[PathBuf], protocol: &Protocol) -> Result<(), EvaluateError> {
    println!("\n## Protocol {}\n\n{}\n", protocol.name(), protocol.description());
    println!("| set | mated | non-mated | FTA | EER | at FMR 1e-2 | 1e-3 | 1e-4 | without a false match |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut reports = Vec::new();
    for manifest in manifests {
        let settings = Settings { manifest: manifest.clone(), protocol: protocol.clone(), seed: 1 };
        let report = evaluate(&Fingerprints, Calibration::fingerprint(), &settings, &Silent)?.report;
        println!("{}", row(manifest, &report));
        reports.push(report);
    }
    println!();
    if let [first, ..] = reports.as_slice() {
        let Report { version, extractor, comparator, .. } = first;
        println!(
            "Whorl {version}, extractor {extractor}, comparator {comparator}. The commands and what they measured:\n"
        );
    }
    for report in &reports {
        println!("- `whorl eval --manifest {} --protocol {} --out DIR`  ", report.manifest, report.protocol);
        println!("  corpus {}", report.corpus_hash);
    }
    Ok(())
}

fn row(manifest: &Path, report: &Report) -> String {
    let percent = |rate: Option<f64>| rate.map_or_else(|| "\u{2013}".to_owned(), |rate| format!("{:.2}", rate * 100.0));
    let at = |fmr: &str| {
        let point = report.operating_points.iter().find(|point| point.target_fmr == fmr);
        percent(point.and_then(|point| point.fnmr))
    };
    let range =
        report.eer_interval.map(|range| format!(" ({:.2}\u{2013}{:.2})", range.low * 100.0, range.high * 100.0));
    let cells = [
        manifest.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        report.genuine.to_string(),
        report.impostor.to_string(),
        percent(Some(report.fta)),
        percent(report.eer) + &range.unwrap_or_default(),
        at("1e-2"),
        at("1e-3"),
        at("1e-4"),
        at("0"),
    ];
    format!("| {} |", cells.join(" | "))
}
