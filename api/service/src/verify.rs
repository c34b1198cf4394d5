//! Verification: are these two the same person.

use whorl_engine::decide::Verification;
use whorl_index::Pair;
use whorl_types::{Decision, Fmr};

use crate::agreement::Prepared;
use crate::engine::Engine;
use crate::evidence::{Evidence, weigh};
use crate::sample::Instance;

impl Engine {
    /// What the instances of a probe say about those of a reference, all that the labels allow compared in full; with
    /// `mirrored`, eyes also as a mirror shows them.
    #[must_use]
    pub fn compare(&self, probe: &[Instance], reference: &[Instance], mirrored: bool) -> Evidence {
        let mut pairs = Vec::new();
        for (a, one) in probe.iter().enumerate() {
            let prepared = Prepared::new(&one.template, mirrored);
            for (b, other) in reference.iter().enumerate().filter(|(_, other)| one.position.may_equal(other.position)) {
                let Some((similarity, mirrored)) = prepared.similarity(&other.template) else { continue };
                pairs.push(Pair {
                    modality: one.template.modality(),
                    probe: a,
                    reference: b,
                    probe_position: one.position,
                    reference_position: other.position,
                    similarity,
                    mirrored,
                });
            }
        }
        weigh(&pairs, &self.calibrations)
    }

    /// Whether `evidence` suffices to say that both are one person, where a stranger may pass at the rate `target`.
    #[must_use]
    pub fn decide(&self, evidence: &Evidence, target: Fmr) -> Decision {
        Verification { target }.decide(evidence.llr, evidence.basis(), &self.calibrations).0
    }
}
