//! The yardstick of development for irises: all pairs of every development set, and where the errors come from.
//!
//! `WHORL_DATA=../shared/data cargo run --release -p whorl-eval --example irises -- WHAT [--sets a,b] [--worst N] [--scores FILE]`
//! with `WHAT` one of
//! - `accuracy`: a line of error rates for each set; with `--worst`, so many of the images that fail most of their mated
//!   comparisons, of the weakest mated and of the strongest non-mated pairs; with `--scores`, every comparison as a line (set,
//!   captures, whether mated, score);
//! - `strata`: the FNMR at FMR 1e-3 by what an eye showed: visible area, difference in dilation, sharpness, radius;
//! - `honesty`: what a calibration that was fitted on one set is worth on another.
//!
//! A capture without a template has nothing in common with any. Left and right eyes are different classes.

mod accuracy;
mod eyes;
mod honesty;
mod strata;
mod trials;

use std::fs::File;

use eyes::Eyes;
use trials::all_pairs;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
    let wanted = |name: &&str| option("--sets").is_none_or(|sets| sets.split(',').any(|set| set == *name));
    let sets = || eyes::SETS.into_iter().filter(wanted);
    let worst = option("--worst").and_then(|count| count.parse().ok()).unwrap_or(0);
    match words.first().map(String::as_str) {
        Some("accuracy") => {
            let mut scores = option("--scores").map(|path| File::create(path).expect("a file that can be written"));
            println!("{}", accuracy::HEAD);
            for set in sets() {
                let eyes = Eyes::read(set);
                let trials = all_pairs(&eyes);
                accuracy::print(&eyes, &trials, worst);
                if let Some(file) = &mut scores {
                    trials::write(file, &eyes, &trials).expect("a file that can be written");
                }
            }
        }
        Some("strata") => {
            for set in sets() {
                let eyes = Eyes::read(set);
                strata::print(&eyes, &all_pairs(&eyes));
            }
        }
        Some("honesty") => honesty::print(&honesty::SETS.map(|set| (set, all_pairs(&Eyes::read(set))))),
        _ => eprintln!("irises accuracy|strata|honesty [--sets a,b] [--worst N] [--scores FILE]"),
    }
}
