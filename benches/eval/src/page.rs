//! `report.html`: the figures of an evaluation on one page.

mod account;
mod plots;

use account::{failures, provenance, timings};
use plots::{scores_and_quality, trade_off};

use crate::against::{Against, Difference};
use crate::figures::{PointFigures, Report};
use crate::metrics::Support;
use crate::report::{Column, Fact, Page, Table, count, interval, note, percent};

/// The page.
pub(crate) fn of(report: &Report) -> String {
    let title = format!("Accuracy of {} comparison", report.modality);
    let subtitle = format!(
        "{manifest}, protocol {protocol}: {samples} samples of {instances} instances of {subjects} persons",
        manifest = report.manifest,
        protocol = report.protocol,
        samples = count(report.samples),
        instances = count(report.instances),
        subjects = count(report.subjects),
    );
    let mut page = Page::new(&title, &subtitle);
    page.facts(&facts(report));
    page.section("Error rates", &error_rates(report));
    page.section("Trade-off", &trade_off(report));
    if let Some(other) = &report.against {
        page.section("Against another run", &against(other));
    }
    page.section("Scores and quality", &scores_and_quality(report));
    if !report.folds.is_empty() {
        page.section("Folds", &folds(report));
    }
    page.section("Left out and failed", &failures(report));
    page.section("Time and size", &timings(report));
    page.section("Provenance", &provenance(report));
    page.finish()
}

fn facts(report: &Report) -> Vec<Fact> {
    let fact = |name: &str, value: String, detail: String| Fact { name: name.to_owned(), value, detail };
    let mut facts = vec![fact(
        "Equal error rate",
        report.eer.map_or_else(unknown, percent),
        report.eer_interval.map_or_else(String::new, |range| format!("90 %: {}", interval(range))),
    )];
    if let Some(point) = strictest(report) {
        facts.push(fact(
            &format!("FNMR at FMR {}", point.target_fmr),
            point.fnmr.map_or_else(unknown, percent),
            point.bootstrap.map_or_else(String::new, |range| format!("90 %: {}", interval(range))),
        ));
    }
    if let Some(accuracy) = report.accuracy {
        facts.push(fact("Accuracy", percent(accuracy), format!("mean over {} folds", report.folds.len())));
    }
    facts.push(fact(
        "Failures to acquire",
        percent(report.fta),
        format!("{} of {} samples", count(report.failures), count(report.samples)),
    ));
    facts.push(fact(
        "Comparisons",
        count(report.genuine + report.impostor),
        format!("{} mated, {} non-mated", count(report.genuine), count(report.impostor)),
    ));
    facts
}

/// The lowest FMR that keeps the rule of 3, else the lowest that can be stated.
fn strictest(report: &Report) -> Option<&PointFigures> {
    let mut decades = report.operating_points.iter().rev().filter(|point| point.target_fmr != "0");
    let stated = |point: &&PointFigures| point.fnmr.is_some();
    let firm = |point: &&PointFigures| matches!(point.support, Support::RuleOf3 | Support::RuleOf30);
    decades.clone().find(firm).filter(stated).or_else(|| decades.find(stated))
}

fn error_rates(report: &Report) -> String {
    let mut table = Table::new(
        "False non-match rate at fixed false match rates, with 90 % intervals",
        vec![
            Column::text("FMR at most"),
            Column::number("threshold"),
            Column::number("FMR"),
            Column::number("FNMR"),
            Column::number("by persons drawn again"),
            Column::number("as if independent (Wilson)"),
            Column::text("support"),
        ],
    );
    for point in &report.operating_points {
        let rate = |rate: Option<f64>| rate.map_or_else(unknown, percent);
        table.row([
            if point.target_fmr == "0" { "none seen".to_owned() } else { point.target_fmr.clone() },
            point.threshold.map_or_else(unknown, count),
            point.fmr.map_or_else(unknown, |fmr| format!("{fmr:.1e}")),
            rate(point.fnmr),
            point.bootstrap.map_or_else(unknown, interval),
            point.wilson.map_or_else(unknown, interval),
            support(point).to_owned(),
        ]);
    }
    let rule = note(
        "A comparison is a match where its score is at or above the threshold. A sample without a template is a non-match in \
         every comparison, so these are generalised rates (ISO/IEC 19795-1). A rate of one in n is stated from n non-mated \
         comparisons on; the rule of 3 asks for 3 n, the rule of 30 for 30 n, and for 30 failing mated comparisons.",
    );
    table.to_html() + &rule
}

fn support(point: &PointFigures) -> &'static str {
    match (point.target_fmr.as_str(), point.support, point.rule_of_30) {
        ("0", ..) => "depends on the size of the corpus",
        (_, Support::None, _) => "too few non-mated comparisons",
        (_, Support::Weak, _) => "weak: rule of 3 not kept",
        (_, Support::RuleOf3, _) => "rule of 3",
        (_, Support::RuleOf30, false) => "rule of 30 for FMR; under 30 failing mates",
        (_, Support::RuleOf30, true) => "rule of 30",
    }
}

fn against(other: &Against) -> String {
    let columns = ["this run", "the other", "difference", "90 % of the difference"].map(Column::number);
    let mut table = Table::new(
        &format!("{} comparisons that {} made too", count(other.common), other.name),
        [Column::text("figure")].into_iter().chain(columns).collect(),
    );
    for difference in &other.differences {
        let Difference { figure, here, there, interval: range } = difference;
        let points = |value: f64| format!("{:+.2}", value * 100.0);
        let range = range.map(|range| format!("{} .. {}", points(range.low), points(range.high)));
        table.row([
            figure.clone(),
            percent(*here),
            percent(*there),
            points(here - there),
            range.unwrap_or_else(unknown),
        ]);
    }
    table.to_html()
        + &note(
            "Paired: the same comparisons, and the same persons drawn again for both. An interval without 0 is a difference.",
        )
}

fn folds(report: &Report) -> String {
    let mut table = Table::new(
        "Accuracy of each fold with the threshold that is best on all others",
        vec![Column::text("fold"), Column::number("threshold"), Column::number("accuracy")],
    );
    for fold in &report.folds {
        table.row([fold.fold.to_string(), count(fold.threshold), percent(fold.accuracy)]);
    }
    table.to_html()
}

fn unknown() -> String {
    "\u{2013}".to_owned()
}
