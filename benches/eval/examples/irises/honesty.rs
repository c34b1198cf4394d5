//! Whether calibrated scores mean what they say on a set that they were not calibrated on.

use whorl_engine::calibrate::{Calibration, PositionScope, Scope, Trials};
use whorl_eval::Matcher;
use whorl_types::{Fmr, Modality, Similarity};

use crate::trials::Trial;

/// The sets that have no eye in common; CASIA-IrisV1 holds eyes of CASIA-Interval.
pub(crate) const SETS: [&str; 2] = ["casia-interval", "mmu1"];

/// The false match rates that are held against what is observed.
const STATED: [f64; 4] = [1e-2, 1e-3, 1e-4, 1e-5];

/// Fits a calibration to the trials of each set and prints what it says of every set: the cost of its evidence in bits, and the
/// observed rate of false matches where the stated one is a power of ten.
pub(crate) fn print(sets: &[(&str, Vec<Trial>)]) {
    println!("fitted on       said of         Cllr   observed FMR where 1e-2, 1e-3, 1e-4, 1e-5 are stated");
    for (fitted_on, trials) in sets {
        let calibration = fitted(fitted_on, trials);
        println!("{fitted_on:15} {:?}, lowest FMR {:.1e}", calibration.tail(), calibration.lowest_fmr().get());
        for (said_of, trials) in sets {
            let observed: Vec<String> = STATED.iter().map(|&stated| observed(trials, &calibration, stated)).collect();
            println!("{fitted_on:15} {said_of:15} {:.4}  {}", cllr(trials, &calibration), observed.join("  "));
        }
    }
}

fn fitted(name: &str, trials: &[Trial]) -> Calibration {
    let scope = Scope {
        modality: Modality::Iris,
        positions: PositionScope::Any,
        extractor: whorl_eval::Irises.extractor(),
        comparator: whorl_eval::Irises.comparator(),
        corpus: name.to_owned(),
    };
    let of_kind = |mated: bool| scores(trials, mated).map(Similarity::new).collect();
    let trials = Trials { mated: of_kind(true), non_mated: of_kind(false) };
    Calibration::fit(&trials, scope).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The scores of captures that both have a template.
fn scores(trials: &[Trial], mated: bool) -> impl Iterator<Item = u32> {
    trials.iter().filter(move |trial| trial.mated == mated && trial.score > 0).map(|trial| trial.score)
}

fn observed(trials: &[Trial], calibration: &Calibration, stated: f64) -> String {
    let target = Fmr::new(stated).expect("the constants are rates");
    let Some(threshold) = calibration.score_at(target) else { return "beyond the model".to_owned() };
    let reaching = scores(trials, false).filter(|&score| score >= threshold.get()).count();
    let all = scores(trials, false).count();
    if reaching == 0 { format!("0 of {all}") } else { format!("{:.1e}", reaching as f64 / all as f64) }
}

/// The mean over both kinds of the information that is lost (Brümmer and du Preez 2006).
fn cllr(trials: &[Trial], calibration: &Calibration) -> f64 {
    let cost = |mated: bool| {
        let sign = if mated { -1.0 } else { 1.0 };
        let bits = |score| {
            let nats = f64::from(calibration.llr(Similarity::new(score)).nats());
            libm::log1p(libm::exp(sign * nats)) * std::f64::consts::LOG2_E
        };
        scores(trials, mated).map(bits).sum::<f64>() / scores(trials, mated).count() as f64
    };
    f64::midpoint(cost(true), cost(false))
}
