//! A calibration from labelled corpora: an authority calibrates on its own population.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use thiserror::Error;
use whorl_engine::calibrate::{Calibration, Calibrations, FitError, PositionScope, Scope, Trials};

use crate::evaluation::{EvaluateError, Evaluation, Settings, Trial, evaluate};
use crate::figures::Report;
use crate::matcher::Matcher;
use crate::progress::Progress;
use crate::protocol::Protocol;

/// Why there is no calibration.
#[derive(Debug, Error)]
pub enum CalibrateError {
    /// A corpus cannot be used.
    #[error(transparent)]
    Corpus(#[from] EvaluateError),
    /// The scores do not give one.
    #[error(transparent)]
    Fit(#[from] FitError),
}

/// A calibration and what it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibrated {
    /// The calibration.
    pub calibration: Calibration,
    /// Samples that gave a template.
    pub samples: u64,
    /// Samples that gave none, and rows at fault.
    pub left_out: u64,
}

/// Compares all pairs within each corpus and fits a calibration to the scores of all together.
///
/// A failed sample gives no trial here: what a score means does not depend on samples that have none. With
/// [`PositionScope::Same`] only non-mated pairs of one position count. The dependence between instances is the intraclass
/// correlation of the evidence of one person's instances that were compared between the same two encounters.
///
/// # Errors
/// [`CalibrateError`] where a corpus cannot be used or its scores do not suffice.
pub fn calibrate<M: Matcher>(
    matcher: &M,
    manifests: &[PathBuf],
    positions: PositionScope,
    progress: &impl Progress,
) -> Result<Calibrated, CalibrateError> {
    let evaluations = manifests
        .iter()
        .map(|manifest| {
            let settings = Settings { manifest: manifest.clone(), protocol: Protocol::AllPairs, seed: 0 };
            evaluate(matcher, &Calibrations::default(), &settings, progress)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let scope = Scope {
        modality: matcher.modality(),
        positions,
        extractor: matcher.extractor(),
        comparator: matcher.comparator(),
        corpus: names(&evaluations),
    };
    let mut trials = Trials::default();
    for evaluation in &evaluations {
        for trial in usable(evaluation, positions) {
            if trial.mated { &mut trials.mated } else { &mut trials.non_mated }.push(trial.score);
        }
    }
    let calibration = Calibration::fit(&trials, scope)?;
    let correlation = dependence(&evaluations, &calibration);
    let sum = |part: fn(&Report) -> u64| evaluations.iter().map(|evaluation| part(&evaluation.report)).sum();
    Ok(Calibrated {
        calibration: calibration.with_dependence(correlation),
        samples: sum(|report| report.samples - report.failures),
        left_out: sum(|report| report.failures + report.fault_count),
    })
}

fn names(evaluations: &[Evaluation]) -> String {
    let name = |evaluation: &Evaluation| {
        let stem = Path::new(&evaluation.report.manifest).file_stem().unwrap_or_default();
        format!("{} {}", stem.to_string_lossy(), evaluation.report.corpus_hash)
    };
    evaluations.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn usable(evaluation: &Evaluation, positions: PositionScope) -> impl Iterator<Item = &Trial> {
    evaluation.trials.iter().filter(move |trial| {
        let [probe, reference] = [trial.probe, trial.reference].map(|place| &evaluation.samples[place as usize]);
        let same_position = probe.entry.position == reference.entry.position;
        let wanted = trial.mated || same_position || positions == PositionScope::Any;
        probe.outcome.is_ok() && reference.outcome.is_ok() && wanted
    })
}

/// Person and encounter on both sides: what the instances of one group share.
type Occasion<'a> = [(&'a str, &'a str); 2];

/// The larger of the correlations among mated and among non-mated instances.
fn dependence(evaluations: &[Evaluation], calibration: &Calibration) -> f64 {
    let of_kind = |mated: bool| {
        let mut groups: Vec<Vec<f64>> = Vec::new();
        for evaluation in evaluations {
            let mut occasions: HashMap<Occasion<'_>, usize> = HashMap::new();
            for trial in usable(evaluation, PositionScope::Same).filter(|trial| trial.mated == mated) {
                let sides = [trial.probe, trial.reference].map(|place| &evaluation.samples[place as usize].entry);
                let occasion = sides.map(|entry| (entry.subject.as_str(), entry.encounter.as_str()));
                let group = *occasions.entry(occasion).or_insert(groups.len());
                if group == groups.len() {
                    groups.push(Vec::new());
                }
                groups[group].push(f64::from(calibration.llr(trial.score).nats()));
            }
        }
        intraclass_correlation(&groups)
    };
    of_kind(true).max(of_kind(false))
}

/// The one-way intraclass correlation of Fisher (1925): how much of the variance lies between groups; 0 where no group has
/// two members or nothing varies.
fn intraclass_correlation(groups: &[Vec<f64>]) -> f64 {
    let groups: Vec<&Vec<f64>> = groups.iter().filter(|group| group.len() > 1).collect();
    let members = groups.iter().map(|group| group.len()).sum::<usize>() as f64;
    let classes = groups.len() as f64;
    if groups.len() < 2 {
        return 0.0;
    }
    let mean_of = |group: &[f64]| group.iter().sum::<f64>() / group.len() as f64;
    let grand = groups.iter().flat_map(|group| group.iter()).sum::<f64>() / members;
    let between = groups.iter().map(|group| group.len() as f64 * (mean_of(group) - grand).powi(2)).sum::<f64>();
    let square = |group: &&Vec<f64>| group.iter().map(|value| (value - mean_of(group)).powi(2)).sum::<f64>();
    let within = groups.iter().map(square).sum::<f64>() / (members - classes);
    let between = between / (classes - 1.0);
    let squares = groups.iter().map(|group| (group.len() * group.len()) as f64).sum::<f64>();
    let size = (members - squares / members) / (classes - 1.0);
    let total = between + (size - 1.0) * within;
    if total > 0.0 { ((between - within) / total).clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_equals_are_fully_correlated_and_groups_of_strangers_not_at_all() {
        let equals: Vec<Vec<f64>> = (0..20).map(|group| vec![f64::from(group); 4]).collect();
        assert!(intraclass_correlation(&equals) > 0.999);
        let strangers: Vec<Vec<f64>> = (0..20).map(|_| vec![1.0, 2.0, 3.0, 4.0]).collect();
        assert!(intraclass_correlation(&strangers) <= 0.0);
    }

    #[test]
    fn the_correlation_is_the_share_of_the_variance_that_lies_between_groups() {
        // Mean square between: 8, within: 2; (8 - 2) / (8 + 2).
        let groups: Vec<Vec<f64>> =
            (0..200).map(|group| if group % 2 == 0 { vec![3.0, 1.0] } else { vec![-1.0, -3.0] }).collect();
        let correlation = intraclass_correlation(&groups);
        assert!((correlation - 0.6).abs() < 0.02, "{correlation}");
    }

    #[test]
    fn single_instances_show_no_dependence() {
        assert!(intraclass_correlation(&[vec![1.0], vec![5.0]]) <= 0.0);
        assert!(intraclass_correlation(&[]) <= 0.0);
    }
}
