//! What speaks for a candidate of a search, and what the search covered.

use crate::{LogLikelihoodRatio, Modality, Position, Similarity};

/// The evidence of one instance (one finger, one eye, one face) for or against a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InstanceScore {
    /// The characteristic that was compared.
    pub modality: Modality,
    /// The instance of the probe.
    pub probe: Position,
    /// The instance of the reference that it was compared with.
    pub reference: Position,
    /// The comparator's raw score.
    pub similarity: Similarity,
    /// What that score is worth.
    pub llr: LogLikelihoodRatio,
}

/// What a search promises about the candidates it does not return.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Guarantee {
    /// Every live row was compared in full: nothing was lost.
    Exhaustive,
    /// Every live row passed the first stage; the loss of the cascade was measured, on the corpus its accuracy card names.
    Measured,
    /// As [`Guarantee::Measured`], but most faces were looked for by an approximate index, which finds most of the nearest and
    /// not all. What it loses was measured when it was built, on altered copies of the gallery's own faces.
    Approximate {
        /// Faces (templates) that were looked for by the index alone.
        rows_indexed: u64,
        /// Of the mates that an exhaustive search puts first, the part that the index found, in millionths (0 to 1,000,000).
        recall_ppm: u32,
        /// What that part is at least, with 95 % confidence (the lower end of Wilson's interval) as far as chance in the sample
        /// goes, in millionths; that copies are not captures comes on top.
        least_recall_ppm: u32,
    },
}

/// What a search covered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// References in the gallery when the search began.
    pub references: u64,
    /// The number of the gallery's last change that the search saw.
    pub sequence: u64,
    /// Rows (templates) that the first stage scanned.
    pub rows_scanned: u64,
    /// Rows that were compared in full.
    pub rows_compared: u64,
    /// What the search promises about the rest.
    pub guarantee: Guarantee,
}
