//! What surrounds each minutia, as bits.
mod constellation;
mod flow;
mod frame;
mod infer;
mod projection;
mod rings;
mod surroundings;
mod texture;

pub use surroundings::Surroundings;

use std::borrow::Cow;

use whorl_types::{DescriptorBasis, Descriptors, FingerTemplate};

use super::Ridges;
use texture::Texture;

/// Raised whenever the bits of a descriptor change their meaning.
pub const VERSION: u8 = 1;

/// The raw surroundings of the best minutiae of `template`, with the texture of `ridges` where there is an image.
#[must_use]
pub fn surroundings(template: &FingerTemplate, ridges: Option<&Ridges>) -> Vec<Surroundings> {
    let texture = ridges.map(|ridges| Texture::new(&ridges.enhanced, ridges.margin_px));
    let minutiae = template.minutiae();
    let inferred = || Cow::Owned(infer::infer(template.width_px(), template.height_px(), minutiae));
    let field = template.field().map_or_else(inferred, Cow::Borrowed);
    surroundings::look_around(minutiae, &field, texture.as_ref())
}

/// The same template with descriptors of its best minutiae.
///
/// # Panics
/// Never: one descriptor is made for each of the first minutiae, and no more than a template holds.
#[must_use]
pub fn describe(template: FingerTemplate, ridges: Option<&Ridges>) -> FingerTemplate {
    let basis = if ridges.is_some() { DescriptorBasis::Ridges } else { DescriptorBasis::Minutiae };
    let bits = surroundings(&template, ridges).iter().map(projection::project).collect();
    let descriptors =
        Descriptors::new(VERSION, basis, bits).expect("no more minutiae are looked at than a template describes");
    template.with_descriptors(descriptors).expect("one descriptor for each of the first minutiae")
}
