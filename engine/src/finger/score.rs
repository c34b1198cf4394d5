//! One number from all that was measured.

use whorl_types::Similarity;

use super::agreement::{Expected, Overlap};
use super::pairing::Pair;

/// How many numbers the score is made of.
const COUNT: usize = 9;

/// What the score is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures([f32; COUNT]);

impl Measures {
    pub(super) fn new(pairs: &[Pair], support: f32, overlap: &Overlap, expected: &Expected) -> Self {
        let matched = pairs.len() as f32;
        let alike: f32 = pairs.iter().map(|pair| pair.alike).sum();
        let fit: f32 = pairs.iter().map(|pair| pair.fit).sum();
        let evidence: f32 = pairs.iter().map(|pair| pair.fit * pair.alike * pair.alike).sum();
        let fraction = matched / (expected.probe * expected.reference).sqrt().max(1.0);
        Self([
            matched,
            alike / matched.max(1.0),
            fit / matched.max(1.0),
            evidence,
            fraction,
            overlap.flow,
            overlap.period,
            overlap.cells.sqrt(),
            support,
        ])
    }

    /// The numbers, in a fixed order.
    #[must_use]
    pub fn numbers(&self) -> [f32; COUNT] {
        self.0
    }

    pub(super) fn points(&self) -> f32 {
        let [_, alike, _, evidence, fraction, flow, _, _, support] = self.0;
        (evidence + 0.3 * support) * (0.3 + fraction) * (0.2 + alike) * (0.3 + flow.max(0.0))
    }

    pub(super) fn similarity(&self) -> Similarity {
        Similarity::new((self.points() * 1000.0).clamp(0.0, 4e9) as u32)
    }
}
