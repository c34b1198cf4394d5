//! The straight line from descriptors to measures.

use whorl_kernels::Work;

use super::agreement::{Expected, Overlap};
use super::alignment::{Alignment, Pull};
use super::candidates::{Candidates, Distances, MOST};
use super::consensus::{Consensus, Pairs};
use super::pairing::{Pairing, bend};
use super::score::{Bases, Measures};
use super::side::Side;

/// Alignments that are looked at more closely.
const MOST_ALIGNMENTS: usize = 3;

/// Later alignments must have this fraction of the first one's strength.
const WORTH_A_LOOK: f32 = 0.5;

/// More than rounding adds to the odds of prints that are parallel everywhere.
const ROUNDING: f32 = 0.01;

/// The probe laid on the reference in one way, and what that shows.
pub(super) struct Judgement {
    pub(super) alignment: Alignment,
    pub(super) pairing: Pairing,
    /// None where one print has no ridge field.
    pub(super) overlap: Option<Overlap>,
    pub(super) measures: Measures,
}

/// A group of candidate pairs that agree on one motion.
struct Group {
    pulls: [Pull; MOST],
    len: usize,
    /// How much the members agree and look alike, in all.
    strength: f32,
}

/// All that is needed to compare two prints.
pub(super) struct Comparing<'a> {
    pub(super) distances: &'a Distances,
    pub(super) probe: Side<'a>,
    pub(super) reference: Side<'a>,
}

impl Work for Comparing<'_> {
    type Answer = Option<Judgement>;

    #[inline(always)]
    fn answer(self) -> Option<Judgement> {
        judge(self.distances, &self.probe, &self.reference)
    }
}

/// The best way to lay the probe on the reference; none where no two minutiae agree on one.
#[inline(always)]
fn judge(distances: &Distances, probe: &Side, reference: &Side) -> Option<Judgement> {
    let candidates = distances.nearest();
    let pairs = Pairs::new(&candidates, probe.spots, reference.spots);
    let mut consensus = Consensus::of(&candidates, &pairs);
    let mut best: Option<Judgement> = None;
    let mut first_strength = 0.0;
    for _ in 0..MOST_ALIGNMENTS {
        let Some(group) = strongest(&candidates, &mut consensus) else { break };
        if group.strength < WORTH_A_LOOK * first_strength {
            break;
        }
        first_strength = group.strength.max(first_strength);
        let least = best.as_ref().map_or(f32::MIN, |best: &Judgement| best.measures.odds());
        let Some(found) = lay(&group, distances, (probe, reference), least) else { continue };
        if best.is_none() || found.measures.odds() > least {
            best = Some(found);
        }
    }
    best
}

/// The pairs that agree with the best supported one, which then are out of the race.
#[inline(always)]
fn strongest(candidates: &Candidates, consensus: &mut Consensus) -> Option<Group> {
    let mut root = 0;
    for at in 1..candidates.len {
        if consensus.support[at] > consensus.support[root] {
            root = at;
        }
    }
    if candidates.len == 0 || consensus.support[root] <= 0.0 {
        return None;
    }
    let mut group = Group { pulls: [Pull::default(); MOST], len: 0, strength: 0.0 };
    for at in 0..candidates.len {
        let agree = if at == root { 1.0 } else { consensus.agreement[root][at] };
        if agree > 0.0 {
            let (probe, reference) = (usize::from(candidates.probe[at]), usize::from(candidates.reference[at]));
            let weight = agree * consensus.support[at].max(1e-4);
            group.pulls[group.len] = Pull { probe, reference, weight };
            group.len += 1;
            group.strength += agree * candidates.weight[at];
            consensus.support[at] = 0.0;
        }
    }
    Some(group)
}

/// Lays the probe on the reference as the group says, pairs what lies on one another, lays it again, and sees what agrees;
/// none where the odds cannot be over `least`.
#[inline(always)]
fn lay(group: &Group, distances: &Distances, (probe, reference): (&Side, &Side), least: f32) -> Option<Judgement> {
    let (from, to) = (probe.spots, reference.spots);
    let pulls = &group.pulls[..group.len];
    let start = Alignment::fit(pulls, from, to)?;
    let rough = Pairing::of(&bend(&start, pulls, from, to), to, distances);
    let (pulls, len) = rough.pulls();
    let alignment = Alignment::fit(&pulls[..len], from, to).unwrap_or(start);
    let pairing = Pairing::of(&bend(&alignment, &pulls[..len], from, to), to, distances);
    let expected = Expected::of(&alignment, pairing.pairs(), probe, reference);
    let bases = Bases::of(probe.basis, reference.basis);
    let most = Measures::new(bases, pairing.pairs(), group.strength, Some(&Overlap::PARALLEL), expected);
    if most.odds() + ROUNDING < least {
        return None;
    }
    let overlap = Overlap::of(&alignment, probe, reference);
    let measures = Measures::new(bases, pairing.pairs(), group.strength, overlap.as_ref(), expected);
    Some(Judgement { alignment, pairing, overlap, measures })
}
