//! The yardstick of development: all pairs of every development set, and what they cost.
//!
//! `cargo run --release -p whorl-eval --example develop -- [--source own|fingerjet|secugen] [--sets a,b] [--errors N]`
//!
//! Genuine are all pairs of one finger, impostors all other pairs of the set; a capture without a template scores 0 with
//! everyone. FCJ2020 stands twice: as labelled, and without the captures whose labels three matchers doubt.

mod corpus;
mod rates;

use std::time::Instant;

use corpus::{Corpus, Entry, Source};
use rates::Rates;
use rayon::prelude::*;
use whorl_engine::finger::{self, Probe};
use whorl_types::Similarity;

/// A scored pair of one set.
struct Trial {
    first: usize,
    second: usize,
    mated: bool,
    score: u32,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
    let source = match option("--source").map_or("own", String::as_str) {
        "fingerjet" => Source::Records("fingerjet-iso"),
        "secugen" => Source::Records("secugen-iso"),
        _ => Source::Own,
    };
    let errors = option("--errors").and_then(|count| count.parse().ok()).unwrap_or(0);
    let wanted = |name: &&str| option("--sets").is_none_or(|sets| sets.split(',').any(|set| set == *name));

    println!("set               FTE   n   EER%  @1e-2  @1e-3  @1e-4   zero  ms/extract  compare/s/core");
    let mut of_fvc = Vec::new();
    for name in corpus::NAMES.into_iter().filter(wanted) {
        if name == "fcj2020" && source != Source::Own {
            continue;
        }
        let corpus = corpus::read(name, source);
        let trials = compare_all(&corpus);
        let suspects = corpus::suspect_labels();
        if corpus.entries.iter().any(|entry| suspects.contains(&entry.name)) {
            let clean = |entry: &Entry| !suspects.contains(&entry.name);
            print_rates(&format!("{name} cleaned"), &trials, &corpus, clean);
        }
        let rates = print_rates(name, &trials, &corpus, |_| true);
        if name.starts_with("fvc") {
            of_fvc.push(rates);
        }
        print_worst(&corpus, &trials, errors);
    }
    let mean = |figure: fn(&Rates) -> f64| 100.0 * of_fvc.iter().map(figure).sum::<f64>() / of_fvc.len() as f64;
    println!(
        "{:23}{:7.2}{:7.2}{:7.2}{:7.2}{:7.2}",
        "mean of FVC",
        mean(|rates| rates.eer),
        mean(|rates| rates.fnmr_at_fmr[0]),
        mean(|rates| rates.fnmr_at_fmr[1]),
        mean(|rates| rates.fnmr_at_fmr[2]),
        mean(|rates| rates.fnmr_at_zero_fmr),
    );
}

fn compare_all(corpus: &Corpus) -> Vec<Trial> {
    let entries = &corpus.entries;
    let started = Instant::now();
    let row = |first: usize| {
        let probe = entries[first].template.as_ref().map(Probe::new);
        let trial = move |second: usize| {
            let score = match (&probe, &entries[second].template) {
                (Some(probe), Some(reference)) => finger::similarity(probe, reference),
                _ => Similarity::NONE,
            };
            Trial { first, second, mated: entries[first].finger == entries[second].finger, score: score.get() }
        };
        (first + 1..entries.len()).map(trial)
    };
    let trials: Vec<Trial> = (0..entries.len()).into_par_iter().flat_map_iter(row).collect();
    let core_s = started.elapsed().as_secs_f64() * rayon::current_num_threads() as f64;
    eprintln!("{}: {:.0} comparisons/s/core", corpus.name, trials.len() as f64 / core_s);
    trials
}

fn print_rates(label: &str, trials: &[Trial], corpus: &Corpus, keep: impl Fn(&Entry) -> bool) -> Rates {
    let entries = &corpus.entries;
    let kept = |trial: &&Trial| keep(&entries[trial.first]) && keep(&entries[trial.second]);
    let scores = |mated: bool| {
        trials.iter().filter(kept).filter(|trial| trial.mated == mated).map(|trial| trial.score).collect()
    };
    let rates = Rates::of(scores(true), scores(false));
    let refused = entries.iter().filter(|entry| entry.template.is_none()).count();
    let minutiae: usize = entries.iter().flat_map(|entry| &entry.template).map(|found| found.minutiae().len()).sum();
    println!(
        "{label:16}{refused:5}{:4}{:7.2}{:7.2}{:7.2}{:7.2}{:7.2}{:12.2}",
        minutiae / (entries.len() - refused).max(1),
        100.0 * rates.eer,
        100.0 * rates.fnmr_at_fmr[0],
        100.0 * rates.fnmr_at_fmr[1],
        100.0 * rates.fnmr_at_fmr[2],
        100.0 * rates.fnmr_at_zero_fmr,
        corpus.extract_ms,
    );
    rates
}

/// The lowest genuine and the highest impostor scores, to look at.
fn print_worst(corpus: &Corpus, trials: &[Trial], count: usize) {
    let mut worst: Vec<&Trial> = trials.iter().filter(|trial| trial.mated).collect();
    worst.sort_by_key(|trial| trial.score);
    let mut best: Vec<&Trial> = trials.iter().filter(|trial| !trial.mated).collect();
    best.sort_by_key(|trial| std::cmp::Reverse(trial.score));
    for (genuine, impostor) in worst.iter().zip(&best).take(count) {
        let name = |which: usize| &corpus.entries[which].name;
        println!(
            "    genuine {:>8} {:>8} {:6}    impostor {:>8} {:>8} {:6}",
            name(genuine.first),
            name(genuine.second),
            genuine.score,
            name(impostor.first),
            name(impostor.second),
            impostor.score
        );
    }
}
