//! What the first stage of a search keeps: how many mates it misses for how many strangers it passes, and what that costs at
//! the threshold of a decision.
//!
//! `WHORL_DATA=shared/data cargo run --release -p whorl-eval --example retention -- fingerprint` (or `iris`) compares every
//! capture of each development set with every other one and prints two Markdown tables:
//! - mates missed (%) where the first stage passes so many strangers, whatever score that takes;
//! - for some passing scores: strangers passed (%), mates missed (%), and the FNMR (%) of the whole cascade, whose threshold is
//!   that of comparing everything: at FMR 1e-3 for fingers, 1e-4 for irises.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use whorl_datasets::manifest::{Entry, Manifest};
use whorl_engine::{finger, iris};
use whorl_eval::{Fingerprints, Irises, Matcher};
use whorl_types::{FingerTemplate, IrisTemplate, Modality};

/// A matcher whose searches have a first stage.
trait Staged: Matcher {
    /// The development sets.
    const SETS: &'static [&'static str];

    /// Fractions of strangers passed.
    const PENETRATIONS: [f64; 5];

    /// Passing scores to look at; 0 passes everything.
    const SCORES: &'static [u32];

    /// The false match rate of the decision that the cascade serves.
    const DECISION_FMR: f64;

    /// The coarse scores of every template as a probe against every one as a row, a list for each probe.
    fn coarse(&self, templates: &[&Self::Template]) -> Vec<Vec<u32>>;
}

impl Staged for Fingerprints {
    const SETS: &'static [&'static str] = &["fvc2002_db1b", "fvc2002_db3b", "fvc2004_db1b", "fvc2004_db3b", "fcj2020"];
    const PENETRATIONS: [f64; 5] = [0.2, 0.1, 0.05, 0.02, 0.01];
    const SCORES: &'static [u32] = &[0, 25, 40, 50, finger::coarse::PASS_SCORE, 70, 80, 100, 120];
    const DECISION_FMR: f64 = 1e-3;

    fn coarse(&self, templates: &[&FingerTemplate]) -> Vec<Vec<u32>> {
        use finger::coarse::{CoarseProbe, CoarseRow, score};
        let rows: Vec<_> = templates.iter().map(|template| CoarseRow::new(template)).collect();
        let of_probe = |template: &&FingerTemplate| {
            let probe = CoarseProbe::new(template);
            rows.iter().map(|row| score(&probe, row)).collect()
        };
        templates.par_iter().map(of_probe).collect()
    }
}

impl Staged for Irises {
    const SETS: &'static [&'static str] = &["casia1", "casia-interval", "mmu1"];
    const PENETRATIONS: [f64; 5] = [0.05, 0.02, 0.01, 0.005, 0.002];
    const SCORES: &'static [u32] = &[0, 1, 50, 100, iris::coarse::PASS_SCORE, 200, 250, 300, 400];
    const DECISION_FMR: f64 = 1e-4;

    fn coarse(&self, templates: &[&IrisTemplate]) -> Vec<Vec<u32>> {
        use iris::coarse::{CoarseBlock, CoarseProbe, scores};
        let codes: Vec<_> = templates.iter().map(|template| template.code()).collect();
        let blocks: Vec<_> = codes.chunks(CoarseBlock::LANES).map(CoarseBlock::new).collect();
        let of_probe = |template: &&IrisTemplate| {
            let probe = CoarseProbe::new(template);
            blocks.iter().flat_map(|block| scores(&probe, block)).take(codes.len()).collect()
        };
        templates.par_iter().map(of_probe).collect()
    }
}

/// A capture that has a template.
struct Capture<T> {
    instance: String,
    template: T,
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
    match std::env::args().nth(1).as_deref() {
        Some("fingerprint") => print(&Fingerprints),
        Some("iris") => print(&Irises),
        _ => eprintln!("say which: retention -- fingerprint, or retention -- iris"),
    }
}

fn print<M: Staged>(matcher: &M) {
    let sets: Vec<_> = M::SETS.iter().map(|set| trials(matcher, &captures(matcher, set))).collect();

    let penetrations = M::PENETRATIONS.map(|share| (100.0 * share).to_string()).join(" / ");
    println!("| set | mates | strangers | missed at {penetrations} % |\n|---|---|---|---|");
    for (set, trials) in M::SETS.iter().zip(&sets) {
        let missed = M::PENETRATIONS.map(|passed| missed_at(trials, passed));
        println!("| {set} | {} | {} | {} |", trials.mates.len(), trials.strangers.len(), percents(&missed));
    }
    let missed = M::PENETRATIONS.map(|passed| mean(&sets, |trials| missed_at(trials, passed)));
    println!("| mean | | | {} |", percents(&missed));

    println!("\n| score | {} | mean |\n|---|{}", M::SETS.join(" | "), "---|".repeat(M::SETS.len() + 1));
    let thresholds: Vec<_> =
        sets.iter().map(|trials| passing_above(trials, M::DECISION_FMR, |scores| scores.fine)).collect();
    for &score in M::SCORES {
        let decided = sets.iter().zip(&thresholds).map(|(trials, &threshold)| decided_at(trials, threshold, score));
        let decided: Vec<_> = decided.collect();
        let mean: [f64; 3] =
            std::array::from_fn(|figure| decided.iter().map(|set| set[figure]).sum::<f64>() / sets.len() as f64);
        let cells: Vec<_> = decided.iter().map(|figures| percents(figures)).collect();
        println!("| {score} | {} | {} |", cells.join(" | "), percents(&mean));
    }
}

fn percents(figures: &[f64]) -> String {
    let percents: Vec<_> = figures.iter().map(|figure| format!("{:.3}", 100.0 * figure)).collect();
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

/// Strangers passed, mates missed, and mates that the cascade does not match, where `score` is enough to pass and a match
/// lies above `threshold`.
fn decided_at(trials: &Trials, threshold: u32, score: u32) -> [f64; 3] {
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
fn trials<M: Staged>(matcher: &M, captures: &[Capture<M::Template>]) -> Trials {
    let templates: Vec<_> = captures.iter().map(|capture| &capture.template).collect();
    let coarse = matcher.coarse(&templates);
    let of_probe = |(template, coarse): (&&M::Template, &Vec<u32>)| {
        let probe = matcher.prepare(template);
        let fine = templates.iter().map(|reference| matcher.compare(&probe, reference).get());
        coarse.iter().zip(fine).map(|(&coarse, fine)| Scores { coarse, fine }).collect::<Vec<_>>()
    };
    let scores: Vec<_> = templates.par_iter().zip(&coarse).map(of_probe).collect();
    let mut trials = Trials::default();
    for (probe, scores) in scores.iter().enumerate() {
        for (row, scores) in scores.iter().enumerate().filter(|&(row, _)| row != probe) {
            let mated = captures[probe].instance == captures[row].instance;
            if mated { &mut trials.mates } else { &mut trials.strangers }.push(*scores);
        }
    }
    trials
}

/// The captures of `set` that can be extracted, without those whose label is known to be wrong.
fn captures<M: Staged>(matcher: &M, set: &str) -> Vec<Capture<M::Template>> {
    let kind = if matcher.modality() == Modality::Iris { "iris" } else { "fingerprint" };
    let manifest = folder().join(format!("{kind}-{set}.csv"));
    let manifest = Manifest::read(&manifest, Some(matcher.modality())).expect("a manifest that can be read");
    let suspects = suspect_labels();
    let named = |entry: &Entry| entry.path.file_stem().map(|name| name.to_string_lossy().into_owned());
    let trusted = manifest.entries.par_iter().filter(|entry| named(entry).is_none_or(|name| !suspects.contains(&name)));
    trusted.filter_map(|entry| capture(matcher, entry)).collect()
}

fn capture<M: Staged>(matcher: &M, entry: &Entry) -> Option<Capture<M::Template>> {
    let bytes = std::fs::read(&entry.path).expect("an image that can be read");
    let template = matcher.extract(&bytes, entry).ok()?.template;
    Some(Capture { instance: format!("{} {}", entry.subject, entry.position), template })
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
