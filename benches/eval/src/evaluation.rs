//! A labelled corpus in, measured accuracy out.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;
use whorl_datasets::manifest::{Entry, Manifest, ManifestError, Pairs};
use whorl_engine::calibrate::{Calibration, Calibrations};
use whorl_types::Similarity;

use crate::comparison::compare;
use crate::corpus::Corpus;
use crate::figures::Report;
use crate::matcher::{Failure, Matcher};
use crate::progress::Progress;
use crate::protocol::{self, Pairing, Plan, Protocol, ProtocolError};
use crate::{page, scores};

/// What to measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The corpus: a manifest.
    pub manifest: PathBuf,
    /// Which samples are compared.
    pub protocol: Protocol,
    /// Where the bootstrap starts.
    pub seed: u64,
}

/// Why nothing can be measured.
#[derive(Debug, Error)]
pub enum EvaluateError {
    /// The manifest or the list of pairs cannot be used at all.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The manifest has no usable row of the modality.
    #[error("{manifest} has no usable row of modality {modality}: nothing can be measured", manifest = manifest.display())]
    Empty {
        /// The manifest.
        manifest: PathBuf,
        /// The modality asked for.
        modality: &'static str,
    },
    /// The protocol cannot be followed.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
}

/// Where and why a result cannot be written.
#[derive(Debug, Error)]
#[error("{path} cannot be written: {source}", path = path.display())]
pub struct WriteError {
    path: PathBuf,
    source: std::io::Error,
}

/// One sample and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleResult {
    /// Its row of the manifest.
    pub entry: Entry,
    /// The quality of its template, or why there is none.
    pub outcome: Result<SampleFigures, Failure>,
}

/// What is reported of a sample that has a template.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleFigures {
    /// The worth of the sample, 0 to 100.
    pub quality: u8,
    /// Size of the template as it is stored.
    pub template_bytes: usize,
    /// Time the extractor took; none where the file held a template.
    pub took: Option<Duration>,
}

/// One comparison and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// The probe's place among the samples.
    pub probe: u32,
    /// The reference's place among the samples.
    pub reference: u32,
    /// Whether both show the same instance of the same person.
    pub mated: bool,
    /// The part of a cross-validation that it belongs to.
    pub fold: Option<u32>,
    /// The raw score; [`Similarity::NONE`] where a sample has no template.
    pub score: Similarity,
}

/// Everything that was measured.
#[derive(Debug)]
pub struct Evaluation {
    /// The samples, in the manifest's order.
    pub samples: Vec<SampleResult>,
    /// The comparisons, probe by probe.
    pub trials: Vec<Trial>,
    /// The figures.
    pub report: Report,
    /// What the raw scores mean; none where no calibration holds for this extractor and comparator.
    pub calibration: Option<Calibration>,
}

/// What the figures are made of.
pub(crate) struct Measured<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) samples: &'a [SampleResult],
    pub(crate) trials: &'a [Trial],
    pub(crate) calibration: Option<&'a Calibration>,
    pub(crate) corpus_hash: String,
    pub(crate) matcher: [String; 2],
    pub(crate) faults: Vec<String>,
    pub(crate) undecided: u64,
    pub(crate) comparing: Duration,
}

/// Extracts every sample of the manifest, compares what the protocol pairs, and works out the figures.
///
/// The calibration of the matcher's modality is used where it holds for the matcher's versions. Rows at fault and files that cannot be read are in the
/// report; they stop nothing.
///
/// # Errors
/// [`EvaluateError`] where nothing can be measured at all.
pub fn evaluate<M: Matcher>(
    matcher: &M,
    calibrations: &Calibrations,
    settings: &Settings,
    progress: &impl Progress,
) -> Result<Evaluation, EvaluateError> {
    let (entries, mut faults) = read_manifest(matcher, &settings.manifest)?;
    let plan = plan(&entries, &settings.protocol)?;
    faults.extend(plan.faults);
    let corpus = Corpus::extract(matcher, entries, progress);
    let (scores, comparing) = compare(matcher, &corpus, &plan.pairings, progress);
    let trials: Vec<Trial> = plan.pairings.iter().zip(scores).map(trial).collect();
    let versions = [matcher.extractor(), matcher.comparator()];
    let holds = |calibration: &&Calibration| calibration.check(&versions[0], &versions[1]).is_ok();
    let calibration = calibrations.of(matcher.modality()).filter(holds).cloned();
    let corpus_hash = corpus.hash;
    let samples: Vec<SampleResult> = corpus.samples.into_iter().map(result).collect();
    progress.begin("drawing persons again", 1);
    let report = Report::new(Measured {
        settings,
        samples: &samples,
        trials: &trials,
        calibration: calibration.as_ref(),
        corpus_hash,
        matcher: versions,
        faults,
        undecided: plan.undecided,
        comparing,
    });
    progress.advance(1);
    Ok(Evaluation { samples, trials, report, calibration })
}

/// The rows of the matcher's modality, and what is wrong with others.
pub(crate) fn read_manifest(matcher: &impl Matcher, path: &Path) -> Result<(Vec<Entry>, Vec<String>), EvaluateError> {
    let modality = matcher.modality();
    let manifest = Manifest::read(path, Some(modality))?;
    let faults = manifest.faults.iter().map(ToString::to_string).collect();
    let entries: Vec<Entry> = manifest.entries.into_iter().filter(|entry| entry.modality == modality).collect();
    if entries.is_empty() {
        return Err(EvaluateError::Empty { manifest: path.to_owned(), modality: modality.name() });
    }
    Ok((entries, faults))
}

fn plan(entries: &[Entry], protocol: &Protocol) -> Result<Plan, EvaluateError> {
    let entries: Vec<&Entry> = entries.iter().collect();
    let plan = match protocol {
        Protocol::Fvc => protocol::fvc(&entries)?,
        Protocol::AllPairs => protocol::all_pairs(&entries)?,
        Protocol::Pairs(list) => {
            let Pairs { pairs, faults } = Pairs::read(list)?;
            let mut plan = protocol::listed(&entries, &pairs)?;
            plan.faults.extend(faults.iter().map(ToString::to_string));
            plan
        }
    };
    Ok(plan)
}

fn trial((pairing, score): (&Pairing, Similarity)) -> Trial {
    let Pairing { probe, reference, mated, fold } = *pairing;
    Trial { probe, reference, mated, fold, score }
}

fn result<T>(sample: crate::corpus::Sample<T>) -> SampleResult {
    let outcome = sample.outcome.map(|extracted| SampleFigures {
        quality: extracted.quality.get(),
        template_bytes: extracted.template_bytes,
        took: extracted.took,
    });
    SampleResult { entry: sample.entry, outcome }
}

impl Evaluation {
    /// Writes `scores.csv`, `report.json` and `report.html` into `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// [`WriteError`] names the file.
    pub fn write(&self, folder: &Path) -> Result<(), WriteError> {
        fs::create_dir_all(folder).map_err(|source| WriteError { path: folder.to_owned(), source })?;
        let files = [
            ("scores.csv", scores::to_csv(self)),
            ("report.json", self.report.to_json()),
            ("report.html", page::of(&self.report)),
        ];
        for (name, text) in files {
            let path = folder.join(name);
            fs::write(&path, text).map_err(|source| WriteError { path, source })?;
        }
        Ok(())
    }
}
