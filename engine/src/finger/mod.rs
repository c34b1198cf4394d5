//! Compares two fingerprints.
//!
//! The line from two templates to a score, each step a module:
//!
//! 1. *Candidates*: the Hamming distances between the descriptors of the best 48 minutiae of both sides, and for each minutia
//!    the one of the other side that is nearest. The 32 nearest pairs go on.
//! 2. *Consensus*: pairs that agree with one another on how the finger moved support one another, with a tolerance that grows
//!    with distance as skin stretches. Relaxation finds the strongest group (Rosenfeld, Hummel and Zucker, "Scene labeling by
//!    relaxation operations", IEEE SMC 6(6), 1976; as a power iteration: Leordeanu and Hebert, ICCV 2005).
//! 3. *Alignment*: the rigid motion that the group pulls at (Umeyama, 1991), bent locally where pairs ask for it.
//! 4. *Pairing*: all minutiae of both sides, one to one, where each is the other's best fit; then once more, better aligned.
//! 5. *Agreement*: how parallel the ridges run where both prints show them, and which minutiae of the overlap have no partner.
//! 6. *Score*: a logistic regression of four measures, or of two where a print is a foreign record's minutiae.
//!
//! Up to three groups are tried and the best kept, so that the strongest start need not be the right one. Why so and not
//! otherwise: rigid alignment on its own fails on distorted prints, and local likeness on its own lets through fingers of one
//! pattern class; what separates best is the fraction of minutiae in the overlap that match (no score is normalised by the
//! smaller count, so a small overlap cannot look like a good match) together with how alike the matched surroundings are.
//!
//! Nothing depends on how the fingers lay: any rotation costs the same. Floating point is used with the operations that IEEE
//! 754 rounds exactly, in a fixed order, and ties go to the better minutia, so every machine and instruction set gives the same
//! score.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instruction set that runs it")]

mod agreement;
mod alignment;
mod candidates;
pub mod coarse;
mod consensus;
mod evidence;
mod judgement;
mod pairing;
mod score;
mod side;
#[cfg(test)]
mod tests;
mod turn;

pub use evidence::{Comparison, MatchedPair, Motion};
pub use score::{Bases, Measures};

use whorl_kernels::{Kernels, Octet};
use whorl_types::{Descriptor, FingerTemplate, Similarity};

use candidates::{Distances, MOST_A_SIDE};
use judgement::{Comparing, Judgement};
use pairing::Pair;
use side::{Side, Spots};

/// Name and version of this comparator, raised whenever scores change their meaning: calibrations are fitted for it.
pub const COMPARATOR: &str = "whorl-finger 1";

/// A template prepared for many comparisons.
pub struct Probe {
    template: FingerTemplate,
    spots: Spots,
    octets: Vec<Octet<{ Descriptor::WORDS }>>,
}

impl Probe {
    /// Prepares `template`.
    #[must_use]
    pub fn new(template: &FingerTemplate) -> Self {
        let (spots, octets) = (Spots::of(template), side::described(template, MOST_A_SIDE));
        Self { template: template.clone(), spots, octets }
    }
}

/// How alike two fingerprints are.
#[must_use]
pub fn similarity(probe: &Probe, reference: &FingerTemplate) -> Similarity {
    measure(probe, reference).similarity()
}

/// How alike two fingerprints are, with the evidence.
#[must_use]
pub fn compare(probe: &Probe, reference: &FingerTemplate) -> Comparison {
    let Some(found) = judged(probe, reference) else {
        return Comparison { similarity: Similarity::NONE, pairs: Vec::new(), motion: None, overlap_cells: 0 };
    };
    let matched = |pair: &Pair| MatchedPair { probe: pair.probe as u8, reference: pair.reference as u8 };
    Comparison {
        similarity: found.measures.similarity(),
        pairs: found.pairing.pairs().iter().map(matched).collect(),
        motion: Some(found.alignment.motion()),
        overlap_cells: found.overlap.map_or(0, |overlap| overlap.cells as u16),
    }
}

/// What the score of two fingerprints is made of.
#[must_use]
pub fn measure(probe: &Probe, reference: &FingerTemplate) -> Measures {
    judged(probe, reference).map_or(Measures::NONE, |found| found.measures)
}

fn judged(probe: &Probe, reference: &FingerTemplate) -> Option<Judgement> {
    let (bits, other_bits) = (probe.template.descriptors()?, reference.descriptors()?);
    // Bits of different versions mean nothing to one another.
    if bits.version() != other_bits.version() {
        return None;
    }
    let kernels = Kernels::best();
    let described = side::best(&probe.template, MOST_A_SIDE).len();
    let distances = Distances::between(kernels, (&probe.octets, described), side::best(reference, MOST_A_SIDE));
    let spots = Spots::of(reference);
    let probe = Side { spots: &probe.spots, field: probe.template.field(), basis: bits.basis() };
    let reference = Side { spots: &spots, field: reference.field(), basis: other_bits.basis() };
    kernels.run(Comparing { distances: &distances, probe, reference })
}
