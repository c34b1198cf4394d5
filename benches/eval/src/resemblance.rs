//! Which instances of one corpus resemble which of another: people who were enrolled in both without anybody saying so.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use whorl_types::{Position, Similarity};

use crate::corpus::{Corpus, Sample};
use crate::evaluation::{EvaluateError, read_manifest};
use crate::matcher::Matcher;
use crate::progress::Progress;

/// One instance: a subject and a position.
pub type Instance = (String, Position);

/// An instance of one corpus and one of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resemblance {
    /// Of the first corpus.
    pub one: Instance,
    /// Of the second.
    pub other: Instance,
    /// The middle of the scores of all their samples with one another, so that a bad sample or a chance likeness does not
    /// decide.
    pub median: Similarity,
}

/// Compares every instance of the corpus `one` with every instance of `other`; strongest resemblance first, ties by name.
///
/// # Errors
/// [`EvaluateError`] where a corpus cannot be used.
pub fn resemblances<M: Matcher>(
    matcher: &M,
    [one, other]: [&Path; 2],
    progress: &impl Progress,
) -> Result<Vec<Resemblance>, EvaluateError> {
    let [one, other] = [one, other].map(|manifest| read_manifest(matcher, manifest));
    let [one, other] = [one?.0, other?.0].map(|entries| Corpus::extract(matcher, entries, progress).samples);
    let [one, other] = [by_instance(&one), by_instance(&other)];
    progress.begin("comparing", one.len() as u64);
    let of_instance = |(instance, samples): (&Instance, &Vec<&Sample<M::Template>>)| {
        let found = against_all(matcher, instance, samples, &other);
        progress.advance(1);
        found
    };
    let mut all: Vec<Resemblance> = one.par_iter().flat_map_iter(of_instance).collect();
    all.sort_by(|a, b| b.median.cmp(&a.median).then_with(|| (&a.one, &a.other).cmp(&(&b.one, &b.other))));
    Ok(all)
}

fn against_all<M: Matcher>(
    matcher: &M,
    instance: &Instance,
    samples: &[&Sample<M::Template>],
    others: &BTreeMap<Instance, Vec<&Sample<M::Template>>>,
) -> Vec<Resemblance> {
    let probes: Vec<Option<M::Probe>> =
        samples.iter().map(|sample| sample.template().map(|template| matcher.prepare(template))).collect();
    let compare = |probe: &Option<M::Probe>, sample: &Sample<M::Template>| {
        let both = probe.as_ref().zip(sample.template());
        both.map_or(Similarity::NONE, |(probe, reference)| matcher.compare(probe, reference))
    };
    let resemblance = |(other, samples): (&Instance, &Vec<&Sample<M::Template>>)| {
        let mut scores: Vec<Similarity> =
            probes.iter().flat_map(|probe| samples.iter().map(move |sample| compare(probe, sample))).collect();
        scores.sort_unstable();
        Resemblance { one: instance.clone(), other: other.clone(), median: scores[scores.len() / 2] }
    };
    others.iter().map(resemblance).collect()
}

fn by_instance<T>(samples: &[Sample<T>]) -> BTreeMap<Instance, Vec<&Sample<T>>> {
    let mut instances: BTreeMap<Instance, Vec<&Sample<T>>> = BTreeMap::new();
    for sample in samples {
        instances.entry((sample.entry.subject.clone(), sample.entry.position)).or_default().push(sample);
    }
    instances
}
