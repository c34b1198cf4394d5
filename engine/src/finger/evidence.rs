//! What a comparison shows to a person.

use whorl_types::Similarity;

/// A minutia of the probe and one of the reference that were taken to be the same, by their places in the templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchedPair {
    /// Index among the probe's minutiae.
    pub probe: u8,
    /// Index among the reference's minutiae.
    pub reference: u8,
}

/// How the probe lies on the reference: turned about its top left corner, then shifted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// Turn, in 256ths, counter-clockwise as seen.
    pub turn: u8,
    /// Shift to the right, in pixels at 500 ppi.
    pub right_px: f32,
    /// Shift down, in pixels at 500 ppi.
    pub down_px: f32,
}

/// How alike two fingerprints are, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The comparator's raw score, the same as [`super::similarity`] gives.
    pub similarity: Similarity,
    /// The matched minutiae; each minutia stands in one pair at most.
    pub pairs: Vec<MatchedPair>,
    /// How the probe was laid on the reference; none where no two minutiae agreed on it.
    pub motion: Option<Motion>,
    /// Area in which both prints show ridges, in cells of [`whorl_types::RidgeField::CELL_PX`] squared; 0 where one has no
    /// ridge field.
    pub overlap_cells: u16,
}
