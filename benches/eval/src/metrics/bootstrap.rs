//! Uncertainty of a whole curve, by drawing persons again.
//!
//! Cross comparisons are not independent: one bad finger spoils all of its comparisons. So persons are drawn with
//! replacement, and a comparison of two persons counts as often as the product of their draws, one within a person as often
//! as that person was drawn (the subsets bootstrap of Bolle, Ratha and Pankanti, "Error analysis of pattern recognition
//! systems: the subsets bootstrap", 2004, applied to both sides of a comparison).

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::{DECADES, ErrorCurve, Interval};

/// How often persons are drawn again, unless that would take minutes.
const MOST_REPLICATES: usize = 200;

/// How often they are drawn at least.
const FEWEST_REPLICATES: usize = 40;

/// Comparisons that are looked at in all draws together: some ten seconds of work.
const AFFORDABLE: usize = 2_000_000_000;

/// A comparison and whose samples it compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// The raw score; 0 where a sample gave no template.
    pub score: u32,
    /// Whether both samples show the same instance of the same person.
    pub mated: bool,
    /// The person of the probe, from 0.
    pub probe_person: u32,
    /// The person of the reference, from 0.
    pub reference_person: u32,
}

/// 90 % intervals by person.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// How often persons were drawn again.
    pub replicates: u64,
    /// Of the equal error rate.
    pub eer: Interval,
    /// Of the FNMR at an FMR of one in ten, hundred, ... a million ([`DECADES`]).
    pub fnmr_at: Vec<Interval>,
    /// Of the FNMR at an FMR of one in each number of `grid`.
    pub fnmr_on_grid: Vec<Interval>,
}

/// Draws `persons` persons again, 200 times or as often as is affordable; none where there are fewer than two or only one kind of comparison.
///
/// The same seed gives the same intervals whatever the number of threads.
#[must_use]
pub fn bootstrap(comparisons: &[Comparison], persons: u32, grid: &[u64], seed: u64) -> Option<Bands> {
    if persons < 2 {
        return None;
    }
    let drawn: Vec<Replicate> = replicates(comparisons, persons, grid, seed).into_iter().flatten().collect();
    bands(&drawn, grid.len())
}

/// Intervals of the differences of two runs over the same comparisons, `here` minus `there`, with the same persons drawn
/// for both; none as above.
#[must_use]
pub fn paired_bootstrap(here: &[Comparison], there: &[Comparison], persons: u32, seed: u64) -> Option<Bands> {
    if persons < 2 {
        return None;
    }
    let [here, there] = [here, there].map(|run| replicates(run, persons, &[], seed));
    let difference = |(here, there): (Option<Replicate>, Option<Replicate>)| -> Option<Replicate> {
        Some(here?.iter().zip(&there?).map(|(here, there)| here - there).collect())
    };
    let drawn: Vec<Replicate> = here.into_iter().zip(there).filter_map(difference).collect();
    bands(&drawn, 0)
}

fn replicates(comparisons: &[Comparison], persons: u32, grid: &[u64], seed: u64) -> Vec<Option<Replicate>> {
    let mut rising = comparisons.to_vec();
    rising.sort_by_key(|comparison| comparison.score);
    let affordable = (AFFORDABLE / comparisons.len().max(1)).clamp(FEWEST_REPLICATES, MOST_REPLICATES);
    (0..affordable as u64)
        .into_par_iter()
        .map(|replicate| draw(&rising, &draws(persons, seed, replicate), grid))
        .collect()
}

fn bands(replicates: &[Replicate], grid: usize) -> Option<Bands> {
    if replicates.is_empty() {
        return None;
    }
    let column = |index: usize| interval(replicates.iter().map(|replicate| replicate[index]).collect());
    let decades = DECADES.count();
    Some(Bands {
        replicates: replicates.len() as u64,
        eer: column(0),
        fnmr_at: (0..decades).map(|decade| column(1 + decade)).collect(),
        fnmr_on_grid: (0..grid).map(|index| column(1 + decades + index)).collect(),
    })
}

/// The EER, the FNMR at the decades, then on the grid.
type Replicate = Vec<f64>;

/// How often each person was drawn.
fn draws(persons: u32, seed: u64, replicate: u64) -> Vec<u64> {
    let mut generator = Pcg64Mcg::seed_from_u64(seed ^ replicate.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut draws = vec![0; persons as usize];
    for _ in 0..persons {
        let person = (u64::from(generator.next_u32()) * u64::from(persons)) >> 32;
        draws[person as usize] += 1;
    }
    draws
}

fn draw(rising: &[Comparison], draws: &[u64], grid: &[u64]) -> Option<Replicate> {
    let weight = |comparison: &Comparison| {
        let [probe, reference] =
            [comparison.probe_person, comparison.reference_person].map(|person| draws[person as usize]);
        if comparison.probe_person == comparison.reference_person { probe } else { probe * reference }
    };
    let weighted = rising.iter().map(|comparison| (comparison.score, comparison.mated, weight(comparison)));
    let curve = ErrorCurve::of_rising(weighted)?;
    let decades = DECADES.map(|decade| 10u64.pow(decade));
    let fnmr = decades.chain(grid.iter().copied()).map(|one_in| curve.fnmr(&curve.at_one_in(one_in)));
    Some([curve.eer().rate].into_iter().chain(fnmr).collect())
}

/// From the 5th to the 95th percentile.
fn interval(mut values: Vec<f64>) -> Interval {
    values.sort_unstable_by(f64::total_cmp);
    let at = |percent: usize| values[(values.len() - 1) * percent / 100];
    Interval { low: at(5), high: at(95) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty persons with four mated and many non-mated comparisons each; every fifth person scores badly.
    fn comparisons() -> Vec<Comparison> {
        let mut comparisons = Vec::new();
        for probe_person in 0..20 {
            for sample in 0..4 {
                let score = if probe_person % 5 == 0 { 10 + sample } else { 50 + probe_person + sample };
                comparisons.push(Comparison { score, mated: true, probe_person, reference_person: probe_person });
            }
            for reference_person in 0..probe_person {
                let score = (probe_person * 7 + reference_person * 3) % 30;
                comparisons.push(Comparison { score, mated: false, probe_person, reference_person });
            }
        }
        comparisons
    }

    #[test]
    fn the_same_seed_draws_the_same_and_another_one_draws_otherwise() {
        let bands = |seed| bootstrap(&comparisons(), 20, &[5, 50], seed).unwrap();
        assert_eq!(bands(1), bands(1));
        assert_ne!(bands(1), bands(2));
    }

    #[test]
    fn the_interval_holds_the_measured_rate_and_is_as_wide_as_persons_differ() {
        let bands = bootstrap(&comparisons(), 20, &[], 7).unwrap();
        let Interval { low, high } = bands.fnmr_at[1];
        assert!(low <= 0.2 && 0.2 <= high && high - low > 0.1, "{low}..{high}");
    }

    #[test]
    fn a_run_does_not_differ_from_itself_and_a_worse_one_does() {
        let here = comparisons();
        let same = paired_bootstrap(&here, &here, 20, 3).unwrap();
        assert!(same.eer.low >= 0.0 && same.eer.high <= 0.0);
        let better: Vec<Comparison> =
            here.iter().map(|&one| Comparison { score: one.score + u32::from(one.mated) * 30, ..one }).collect();
        let gain = paired_bootstrap(&here, &better, 20, 3).unwrap();
        assert!(gain.eer.high > 0.0 && gain.eer.low >= 0.0);
    }

    #[test]
    fn one_person_alone_cannot_be_drawn_again() {
        assert_eq!(bootstrap(&comparisons(), 1, &[], 7), None);
        assert_eq!(bootstrap(&[], 5, &[], 7), None);
    }
}
