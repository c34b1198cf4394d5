//! Comparing what a protocol pairs.

use std::ops::Range;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use whorl_types::Similarity;

use crate::corpus::Corpus;
use crate::matcher::Matcher;
use crate::progress::Progress;
use crate::protocol::Pairing;

/// Compares every pair, all pairs of a probe on one core; a sample without a template has nothing in common with any.
///
/// The scores come in the order of the pairings, with the time it took on all cores.
pub(crate) fn compare<M: Matcher>(
    matcher: &M,
    corpus: &Corpus<M::Template>,
    pairings: &[Pairing],
    progress: &impl Progress,
) -> (Vec<Similarity>, Duration) {
    progress.begin("comparing", pairings.len() as u64);
    let began = Instant::now();
    let scores: Vec<Vec<Similarity>> = by_probe(pairings)
        .into_par_iter()
        .map(|range| {
            let scores = scores_of_probe(matcher, corpus, &pairings[range]);
            progress.advance(scores.len() as u64);
            scores
        })
        .collect();
    (scores.concat(), began.elapsed())
}

fn scores_of_probe<M: Matcher>(matcher: &M, corpus: &Corpus<M::Template>, pairings: &[Pairing]) -> Vec<Similarity> {
    let template = |sample: u32| corpus.samples[sample as usize].template();
    let Some(probe) = template(pairings[0].probe).map(|template| matcher.prepare(template)) else {
        return vec![Similarity::NONE; pairings.len()];
    };
    let score = |pairing: &Pairing| {
        template(pairing.reference).map_or(Similarity::NONE, |reference| matcher.compare(&probe, reference))
    };
    pairings.iter().map(score).collect()
}

/// The stretches of pairings with the same probe.
fn by_probe(pairings: &[Pairing]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (index, pairing) in pairings.iter().enumerate() {
        match ranges.last_mut() {
            Some(range) if pairings[range.start].probe == pairing.probe => range.end = index + 1,
            _ => ranges.push(index..index + 1),
        }
    }
    ranges
}
