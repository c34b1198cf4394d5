//! How much a print is worth.

use whorl_types::Quality;

use super::field::Ridges;
use super::minutiae::Rated;

/// What the quality of a print is made of, each after a feature of ISO/IEC 29794-4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityMeasures {
    /// Area that shows ridges, in square millimetres.
    pub area_mm2: f32,
    /// Mean orientation certainty of the cells that show ridges, 0 to 1.
    pub orientation_certainty: f32,
    /// Minutiae that were believed.
    pub minutiae: u32,
}

impl QualityMeasures {
    pub(super) fn new(ridges: &Ridges, minutiae: &[Rated]) -> Self {
        const CELL_MM2: f32 = (8.0 * 25.4 / 500.0) * (8.0 * 25.4 / 500.0);
        let shown = ridges.mask.iter().filter(|&&shown| shown).count();
        let certain: f32 =
            ridges.coherence.iter().zip(&ridges.mask).filter(|(_, shown)| **shown).map(|(certain, _)| certain).sum();
        Self {
            area_mm2: shown as f32 * CELL_MM2,
            orientation_certainty: certain / shown.max(1) as f32,
            minutiae: minutiae.len() as u32,
        }
    }

    /// The measures as one number.
    #[must_use]
    pub fn quality(&self) -> Quality {
        let area = (self.area_mm2 / 120.0).min(1.0);
        let count = (self.minutiae as f32 / 30.0).min(1.0);
        Quality::from_fraction(self.orientation_certainty * area * count)
    }
}
