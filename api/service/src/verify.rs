//! Verification: are these two the same person.

use whorl_engine::decide::Verification;
use whorl_engine::finger::{Probe, compare, similarity};
use whorl_index::Pair;
use whorl_types::{Decision, FingerTemplate, Fmr, Modality};

use crate::engine::Engine;
use crate::evidence::{Evidence, weigh};
use crate::sample::Instance;

impl Engine {
    /// What the fingers of a probe say about those of a reference, all that the labels allow compared in full.
    #[must_use]
    pub fn compare(&self, probe: &[Instance], reference: &[Instance]) -> Evidence {
        let mut pairs = Vec::new();
        for (a, one) in probe.iter().enumerate() {
            let prepared = Probe::new(&one.template);
            for (b, other) in reference.iter().enumerate().filter(|(_, other)| one.position.may_equal(other.position)) {
                let similarity = similarity(&prepared, &other.template);
                let (probe_position, reference_position) = (one.position, other.position);
                let modality = Modality::Fingerprint;
                pairs.push(Pair {
                    modality,
                    probe: a,
                    reference: b,
                    probe_position,
                    reference_position,
                    similarity,
                    mirrored: false,
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

    /// The minutiae that a comparison of two fingers matched: index in `probe`, index in `reference`.
    #[must_use]
    pub fn matched_minutiae(&self, probe: &FingerTemplate, reference: &FingerTemplate) -> Vec<(usize, usize)> {
        let matched = compare(&Probe::new(probe), reference).pairs;
        matched.iter().map(|pair| (usize::from(pair.probe), usize::from(pair.reference))).collect()
    }
}
