//! The figures of an evaluation: what `report.json` holds and `report.html` shows.

mod build;
mod folds;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::against::Against;
use crate::metrics::{Discard, Histogram, Interval, Support};

/// All figures. Everything but the timings is the same whenever and wherever the evaluation is run again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of Whorl.
    pub version: String,
    /// Name and version of the extractor.
    pub extractor: String,
    /// Name and version of the comparator.
    pub comparator: String,
    /// The calibration behind the llr of the scores; none where no calibration holds for these versions.
    pub calibration: Option<CalibrationFigures>,
    /// The manifest, as it was named.
    pub manifest: String,
    /// Hash of what the manifest lists and of what the files hold.
    pub corpus_hash: String,
    /// The modality.
    pub modality: String,
    /// Name of the protocol.
    pub protocol: String,
    /// Where the bootstrap started.
    pub seed: u64,
    /// Samples in the corpus.
    pub samples: u64,
    /// Persons in the corpus.
    pub subjects: u64,
    /// Instances (fingers, eyes, faces) in the corpus.
    pub instances: u64,
    /// Mated comparisons, those of failed samples included.
    pub genuine: u64,
    /// Non-mated comparisons, those of failed samples included.
    pub impostor: u64,
    /// Pairs left out because only one sample says which instance it is.
    pub undecided: u64,
    /// Samples without a template.
    pub failures: u64,
    /// Failure to acquire: the fraction of samples without a template.
    pub fta: f64,
    /// Its 90 % interval (Wilson).
    pub fta_interval: Interval,
    /// Samples without a template by reason.
    pub failures_by_reason: BTreeMap<String, u64>,
    /// Each of them, the first thousand.
    pub failed_samples: Vec<FailedSample>,
    /// Rows that were left out, the first thousand, in the words of the reader.
    pub faults: Vec<String>,
    /// Rows that were left out.
    pub fault_count: u64,
    /// Equal error rate; none where one kind of comparison is missing.
    pub eer: Option<f64>,
    /// Its 90 % interval (persons drawn again).
    pub eer_interval: Option<Interval>,
    /// How often persons were drawn again for the intervals.
    pub replicates: u64,
    /// FNMR at an FMR of `1e-1` .. `1e-6`; null where the corpus has fewer non-mated comparisons than 1 / FMR.
    pub fnmr_at_fmr: BTreeMap<String, Option<f64>>,
    /// The same with thresholds and intervals, and at an FMR of zero.
    pub operating_points: Vec<PointFigures>,
    /// The distance of the two score distributions, in standard deviations.
    pub d_prime: Option<f64>,
    /// What the calibrated scores cost in bits of information (Brümmer and du Preez 2006): 0 is perfect, 1 is useless.
    pub cllr: Option<f64>,
    /// Mean over the folds of the accuracy with the threshold chosen on the other folds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// Fold by fold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folds: Vec<FoldFigures>,
    /// The trade-off of the error rates, from a high to a low FMR.
    pub det: Vec<DetFigures>,
    /// How scores are spread.
    pub histogram: Histogram,
    /// The FMR whose threshold the discard curve keeps.
    pub discard_fmr: Option<f64>,
    /// FNMR against the fraction of mated comparisons set aside for low quality.
    pub discard: Vec<Discard>,
    /// The comparison with another run, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// Mean size of a template as it is stored.
    pub template_bytes_mean: Option<f64>,
    /// Median time to extract one sample on one core, decoding apart.
    pub extract_ms_median: Option<f64>,
    /// The time that 95 % of the samples do not exceed.
    pub extract_ms_p95: Option<f64>,
    /// Comparisons in a second on all threads, probes prepared within.
    pub comparisons_per_second: Option<f64>,
    /// Threads at work.
    pub threads: u64,
}

/// A sample without a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedSample {
    /// The path as the manifest has it.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// Where the meaning of the scores comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalibrationFigures {
    /// What it was fitted on.
    pub corpus: String,
    /// Mated comparisons it was fitted on.
    pub genuine: u64,
    /// Non-mated comparisons it was fitted on.
    pub impostor: u64,
}

/// One threshold and what it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointFigures {
    /// The FMR asked for: `1e-1` .. `1e-6`, or `0`.
    pub target_fmr: String,
    /// How well the corpus supports that FMR.
    pub support: Support,
    /// The lowest threshold that keeps it; none where the corpus cannot say.
    pub threshold: Option<u64>,
    /// The FMR at the threshold.
    pub fmr: Option<f64>,
    /// The FNMR at the threshold.
    pub fnmr: Option<f64>,
    /// Its 90 % interval by Wilson, as if all comparisons were independent.
    pub wilson: Option<Interval>,
    /// Its 90 % interval by persons drawn again.
    pub bootstrap: Option<Interval>,
    /// Whether at least 30 mated comparisons fail here.
    pub rule_of_30: bool,
}

/// A point of the trade-off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DetFigures {
    /// False match rate.
    pub fmr: f64,
    /// False non-match rate.
    pub fnmr: f64,
    /// Its 90 % interval by persons drawn again.
    pub interval: Option<Interval>,
}

/// One fold of a cross-validation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FoldFigures {
    /// Its number.
    pub fold: u32,
    /// The threshold that is best on the other folds.
    pub threshold: u64,
    /// The accuracy with it on this fold.
    pub accuracy: f64,
}

/// A file that is no report.
#[derive(Debug, thiserror::Error)]
#[error("this is no report of an evaluation: {0}")]
pub struct ReportError(#[from] simd_json::Error);

impl Report {
    /// The report as JSON, keys in a fixed order.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads what [`Report::to_json`] wrote.
    ///
    /// # Errors
    /// [`ReportError`] where it is something else.
    pub fn parse(mut json: Vec<u8>) -> Result<Self, ReportError> {
        Ok(simd_json::from_slice(&mut json)?)
    }
}
