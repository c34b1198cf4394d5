//! One of the two templates of a comparison, laid out for it.

use whorl_types::{Descriptor, Descriptors, FingerTemplate, RidgeField};

/// A minutia in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) angle: u8,
    /// How sure the extractor was, 0 to 1.
    pub(super) trust: f32,
}

/// A template as the comparison reads it.
pub(super) struct Side {
    pub(super) spots: Vec<Spot>,
    /// Of the first spots.
    pub(super) descriptors: Vec<Descriptor>,
    pub(super) field: Option<RidgeField>,
}

impl Side {
    pub(super) fn new(template: &FingerTemplate) -> Self {
        let spot = |minutia: &whorl_types::Minutia| Spot {
            x: f32::from(minutia.x_px8) / 8.0,
            y: f32::from(minutia.y_px8) / 8.0,
            angle: minutia.angle,
            trust: f32::from(minutia.quality.get()) / 100.0,
        };
        Self {
            spots: template.minutiae().iter().map(spot).collect(),
            descriptors: template.descriptors().map_or(&[][..], Descriptors::of_minutiae).to_vec(),
            field: template.field().cloned(),
        }
    }
}
