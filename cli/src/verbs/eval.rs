//! `whorl eval`: how accurate is it on this corpus.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde::Serialize;
use whorl_eval::{Fingerprints, Irises, Protocol, Report, Settings, evaluate};
use whorl_types::Modality;

use crate::arguments::{Chosen, FaceModel, Meaning, NAMED_WARNINGS};
use crate::console::{Console, Show};
use crate::outcome::Outcome;
use crate::verbs::MANIFEST;

const EXAMPLES: &str = "\
Examples:
  whorl eval --manifest corpus.csv --protocol all-pairs --out result      # then open result/report.html
  whorl eval --manifest corpus.csv --protocol fvc --out result --json
  whorl eval --manifest people.csv --modality iris --protocol all-pairs --out result    # the eyes among fingers and eyes
  whorl eval --manifest corpus.csv --protocol pairs --pairs pairs.csv --out result
  whorl eval --manifest corpus.csv --protocol all-pairs --against earlier --out result

Protocols:
  fvc        mated: all pairs of one finger, eye or face; non-mated: the first samples of all of them (FVC)
  all-pairs  every sample with every other
  pairs      what a CSV file lists: probe,reference,mated[,fold], with paths as in the manifest; with folds, the accuracy is
             the mean over the folds, each with the threshold that is best on the others

DIR gets scores.csv (probe, reference, mated, raw, llr), report.json and report.html. A sample that gives no template counts
as a non-match, and is listed.";

/// Measure accuracy on a labelled corpus
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{MANIFEST}"))]
pub(crate) struct Eval {
    /// The corpus: CSV with the columns path, subject, modality, position, encounter and maybe ppi
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,

    /// Which samples are compared
    #[arg(long, value_enum)]
    protocol: ProtocolName,

    /// The list of pairs, for the protocol of that name
    #[arg(long, value_name = "FILE", required_if_eq("protocol", "pairs"))]
    pairs: Option<PathBuf>,

    /// Folder for the result; made where it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    meaning: Meaning,

    #[command(flatten)]
    faces: FaceModel,

    /// Compare with another run, pair by pair: the folder of an earlier evaluation, or the score file of another tool (CSV
    /// with the columns probe, reference and raw)
    #[arg(long, value_name = "DIR|FILE")]
    against: Option<PathBuf>,

    #[command(flatten)]
    chosen: Chosen,

    /// Where the drawing of persons for confidence intervals starts
    #[arg(long, value_name = "S", default_value = "1")]
    seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ProtocolName {
    Fvc,
    AllPairs,
    Pairs,
}

/// The figures, as `report.json` has them.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Measured<'a> {
    report: &'a Report,
    #[serde(skip)]
    out: &'a Path,
}

impl Eval {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let protocol = match (self.protocol, &self.pairs) {
            (ProtocolName::Fvc, None) => Protocol::Fvc,
            (ProtocolName::AllPairs, None) => Protocol::AllPairs,
            (ProtocolName::Pairs, Some(list)) => Protocol::Pairs(list.clone()),
            (ProtocolName::Fvc | ProtocolName::AllPairs, Some(_)) => bail!("--pairs goes with --protocol pairs only"),
            (ProtocolName::Pairs, None) => bail!("--protocol pairs needs --pairs FILE"),
        };
        let settings = Settings { manifest: self.manifest.clone(), protocol, seed: self.seed };
        let modality = self.chosen.single(std::slice::from_ref(&self.manifest))?;
        let engine = self.meaning.of(self.faces.engine(threads)?)?;
        let calibrations = engine.calibrations();
        let bars = console.bars();
        let mut evaluation = engine.install(|| match modality {
            Modality::Fingerprint => evaluate(&Fingerprints, calibrations, &settings, &bars),
            Modality::Iris => evaluate(&Irises, calibrations, &settings, &bars),
            Modality::Face => evaluate(engine.faces(), calibrations, &settings, &bars),
        })?;
        drop(bars);
        if let Some(other) = &self.against {
            engine.install(|| evaluation.compare_with(other))?;
        }
        evaluation.write(&self.out)?;
        let report = &evaluation.report;
        for fault in report.faults.iter().take(NAMED_WARNINGS) {
            Console::warn(format_args!("left out: {fault}"));
        }
        console.print(&Measured { report, out: &self.out })?;
        let left_out = report.fault_count + report.failures;
        Ok(Outcome::of((report.samples - report.failures) as usize, left_out as usize))
    }
}

impl Show for Measured<'_> {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Report { samples, subjects, genuine, impostor, failures, fta, .. } = self.report;
        writeln!(
            out,
            "samples      {samples} of {subjects} subjects; {failures} gave no template (FTA {:.2} %)",
            fta * 100.0
        )?;
        writeln!(out, "comparisons  {genuine} mated, {impostor} non-mated")?;
        if let Some(eer) = self.report.eer {
            writeln!(out, "EER          {:.2} %", eer * 100.0)?;
        }
        for (fmr, fnmr) in self.report.fnmr_at_fmr.iter().rev() {
            match fnmr {
                Some(fnmr) => writeln!(out, "FNMR at FMR {fmr}  {:.2} %", fnmr * 100.0)?,
                None => writeln!(out, "FNMR at FMR {fmr}  the corpus is too small to say")?,
            }
        }
        if let Some(accuracy) = self.report.accuracy {
            writeln!(out, "accuracy     {:.2} % over {} folds", accuracy * 100.0, self.report.folds.len())?;
        }
        if let Some(extract_ms) = self.report.extract_ms_median {
            writeln!(out, "extraction   {extract_ms:.1} ms (median, one core)")?;
        }
        if let Some(speed) = self.report.comparisons_per_second {
            writeln!(out, "comparison   {speed:.0} a second on {} threads", self.report.threads)?;
        }
        writeln!(out, "report       {}", self.out.join("report.html").display())
    }
}
