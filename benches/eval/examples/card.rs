//! Prints the tables of the fingerprint accuracy card, in Markdown.
//!
//! `WHORL_DATA=shared/data cargo run --release -p whorl-eval --example card` evaluates every development set by both protocols,
//! and a synthetic population that it makes. One row of a table is what `whorl eval` reports of that set.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use whorl_datasets::synthetic::population::Population;
use whorl_engine::calibrate::Calibration;
use whorl_eval::{Fingerprints, Protocol, Report, Settings, Silent, evaluate};

const SETS: [&str; 5] = ["fvc2002_db1b", "fvc2002_db3b", "fvc2004_db1b", "fvc2004_db3b", "fcj2020"];

/// Where FCJ2020 lists the captures that three other matchers place with another finger.
const SUSPECTS: &str = "fingerprint/fcj2020/suspect_labels.csv";

fn main() -> io::Result<()> {
    let data = std::env::var_os("WHORL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let scratch = std::env::temp_dir().join(format!("whorl-card-{}", std::process::id()));
    fs::create_dir_all(&scratch)?;
    let population = Population { fingers: 2, impressions: 6, ..Population::new(25, 2026) };
    let made = population.write(&scratch.join("synthetic"), &|_, _| ControlFlow::Continue(()));
    let mut corpora: Vec<(String, PathBuf)> =
        SETS.map(|set| (set.to_owned(), data.join(format!("fingerprint-{set}.csv")))).to_vec();
    corpora.push(("fcj2020, labels mended".to_owned(), without_suspects(&data, &scratch)?));
    corpora.push(("synthetic, seed 2026".to_owned(), made.map_err(io::Error::other)?.manifest));
    for protocol in [Protocol::AllPairs, Protocol::Fvc] {
        println!("\n## {}\n\n{}\n", protocol.name(), protocol.description());
        println!(
            "| set | genuine | impostor | FTA % | EER % | FNMR % at 1e-2 | at 1e-3 | at 1e-4 | ms a print | bytes |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|");
        for (name, manifest) in &corpora {
            let settings = Settings { manifest: manifest.clone(), protocol: protocol.clone(), seed: 1 };
            let evaluation = evaluate(&Fingerprints, Calibration::fingerprint(), &settings, &Silent);
            println!("{}", row(name, &evaluation.map_err(io::Error::other)?.report));
        }
    }
    fs::remove_dir_all(scratch)
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
    let manifest = scratch.join("fcj2020-mended.csv");
    fs::write(&manifest, format!("{header}\n{}\n", sound.join("\n")))?;
    Ok(manifest)
}

/// One row of a table.
fn row(name: &str, report: &Report) -> String {
    let percent = |rate: Option<f64>| rate.map_or("-".to_owned(), |rate| format!("{:.2}", rate * 100.0));
    let number = |figure: Option<f64>| figure.map_or("-".to_owned(), |figure| format!("{figure:.1}"));
    let fnmr_at = |fmr: &str| percent(report.fnmr_at_fmr.get(fmr).copied().flatten());
    format!(
        "| {name} | {} | {} | {} | **{}** | {} | {} | {} | {} | {} |",
        report.genuine,
        report.impostor,
        percent(Some(report.fta)),
        percent(report.eer),
        fnmr_at("1e-2"),
        fnmr_at("1e-3"),
        fnmr_at("1e-4"),
        number(report.extract_ms_median),
        number(report.template_bytes_mean),
    )
}
