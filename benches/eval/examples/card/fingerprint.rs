//! The card of fingerprints.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use whorl_datasets::synthetic::population::Population;
use whorl_eval::{Fingerprints, Protocol, Report};

use crate::table::{Columns, percent, report, versions};

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

This page is printed by `WHORL_DATA=../shared/data cargo run --release -p whorl-eval --example card -- fingerprint`.";

/// Prints the card of the sets in the folder `data`.
pub(crate) fn print(data: &Path) -> io::Result<()> {
    let scratch = std::env::temp_dir().join(format!("whorl-card-{}", std::process::id()));
    let population = Population { fingers: 4, impressions: 2, ..Population::new(50, 11) };
    let made = population.write(&scratch.join("synthetic"), &|_, _| ControlFlow::Continue(()));
    let mut corpora: Vec<(String, PathBuf)> =
        SETS.map(|set| (set.to_owned(), data.join(format!("fingerprint-{set}.csv")))).to_vec();
    corpora.push(("fcj2020, suspects left out".to_owned(), without_suspects(data, &scratch)?));
    corpora.push(("synthetic".to_owned(), made.map_err(io::Error::other)?.manifest));
    println!("{ABOUT}");
    for protocol in [Protocol::AllPairs, Protocol::Fvc] {
        print_table(&protocol, &corpora)?;
    }
    fs::remove_dir_all(scratch)
}

fn print_table(protocol: &Protocol, corpora: &[(String, PathBuf)]) -> io::Result<()> {
    println!("\n## Protocol {}\n\n{}\n", protocol.name(), protocol.description());
    let columns = Columns { fnmr_at: ["1e-2", "1e-3", "1e-4"] };
    columns.print_head();
    let mut competitions = Vec::new();
    for (name, manifest) in corpora {
        let report = report(&Fingerprints, manifest, protocol)?;
        columns.print_row(name, &report);
        if name.starts_with("fvc") {
            competitions.push(report);
        }
    }
    let mean = |figure: &dyn Fn(&Report) -> Option<f64>| {
        let figures: Option<Vec<f64>> = competitions.iter().map(figure).collect();
        percent(figures.map(|figures| figures.iter().sum::<f64>() / figures.len() as f64))
    };
    let (eer, fnmr) = (mean(&|report| report.eer), mean(&|report| report.fnmr_at_fmr.get("1e-3").copied().flatten()));
    println!("\nMean of the four FVC sets: EER {eer}, FNMR at FMR 1e-3 {fnmr}. {}", versions(&competitions[0]));
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
