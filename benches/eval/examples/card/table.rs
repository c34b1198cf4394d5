//! A table of error rates: one row for each set.

use std::io;
use std::path::Path;

use whorl_engine::calibrate::Calibrations;
use whorl_eval::metrics::Interval;
use whorl_eval::{Matcher, PointFigures, Protocol, Report, Settings, Silent, evaluate};

/// What a card says of a set: the false match rates at which it gives the FNMR.
pub(crate) struct Columns<const RATES: usize> {
    pub(crate) fnmr_at: [&'static str; RATES],
}

impl<const RATES: usize> Columns<RATES> {
    /// Prints the head of the table.
    pub(crate) fn print_head(&self) {
        let rates = self.fnmr_at.map(|fmr| format!("FNMR at FMR {fmr}")).join(" | ");
        println!("| set | mated | non-mated | FTA | EER | {rates} | template bytes |");
        println!("|---|--:|--:|--:|--:|{}--:|", "--:|".repeat(RATES));
    }

    /// Prints the row of one set.
    pub(crate) fn print_row(&self, name: &str, report: &Report) {
        let rates = self.fnmr_at.map(|fmr| fnmr(report, fmr)).join(" | ");
        let eer = with_interval(report.eer, report.eer_interval);
        let (fta, bytes) = (percent(Some(report.fta)), report.template_bytes_mean.unwrap_or_default());
        println!("| {name} | {} | {} | {fta} | {eer} | {rates} | {bytes:.0} |", report.genuine, report.impostor);
    }
}

/// What an evaluation of the corpus reports.
pub(crate) fn report(matcher: &impl Matcher, manifest: &Path, protocol: &Protocol) -> io::Result<Report> {
    let settings = Settings { manifest: manifest.to_owned(), protocol: protocol.clone(), seed: 1 };
    let evaluation = evaluate(matcher, &Calibrations::default(), &settings, &Silent);
    Ok(evaluation.map_err(io::Error::other)?.report)
}

/// Versions of everything that was at work.
pub(crate) fn versions(report: &Report) -> String {
    format!("Whorl {}, extractor {}, comparator {}.", report.version, report.extractor, report.comparator)
}

pub(crate) fn percent(rate: Option<f64>) -> String {
    rate.map_or("–".to_owned(), |rate| format!("{:.2}", rate * 100.0))
}

fn fnmr(report: &Report, fmr: &str) -> String {
    let point = report.operating_points.iter().find(|point: &&PointFigures| point.target_fmr == fmr);
    with_interval(point.and_then(|point| point.fnmr), point.and_then(|point| point.bootstrap))
}

fn with_interval(rate: Option<f64>, interval: Option<Interval>) -> String {
    let between = |interval: Interval| format!(" ({:.2}–{:.2})", interval.low * 100.0, interval.high * 100.0);
    percent(rate) + &interval.map(between).unwrap_or_default()
}
