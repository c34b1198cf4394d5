//! Compares two fingerprints.
mod agreement;
mod alignment;
mod candidates;
pub mod coarse;
mod consensus;
mod pairing;
mod score;
mod side;
mod turn;

use whorl_types::{FingerTemplate, Similarity};

use agreement::{Expected, Overlap};
use alignment::Alignment;
use candidates::{Candidate, Distances};
use consensus::Consensus;
use pairing::{Pair, Tolerance};
use score::Measures;
use side::Side;

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
    measures(probe, reference).similarity()
}

/// What the score is made of.
#[must_use]
pub fn measure(probe: &Probe, reference: &FingerTemplate) -> [f32; 9] {
    measures(probe, reference).numbers()
}

fn measures(probe: &Probe, reference: &FingerTemplate) -> Measures {
    let (probe, reference) = (&probe.side, &Side::new(reference));
    let distances = Distances::between(probe, reference);
    let candidates = distances.nearest();
    let consensus = Consensus::of(&candidates, probe, reference);
    let alignments = alignments(&candidates, &consensus, probe, reference);
    let judged = alignments.iter().map(|(alignment, support)| judge(alignment, *support, probe, reference, &distances));
    judged.max_by(|a, b| a.points().total_cmp(&b.points())).unwrap_or_default()
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

fn judge(alignment: &Alignment, support: f32, probe: &Side, reference: &Side, distances: &Distances) -> Measures {
    const WIDE: Tolerance = Tolerance { px: 20.0, turn: 30.0 };
    const NARROW: Tolerance = Tolerance { px: 12.0, turn: 24.0 };
    let placed: Vec<_> = probe.spots.iter().map(|spot| alignment.apply(*spot)).collect();
    let mut pairs = pairing::pair(&placed, reference, distances, WIDE);
    let mut alignment = Alignment::fit(&pairing::pulls(&pairs, probe, reference)).unwrap_or(*alignment);
    let mut placed = pairing::bend(&alignment, &pairs, probe, reference);
    for _ in 0..2 {
        pairs = pairing::pair(&placed, reference, distances, NARROW);
        alignment = Alignment::fit(&pairing::pulls(&pairs, probe, reference)).unwrap_or(alignment);
        placed = pairing::bend(&alignment, &pairs, probe, reference);
    }
    summarise(&alignment, support, &pairs, &placed, (probe, reference))
}

fn summarise(
    alignment: &Alignment,
    support: f32,
    pairs: &[Pair],
    placed: &[side::Spot],
    (probe, reference): (&Side, &Side),
) -> Measures {
    let overlap = Overlap::of(alignment, probe, reference);
    let back: Vec<_> = reference.spots.iter().map(|spot| alignment.inverse(*spot)).collect();
    let expected = Expected::of(placed, probe, reference, pairs, &back);
    Measures::new(pairs, support, &overlap, &expected)
}
