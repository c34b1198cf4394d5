//! Error rates of a set, and the captures behind them.

use whorl_eval::metrics::{ErrorCurve, OperatingPoint};

use crate::eyes::Eyes;
use crate::trials::{Trial, curve};

/// The columns of [`print`].
pub(crate) const HEAD: &str = "\
set             eyes  FTA%   EER%  FNMR% at FMR 1e-2   1e-3   1e-4   1e-5  zero   threshold at 1e-4  ms/extract";

/// One in so many strangers passes where a capture is said to fail.
const FAILING_ONE_IN: u64 = 10_000;

/// Prints a line of error rates, every failure to acquire, and the `worst` of everything else.
pub(crate) fn print(set: &Eyes, trials: &[Trial], worst: usize) {
    let curve = curve(trials);
    let failed = set.captures.iter().filter(|eye| eye.outcome.is_err()).count();
    let fnmr = |point: OperatingPoint| 100.0 * curve.fnmr(&point);
    let [e2, e3, e4, e5] = [100, 1000, 10_000, 100_000].map(|one_in| fnmr(curve.at_one_in(one_in)));
    println!(
        "{:14}{:6}{:6.2}{:7.3}{e2:19.3}{e3:7.3}{e4:7.3}{e5:7.3}{:7.3}{:19}{:12.2}",
        set.set,
        set.captures.len(),
        100.0 * failed as f64 / set.captures.len() as f64,
        100.0 * curve.eer().rate,
        fnmr(curve.at_zero_fmr()),
        curve.at_one_in(FAILING_ONE_IN).threshold,
        set.extract_ms,
    );
    if worst > 0 {
        print_failures(set);
        print_failing(set, trials, &curve, worst);
        print_pairs("weakest mated", set, trials, worst, |trial| trial.mated, |trial| trial.score);
        print_pairs("strongest non-mated", set, trials, worst, |trial| !trial.mated, |trial| u32::MAX - trial.score);
    }
}

fn print_failures(set: &Eyes) {
    for eye in &set.captures {
        if let Err(failure) = &eye.outcome {
            println!("    no template {:12} {failure}", eye.name);
        }
    }
}

/// The captures that fail the largest share of their mated comparisons, at least half of them.
fn print_failing(set: &Eyes, trials: &[Trial], curve: &ErrorCurve, most: usize) {
    let threshold = curve.at_one_in(FAILING_ONE_IN).threshold;
    let mut tallies = vec![(0, 0); set.captures.len()];
    for trial in trials.iter().filter(|trial| trial.mated) {
        for place in [trial.first, trial.second] {
            tallies[place].0 += u32::from(u64::from(trial.score) < threshold);
            tallies[place].1 += 1;
        }
    }
    let mut failing: Vec<usize> =
        (0..tallies.len()).filter(|&place| tallies[place].0 > 0 && 2 * tallies[place].0 >= tallies[place].1).collect();
    failing.sort_by_key(|&place| (u64::from(tallies[place].1) << 32) / u64::from(tallies[place].0));
    println!("    {} captures fail at least half of their mated comparisons at FMR 1e-4", failing.len());
    for &place in failing.iter().take(most) {
        let (failed, all) = tallies[place];
        let measures = set.captures[place].template().map(|template| *template.measures());
        println!("    failing {:14} {failed} of {all}  {}", set.captures[place].name, described(measures));
    }
}

fn described(measures: Option<whorl_types::IrisMeasures>) -> String {
    let measures = measures.map(|measures| measures.named().map(|(name, value)| format!("{name} {value}")).join(", "));
    measures.unwrap_or_else(|| "no template".to_owned())
}

fn print_pairs(
    title: &str,
    set: &Eyes,
    trials: &[Trial],
    most: usize,
    wanted: impl Fn(&Trial) -> bool,
    order: impl Fn(&Trial) -> u32,
) {
    let mut chosen: Vec<&Trial> = trials.iter().filter(|trial| wanted(trial)).collect();
    chosen.sort_by_key(|trial| order(trial));
    for Trial { first, second, score, .. } in chosen.into_iter().take(most) {
        println!("    {title} {:14} {:14} {score}", set.captures[*first].name, set.captures[*second].name);
    }
}
