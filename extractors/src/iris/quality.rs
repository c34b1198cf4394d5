//! How much a picture of an eye is worth.

use whorl_types::{GreyImage, IrisMeasures, Quality};

use super::contour::Eye;
use super::strip::Strip;

/// The worth of the sample in each respect.
pub(super) fn measure(_image: &GreyImage, eye: &Eye, strip: &Strip) -> IrisMeasures {
    let (pupil, limbus) = (eye.pupil.radius(), eye.limbus.radius());
    IrisMeasures {
        usable_area: (100.0 * strip.seen_fraction() + 0.5) as u8,
        radius_px: limbus as u8,
        dilation: (100.0 * pupil / limbus) as u8,
        ..IrisMeasures::default()
    }
}

/// The worth of the sample as a whole.
pub(super) fn overall(measures: &IrisMeasures) -> Quality {
    Quality::from_fraction(f32::from(measures.usable_area) / 100.0)
}
