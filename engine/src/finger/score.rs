//! One number from all that was measured.
//!
//! The score is a weighted sum of the logarithms of four measures: how much evidence the matched minutiae are, which fraction of
//! those that should match does, how alike matched minutiae look on average, and how parallel the ridges run where the prints
//! overlap. The weights are a logistic regression of mated against other pairs over the development sets, each set weighing the
//! same; fitted without one set and tried on it, the error rates of that set are those of the weights fitted on all. Every
//! weight is positive: more of any measure never lowers the score.

use whorl_types::Similarity;

use super::agreement::{Expected, Overlap};
use super::pairing::Pair;

/// Points of similarity for each unit of the regression, whose units are natural logarithms of odds.
const POINTS: f32 = 100.0;

/// What unrelated prints reach is cut off here, in units of the regression.
const FLOOR: f32 = -12.0;

/// The flow of prints of which one has no ridge field: that of an average pair, which says nothing either way.
const UNKNOWN_FLOW: f32 = 0.85;

/// What the score of two prints is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
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
    pub const NONE: Self = Self { evidence: 0.0, strength: 0.0, fraction: 0.0, alike: 0.0, flow: 0.0 };

    #[inline(always)]
    pub(super) fn new(pairs: &[Pair], strength: f32, overlap: Option<&Overlap>, expected: Expected) -> Self {
        let (mut evidence, mut alike) = (0.0, 0.0);
        for pair in pairs {
            evidence += pair.fit * pair.alike * pair.alike;
            alike += pair.alike;
        }
        let matched = pairs.len() as f32;
        let fraction = matched / (expected.probe * expected.reference).sqrt().max(1.0);
        let flow = overlap.map_or(UNKNOWN_FLOW, |overlap| overlap.flow);
        Self { evidence, strength, fraction, alike: alike / matched.max(1.0), flow }
    }

    /// Logarithm of the odds that the two prints are mates, among as many mates as others.
    pub(super) fn odds(&self) -> f32 {
        let terms = [
            (1.57, self.evidence + 0.3 * self.strength + 0.05),
            (9.07, self.fraction + 0.3),
            (6.68, self.alike + 0.2),
            (1.71, self.flow.max(0.0) + 0.3),
        ];
        terms.iter().fold(BIAS, |odds, &(weight, measure)| odds + weight * libm::logf(measure))
    }

    /// The raw score.
    #[must_use]
    pub fn similarity(&self) -> Similarity {
        Similarity::new(((self.odds() - FLOOR).max(0.0) * POINTS) as u32)
    }
}

/// Where mates and others are equally likely.
const BIAS: f32 = 3.0;
