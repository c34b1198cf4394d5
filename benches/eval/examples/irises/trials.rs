//! Comparing captures with one another.

use std::io::{BufWriter, Result, Write};

use rayon::prelude::*;
use whorl_eval::metrics::ErrorCurve;
use whorl_eval::{Irises, Matcher};
use whorl_types::Similarity;

use crate::eyes::{Eye, Eyes};

/// A scored pair of captures.
#[derive(Clone, Copy)]
pub(crate) struct Trial {
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) mated: bool,
    pub(crate) score: u32,
}

/// Every pair of captures of a set, once.
pub(crate) fn all_pairs(set: &Eyes) -> Vec<Trial> {
    let eyes = &set.captures;
    let of_probe = |first: usize| {
        let scores = scores(&eyes[first], &eyes[first + 1..]);
        let trial = |(score, second): (Similarity, usize)| {
            let mated = eyes[first].class == eyes[second].class;
            Trial { first, second, mated, score: score.get() }
        };
        scores.into_iter().zip(first + 1..).map(trial).collect::<Vec<_>>()
    };
    (0..eyes.len()).into_par_iter().flat_map_iter(of_probe).collect()
}

/// The scores of one capture with each of `references`.
pub(crate) fn scores(probe: &Eye, references: &[Eye]) -> Vec<Similarity> {
    let probe = probe.template().map(|template| Irises.prepare(template));
    let score = |reference: &Eye| {
        let both = probe.as_ref().zip(reference.template());
        both.map_or(Similarity::NONE, |(probe, reference)| Irises.compare(probe, reference))
    };
    references.iter().map(score).collect()
}

/// The trade-off of the errors of `trials`.
pub(crate) fn curve(trials: &[Trial]) -> ErrorCurve {
    let of_kind =
        |mated: bool| trials.iter().filter(|trial| trial.mated == mated).map(|trial| trial.score).collect::<Vec<u32>>();
    ErrorCurve::new(&of_kind(true), &of_kind(false)).expect("a set has mates and strangers")
}

/// Writes each comparison as a line: set, captures, whether mated, score.
pub(crate) fn write(file: impl Write, set: &Eyes, trials: &[Trial]) -> Result<()> {
    let mut file = BufWriter::new(file);
    for Trial { first, second, mated, score } in trials {
        let [first, second] = [first, second].map(|&which| &set.captures[which].name);
        writeln!(file, "{} {first} {second} {} {score}", set.set, u8::from(*mated))?;
    }
    file.flush()
}
