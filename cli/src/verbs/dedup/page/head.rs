//! What stands above and below the cases.

use whorl_engine::decide::{Basis, Thresholds};

use super::super::Results;
use super::super::summary::{Summary, TruthFigures};
use super::{legend, push};
use crate::draw::Escaped;

/// The title and the figures.
pub(super) fn head(summary: &Summary) -> String {
    let mut head = String::from("<h1>Deduplication report</h1>\n");
    let manifest = summary.manifest.display().to_string();
    push(&mut head, format_args!("<p>of <code>{}</code></p>\n<div class=\"tiles\">\n", Escaped(&manifest)));
    let tiles = [
        (summary.clusters, "clusters of one person under several names"),
        (summary.duplicates, "duplicate pairs"),
        (summary.to_adjudicate, "pairs for a human to look at"),
        (summary.mixed, "pairs of which one finger, eye or face agrees and the others do not"),
        (summary.contradictions, "contradictions within clusters"),
        (summary.contradicted, "encounters that contradict their subject"),
        (summary.left_out.count, "left out"),
    ];
    for (count, meaning) in tiles {
        push(&mut head, format_args!("<div><b>{count}</b>{meaning}</div>\n"));
    }
    head.push_str("</div>\n<table class=\"figures\">\n");
    let Summary { references, subjects, counts, confirmed, unconfirmed, contradicted, .. } = summary;
    let rows = [
        ("population", format!("{references} references of {subjects} subjects, {counts}")),
        (
            "encounters of one subject",
            format!("{confirmed} pairs confirmed, {unconfirmed} unconfirmed, {contradicted} contradicted"),
        ),
        ("extraction", format!("{:.1} s, {:.0} samples a second", summary.extract_s, summary.samples_per_second)),
        (
            "comparison",
            format!(
                "{:.1} s, {} pairs of templates ({} in full), {:.0} a second",
                summary.search_s, summary.comparisons, summary.compared_in_full, summary.comparisons_per_second
            ),
        ),
    ];
    for (name, value) in rows {
        push(&mut head, format_args!("<tr><th>{name}</th><td>{value}</td></tr>\n"));
    }
    head.push_str("</table>\n");
    if let Some(figures) = &summary.truth {
        truth(&mut head, figures);
    }
    head
}

fn truth(head: &mut String, figures: &TruthFigures) {
    let TruthFigures { duplicates, found, to_adjudicate, missed, false_duplicates, false_adjudications, .. } = figures;
    head.push_str("<h2>Held against the truth</h2>\n");
    push(
        head,
        format_args!(
            "<p>{duplicates} pairs of subjects are one person: <b>{found} found</b>, {to_adjudicate} put before a human, \
             <b>{missed} missed</b>. <b>{false_duplicates} false</b>; {false_adjudications} pairs of strangers put before \
             a human.</p>\n"
        ),
    );
}

/// How to read the page, and what its verdicts rest on.
pub(super) fn reading(results: &Results<'_>, summary: &Summary, pictures: &str) -> String {
    let mut text = String::from("<h2>How to read this</h2>\n");
    push(&mut text, format_args!("<p>{} {pictures}</p>\n", legend()));
    let thresholds: Vec<String> = results.found.thresholds.iter().map(threshold).collect();
    push(
        &mut text,
        format_args!(
            "<p>The llr is the weight of evidence in nats: over 0 speaks for one person, under 0 for two, and that of \
             several fingers, eyes and faces adds up. The FMR is how often two strangers reach as much; where it is marked \
             <i>extrapolated</i> it lies beyond what the calibration's corpus could count. Each reference was held against \
             {} others; at a target FPIR of {} a duplicate needs an llr of {}.</p>\n",
            summary.compared_with,
            summary.target_fpir,
            thresholds.join(", ")
        ),
    );
    for calibration in results.engine.calibrations().iter() {
        let scope = calibration.scope();
        push(
            &mut text,
            format_args!(
                "<p>Calibration of {}: extractor {}, comparator {}, corpus {}, {} mated and {} non-mated comparisons.</p>\n",
                scope.modality,
                Escaped(&scope.extractor),
                Escaped(&scope.comparator),
                Escaped(&scope.corpus),
                calibration.mated_trials(),
                calibration.non_mated_trials()
            ),
        );
    }
    push(&mut text, format_args!("<p>Whorl {}.</p>\n", env!("CARGO_PKG_VERSION")));
    text
}

fn threshold((basis, Thresholds { duplicate, adjudicate }): &(Basis, Thresholds)) -> String {
    let of = match basis {
        Basis::Nothing => "nothing".to_owned(),
        Basis::One(modality) => format!("one {modality}"),
        Basis::Several => "several instances".to_owned(),
    };
    format!("{:.1} from {of} (and a human is asked from {:.1} on)", duplicate.nats(), adjudicate.nats())
}
