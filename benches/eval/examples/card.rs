//! Prints the fingerprint accuracy card, in Markdown.
//!
//! `WHORL_DATA=../shared/data cargo run --release -p whorl-eval --example card > benches/eval/cards/fingerprint.md` evaluates
//! every development set by both protocols, and a synthetic population that it makes. One row of a table is what `whorl eval`
//! reports of that set.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use whorl_datasets::synthetic::population::Population;
use whorl_engine::calibrate::Calibrations;
use whorl_eval::metrics::Interval;
use whorl_eval::{Fingerprints, Protocol, Report, Settings, Silent, evaluate};

const SETS: [&str; 5] = ["fvc2002_db1b", "fvc2002_db3b", "fvc2004_db1b", "fvc2004_db3b", "fcj2020"];

/// Where FCJ2020 lists the captures that three other matchers place with another finger.
const SUSPECTS: &str = "fingerprint/fcj2020/suspect_labels.csv";

const ABOUT: &str = "\
# Accuracy card: fingerprints

Every row is what `whorl eval --manifest SET.csv --protocol PROTOCOL --out DIR` reports of that set, in per cent, with 90 %
intervals by persons drawn again. A sample that gives no template (FTA) counts as a non-match everywhere. A dash: the corpus has
too few non-mated comparisons to say. Each set has its threshold from the set itself.

**The extractor's ranking, the descriptors and the weights of the comparator were learned on these sets**, so new sets will show
somewhat higher rates. Held out one set at a time, the weights alone gave a mean FVC EER of 1.07 and an FNMR of 2.86 at FMR 1e-3;
descriptors learned on FCJ2020 alone gave a mean FVC EER of 1.25 with an earlier extractor.

- `fcj2020, suspects left out` is `fingerprint-fcj2020.csv` less the captures that `suspect_labels.csv` names, which three other
  matchers place with another finger; with them true matches count as false ones, and the rates at 1e-4 say nothing of a matcher.
- `synthetic` is `whorl synth --persons 50 --fingers 4 --impressions 2 --seed 11 --out synth`.

This page is printed by `WHORL_DATA=../shared/data cargo run --release -p whorl-eval --example card`.";

fn main() -> io::Result<()> {
    let data = std::env::var_os("WHORL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let scratch = std::env::temp_dir().join(format!("whorl-card-{}", std::process::id()));
    let population = Population { fingers: 4, impressions: 2, ..Population::new(50, 11) };
    let made = population.write(&scratch.join("synthetic"), &|_, _| ControlFlow::Continue(()));
    let mut corpora: Vec<(String, PathBuf)> =
        SETS.map(|set| (set.to_owned(), data.join(format!("fingerprint-{set}.csv")))).to_vec();
    corpora.push(("fcj2020, suspects left out".to_owned(), without_suspects(&data, &scratch)?));
    corpora.push(("synthetic".to_owned(), made.map_err(io::Error::other)?.manifest));
    println!("{ABOUT}");
    for protocol in [Protocol::AllPairs, Protocol::Fvc] {
        print_table(&protocol, &corpora)?;
    }
    fs::remove_dir_all(scratch)
}

fn print_table(protocol: &Protocol, corpora: &[(String, PathBuf)]) -> io::Result<()> {
    println!("\n## Protocol {}\n\n{}\n", protocol.name(), protocol.description());
    println!("| set | mated | non-mated | FTA | EER | FNMR at FMR 1e-2 | 1e-3 | 1e-4 | template bytes |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut competitions = Vec::new();
    let mut versions = String::new();
    for (name, manifest) in corpora {
        let settings = Settings { manifest: manifest.clone(), protocol: protocol.clone(), seed: 1 };
        let evaluation = evaluate(&Fingerprints, &Calibrations::default(), &settings, &Silent);
        let report = evaluation.map_err(io::Error::other)?.report;
        println!("{}", row(name, &report));
        versions =
            format!("Whorl {}, extractor {}, comparator {}", report.version, report.extractor, report.comparator);
        if name.starts_with("fvc") {
            competitions.push(report);
        }
    }
    let mean = |figure: &dyn Fn(&Report) -> Option<f64>| {
        let figures: Option<Vec<f64>> = competitions.iter().map(figure).collect();
        percent(figures.map(|figures| figures.iter().sum::<f64>() / figures.len() as f64))
    };
    let (eer, fnmr) = (mean(&|report| report.eer), mean(&|report| fnmr_at(report, "1e-3")));
    println!("\nMean of the four FVC sets: EER {eer}, FNMR at FMR 1e-3 {fnmr}. {versions}.");
    Ok(())
}

/// The manifest of FCJ2020 without the captures whose labels are doubtful.
fn without_suspects(data: &Path, scratch: &Path) -> io::Result<PathBuf> {
    let suspects = fs::read_to_string(data.join(SUSPECTS))?;
    let suspects: Vec<&str> = suspects.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
    let listed = fs::read_to_string(data.join("fingerprint-fcj2020.csv"))?;
    let (header, rows) = listed.split_once('\n').unwrap_or_default();
    let is_sound = |row: &&str| {
        let file = Path::new(row.split(',').next().unwrap_or_default()).file_stem().unwrap_or_default();
        !suspects.iter().any(|suspect| Path::new(suspect).file_stem().unwrap_or_default() == file)
    };
    let folder = data.canonicalize()?;
    let absolute = |row: &str| format!("{}/{row}", folder.display());
    let sound: Vec<String> = rows.lines().filter(is_sound).map(absolute).collect();
    let manifest = scratch.join("fcj2020-without-suspects.csv");
    fs::write(&manifest, format!("{header}\n{}\n", sound.join("\n")))?;
    Ok(manifest)
}

/// One row of a table.
fn row(name: &str, report: &Report) -> String {
    let between = |interval: &Interval| format!(" ({:.2}–{:.2})", interval.low * 100.0, interval.high * 100.0);
    format!(
        "| {name} | {} | {} | {} | {}{} | {} | {} | {} | {:.0} |",
        report.genuine,
        report.impostor,
        percent(Some(report.fta)),
        percent(report.eer),
        report.eer_interval.as_ref().map(between).unwrap_or_default(),
        percent(fnmr_at(report, "1e-2")),
        percent(fnmr_at(report, "1e-3")),
        percent(fnmr_at(report, "1e-4")),
        report.template_bytes_mean.unwrap_or_default(),
    )
}

fn fnmr_at(report: &Report, fmr: &str) -> Option<f64> {
    report.fnmr_at_fmr.get(fmr).copied().flatten()
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or("–".to_owned(), |rate| format!("{:.2}", rate * 100.0))
}
