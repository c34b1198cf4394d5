//! Dark ridges on light skin, or the other way round.

use whorl_types::GreyImage;

/// Whether the ridges are lighter than the valleys.
pub(super) fn is_inverted(_image: &GreyImage) -> bool {
    false
}
