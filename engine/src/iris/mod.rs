//! Compares two irises.
//!
//! The bits of two iris codes are compared where both show the iris, for every turn of the head within reach (Daugman, IEEE
//! PAMI 15(11), 1993). `d` of `n` common bits disagree: their fractional Hamming distance `HD = d / n` is small for one eye
//! and near a half for two. Few common bits agree by chance more easily than many, so confidence shrinks with them:
//! `HD' = 1/2 - (1/2 - HD) * sqrt(min(1, n / nref))` (Daugman, Proceedings of the IEEE 94(11), 2006, with a cap: from `nref`
//! bits on, more of them say no more than their distance does). The smallest distance of all turns
//! decides, and the similarity is `65,536 * (1 - HD')`, rounded down: 65,536 for equal codes, about 35,000 for strangers.
//!
//! It is the probe that is turned, never the gallery: its directions are laid out once more at both ends, so that a turn is a
//! place to start from. All is integer arithmetic, so a score is the same on every machine and instruction set.

pub mod coarse;
mod evidence;
mod probe;
mod row;
mod score;
#[cfg(test)]
mod tests;

pub use evidence::Comparison;
pub use probe::Probe;
pub use row::{CodeRow, similarities, similarities_on};

use whorl_kernels::{Kernels, Masked, MaskedRow};
use whorl_types::{IrisCode, IrisTemplate, Similarity};

/// Name and version of this comparator, raised whenever scores change their meaning: calibrations are fitted for it.
pub const COMPARATOR: &str = "whorl-iris 1";

/// How alike two irises are; that both codes are of one encoding is for the caller to see to.
#[must_use]
pub fn similarity(probe: &Probe, reference: &IrisCode) -> Similarity {
    similarity_on(Kernels::best(), probe, masked(reference))
}

/// How alike two irises are, with the evidence. Codes of different encodings have nothing in common.
#[must_use]
pub fn compare(probe: &Probe, reference: &IrisTemplate) -> Comparison {
    if probe.encoding() != reference.encoding() {
        return Comparison::NONE;
    }
    let overlaps = probe.overlaps(Kernels::best(), masked(reference.code()));
    let similarity = score::similarity(&overlaps);
    score::best(&overlaps).map_or(Comparison::NONE, |best| Comparison::new(probe, reference.code(), (similarity, best)))
}

fn similarity_on(kernels: &Kernels, probe: &Probe, reference: MaskedRow<'_>) -> Similarity {
    score::similarity(&probe.overlaps(kernels, reference))
}

fn masked(code: &IrisCode) -> MaskedRow<'_> {
    Masked { words: &code.cells, counted: &code.visible }
}
