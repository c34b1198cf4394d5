//! Two sets of fingers, eyes and faces become one weight of evidence.

use std::collections::{BTreeMap, BTreeSet};

use whorl_engine::calibrate::{Calibrations, FmrEstimate};
use whorl_engine::decide::{Basis, assign, false_match_rate, fuse};
use whorl_index::Pair;
use whorl_types::{InstanceScore, LogLikelihoodRatio, Modality, Position, Similarity};

/// What comparing the fingers and the eyes of two references says.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// All instances together.
    pub llr: LogLikelihoodRatio,
    /// The false match rate that this corresponds to.
    pub fmr: FmrEstimate,
    /// The pairs of instances that were compared and count: modality by modality, in the order of the probe's.
    pub instances: Vec<Compared>,
}

/// One instance of the probe and the one of the reference that it was held against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// Number of the instance among those of the probe.
    pub probe: usize,
    /// Number of the instance among those of the reference.
    pub reference: usize,
    /// What their comparison says.
    pub score: InstanceScore,
    /// Whether the probe is like the reference as a mirror shows it.
    pub mirrored: bool,
}

/// What picking pairs out of several ways to pair costs, and the pairs.
struct Pairing {
    pairs: Vec<Pair>,
    penalty: LogLikelihoodRatio,
}

/// Weighs all comparisons of the instances of a probe with those of one reference.
///
/// Where every comparison of a modality is of one known position, several captures of an instance count as one, by the best
/// pair. Else the strongest pairing of all that is possible counts, less the price of having picked it. What was found in a
/// mirror pays for the second look. Eyes that show too little in common to be compared count for nothing.
#[must_use]
pub fn weigh(pairs: &[Pair], calibrations: &Calibrations) -> Evidence {
    let modalities: BTreeSet<Modality> = pairs.iter().map(|pair| pair.modality).collect();
    let of_modality = |modality| {
        let of_it = pairs.iter().filter(|pair| pair.modality == modality && !abstains(pair));
        pairing(&of_it.copied().collect::<Vec<_>>(), calibrations)
    };
    let pairings: Vec<Pairing> = modalities.into_iter().map(of_modality).collect();
    let counted = pairings.iter().flat_map(|pairing| &pairing.pairs);
    let instances: Vec<Compared> = counted.map(|pair| compared(pair, calibrations)).collect();
    let scores: Vec<InstanceScore> = instances.iter().map(|compared| compared.score).collect();
    let in_a_mirror = instances.iter().filter(|compared| compared.mirrored).count();
    let penalty = pairings.iter().map(|pairing| pairing.penalty).sum::<LogLikelihoodRatio>();
    let llr = fuse(&scores, calibrations) + penalty + price(libm::exp2(in_a_mirror as f64));
    let basis = Basis::of(scores.iter().map(|score| score.modality));
    Evidence { llr, fmr: false_match_rate(llr, basis, calibrations), instances }
}

/// Whether the comparator had too little to compare: where fingers have nothing in common that says much, but not of eyes.
fn abstains(pair: &Pair) -> bool {
    pair.modality == Modality::Iris && pair.similarity == Similarity::NONE
}

/// Which pairs of one modality count.
fn pairing(pairs: &[Pair], calibrations: &Calibrations) -> Pairing {
    let labelled =
        |pair: &Pair| pair.probe_position == pair.reference_position && pair.probe_position != Position::Unknown;
    if pairs.iter().all(labelled) { best_of_each_position(pairs) } else { strongest(pairs, calibrations) }
}

impl Evidence {
    /// What the evidence rests on.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis::of(self.instances.iter().map(|compared| compared.score.modality))
    }

    /// Whether it says that these are two people: samples that may show different fingers, eyes or faces of one person do not, however
    /// unlike they are.
    #[must_use]
    pub fn speaks_against(&self) -> bool {
        let labelled = |score: &InstanceScore| score.probe == score.reference && score.probe != Position::Unknown;
        self.llr.nats() < 0.0 && self.instances.iter().any(|one| labelled(&one.score) && one.score.llr.nats() < 0.0)
    }
}

fn compared(pair: &Pair, calibrations: &Calibrations) -> Compared {
    let &Pair { modality, probe, reference, probe_position, reference_position, similarity, mirrored } = pair;
    let llr = calibrations.llr(modality, similarity);
    Compared {
        probe,
        reference,
        score: InstanceScore { modality, probe: probe_position, reference: reference_position, similarity, llr },
        mirrored,
    }
}

/// The strongest pair of each position. Picking the best of `n` costs `ln n` (the union bound), as in [`assign`].
fn best_of_each_position(pairs: &[Pair]) -> Pairing {
    let mut best: BTreeMap<Position, (&Pair, u32)> = BTreeMap::new();
    for pair in pairs {
        let (kept, count) = best.entry(pair.probe_position).or_insert((pair, 0));
        *count += 1;
        if pair.similarity > kept.similarity {
            *kept = pair;
        }
    }
    let ways: f64 = best.values().map(|&(_, count)| f64::from(count)).product();
    Pairing { pairs: best.into_values().map(|(&pair, _)| pair).collect(), penalty: price(ways) }
}

/// The pairing of instances with the most evidence, where labels do not tell which belongs to which.
fn strongest(pairs: &[Pair], calibrations: &Calibrations) -> Pairing {
    let known: BTreeMap<(usize, usize), &Pair> =
        pairs.iter().map(|pair| ((pair.probe, pair.reference), pair)).collect();
    let places = |place: fn(&Pair) -> usize| pairs.iter().map(place).collect::<BTreeSet<_>>().into_iter().collect();
    let (probes, references): (Vec<usize>, Vec<usize>) = (places(|pair| pair.probe), places(|pair| pair.reference));
    let pair = |a: usize, b: usize| known.get(&(probes[a], references[b])).copied();
    let llr = |a: usize, b: usize| pair(a, b).map(|pair| calibrations.llr(pair.modality, pair.similarity));
    let assignment = assign(probes.len(), references.len(), llr);
    let pairs = assignment.pairs.iter().filter_map(|&(a, b)| pair(a, b).copied()).collect();
    Pairing { pairs, penalty: assignment.penalty }
}

fn price(ways: f64) -> LogLikelihoodRatio {
    LogLikelihoodRatio::new(-libm::log(ways.max(1.0)) as f32).expect("a product of small counts has a finite logarithm")
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: Position = Position::RightIndex;
    const THUMB: Position = Position::LeftThumb;
    const UNKNOWN: Position = Position::Unknown;

    /// All comparisons that the labels allow, with these scores.
    fn pairs_of(modality: Modality, probe: &[Position], reference: &[Position], scores: &[&[u32]]) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (a, &probe_position) in probe.iter().enumerate() {
            for (b, &reference_position) in reference.iter().enumerate() {
                if probe_position.may_equal(reference_position) {
                    let similarity = Similarity::new(scores[a][b]);
                    let (probe, reference, mirrored) = (a, b, false);
                    let pair =
                        Pair { modality, probe, reference, probe_position, reference_position, similarity, mirrored };
                    pairs.push(pair);
                }
            }
        }
        pairs
    }

    fn weigh_with(probe: &[Position], reference: &[Position], scores: &[&[u32]]) -> Evidence {
        weigh(&pairs_of(Modality::Fingerprint, probe, reference, scores), &Calibrations::default())
    }

    fn pairs(evidence: &Evidence) -> Vec<(usize, usize)> {
        evidence.instances.iter().map(|compared| (compared.probe, compared.reference)).collect()
    }

    #[test]
    fn several_captures_of_a_finger_count_as_one_by_the_best_pair() {
        let evidence = weigh_with(&[INDEX, THUMB], &[INDEX, INDEX, THUMB], &[&[1, 9_000, 0], &[0, 0, 5]]);
        assert_eq!(pairs(&evidence), [(0, 1), (1, 2)]);
    }

    #[test]
    fn unknown_positions_find_their_best_partners_at_a_price() {
        let free = weigh_with(&[INDEX], &[INDEX], &[&[9_000]]);
        let picked = weigh_with(&[INDEX], &[UNKNOWN, UNKNOWN], &[&[0, 9_000]]);
        assert_eq!(pairs(&picked), [(0, 1)]);
        assert!(picked.llr.nats() < free.llr.nats());
    }

    #[test]
    fn fingers_without_labels_and_labelled_eyes_are_paired_each_among_themselves() {
        let eye = Position::LeftEye;
        let fingers = pairs_of(Modality::Fingerprint, &[UNKNOWN], &[INDEX, THUMB], &[&[0, 9_000]]);
        let eyes = pairs_of(Modality::Iris, &[eye], &[eye], &[&[50_000]]);
        let both = [fingers.clone(), eyes.clone()].concat();
        let [fingers, eyes, both] = [fingers, eyes, both].map(|pairs| weigh(&pairs, &Calibrations::default()));
        let modalities: Vec<Modality> = both.instances.iter().map(|compared| compared.score.modality).collect();
        assert_eq!(modalities, [Modality::Fingerprint, Modality::Iris]);
        assert!((both.llr.nats() - fingers.llr.nats() - eyes.llr.nats()).abs() < 1e-4);
    }

    #[test]
    fn an_eye_in_a_mirror_pays_for_the_second_look_and_one_that_shows_nothing_is_passed_over() {
        let eye = Position::LeftEye;
        let mut pairs = pairs_of(Modality::Iris, &[eye], &[eye], &[&[50_000]]);
        let plain = weigh(&pairs, &Calibrations::default()).llr.nats();
        pairs[0].mirrored = true;
        let in_a_mirror = weigh(&pairs, &Calibrations::default()).llr.nats();
        assert!((plain - in_a_mirror - std::f32::consts::LN_2).abs() < 1e-4);
        pairs[0].similarity = Similarity::NONE;
        assert!(weigh(&pairs, &Calibrations::default()).instances.is_empty());
    }

    #[test]
    fn nothing_to_compare_says_nothing() {
        assert_eq!(weigh_with(&[], &[INDEX], &[]).llr, LogLikelihoodRatio::NEUTRAL);
    }
}
