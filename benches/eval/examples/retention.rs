//! What the first stage of a fingerprint search keeps: how many mates it misses for how many strangers it passes, and what
//! that costs at the threshold of a decision.
//!
//! `WHORL_DATA=shared/data cargo run --release -p whorl-eval --example retention` compares every capture of each development
//! set with every other one and prints two Markdown tables:
//! - mates missed (%) where the first stage passes 20, 10, 5, 2 and 1 % of strangers, whatever score that takes;
//! - for some passing scores: strangers passed (%), mates missed (%), and the FNMR (%) at FMR 1e-3 of the whole cascade, whose
//!   threshold is that of comparing everything.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use whorl_datasets::manifest::{Entry, Manifest};
use whorl_engine::finger::coarse::{CoarseProbe, CoarseRow, PASS_SCORE, score};
use whorl_engine::finger::{Probe, similarity};
use whorl_extractors::fingerprint::{NoTrace, extract};
use whorl_types::{FingerTemplate, Modality};

const SETS: [&str; 5] = ["fvc2002_db1b", "fvc2002_db3b", "fvc2004_db1b", "fvc2004_db3b", "fcj2020"];

/// Fractions of strangers passed.
const PENETRATIONS: [f64; 5] = [0.2, 0.1, 0.05, 0.02, 0.01];

/// Passing scores to look at; 0 passes everything.
const SCORES: [u32; 9] = [0, 25, 40, 50, PASS_SCORE, 70, 80, 100, 120];

/// The false match rate of the decision that the cascade serves.
const DECISION_FMR: f64 = 1e-3;

/// A capture that has a template.
struct Capture {
    finger: String,
    template: FingerTemplate,
}

/// The scores of one pair of captures.
#[derive(Clone, Copy)]
struct Scores {
    coarse: u32,
    fine: u32,
}

/// The scores of all pairs of a set.
#[derive(Default)]
struct Trials {
    mates: Vec<Scores>,
    strangers: Vec<Scores>,
}

fn main() {
    let sets: Vec<_> = SETS.iter().map(|set| trials(&captures(set))).collect();

    println!("| set | mates | strangers | missed at 20 / 10 / 5 / 2 / 1 % |\n|---|---|---|---|");
    for (set, trials) in SETS.iter().zip(&sets) {
        let missed = PENETRATIONS.map(|passed| missed_at(trials, passed));
        println!("| {set} | {} | {} | {} |", trials.mates.len(), trials.strangers.len(), percents(&missed));
    }
    println!(
        "| mean | | | {} |",
        percents(&PENETRATIONS.map(|passed| mean(&sets, |trials| missed_at(trials, passed))))
    );

    println!("\n| score | {} | mean |\n|---|{}", SETS.join(" | "), "---|".repeat(SETS.len() + 1));
    for score in SCORES {
        let mean: [f64; 3] = std::array::from_fn(|figure| mean(&sets, |trials| decided_at(trials, score)[figure]));
        let cells: Vec<_> = sets.iter().map(|trials| percents(&decided_at(trials, score))).collect();
        println!("| {score} | {} | {} |", cells.join(" | "), percents(&mean));
    }
}

fn percents(figures: &[f64]) -> String {
    let percents: Vec<_> = figures.iter().map(|figure| format!("{:.2}", 100.0 * figure)).collect();
    percents.join(" ")
}

fn mean(sets: &[Trials], figure: impl Fn(&Trials) -> f64) -> f64 {
    sets.iter().map(figure).sum::<f64>() / sets.len() as f64
}

fn share(scores: &[Scores], which: impl Fn(&Scores) -> bool) -> f64 {
    scores.iter().filter(|scores| which(scores)).count() as f64 / scores.len() as f64
}

/// The share of mates that are missed where this share of strangers passes.
fn missed_at(trials: &Trials, passed: f64) -> f64 {
    let highest_left_out = passing_above(trials, passed, |scores| scores.coarse);
    share(&trials.mates, |scores| scores.coarse <= highest_left_out)
}

/// Strangers passed, mates missed, and mates that the cascade does not match, where `score` is enough to pass.
fn decided_at(trials: &Trials, score: u32) -> [f64; 3] {
    let threshold = passing_above(trials, DECISION_FMR, |scores| scores.fine);
    [
        share(&trials.strangers, |scores| scores.coarse >= score),
        share(&trials.mates, |scores| scores.coarse < score),
        share(&trials.mates, |scores| scores.fine <= threshold || scores.coarse < score),
    ]
}

/// The score above which no more than `share` of the strangers lie.
fn passing_above(trials: &Trials, share: f64, score: impl Fn(&Scores) -> u32) -> u32 {
    let mut scores: Vec<u32> = trials.strangers.iter().map(score).collect();
    scores.sort_unstable();
    scores[scores.len() - 1 - (share * scores.len() as f64) as usize]
}

/// Every capture as a probe against every other one as a row.
fn trials(captures: &[Capture]) -> Trials {
    let rows: Vec<_> = captures.iter().map(|capture| CoarseRow::new(&capture.template)).collect();
    let of_probe = |number: usize| {
        let template = &captures[number].template;
        let (coarse, fine) = (CoarseProbe::new(template), Probe::new(template));
        let coarse = rows.iter().map(|row| score(&coarse, row));
        let fine = captures.iter().map(|reference| similarity(&fine, &reference.template).get());
        coarse.zip(fine).map(|(coarse, fine)| Scores { coarse, fine }).collect::<Vec<_>>()
    };
    let scores: Vec<_> = (0..captures.len()).into_par_iter().map(of_probe).collect();
    let mut trials = Trials::default();
    for (probe, scores) in scores.iter().enumerate() {
        for (row, scores) in scores.iter().enumerate().filter(|&(row, _)| row != probe) {
            let mated = captures[probe].finger == captures[row].finger;
            if mated { &mut trials.mates } else { &mut trials.strangers }.push(*scores);
        }
    }
    trials
}

/// The captures of `set` that can be extracted, without those whose label is known to be wrong.
fn captures(set: &str) -> Vec<Capture> {
    let manifest = folder().join(format!("fingerprint-{set}.csv"));
    let manifest = Manifest::read(&manifest, Some(Modality::Fingerprint)).expect("a manifest that can be read");
    let suspects = suspect_labels();
    let named = |entry: &Entry| entry.path.file_stem().map(|name| name.to_string_lossy().into_owned());
    let trusted = manifest.entries.par_iter().filter(|entry| named(entry).is_none_or(|name| !suspects.contains(&name)));
    trusted.filter_map(capture).collect()
}

fn capture(entry: &Entry) -> Option<Capture> {
    let bytes = std::fs::read(&entry.path).expect("an image that can be read");
    let image = whorl_formats::image::decode(&bytes).expect("an image").pixels.into_grey();
    let template = extract(&image, entry.ppi, &mut NoTrace).ok()?;
    Some(Capture { finger: format!("{} {}", entry.subject, entry.position), template })
}

/// The names of captures whose label is wrong, by the agreement of three matchers.
fn suspect_labels() -> HashSet<String> {
    let list = std::fs::read_to_string(folder().join("fingerprint/fcj2020/suspect_labels.csv")).unwrap_or_default();
    list.lines()
        .filter_map(|line| line.split(',').next())
        .map(|name| name.trim_end_matches(".bmp").to_owned())
        .collect()
}

/// Where the samples are: `WHORL_DATA`, else beside the checkout.
fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    std::env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from)
}
