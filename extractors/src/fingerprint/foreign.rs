//! Templates from minutiae that somebody else extracted.

use whorl_types::{FingerTemplate, FingerTemplateError, Minutia, Quality};

use super::describe::describe;

/// A template of a foreign record's minutiae (ISO/IEC 19794-2, ANSI/INCITS 378), `width_px * height_px` at 500 ppi.
///
/// The best [`FingerTemplate::MAX_MINUTIAE`] are kept, by their stated quality and then in the record's order; the template's
/// quality is their mean. There is no ridge field; descriptors are made of the minutiae alone.
///
/// # Errors
/// [`FingerTemplateError`] where a side is zero or too long, or a minutia lies outside the picture.
pub fn from_minutiae(
    width_px: u16,
    height_px: u16,
    mut minutiae: Vec<Minutia>,
) -> Result<FingerTemplate, FingerTemplateError> {
    minutiae.sort_by_key(|minutia| std::cmp::Reverse(minutia.quality));
    minutiae.truncate(FingerTemplate::MAX_MINUTIAE);
    let sum: u32 = minutiae.iter().map(|minutia| u32::from(minutia.quality.get())).sum();
    let mean = sum as f32 / (100 * minutiae.len().max(1)) as f32;
    let template = FingerTemplate::new(width_px, height_px, minutiae, Quality::from_fraction(mean))?;
    Ok(describe(template, None))
}
