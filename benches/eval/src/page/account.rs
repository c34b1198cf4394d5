//! What was left out, what it took, where it comes from.

use super::unknown;
use crate::figures::Report;
use crate::report::{Column, Page, Table, count, list, note, paragraph, significant};

/// The most of anything that is listed on the page; the rest is in `report.json`.
const MAX_LISTED: usize = 200;

/// Samples and rows without a part in the figures, or with the worst.
pub(super) fn failures(report: &Report) -> String {
    let mut html = String::new();
    if report.failures == 0 {
        html += &paragraph("Every sample gave a template.");
    } else {
        let mut table =
            Table::new("Samples without a template", vec![Column::text("reason"), Column::number("samples")]);
        for (reason, samples) in &report.failures_by_reason {
            table.row([reason.clone(), count(*samples)]);
        }
        let lines: Vec<String> = report
            .failed_samples
            .iter()
            .take(MAX_LISTED)
            .map(|sample| format!("{}: {}", sample.path, sample.reason))
            .collect();
        html += &table.to_html();
        html += &list(&first_of(lines.len(), report.failures, "samples"), lines.iter().map(String::as_str));
    }
    if report.fault_count > 0 {
        let lines = report.faults.iter().take(MAX_LISTED).map(String::as_str);
        html += &list(&first_of(lines.len(), report.fault_count, "rows left out"), lines);
    }
    if report.undecided > 0 {
        let undecided = count(report.undecided);
        html += &note(&format!(
            "{undecided} pairs of one person were left out: only one sample says which instance it is."
        ));
    }
    html
}

fn first_of(listed: usize, all: u64, what: &str) -> String {
    if listed as u64 == all {
        format!("All {} {what}", count(all))
    } else {
        format!("The first {listed} of {} {what}", count(all))
    }
}

/// Times and sizes.
pub(super) fn timings(report: &Report) -> String {
    let figure =
        |value: Option<f64>, unit: &str| value.map_or_else(unknown, |value| format!("{} {unit}", significant(value)));
    let rows = [
        ("Extraction, median", figure(report.extract_ms_median, "ms a sample on one core, decoding apart")),
        ("Extraction, 95 %", figure(report.extract_ms_p95, "ms at most")),
        ("Comparison", figure(report.comparisons_per_second, &format!("a second on {} threads", report.threads))),
        ("Template", figure(report.template_bytes_mean, "bytes on average, as stored")),
    ];
    let pairs = rows.iter().map(|(name, value)| (*name, value.as_str()));
    Page::definitions(pairs)
        + &note("Times vary from run to run and from machine to machine; everything else on this page does not.")
}

/// Versions and hashes.
pub(super) fn provenance(report: &Report) -> String {
    let calibration = report.calibration.as_ref().map_or_else(
        || "none for these versions".to_owned(),
        |calibration| {
            let (mated, non_mated) = (count(calibration.genuine), count(calibration.impostor));
            format!("{} ({mated} mated, {non_mated} non-mated comparisons)", calibration.corpus)
        },
    );
    Page::definitions([
        ("Whorl", report.version.as_str()),
        ("Extractor", report.extractor.as_str()),
        ("Comparator", report.comparator.as_str()),
        ("Calibration", calibration.as_str()),
        ("Corpus", report.corpus_hash.as_str()),
        ("Manifest", report.manifest.as_str()),
        ("Protocol", report.protocol.as_str()),
        ("Seed", report.seed.to_string().as_str()),
    ])
}
