//! Where errors come from: mated comparisons by what the eyes showed.

use whorl_types::{IrisMeasures, IrisTemplate};

use crate::eyes::Eyes;
use crate::trials::{Trial, curve};

/// The false match rate of the whole set at whose threshold every stratum is judged: one in a thousand.
const ONE_IN: u64 = 1000;

/// Each stratum holds this share of the mated comparisons: a fifth.
const STRATA: usize = 5;

/// A property of a comparison, by what both templates say of themselves.
type Property = (&'static str, fn(&IrisTemplate, &IrisTemplate) -> u32);

const PROPERTIES: [Property; 7] = [
    ("usable area of the less visible, %", |a, b| least(a, b, |measures| measures.usable_area)),
    ("difference in dilation, %", |a, b| u32::from(a.measures().dilation.abs_diff(b.measures().dilation))),
    ("difference in iris radius, per mille", |a, b| difference_per_mille(a.limbus().radius_px8, b.limbus().radius_px8)),
    ("sharpness of the less sharp", |a, b| least(a, b, |measures| measures.sharpness)),
    ("radius of the smaller, px", |a, b| least(a, b, |measures| measures.radius_px)),
    ("sclera contrast of the fainter", |a, b| least(a, b, |measures| measures.sclera_contrast)),
    ("quality of the worse", |a, b| u32::from(a.quality().get().min(b.quality().get()))),
];

fn least(a: &IrisTemplate, b: &IrisTemplate, measure: fn(&IrisMeasures) -> u8) -> u32 {
    u32::from(measure(a.measures()).min(measure(b.measures())))
}

fn difference_per_mille(a: u32, b: u32) -> u32 {
    1000 * a.abs_diff(b) / a.max(b)
}

/// Prints, property by property, the range of each fifth of the mated comparisons and its FNMR.
pub(crate) fn print(set: &Eyes, trials: &[Trial]) {
    let threshold = curve(trials).at_one_in(ONE_IN).threshold;
    println!("\n{}: FNMR at FMR 1e-3 by fifths of the mated comparisons of captures with a template", set.set);
    for (name, property) in PROPERTIES {
        let mut rising: Vec<(u32, bool)> = trials
            .iter()
            .filter(|trial| trial.mated)
            .filter_map(|trial| {
                let (a, b) = (set.captures[trial.first].template()?, set.captures[trial.second].template()?);
                Some((property(a, b), u64::from(trial.score) < threshold))
            })
            .collect();
        rising.sort_unstable();
        let stratum = |fifth: &[(u32, bool)]| {
            let failing = fifth.iter().filter(|(_, fails)| *fails).count();
            format!(
                "{}..{}: {:.2} %",
                fifth[0].0,
                fifth[fifth.len() - 1].0,
                100.0 * failing as f64 / fifth.len() as f64
            )
        };
        let strata: Vec<String> = rising.chunks(rising.len().div_ceil(STRATA)).map(stratum).collect();
        println!("  {name:38} {}", strata.join("   "));
    }
}
