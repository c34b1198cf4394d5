//! How much a print is worth.

use whorl_types::Quality;

use super::canvas::CELL_PX;
use super::field::Ridges;
use super::minutiae::Rated;

/// Area of a cell, in square millimetres.
const CELL_MM2: f32 = (CELL_PX as f32 * 25.4 / 500.0) * (CELL_PX as f32 * 25.4 / 500.0);

/// Area from which on more is no better: most of a finger's first joint.
const FULL_AREA_MM2: f32 = 140.0;

/// Minutiae expected to be found again from which on more are no better.
const PLENTY: f32 = 24.0;

/// What the quality of a print is made of, each after a feature of ISO/IEC 29794-4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityMeasures {
    /// Area that shows ridges, in square millimetres.
    pub area_mm2: f32,
    /// Orientation certainty: mean coherence of the ridges' direction, 0 to 1.
    pub orientation_certainty: f32,
    /// Ridge-valley clarity: how much of the picture its ridges explain, 0 to 1.
    pub clarity: f32,
    /// Ridge-valley uniformity: 1 less the mean deviation of the ridge period from its median, as a fraction of that.
    pub uniformity: f32,
    /// Minutiae in the template.
    pub minutiae: u32,
    /// How many of them another capture is expected to show.
    pub minutiae_expected: f32,
}

impl QualityMeasures {
    pub(super) fn new(ridges: &Ridges, found: &[Rated]) -> Self {
        let shown: Vec<[usize; 2]> =
            ridges.mask.indexed_iter().filter(|(_, shown)| **shown).map(|((r, c), _)| [r, c]).collect();
        let mean =
            |of: &dyn Fn([usize; 2]) -> f32| shown.iter().map(|&at| of(at)).sum::<f32>() / shown.len().max(1) as f32;
        let median_px = ridges.median_period_px();
        Self {
            area_mm2: shown.len() as f32 * CELL_MM2,
            orientation_certainty: mean(&|at| ridges.coherence[at]),
            clarity: mean(&|at| ridges.clarity[at]),
            uniformity: 1.0 - mean(&|at| ((ridges.period_px[at] - median_px) / median_px).abs().min(1.0)),
            minutiae: found.len() as u32,
            minutiae_expected: found.iter().map(|rated| rated.trust).sum(),
        }
    }

    /// The measures as one number: half for the minutiae that will be found again, a quarter each for area and clarity.
    #[must_use]
    pub fn quality(&self) -> Quality {
        let minutiae = (self.minutiae_expected / PLENTY).min(1.0);
        let area = (self.area_mm2 / FULL_AREA_MM2).min(1.0);
        // Clarity starts at 0.4, where the mask does, and hardly passes 0.9.
        let clarity = ((self.clarity - 0.4) / 0.5).clamp(0.0, 1.0);
        Quality::from_fraction(0.5 * minutiae + 0.25 * area + 0.25 * clarity * self.orientation_certainty)
    }
}
