//! Verification: are these two the same person.

use whorl_engine::decide::Verification;
use whorl_index::Positions;
use whorl_types::{Decision, Fmr};

use crate::engine::Engine;
use crate::evidence::{Evidence, weigh};
use crate::identify::labelled;
use crate::sample::Instance;

impl Engine {
    /// What the instances of a probe say about those of a reference, all that the labels allow compared in full; with
    /// `mirrored`, eyes also as a mirror shows them.
    #[must_use]
    pub fn compare(&self, probe: &[Instance], reference: &[Instance], mirrored: bool) -> Evidence {
        let pairs = whorl_index::compare(&labelled(probe), &labelled(reference), Positions::Labelled, mirrored);
        weigh(&pairs, &self.calibrations)
    }

    /// Whether `evidence` suffices to say that both are one person, where a stranger may pass at the rate `target`.
    #[must_use]
    pub fn decide(&self, evidence: &Evidence, target: Fmr) -> Decision {
        Verification { target }.decide(evidence.llr, evidence.basis(), &self.calibrations).0
    }
}
