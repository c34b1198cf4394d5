//! The card of irises.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use whorl_eval::{Irises, Protocol, Report, Resemblance, Silent, resemblances};

use crate::table::{Columns, percent, report, versions};

const SETS: [&str; 3] = ["casia1", "casia-interval", "mmu1"];

/// How many eyes of CASIA-IrisV1 are in CASIA-Interval too, as two other matchers agree; which ones is written nowhere.
const KNOWN_IN_BOTH: usize = 106;

/// The score of equal codes, of which scores are fractions.
const FULL: f64 = 65_536.0;

const ABOUT: &str = "\
# Accuracy card: irises

Every row is what `whorl eval --modality iris --manifest iris-SET.csv --protocol all-pairs --out DIR` reports of that set, in per
cent, with 90 % intervals by persons drawn again. Left and right eyes of a person are different instances. A sample that gives no
template (FTA) counts as a non-match everywhere. A dash: the corpus has too few non-mated comparisons to say. Each set has its
threshold from the set itself.

**These are the sets that the extractor was developed on**, so new sets will show somewhat higher rates. CASIA-IrisV1 and
CASIA-Interval hold the same eyes, so they are no two witnesses; of CASIA-IrisV1 the publisher painted the pupils over.

What scores mean (`engine/src/calibrate/iris.txt`) was fitted on MMU1 and every fifth person of CASIA-Interval.
`cargo run --release -p whorl-eval --example irises -- honesty` fits on one sensor and judges the other;
`irises -- strata` and `irises -- accuracy --worst 20` show where errors come from.

This page is printed by `WHORL_DATA=../shared/data cargo run --release -p whorl-eval --example card -- iris`.";

/// What OSIRIS 4.1, the strongest open matcher from picture to score, gave on the same pairs when this project was planned, and
/// what was aimed at: set, figure, OSIRIS and aim in per cent, and the figure here.
type Aim = (&'static str, &'static str, f64, f64, fn(&Report) -> Option<f64>);

const AIMS: [Aim; 6] = [
    ("casia1", "EER", 0.62, 0.02, |report| report.eer),
    ("casia1", "FNMR at FMR 1e-4", 2.12, 0.05, |report| fnmr(report, "1e-4")),
    ("casia-interval", "EER", 0.92, 0.3, |report| report.eer),
    ("casia-interval", "FNMR at FMR 1e-5", 2.30, 0.8, |report| fnmr(report, "1e-5")),
    ("mmu1", "EER", 5.44, 2.0, |report| report.eer),
    ("mmu1", "FNMR at FMR 1e-4", 24.33, 6.0, |report| fnmr(report, "1e-4")),
];

fn fnmr(report: &Report, fmr: &str) -> Option<f64> {
    report.fnmr_at_fmr.get(fmr).copied().flatten()
}

/// Prints the card of the sets in the folder `data`.
pub(crate) fn print(data: &Path) -> io::Result<()> {
    println!("{ABOUT}\n");
    let columns = Columns { fnmr_at: ["1e-3", "1e-4", "1e-5"] };
    columns.print_head();
    let mut reports = Vec::new();
    for set in SETS {
        let report = report(&Irises, &data.join(format!("iris-{set}.csv")), &Protocol::AllPairs)?;
        columns.print_row(set, &report);
        reports.push(report);
    }
    println!("\n{}", versions(&reports[0]));
    print_aims(&reports);
    print_shared(data)
}

fn print_aims(reports: &[Report]) {
    println!("\n## Against the strongest open matcher, and against what was aimed at\n");
    println!("OSIRIS 4.1, as measured on the same pairs when this project was planned.\n");
    println!("| set | figure | OSIRIS 4.1 | aim | here | |\n|---|---|--:|--:|--:|---|");
    for (set, figure, osiris, aim, of) in AIMS {
        let here = SETS.iter().zip(reports).find(|(name, _)| **name == set).and_then(|(_, report)| of(report));
        let reached = here.is_some_and(|here| here * 100.0 <= aim);
        let verdict = if reached { "reached" } else { "missed" };
        println!("| {set} | {figure} | {osiris:.2} | {aim:.2} | {} | {verdict} |", percent(here));
    }
}

/// The eyes of CASIA-IrisV1 that are in CASIA-Interval too.
fn print_shared(data: &Path) -> io::Result<()> {
    let manifests = ["casia1", "casia-interval"].map(|set| data.join(format!("iris-{set}.csv")));
    let all = resemblances(&Irises, [&manifests[0], &manifests[1]], &Silent).map_err(io::Error::other)?;
    let mut seen = BTreeSet::new();
    let nearest: Vec<&Resemblance> = all.iter().filter(|pair| seen.insert(&pair.one)).collect();
    let found = &nearest[..KNOWN_IN_BOTH];
    let strongest_other = all.iter().find(|pair| !found.contains(pair));
    let both: BTreeSet<_> = found.iter().map(|pair| &pair.other).collect();
    println!(
        "\n## Eyes that were enrolled twice\n\nOf the {} eyes of CASIA-IrisV1, {KNOWN_IN_BOTH} are also in CASIA-Interval, under \
         other numbers. All captures of every eye of the one set were compared with all of every eye of the other; HD' is the \
         middle of those scores as a normalised Hamming distance.\n",
        nearest.len()
    );
    println!("| | CASIA-IrisV1 | CASIA-Interval | HD' |\n|---|---|---|--:|");
    print_pair("strongest pair", Some(found[0]));
    print_pair(&format!("weakest of the {KNOWN_IN_BOTH} strongest"), found.last().copied());
    print_pair("strongest of all other pairs", strongest_other);
    println!(
        "\nThe {KNOWN_IN_BOTH} pairs have {} different eyes of CASIA-Interval. `whorl dedup` finds the same pairs, and nobody \
         else, from one capture of every eye: `cargo nextest run -p whorl-tests --test accuracy double`.",
        both.len()
    );
    Ok(())
}

fn print_pair(name: &str, pair: Option<&Resemblance>) {
    if let Some(Resemblance { one, other, median }) = pair {
        let distance = 1.0 - f64::from(median.get()) / FULL;
        println!("| {name} | {} | {} {} | {distance:.3} |", one.0, other.0, other.1);
    }
}
