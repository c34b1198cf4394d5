//! `report.html`: the figures of an evaluation on one page.

use crate::against::{Against, Difference};
use crate::figures::{PointFigures, Report};
use crate::metrics::Support;
use crate::report::{
    Axis, Column, Fact, Ink, Page, Plot, Table, count, interval, list, note, paragraph, percent, significant,
};

/// The most of anything that is listed on the page; the rest is in `report.json`.
const MAX_LISTED: usize = 200;

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
    page.section("Scores", &scores(report));
    if !report.discard.is_empty() {
        page.section("Quality", &quality(report));
    }
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

fn trade_off(report: &Report) -> String {
    let Some(lowest) = report.det.last().map(|point| point.fmr) else {
        return paragraph("There is no trade-off to show: the corpus has only one kind of comparison.");
    };
    let decade = lowest.log10().floor().min(-1.0) as i32;
    let fmr = || Axis::decades("false match rate", decade, 0);
    let floor = -3;
    let det: Vec<(f64, f64)> = report.det.iter().map(|point| (point.fmr, point.fnmr)).collect();
    let band: Vec<(f64, f64, f64)> = report
        .det
        .iter()
        .filter_map(|point| point.interval.map(|interval| (point.fmr, interval.low, interval.high)))
        .collect();
    let diagonal = [(10f64.powi(floor.max(decade)), 10f64.powi(floor.max(decade))), (1.0, 1.0)];
    let caption = format!("Logarithmic axes. Shaded: 90 % by persons drawn again, {} times.", report.replicates);
    let mut plot =
        Plot::new("Detection error trade-off", &caption, fmr(), Axis::decades("false non-match rate", floor, 0))
            .band(Ink::First, &band)
            .line("both rates equal", Ink::Faint, &diagonal)
            .line("this run", Ink::First, &det);
    if let Some(other) = &report.against {
        let points: Vec<(f64, f64)> = other.det.iter().map(|point| (point.fmr, point.fnmr)).collect();
        plot = plot.line("the other run", Ink::Second, &points);
    }
    if let Some(eer) = report.eer {
        plot = plot.point("", Ink::First, (eer, eer));
    }
    let worst = report.det.iter().map(|point| point.fnmr).fold(0.05, f64::max);
    let hits: Vec<(f64, f64)> = det.iter().map(|&(fmr, fnmr)| (fmr, 1.0 - fnmr)).collect();
    let hit_band: Vec<(f64, f64, f64)> = band.iter().map(|&(fmr, low, high)| (fmr, 1.0 - high, 1.0 - low)).collect();
    let low = ((1.0 - worst) * 10.0 - 0.2).floor().max(0.0) / 10.0;
    let roc = Plot::new(
        "Receiver operating characteristic",
        "The same, as the rate of mated comparisons that match.",
        fmr(),
        Axis::percent("true match rate", low, 1.0),
    )
    .band(Ink::First, &hit_band)
    .line("this run", Ink::First, &hits);
    Page::side_by_side(&[plot.to_html(), roc.to_html()])
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

fn scores(report: &Report) -> String {
    let histogram = &report.histogram;
    let ends = histogram.starts.iter().skip(1).chain([&histogram.end]);
    let edges: Vec<(f64, f64)> =
        histogram.starts.iter().zip(ends).map(|(&from, &to)| (from as f64 + 1.0, to as f64 + 1.0)).collect();
    // Heights are densities along the logarithmic axis, so that areas can be compared.
    let cells = |counts: &[u64]| -> Vec<(f64, f64, f64)> {
        let all = counts.iter().sum::<u64>().max(1) as f64;
        let density = |(&count, &(from, to)): (&u64, &(f64, f64))| (from, to, count as f64 / all / (to / from).log10());
        counts.iter().zip(&edges).map(density).collect()
    };
    let (mated, non_mated) = (cells(&histogram.mated), cells(&histogram.non_mated));
    let high = mated.iter().chain(&non_mated).map(|cell| cell.2).fold(0.0, f64::max) * 1.05;
    let plot = Plot::new(
        "How scores are spread",
        "Density of each kind along a logarithmic axis: equal areas hold equal shares of the comparisons.",
        Axis::counts("score", histogram.end),
        Axis::linear("density per decade", 0.0, high),
    )
    .cells("non-mated", Ink::Second, &non_mated)
    .cells("mated", Ink::First, &mated);
    let separation =
        report.d_prime.map(|d_prime| format!("d\u{2032} = {}. ", significant(d_prime))).unwrap_or_default();
    let cllr = report.cllr.map_or_else(
        || "No calibration holds for this extractor and comparator, so scores have no llr.".to_owned(),
        |cllr| {
            format!(
                "The calibrated scores cost C\u{2097}\u{2097}\u{1d63} = {cllr:.3} bits: 0 is perfect, 1 says nothing."
            )
        },
    );
    plot.to_html() + &paragraph(&format!("{separation}{cllr}"))
}

fn quality(report: &Report) -> String {
    let at = report.discard_fmr.unwrap_or_default();
    let measured: Vec<(f64, f64)> = report.discard.iter().map(|point| (point.discarded, point.fnmr)).collect();
    let start = measured.first().map_or(0.0, |first| first.1);
    let highest = measured.iter().map(|point| point.1).fold(0.01, f64::max) * 1.1;
    let ideal = [(0.0, start), (start.min(0.5), (start - 0.5).max(0.0)), (0.5, (start - 0.5).max(0.0))];
    let plot = Plot::new(
        "Error versus discard",
        &format!(
            "FNMR at the threshold of FMR {at:.0e} when the mated comparisons of the lowest quality are set aside. A measure \
             that knows what fails falls like the dotted line; one that says nothing stays level."
        ),
        Axis::percent("mated comparisons set aside", 0.0, 0.5),
        Axis::percent("false non-match rate", 0.0, highest),
    )
    .line("if every failure were foreseen", Ink::Faint, &ideal)
    .line("by the quality of the worse sample", Ink::First, &measured);
    plot.to_html()
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

fn failures(report: &Report) -> String {
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

fn timings(report: &Report) -> String {
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

fn provenance(report: &Report) -> String {
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

fn unknown() -> String {
    "\u{2013}".to_owned()
}
