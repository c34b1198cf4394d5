//! Which instance of the probe belongs to which of the reference, where positions are not known.

use whorl_types::LogLikelihoodRatio;

use crate::calibrate::weight;

/// The most instances on either side: ten fingers and two palms of supernumerary ones.
const MAX_INSTANCES: usize = 12;

/// The strongest way to pair the instances of a probe with those of a reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// Pairs of (instance of the probe, instance of the reference), by the probe's order.
    pub pairs: Vec<(usize, usize)>,
    /// What having picked the best of several ways costs: minus the logarithm of their number. To be added to the fused
    /// evidence; by the union bound the false match rate of the best is at most the number of ways times that of one.
    pub penalty: LogLikelihoodRatio,
}

#[derive(Clone, Copy)]
struct Best {
    pairs: u32,
    nats: f32,
    ways: f64,
    /// The reference instance that the last probe instance took.
    took: Option<usize>,
}

/// Pairs as many of `probes` with as many of `references` as allowed, each at most once, and of all ways the one with the
/// most evidence; of equal ones the one that pairs earlier instances first.
///
/// `llr` gives the evidence of a pair, none where it cannot be (two different known positions). Instances past the twelfth
/// of either side are not paired.
#[must_use]
pub fn assign(
    probes: usize,
    references: usize,
    llr: impl Fn(usize, usize) -> Option<LogLikelihoodRatio>,
) -> Assignment {
    let (probes, references) = (probes.min(MAX_INSTANCES), references.min(MAX_INSTANCES));
    let mut tables = vec![vec![None; 1 << references]];
    tables[0][0] = Some(Best { pairs: 0, nats: 0.0, ways: 1.0, took: None });
    for probe in 0..probes {
        let next = extend(&tables[probe], references, |reference| llr(probe, reference));
        tables.push(next);
    }
    let end = best_end(&tables[probes]);
    let most = tables[probes].iter().flatten().map(|best| best.pairs).max().unwrap_or(0);
    let ways: f64 = tables[probes].iter().flatten().filter(|best| best.pairs == most).map(|best| best.ways).sum();
    Assignment { pairs: walk_back(&tables, end), penalty: weight(-libm::log(ways)) }
}

/// The best ways after one more probe instance, by the set of reference instances that are taken.
fn extend(
    before: &[Option<Best>],
    references: usize,
    llr: impl Fn(usize) -> Option<LogLikelihoodRatio>,
) -> Vec<Option<Best>> {
    let mut after: Vec<Option<Best>> = vec![None; before.len()];
    let evidence: Vec<Option<f32>> =
        (0..references).map(|reference| llr(reference).map(LogLikelihoodRatio::nats)).collect();
    for (taken, &best) in before.iter().enumerate() {
        let Some(best) = best else { continue };
        for (reference, nats) in evidence.iter().enumerate() {
            let Some(nats) = nats else { continue };
            if taken >> reference & 1 == 0 {
                let paired = Best { pairs: best.pairs + 1, nats: best.nats + nats, took: Some(reference), ..best };
                join(&mut after[taken | 1 << reference], paired);
            }
        }
        join(&mut after[taken], Best { took: None, ..best });
    }
    after
}

/// Keeps the better of two ways to reach a state and counts both. States with equally many taken have equally many pairs.
fn join(state: &mut Option<Best>, other: Best) {
    match state {
        None => *state = Some(other),
        Some(best) => {
            let ways = best.ways + other.ways;
            if other.nats > best.nats {
                *best = other;
            }
            best.ways = ways;
        }
    }
}

fn best_end(table: &[Option<Best>]) -> usize {
    let rank = |best: &Best| (best.pairs, best.nats);
    let mut end = 0;
    for (taken, best) in table.iter().enumerate() {
        if let (Some(best), Some(chosen)) = (best, &table[end])
            && rank(best) > rank(chosen)
        {
            end = taken;
        }
    }
    end
}

fn walk_back(tables: &[Vec<Option<Best>>], mut taken: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for probe in (0..tables.len() - 1).rev() {
        if let Some(reference) = tables[probe + 1][taken].and_then(|best| best.took) {
            pairs.push((probe, reference));
            taken &= !(1 << reference);
        }
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nats(value: f32) -> Option<LogLikelihoodRatio> {
        LogLikelihoodRatio::new(value).ok()
    }

    #[test]
    fn a_single_pair_costs_nothing_even_against_the_evidence() {
        let assignment = assign(1, 1, |_, _| nats(-4.0));
        assert_eq!(assignment, Assignment { pairs: vec![(0, 0)], penalty: LogLikelihoodRatio::NEUTRAL });
    }

    #[test]
    fn the_best_of_all_ways_is_found_where_greed_would_miss_it() {
        let evidence = [[10.0, 9.0], [9.0, 1.0]];
        let assignment = assign(2, 2, |probe, reference| nats(evidence[probe][reference]));
        assert_eq!(assignment.pairs, [(0, 1), (1, 0)]);
        assert!((assignment.penalty.nats() + 2f32.ln()).abs() < 1e-6);
    }

    #[test]
    fn picking_one_of_ten_costs_the_logarithm_of_ten() {
        let assignment = assign(1, 10, |_, reference| nats(if reference == 6 { 20.0 } else { -1.0 }));
        assert_eq!(assignment.pairs, [(0, 6)]);
        assert!((assignment.penalty.nats() + 10f32.ln()).abs() < 1e-6);
    }

    #[test]
    fn known_positions_leave_one_way_and_it_is_free() {
        let assignment = assign(4, 4, |probe, reference| (probe == reference).then(|| nats(3.0)).flatten());
        assert_eq!(assignment.pairs, [(0, 0), (1, 1), (2, 2), (3, 3)]);
        assert_eq!(assignment.penalty, LogLikelihoodRatio::NEUTRAL);
    }

    #[test]
    fn nothing_in_common_is_an_empty_assignment() {
        assert_eq!(assign(3, 2, |_, _| None).pairs, []);
        assert_eq!(assign(0, 0, |_, _| None).penalty, LogLikelihoodRatio::NEUTRAL);
    }

    #[test]
    fn twelve_unknown_instances_are_paired_in_full() {
        let assignment = assign(20, 20, |probe, reference| nats(if probe + reference == 11 { 5.0 } else { 0.0 }));
        assert_eq!(assignment.pairs.len(), 12);
        assert!(assignment.pairs.iter().all(|(probe, reference)| probe + reference == 11));
    }
}
