//! The yardstick of development: all pairs of every development set, and what they cost.
//!
//! `cargo run --release -p whorl-eval --example develop -- [--source own|fingerjet|secugen] [--against own|fingerjet|secugen]
//! [--sets a,b] [--errors N] [--scores FILE]`
//!
//! Genuine are all pairs of one finger, impostors all other pairs of the set; a capture without a template scores 0 with
//! everyone. With `--against`, every capture by the one source is compared with every other capture by the other source.
//! FCJ2020 stands twice: as labelled, and without the captures whose labels three matchers doubt. `--scores` writes each
//! comparison as a line: set, captures, whether mated, score, and the measures it is made of.

mod corpus;
mod rates;

use std::io::Write;
use std::time::Instant;

use corpus::{Corpus, Entry, Source};
use rates::Rates;
use rayon::prelude::*;
use whorl_engine::finger::{self, Measures, Probe};
use whorl_types::FingerTemplate;

/// A scored pair of one set.
struct Trial {
    first: usize,
    second: usize,
    mated: bool,
    score: u32,
    measures: Measures,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
    let source = option("--source").map_or(Source::Own, |name| Source::named(name));
    let against = option("--against").map(|name| Source::named(name));
    let mut scores = option("--scores").map(|path| std::fs::File::create(path).expect("a file that can be written"));
    let errors = option("--errors").and_then(|count| count.parse().ok()).unwrap_or(0);
    let wanted = |name: &&str| option("--sets").is_none_or(|sets| sets.split(',').any(|set| set == *name));

    println!("set               FTE   n   EER%  @1e-2  @1e-3  @1e-4   zero  ms/extract  compare/s/core");
    let mut of_fvc = Vec::new();
    for name in corpus::NAMES.into_iter().filter(wanted) {
        if name == "fcj2020" && [Some(source), against].into_iter().flatten().any(|source| source != Source::Own) {
            continue;
        }
        let corpus = corpus::read(name, source);
        let other = against.map(|source| corpus::read(name, source));
        let trials = compare_all(&corpus, other.as_ref());
        if let Some(file) = &mut scores {
            write_scores(file, &corpus, &trials).expect("a file that can be written");
        }
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

/// All pairs of captures, or each capture of `corpus` with each other one of `against`.
fn compare_all(corpus: &Corpus, against: Option<&Corpus>) -> Vec<Trial> {
    let (probes, references) = (&corpus.entries, &against.unwrap_or(corpus).entries);
    let started = Instant::now();
    let row = |first: usize| {
        let probe = probes[first].template.as_ref().map(Probe::new);
        let trial = move |second: usize| {
            let (mated, reference) = (probes[first].finger == probes[second].finger, &references[second].template);
            let measures = measured(probe.as_ref(), reference.as_ref());
            Trial { first, second, mated, score: measures.similarity().get(), measures }
        };
        let start = if against.is_some() { 0 } else { first + 1 };
        (start..references.len()).filter(move |&second| second != first).map(trial)
    };
    let trials: Vec<Trial> = (0..probes.len()).into_par_iter().flat_map_iter(row).collect();
    let core_s = started.elapsed().as_secs_f64() * rayon::current_num_threads() as f64;
    eprintln!("{}: {:.0} comparisons/s/core", corpus.name, trials.len() as f64 / core_s);
    trials
}

fn measured(probe: Option<&Probe>, reference: Option<&FingerTemplate>) -> Measures {
    probe.zip(reference).map_or(Measures::NONE, |(probe, reference)| finger::measure(probe, reference))
}

fn write_scores(file: &mut std::fs::File, corpus: &Corpus, trials: &[Trial]) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(file);
    for Trial { first, second, mated, score, measures } in trials {
        let [first, second] = [first, second].map(|&which| &corpus.entries[which].name);
        let Measures { evidence, strength, fraction, alike, flow, .. } = measures;
        let mated = u8::from(*mated);
        writeln!(
            file,
            "{} {first} {second} {mated} {score} {evidence} {strength} {fraction} {alike} {flow}",
            corpus.name
        )?;
    }
    file.flush()
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
