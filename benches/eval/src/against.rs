//! Two runs side by side, pair by pair.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::evaluation::{Evaluation, Trial};
use crate::figures::{DetFigures, Report};
use crate::metrics::{Bands, Comparison, DECADES, ErrorCurve, Interval, Support, paired_bootstrap};
use crate::protocol::subjects;
use crate::scores::{self, ScoreFileError};

/// How this run compares with another one, over the comparisons that both made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Against {
    /// What the other run is called: its matcher where it has a report, else its file.
    pub name: String,
    /// Comparisons that both made.
    pub common: u64,
    /// Comparisons that only this run made.
    pub only_here: u64,
    /// The figures of both.
    pub differences: Vec<Difference>,
    /// The trade-off of the other run over the common comparisons.
    pub det: Vec<DetFigures>,
}

/// One figure of both runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// What it is.
    pub figure: String,
    /// In this run.
    pub here: f64,
    /// In the other run.
    pub there: f64,
    /// 90 % interval of here minus there, the same persons drawn again for both; without 0 in it the runs differ.
    pub interval: Option<Interval>,
}

/// Why two runs cannot be compared.
#[derive(Debug, Error)]
pub enum AgainstError {
    /// The scores of the other run cannot be read.
    #[error(transparent)]
    Scores(#[from] ScoreFileError),
    /// Nothing to compare.
    #[error(
        "{0} has no comparison in common with this run, or only mated or non-mated ones: are the paths those of the manifest?"
    )]
    NothingInCommon(String),
}

impl Evaluation {
    /// Compares this run with the one in `other`: the folder of an evaluation, or the score file of any tool.
    ///
    /// # Errors
    /// [`AgainstError`] where the other scores cannot be read or have nothing in common with these.
    pub fn compare_with(&mut self, other: &Path) -> Result<(), AgainstError> {
        let file = if other.is_dir() { other.join("scores.csv") } else { other.to_owned() };
        let scores = scores::read(&file)?;
        let theirs = self.by_place(&scores);
        let (persons, count) = subjects(&self.samples.iter().map(|sample| &sample.entry).collect::<Vec<_>>());
        let (mut here, mut there) = (Vec::new(), Vec::new());
        for trial in &self.trials {
            let keys = [(trial.probe, trial.reference), (trial.reference, trial.probe)];
            if let Some(&score) = keys.iter().find_map(|key| theirs.get(key)) {
                let ours = comparison(trial, &persons);
                here.push(ours);
                there.push(Comparison { score, ..ours });
            }
        }
        let [Some(our_curve), Some(their_curve)] = [&here, &there].map(|run| curve(run)) else {
            return Err(AgainstError::NothingInCommon(file.display().to_string()));
        };
        let bands = paired_bootstrap(&here, &there, count, self.report.seed);
        self.report.against = Some(Against {
            name: name(other),
            common: here.len() as u64,
            only_here: (self.trials.len() - here.len()) as u64,
            differences: differences(&our_curve, &their_curve, bands.as_ref()),
            det: self.report.det.iter().map(|point| det(&their_curve, point.fmr)).collect(),
        });
        Ok(())
    }

    /// Scores by the places of their samples; those of samples that are not here fall away.
    fn by_place(&self, scores: &[scores::Score]) -> HashMap<(u32, u32), u32> {
        let listed = self.samples.iter().map(|sample| sample.entry.listed.as_str());
        let places: HashMap<&str, u32> = listed.zip(0..).collect();
        let place = |path: &str| places.get(path).copied();
        scores.iter().filter_map(|score| Some(((place(&score.probe)?, place(&score.reference)?), score.raw))).collect()
    }
}

fn comparison(trial: &Trial, persons: &[u32]) -> Comparison {
    Comparison {
        score: trial.score.get(),
        mated: trial.mated,
        probe_person: persons[trial.probe as usize],
        reference_person: persons[trial.reference as usize],
    }
}

fn curve(run: &[Comparison]) -> Option<ErrorCurve> {
    let scores = |mated: bool| -> Vec<u32> {
        run.iter().filter(|comparison| comparison.mated == mated).map(|comparison| comparison.score).collect()
    };
    ErrorCurve::new(&scores(true), &scores(false))
}

fn differences(here: &ErrorCurve, there: &ErrorCurve, bands: Option<&Bands>) -> Vec<Difference> {
    let eer = Difference {
        figure: "EER".to_owned(),
        here: here.eer().rate,
        there: there.eer().rate,
        interval: bands.map(|bands| bands.eer),
    };
    let supported = |&(_, decade): &(usize, u32)| Support::of(here.non_mated(), 10u64.pow(decade)) != Support::None;
    let at = |(index, decade): (usize, u32)| {
        let [here, there] = [here, there].map(|curve| curve.fnmr(&curve.at_one_in(10u64.pow(decade))));
        let interval = bands.map(|bands| bands.fnmr_at[index]);
        Difference { figure: format!("FNMR at FMR 1e-{decade}"), here, there, interval }
    };
    [eer].into_iter().chain(DECADES.enumerate().filter(supported).map(at)).collect()
}

fn det(curve: &ErrorCurve, fmr: f64) -> DetFigures {
    let one_in = libm::round(1.0 / fmr) as u64;
    DetFigures { fmr, fnmr: curve.fnmr(&curve.at_one_in(one_in)), interval: None }
}

fn name(other: &Path) -> String {
    let report = fs::read(other.join("report.json")).ok().and_then(|json| Report::parse(json).ok());
    report.map_or_else(
        || other.display().to_string(),
        |report| format!("{}, {} ({})", report.extractor, report.comparator, other.display()),
    )
}
