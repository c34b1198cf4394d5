//! One number from all that was measured.
//!
//! The score is a weighted sum of the logarithms of four measures: how much evidence the matched minutiae are, which fraction of
//! those that should match does, how alike matched minutiae look on average, and how parallel the ridges run where the prints
//! overlap. The weights are a logistic regression of mated against other pairs over the development sets, each set weighing the
//! same. Every weight is positive: more of any measure never lowers the score.
//!
//! How far the fit flatters the sets it was made on: with all sets in it, the four FVC sets have a mean EER of 0.86 % and miss
//! 2.32 % of mates at a false match rate of 1e-3; fitted without the set it is tried on, 1.07 % and 2.86 %, and FCJ2020 less its
//! doubtful labels 0.71 % and 0.91 %. With descriptors learned on FCJ2020 alone, an earlier extractor had a mean EER of 1.25 % on
//! the FVC sets.
//!
//! Where one print or both are a foreign record's minutiae, nothing is known of ridges, and how alike surroundings look tells
//! mates no better than evidence and fraction do. These two alone are then weighed, by a regression over the same FVC sets and
//! the records that two other extractors made of them. Its bias is not that of even odds: it is set so that at a false match
//! rate of 1e-2, 1e-3 or 1e-4 no kind of comparison needs a higher score than two images do, so that the calibration, which is
//! fitted on images, errs to the safe side.

use whorl_types::{DescriptorBasis, Similarity};

use super::agreement::{Expected, Overlap};
use super::pairing::Pair;

/// Points of similarity for each unit of the regression, whose units are natural logarithms of odds.
const POINTS: f32 = 100.0;

/// What unrelated prints reach is cut off here, in units of the regression.
const FLOOR: f32 = -12.0;

/// The flow of prints of which one has no ridge field: that of an average pair, which says nothing either way.
const UNKNOWN_FLOW: f32 = 0.85;

/// What the descriptors of two prints were computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bases {
    /// Both from images.
    Ridges,
    /// One from an image, the other from minutiae alone.
    Mixed,
    /// Both from minutiae alone.
    Minutiae,
}

impl Bases {
    pub(super) fn of(probe: DescriptorBasis, reference: DescriptorBasis) -> Self {
        match (probe, reference) {
            (DescriptorBasis::Ridges, DescriptorBasis::Ridges) => Self::Ridges,
            (DescriptorBasis::Minutiae, DescriptorBasis::Minutiae) => Self::Minutiae,
            _ => Self::Mixed,
        }
    }
}

/// What the score of two prints is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// Which weights apply.
    pub bases: Bases,
    /// Matched pairs, each counted by how well it fits and how alike its descriptors are.
    pub evidence: f32,
    /// How much the candidate pairs agree on this motion that look alike before anything is aligned.
    pub strength: f32,
    /// Matched minutiae among those that lie where the other print shows ridges.
    pub fraction: f32,
    /// Mean likeness of the descriptors of matched minutiae, 0 to 1.
    pub alike: f32,
    /// Mean cosine of twice the angle between the ridges of the two prints.
    pub flow: f32,
}

impl Measures {
    /// Nothing in common.
    pub const NONE: Self =
        Self { bases: Bases::Ridges, evidence: 0.0, strength: 0.0, fraction: 0.0, alike: 0.0, flow: 0.0 };

    #[inline(always)]
    pub(super) fn new(
        bases: Bases,
        pairs: &[Pair],
        strength: f32,
        overlap: Option<&Overlap>,
        expected: Expected,
    ) -> Self {
        let (mut evidence, mut alike) = (0.0, 0.0);
        for pair in pairs {
            evidence += pair.fit * pair.alike * pair.alike;
            alike += pair.alike;
        }
        let matched = pairs.len() as f32;
        let fraction = matched / (expected.probe * expected.reference).sqrt().max(1.0);
        let flow = overlap.map_or(UNKNOWN_FLOW, |overlap| overlap.flow);
        Self { bases, evidence, strength, fraction, alike: alike / matched.max(1.0), flow }
    }

    /// Logarithm of the odds that the two prints are mates, among as many mates as others; of prints of which one is a foreign
    /// record, a cautious version of it.
    pub(super) fn odds(&self) -> f32 {
        let evidence = self.evidence + 0.3 * self.strength + 0.05;
        let of_minutiae = [(2.15, evidence), (4.91, self.fraction + 0.1)];
        let of_ridges =
            [(1.57, evidence), (9.07, self.fraction + 0.3), (6.68, self.alike + 0.2), (1.71, self.flow.max(0.0) + 0.3)];
        match self.bases {
            Bases::Ridges => weighed(3.0, &of_ridges),
            Bases::Mixed => weighed(-0.7, &of_minutiae),
            Bases::Minutiae => weighed(-1.6, &of_minutiae),
        }
    }

    /// The raw score.
    #[must_use]
    pub fn similarity(&self) -> Similarity {
        Similarity::new(((self.odds() - FLOOR).max(0.0) * POINTS) as u32)
    }
}

/// The bias and the weighted logarithms of all measures.
fn weighed(bias: f32, terms: &[(f32, f32)]) -> f32 {
    terms.iter().fold(bias, |odds, &(weight, measure)| odds + weight * libm::logf(measure))
}
