//! `whorl calibrate`: what scores mean, learnt from a labelled corpus.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use whorl_engine::calibrate::{Calibration, PositionScope, Scope};
use whorl_eval::{Calibrated, Fingerprints, Irises, calibrate};
use whorl_types::Modality;

use crate::arguments::{Chosen, FaceModel, rate};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Example:
  whorl calibrate --manifest corpus.csv --manifest another.csv --same-position --out calibration.txt
  whorl eval --manifest other.csv --protocol all-pairs --calibration calibration.txt --out result

Within each corpus every sample is compared with every other. Together they need at least 100 mated and 1000 non-mated pairs;
thousands of persons make rare false matches countable, and what lies beyond is extrapolated and marked so. Do not measure
accuracy on a corpus that the calibration was fitted on.";

/// Fit what scores mean to a labelled corpus, such as an authority's own population
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Calibrate {
    /// A corpus: CSV with the columns path, subject, modality, position, encounter and maybe ppi; may be given several times
    #[arg(long = "manifest", value_name = "FILE", required = true)]
    manifests: Vec<PathBuf>,

    /// Of the non-mated pairs count only those of one position, which score higher: for galleries that know positions
    #[arg(long)]
    same_position: bool,

    /// The calibration: a short text file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// How much the fingers, eyes or faces of one person repeat each other's evidence, over 0 (not at all) to 1 (entirely)
    /// [default: as measured on the corpora]
    #[arg(long, value_name = "R", value_parser = rate)]
    dependence: Option<f64>,

    #[command(flatten)]
    faces: FaceModel,

    #[command(flatten)]
    chosen: Chosen,
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
        let modality = self.chosen.single(&self.manifests)?;
        let positions = if self.same_position { PositionScope::Same } else { PositionScope::Any };
        let (engine, bars) = (self.faces.engine(threads)?, console.bars());
        let Calibrated { mut calibration, samples, left_out } = engine.install(|| match modality {
            Modality::Fingerprint => calibrate(&Fingerprints, &self.manifests, positions, &bars),
            Modality::Iris => calibrate(&Irises, &self.manifests, positions, &bars),
            Modality::Face => calibrate(engine.faces(), &self.manifests, positions, &bars),
        })?;
        if let Some(dependence) = self.dependence {
            calibration = calibration.with_dependence(dependence);
        }
        fs::write(&self.out, calibration.to_text())
            .with_context(|| format!("cannot write the calibration {}", self.out.display()))?;
        console.print(&self.fitted(&calibration))?;
        Ok(Outcome::of(samples as usize, left_out as usize))
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
