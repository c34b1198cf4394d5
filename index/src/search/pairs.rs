//! Comparing a probe with all fingers of a reference.

use whorl_engine::finger::similarity;
use whorl_types::{Modality, Position, Template};

use super::{Pair, Pass, Sought};

impl Pass<'_> {
    /// The fingers of a probe.
    pub(super) fn fingers_of(&self, probe: usize) -> &[Sought<'_>] {
        let start = self.sought.partition_point(|sought| sought.probe < probe);
        let end = self.sought.partition_point(|sought| sought.probe <= probe);
        &self.sought[start..end]
    }

    /// All comparisons of a probe with a reference.
    pub(super) fn pairs(&self, probe: usize, reference: &[(Position, Template)]) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for sought in self.fingers_of(probe) {
            for (number, (position, template)) in reference.iter().enumerate() {
                let Some(template) = template.as_finger() else { continue };
                if self.limits.positions.allow(sought.position, *position) {
                    pairs.push(Pair {
                        modality: Modality::Fingerprint,
                        probe: sought.place,
                        reference: number,
                        probe_position: sought.position,
                        reference_position: *position,
                        similarity: similarity(&sought.prepared, template),
                        mirrored: false,
                    });
                }
            }
        }
        pairs
    }
}
