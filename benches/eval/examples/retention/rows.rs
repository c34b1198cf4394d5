//! What the first stage keeps of single fingers, eyes and faces.

use crate::captures::{Capture, captures};
use crate::staged::{Scores, Staged};

/// The scores of all pairs of a set.
#[derive(Default)]
struct Trials {
    mates: Vec<Scores>,
    strangers: Vec<Scores>,
}

pub(crate) fn print<M: Staged>(matcher: &M) {
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
    let mut trials = Trials::default();
    for (probe, scores) in matcher.scores(&templates, false).into_iter().enumerate() {
        for (row, scores) in scores.into_iter().enumerate().filter(|&(row, _)| row != probe) {
            let mated = captures[probe].is_mate_of(&captures[row]);
            if mated { &mut trials.mates } else { &mut trials.strangers }.push(scores);
        }
    }
    trials
}
