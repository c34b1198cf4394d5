//! `whorl calibrate`: what scores mean, learnt from a labelled corpus.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use whorl_engine::calibrate::{Calibration, PositionScope, Scope, Trials};
use whorl_eval::{Evaluation, Protocol, Settings, Trial};
use whorl_types::Modality;

use super::eval::measure;
use crate::arguments::rate;
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Example:
  whorl calibrate --manifest corpus.csv --out calibration.txt
  whorl eval --manifest other.csv --protocol all-pairs --calibration calibration.txt --out result

Every sample is compared with every other. The corpus needs at least 100 mated and 1000 non-mated pairs; thousands of
persons make rare false matches countable, and what lies beyond is extrapolated and marked so. Do not measure accuracy on the
corpus that the calibration was fitted on.";

/// Fit what scores mean to a labelled corpus, such as an authority's own population
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Calibrate {
    /// The corpus: CSV with the columns path, subject, modality, position, encounter and maybe ppi
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,

    /// The calibration: a short text file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// How much the fingers of one person repeat each other's evidence, over 0 (not at all) to 1 (entirely)
    /// [default: as in the calibration that ships with whorl]
    #[arg(long, value_name = "R", value_parser = rate)]
    dependence: Option<f64>,

    /// Modality of rows that do not say theirs
    #[arg(long, default_value = "fingerprint", value_name = "MODALITY")]
    modality: Modality,
}

/// What was fitted.
#[derive(Debug, Serialize)]
struct Fitted {
    calibration: PathBuf,
    mated: u64,
    non_mated: u64,
    extractor: String,
    comparator: String,
    corpus: String,
    dependence: f32,
    /// Raw score, by the false match rate that it corresponds to.
    score_at_fmr: Vec<(String, Option<u32>)>,
}

impl Calibrate {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        super::fingerprints_only(self.modality)?;
        let settings = Settings { manifest: self.manifest.clone(), protocol: Protocol::AllPairs, seed: 1 };
        let evaluation = measure(&settings, Calibration::fingerprint(), console, threads)?;
        let dependence = self.dependence.unwrap_or_else(|| f64::from(Calibration::fingerprint().dependence()));
        let calibration = Calibration::fit(&trials(&evaluation), self.scope(&evaluation))
            .with_context(|| format!("{} cannot be fitted", self.manifest.display()))?
            .with_dependence(dependence);
        fs::write(&self.out, calibration.to_text())
            .with_context(|| format!("cannot write the calibration {}", self.out.display()))?;
        console.print(&self.fitted(&calibration))?;
        let report = &evaluation.report;
        let left_out = report.fault_count + report.failures;
        Ok(Outcome::of((report.samples - report.failures) as usize, left_out as usize))
    }

    fn scope(&self, evaluation: &Evaluation) -> Scope {
        let report = &evaluation.report;
        Scope {
            modality: self.modality,
            positions: PositionScope::Any,
            extractor: report.extractor.clone(),
            comparator: report.comparator.clone(),
            corpus: report.corpus_hash.clone(),
        }
    }

    fn fitted(&self, calibration: &Calibration) -> Fitted {
        let Scope { extractor, comparator, corpus, .. } = calibration.scope().clone();
        let score = |decade: i32| {
            let target = whorl_types::Fmr::new(10f64.powi(-decade)).ok();
            let score = target.and_then(|target| calibration.score_at(target));
            (format!("1e-{decade}"), score.map(whorl_types::Similarity::get))
        };
        Fitted {
            calibration: self.out.clone(),
            mated: calibration.mated_trials(),
            non_mated: calibration.non_mated_trials(),
            extractor,
            comparator,
            corpus,
            dependence: calibration.dependence(),
            score_at_fmr: (1..=6).map(score).collect(),
        }
    }
}

/// The scores of pairs of which both samples gave a template: what was refused says nothing about scores.
fn trials(evaluation: &Evaluation) -> Trials {
    let has_template = |sample: u32| evaluation.samples[sample as usize].outcome.is_ok();
    let counts = |trial: &&Trial| has_template(trial.probe) && has_template(trial.reference);
    let (mated, non_mated): (Vec<&Trial>, Vec<&Trial>) =
        evaluation.trials.iter().filter(counts).partition(|trial| trial.mated);
    let scores = |trials: Vec<&Trial>| trials.into_iter().map(|trial| trial.score).collect();
    Trials { mated: scores(mated), non_mated: scores(non_mated) }
}

impl Show for Fitted {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { calibration, mated, non_mated, extractor, comparator, corpus, .. } = self;
        writeln!(out, "fitted on {mated} mated and {non_mated} non-mated comparisons of corpus {corpus}")?;
        writeln!(out, "for extractor {extractor}, comparator {comparator}")?;
        for (fmr, score) in &self.score_at_fmr {
            let score = score.map_or_else(|| "beyond the model".to_owned(), |score| score.to_string());
            writeln!(out, "score at FMR {fmr}  {score}")?;
        }
        writeln!(out, "calibration  {}", calibration.display())
    }
}
