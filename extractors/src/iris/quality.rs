//! How much a picture of an eye is worth.

use whorl_types::{IrisMeasures, Quality};

/// The worth of the sample as a whole.
pub(super) fn overall(measures: &IrisMeasures) -> Quality {
    Quality::from_fraction(f32::from(measures.usable_area) / 100.0)
}
