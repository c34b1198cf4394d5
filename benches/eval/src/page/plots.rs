//! What is drawn.

use crate::figures::{DetFigures, Report};
use crate::report::{Axis, Ink, Page, Plot, paragraph, significant};

/// The FNMR axis begins here: one in a thousand; less lies on the axis.
const LOWEST_FNMR_DECADE: i32 = -3;

/// The two usual views of the trade-off, side by side.
pub(super) fn trade_off(report: &Report) -> String {
    let Some(lowest) = report.det.last().map(|point| point.fmr) else {
        return paragraph("There is no trade-off to show: the corpus has only one kind of comparison.");
    };
    let decade = lowest.log10().floor().min(-1.0) as i32;
    let band: Vec<(f64, f64, f64)> = report
        .det
        .iter()
        .filter_map(|point| point.interval.map(|interval| (point.fmr, interval.low, interval.high)))
        .collect();
    Page::side_by_side(&[det(report, decade, &band).to_html(), roc(report, decade, &band).to_html()])
}

fn det(report: &Report, decade: i32, band: &[(f64, f64, f64)]) -> Plot {
    let caption = format!("Logarithmic axes. Shaded: 90 % by persons drawn again, {} times.", report.replicates);
    let corner = 10f64.powi(LOWEST_FNMR_DECADE.max(decade));
    let axes = [("false match rate", decade), ("false non-match rate", LOWEST_FNMR_DECADE)];
    let [x, y] = axes.map(|(name, low)| Axis::decades(name, low, 0));
    let mut plot = Plot::new("Detection error trade-off", &caption, x, y)
        .band(Ink::First, band)
        .line("both rates equal", Ink::Faint, &[(corner, corner), (1.0, 1.0)])
        .line("this run", Ink::First, &rates(&report.det));
    if let Some(other) = &report.against {
        plot = plot.line("the other run", Ink::Second, &rates(&other.det));
    }
    match report.eer {
        Some(eer) => plot.point("", Ink::First, (eer, eer)),
        None => plot,
    }
}

fn roc(report: &Report, decade: i32, band: &[(f64, f64, f64)]) -> Plot {
    let hits: Vec<(f64, f64)> = report.det.iter().map(|point| (point.fmr, 1.0 - point.fnmr)).collect();
    let band: Vec<(f64, f64, f64)> = band.iter().map(|&(fmr, low, high)| (fmr, 1.0 - high, 1.0 - low)).collect();
    let worst = report.det.iter().map(|point| point.fnmr).fold(0.05, f64::max);
    let lowest = ((1.0 - worst) * 10.0 - 0.2).floor().max(0.0) / 10.0;
    Plot::new(
        "Receiver operating characteristic",
        "The same, as the rate of mated comparisons that match.",
        Axis::decades("false match rate", decade, 0),
        Axis::percent("true match rate", lowest, 1.0),
    )
    .band(Ink::First, &band)
    .line("this run", Ink::First, &hits)
}

fn rates(det: &[DetFigures]) -> Vec<(f64, f64)> {
    det.iter().map(|point| (point.fmr, point.fnmr)).collect()
}

/// How scores are spread and what they are worth, and whether quality foresees failure.
pub(super) fn scores_and_quality(report: &Report) -> String {
    let mut plots = vec![scores(report).to_html()];
    if !report.discard.is_empty() {
        plots.push(quality(report).to_html());
    }
    let separation =
        report.d_prime.map(|d_prime| format!("d\u{2032} = {}. ", significant(d_prime))).unwrap_or_default();
    let cost = report.cllr.map_or_else(
        || "No calibration holds for this extractor and comparator, so scores have no llr.".to_owned(),
        |cllr| format!("The calibrated scores cost Cllr = {cllr:.3} bits: 0 is perfect, 1 says nothing."),
    );
    Page::side_by_side(&plots) + &paragraph(&format!("{separation}{cost}"))
}

fn scores(report: &Report) -> Plot {
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
    let highest = mated.iter().chain(&non_mated).map(|cell| cell.2).fold(0.0, f64::max) * 1.05;
    Plot::new(
        "How scores are spread",
        "Density of each kind along a logarithmic axis: equal areas hold equal shares of the comparisons.",
        Axis::counts("score", histogram.end),
        Axis::linear("density per decade", 0.0, highest),
    )
    .cells("non-mated", Ink::Second, &non_mated)
    .cells("mated", Ink::First, &mated)
}

fn quality(report: &Report) -> Plot {
    let at = report.discard_fmr.unwrap_or_default();
    let measured: Vec<(f64, f64)> = report.discard.iter().map(|point| (point.discarded, point.fnmr)).collect();
    let start = measured.first().map_or(0.0, |first| first.1);
    let highest = measured.iter().map(|point| point.1).fold(0.01, f64::max) * 1.1;
    let foreseen = |&(discarded, _): &(f64, f64)| (discarded, ((start - discarded) / (1.0 - discarded)).max(0.0));
    let ideal: Vec<(f64, f64)> = measured.iter().map(foreseen).collect();
    Plot::new(
        "Error versus discard",
        &format!(
            "FNMR at the threshold of FMR {at:.0e} when the mated comparisons of the lowest quality are set aside. A measure \
             that knows what fails falls like the dotted line; one that says nothing stays level."
        ),
        Axis::percent("mated comparisons set aside", 0.0, 0.5),
        Axis::percent("false non-match rate", 0.0, highest),
    )
    .line("if every failure were foreseen", Ink::Faint, &ideal)
    .line("by the quality of the worse sample", Ink::First, &measured)
}
