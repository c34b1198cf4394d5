//! From samples and trials to figures.

use std::collections::BTreeMap;

use whorl_datasets::manifest::Entry;
use whorl_engine::calibrate::Calibration;

use super::folds::accuracies;
use super::{CalibrationFigures, DetFigures, FailedSample, PointFigures, Report};
use crate::evaluation::{Measured, SampleResult, Trial};
use crate::metrics::{
    Bands, Comparison, DECADES, ErrorCurve, Histogram, OperatingPoint, Support, bootstrap, d_prime,
    error_versus_discard, wilson,
};
use crate::protocol::{classes, subjects};

/// The most failed samples and faults that are listed one by one; beyond, they are only counted.
const MAX_LISTED: usize = 1000;

/// Points of the trade-off in every decade of FMR.
const DET_STEPS_PER_DECADE: u32 = 12;

/// The FMR at whose threshold quality is judged: one in a thousand, or what the corpus supports.
const DISCARD_DECADE: u32 = 3;

struct Scores {
    mated: Vec<u32>,
    non_mated: Vec<u32>,
    curve: Option<ErrorCurve>,
    bands: Option<Bands>,
    /// One in so many: where the bands of the trade-off were worked out.
    grid: Vec<u64>,
}

impl Report {
    pub(crate) fn new(measured: Measured<'_>) -> Self {
        let Measured { settings, samples, trials, .. } = measured;
        let entries: Vec<&Entry> = samples.iter().map(|sample| &sample.entry).collect();
        let (persons, person_count) = subjects(&entries);
        let scores = Scores::new(trials, &persons, person_count, settings.seed);
        let points = scores.points();
        let failed: Vec<&SampleResult> = samples.iter().filter(|sample| sample.outcome.is_err()).collect();
        let (samples_count, failures) = (samples.len() as u64, failed.len() as u64);
        let folds = accuracies(trials);
        let (discard_fmr, discard) = scores.discard(trials, samples).unzip();
        let extract_ms = sorted_ms(samples);
        let [extractor, comparator] = measured.matcher;
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            extractor,
            comparator,
            calibration: measured.calibration.map(calibration_figures),
            manifest: settings.manifest.display().to_string(),
            corpus_hash: measured.corpus_hash,
            modality: entries.first().map(|entry| entry.modality.name().to_owned()).unwrap_or_default(),
            protocol: settings.protocol.name().to_owned(),
            seed: settings.seed,
            samples: samples_count,
            subjects: u64::from(person_count),
            instances: u64::from(classes(&entries).1),
            genuine: scores.mated.len() as u64,
            impostor: scores.non_mated.len() as u64,
            undecided: measured.undecided,
            failures,
            fta: failures as f64 / samples_count.max(1) as f64,
            fta_interval: wilson(failures, samples_count),
            failures_by_reason: by_reason(&failed),
            failed_samples: failed.iter().take(MAX_LISTED).filter_map(|sample| failed_sample(sample)).collect(),
            fault_count: measured.faults.len() as u64,
            faults: measured.faults.into_iter().take(MAX_LISTED).collect(),
            eer: scores.curve.as_ref().map(|curve| curve.eer().rate),
            eer_interval: scores.bands.as_ref().map(|bands| bands.eer),
            replicates: scores.bands.as_ref().map_or(0, |bands| bands.replicates),
            fnmr_at_fmr: decades(&points),
            operating_points: points,
            d_prime: d_prime(&scores.mated, &scores.non_mated),
            cllr: measured.calibration.and_then(|calibration| cllr(trials, calibration)),
            accuracy: mean(&folds.iter().map(|fold| fold.accuracy).collect::<Vec<_>>()),
            folds,
            det: scores.det(),
            histogram: Histogram::new(&scores.mated, &scores.non_mated),
            discard_fmr,
            discard: discard.unwrap_or_default(),
            against: None,
            template_bytes_mean: mean(&template_bytes(samples)),
            extract_ms_median: percentile(&extract_ms, 50),
            extract_ms_p95: percentile(&extract_ms, 95),
            comparisons_per_second: per_second(trials.len(), measured.comparing),
            threads: rayon::current_num_threads() as u64,
        }
    }
}

impl Scores {
    fn new(trials: &[Trial], persons: &[u32], person_count: u32, seed: u64) -> Self {
        let of_kind = |mated: bool| -> Vec<u32> {
            trials.iter().filter(|trial| trial.mated == mated).map(|trial| trial.score.get()).collect()
        };
        let (mated, non_mated) = (of_kind(true), of_kind(false));
        let curve = ErrorCurve::new(&mated, &non_mated);
        let grid = det_grid(non_mated.len() as u64);
        let comparison = |trial: &Trial| Comparison {
            score: trial.score.get(),
            mated: trial.mated,
            probe_person: persons[trial.probe as usize],
            reference_person: persons[trial.reference as usize],
        };
        let comparisons: Vec<Comparison> = trials.iter().map(comparison).collect();
        let bands = bootstrap(&comparisons, person_count, &grid, seed);
        Self { mated, non_mated, curve, bands, grid }
    }

    fn points(&self) -> Vec<PointFigures> {
        let decade = |(index, decade): (usize, u32)| {
            let one_in = 10u64.pow(decade);
            let support = Support::of(self.non_mated.len() as u64, one_in);
            let curve = self.curve.as_ref().filter(|_| support != Support::None);
            let mut figures = point(format!("1e-{decade}"), support, curve, |curve| curve.at_one_in(one_in));
            figures.bootstrap = curve.and(self.bands.as_ref()).map(|bands| bands.fnmr_at[index]);
            figures
        };
        let none = Support::of(self.non_mated.len() as u64, u64::MAX);
        let zero = point("0".to_owned(), none, self.curve.as_ref(), ErrorCurve::at_zero_fmr);
        DECADES.enumerate().map(decade).chain([zero]).collect()
    }

    fn det(&self) -> Vec<DetFigures> {
        let Some(curve) = &self.curve else { return Vec::new() };
        let figures = |(index, &one_in): (usize, &u64)| {
            let point = curve.at_one_in(one_in);
            let interval = self.bands.as_ref().map(|bands| bands.fnmr_on_grid[index]);
            DetFigures { fmr: 1.0 / one_in as f64, fnmr: curve.fnmr(&point), interval }
        };
        self.grid.iter().enumerate().map(figures).collect()
    }

    fn discard(&self, trials: &[Trial], samples: &[SampleResult]) -> Option<(f64, Vec<crate::metrics::Discard>)> {
        let curve = self.curve.as_ref()?;
        let supported = |decade: &u32| Support::of(self.non_mated.len() as u64, 10u64.pow(*decade)) != Support::None;
        let decade = (1..=DISCARD_DECADE).rev().find(supported)?;
        let one_in = 10u64.pow(decade);
        let quality = |place: u32| samples[place as usize].outcome.as_ref().map_or(0, |figures| figures.quality);
        let mated = trials.iter().filter(|trial| trial.mated);
        let comparisons: Vec<(u8, u32)> =
            mated.map(|trial| (quality(trial.probe).min(quality(trial.reference)), trial.score.get())).collect();
        Some((1.0 / one_in as f64, error_versus_discard(&comparisons, curve.at_one_in(one_in).threshold)))
    }
}

/// Numbers n of "one in n", evenly spread over the decades that so many non-mated comparisons can show.
fn det_grid(non_mated: u64) -> Vec<u64> {
    let steps = DET_STEPS_PER_DECADE * DECADES.end();
    let mut grid: Vec<u64> = (0..=steps)
        .map(|step| libm::round(libm::exp10(f64::from(step) / f64::from(DET_STEPS_PER_DECADE))) as u64)
        .take_while(|&one_in| one_in <= non_mated)
        .collect();
    grid.dedup();
    grid
}

fn point(
    target_fmr: String,
    support: Support,
    curve: Option<&ErrorCurve>,
    at: impl Fn(&ErrorCurve) -> OperatingPoint,
) -> PointFigures {
    let reached = curve.map(|curve| (curve, at(curve)));
    PointFigures {
        target_fmr,
        support,
        threshold: reached.as_ref().map(|(_, point)| point.threshold),
        fmr: reached.as_ref().map(|(curve, point)| curve.fmr(point)),
        fnmr: reached.as_ref().map(|(curve, point)| curve.fnmr(point)),
        wilson: reached.as_ref().map(|(curve, point)| wilson(point.false_non_matches, curve.mated())),
        bootstrap: None,
        rule_of_30: reached.as_ref().is_some_and(|(_, point)| point.false_non_matches >= 30),
    }
}

fn decades(points: &[PointFigures]) -> BTreeMap<String, Option<f64>> {
    let decade = |point: &&PointFigures| point.target_fmr != "0";
    points.iter().filter(decade).map(|point| (point.target_fmr.clone(), point.fnmr)).collect()
}

fn by_reason(failed: &[&SampleResult]) -> BTreeMap<String, u64> {
    let mut reasons = BTreeMap::new();
    for failure in failed.iter().filter_map(|sample| sample.outcome.as_ref().err()) {
        *reasons.entry(failure.name().to_owned()).or_default() += 1;
    }
    reasons
}

fn failed_sample(sample: &SampleResult) -> Option<FailedSample> {
    let failure = sample.outcome.as_ref().err()?;
    Some(FailedSample { path: sample.entry.listed.clone(), reason: failure.to_string() })
}

fn calibration_figures(calibration: &Calibration) -> CalibrationFigures {
    CalibrationFigures {
        corpus: calibration.scope().corpus.clone(),
        genuine: calibration.mated_trials(),
        impostor: calibration.non_mated_trials(),
    }
}

/// The mean over both kinds of the information that is lost, in bits.
fn cllr(trials: &[Trial], calibration: &Calibration) -> Option<f64> {
    let cost = |mated: bool| {
        let sign = if mated { -1.0 } else { 1.0 };
        let of_kind = trials.iter().filter(|trial| trial.mated == mated);
        let bits = |trial: &Trial| {
            let nats = f64::from(calibration.llr(trial.score).nats());
            libm::log1p(libm::exp(sign * nats)) * std::f64::consts::LOG2_E
        };
        mean(&of_kind.map(bits).collect::<Vec<_>>())
    };
    Some(f64::midpoint(cost(true)?, cost(false)?))
}

fn template_bytes(samples: &[SampleResult]) -> Vec<f64> {
    samples
        .iter()
        .filter_map(|sample| sample.outcome.as_ref().ok())
        .map(|figures| figures.template_bytes as f64)
        .collect()
}

fn sorted_ms(samples: &[SampleResult]) -> Vec<f64> {
    let took = |sample: &SampleResult| sample.outcome.as_ref().ok()?.took;
    let mut ms: Vec<f64> = samples.iter().filter_map(took).map(|took| took.as_secs_f64() * 1e3).collect();
    ms.sort_unstable_by(f64::total_cmp);
    ms
}

fn percentile(rising: &[f64], percent: usize) -> Option<f64> {
    rising.get((rising.len().max(1) - 1) * percent / 100).copied()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn per_second(comparisons: usize, took: std::time::Duration) -> Option<f64> {
    (comparisons > 0 && !took.is_zero()).then(|| comparisons as f64 / took.as_secs_f64())
}
