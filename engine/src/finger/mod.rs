//! Compares two fingerprints.
mod agreement;
mod alignment;
mod candidates;
pub mod coarse;
mod consensus;
mod evidence;
mod pairing;
mod score;
mod side;
mod turn;

pub use evidence::{Comparison, MatchedPair, Motion};
pub use score::Measures;

use whorl_types::{FingerTemplate, Similarity};

use agreement::{Expected, Overlap};
use alignment::Alignment;
use candidates::{Candidate, Distances};
use consensus::Consensus;
use pairing::{Pair, Tolerance};
use side::Side;

/// Name and version of this comparator, raised whenever scores change their meaning: calibrations are fitted for it.
pub const COMPARATOR: &str = "whorl-finger 1";

/// A template prepared for many comparisons.
pub struct Probe {
    side: Side,
}

impl Probe {
    /// Prepares `template`.
    #[must_use]
    pub fn new(template: &FingerTemplate) -> Self {
        Self { side: Side::new(template) }
    }
}

/// How alike two fingerprints are.
#[must_use]
pub fn similarity(probe: &Probe, reference: &FingerTemplate) -> Similarity {
    judge(&probe.side, &Side::new(reference)).map_or(Similarity::NONE, |found| found.measures.similarity())
}

/// How alike two fingerprints are, with the evidence.
#[must_use]
pub fn compare(probe: &Probe, reference: &FingerTemplate) -> Comparison {
    let Some(found) = judge(&probe.side, &Side::new(reference)) else {
        return Comparison { similarity: Similarity::NONE, pairs: Vec::new(), motion: None, overlap_cells: 0 };
    };
    let matched = |pair: &Pair| MatchedPair { probe: pair.probe as u8, reference: pair.reference as u8 };
    Comparison {
        similarity: found.measures.similarity(),
        pairs: found.pairs.iter().map(matched).collect(),
        motion: Some(found.alignment.motion()),
        overlap_cells: found.overlap.cells as u16,
    }
}

/// What the score of two fingerprints is made of, for those who fit it: see [`Measures`].
#[must_use]
pub fn measure(probe: &Probe, reference: &FingerTemplate) -> Measures {
    judge(&probe.side, &Side::new(reference)).map_or_else(Measures::default, |found| found.measures)
}

/// The probe laid on the reference in one way, and what that shows.
struct Judgement {
    alignment: Alignment,
    pairs: Vec<Pair>,
    overlap: Overlap,
    measures: Measures,
}

fn judge(probe: &Side, reference: &Side) -> Option<Judgement> {
    let distances = Distances::between(probe, reference);
    let candidates = distances.nearest();
    let consensus = Consensus::of(&candidates, probe, reference);
    let alignments = alignments(&candidates, &consensus, probe, reference);
    let judged = alignments.into_iter().map(|(start, support)| lay(start, support, (probe, reference), &distances));
    judged.max_by(|a, b| a.measures.points().total_cmp(&b.measures.points()))
}

/// Alignments that are worth a closer look.
const MOST_ALIGNMENTS: usize = 3;

/// The motions that the best supported groups of pairs agree on, each with its support.
fn alignments(
    candidates: &[Candidate],
    consensus: &Consensus,
    probe: &Side,
    reference: &Side,
) -> Vec<(Alignment, f32)> {
    let mut support = consensus.support.clone();
    let mut found = Vec::new();
    while found.len() < MOST_ALIGNMENTS {
        let Some(root) = (0..support.len()).max_by(|&p, &q| support[p].total_cmp(&support[q]).then(q.cmp(&p))) else {
            break;
        };
        if support[root] <= 0.0 {
            break;
        }
        let row = consensus.row(root);
        let mut pulls = Vec::new();
        let mut strength = 0.0;
        for (q, candidate) in candidates.iter().enumerate() {
            let agree = if q == root { 1.0 } else { row[q] };
            if agree > 0.0 {
                pulls.push(alignment::Pull {
                    from: probe.spots[candidate.probe as usize],
                    to: reference.spots[candidate.reference as usize],
                    weight: agree * consensus.support[q].max(1e-4),
                });
                strength += agree * candidate.weight;
                support[q] = 0.0;
            }
        }
        support[root] = 0.0;
        if let Some(alignment) = Alignment::fit(&pulls) {
            found.push((alignment, strength));
        }
    }
    found
}

/// Lays the probe on the reference, better each round, and sees what agrees.
fn lay(start: Alignment, support: f32, (probe, reference): (&Side, &Side), distances: &Distances) -> Judgement {
    const WIDE: Tolerance = Tolerance { px: 20.0, turn: 30.0 };
    const NARROW: Tolerance = Tolerance { px: 12.0, turn: 24.0 };
    let placed: Vec<_> = probe.spots.iter().map(|spot| start.apply(*spot)).collect();
    let mut pairs = pairing::pair(&placed, reference, distances, WIDE);
    let mut alignment = Alignment::fit(&pairing::pulls(&pairs, probe, reference)).unwrap_or(start);
    let mut placed = pairing::bend(&alignment, &pairs, probe, reference);
    for _ in 0..2 {
        pairs = pairing::pair(&placed, reference, distances, NARROW);
        alignment = Alignment::fit(&pairing::pulls(&pairs, probe, reference)).unwrap_or(alignment);
        placed = pairing::bend(&alignment, &pairs, probe, reference);
    }
    let overlap = Overlap::of(&alignment, probe, reference);
    let back: Vec<_> = reference.spots.iter().map(|spot| alignment.inverse(*spot)).collect();
    let expected = Expected::of(&placed, probe, reference, &pairs, &back);
    let measures = Measures::new(&pairs, support, &overlap, &expected);
    Judgement { alignment, pairs, overlap, measures }
}
