//! Sample quality.

use thiserror::Error;

/// How much a sample is worth for recognition: 0 is worthless, 100 is as good as it gets.
///
/// The scale is that of ISO/IEC 29794-1; the algorithm is named beside the value wherever it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quality(u8);

/// A quality over 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("quality {0} is not within 0..=100")]
pub struct QualityOutOfRange(pub u8);

impl Quality {
    /// A quality of `value`.
    ///
    /// # Errors
    /// [`QualityOutOfRange`] over 100.
    pub fn new(value: u8) -> Result<Self, QualityOutOfRange> {
        if value <= 100 { Ok(Self(value)) } else { Err(QualityOutOfRange(value)) }
    }

    /// The quality nearest to `fraction`, where 0 is worthless and 1 is perfect; what lies outside is clamped.
    #[must_use]
    pub fn from_fraction(fraction: f32) -> Self {
        Self((fraction.clamp(0.0, 1.0) * 100.0 + 0.5) as u8)
    }

    /// The value, 0 to 100.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}
