//! Every print at 500 ppi, whatever its file says.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use whorl_types::{GreyImage, Ppi, PpiSource, Refusal};

use super::canvas::{Canvas, normalise};
use super::flow::{Flow, flow};
use super::period::USUAL_PX;
use super::resample::to_standard;

/// Shortest side of a picture that can show enough of a finger, in pixels at 500 ppi: 3 mm.
const SHORTEST_PX: u32 = 60;

/// Longest side of a picture of one finger, in pixels at 500 ppi: 3 inches.
const LONGEST_PX: u32 = 1500;

/// Rates that fingerprint scanners have; files say 72 or 96 where the program that wrote them knew nothing.
const BELIEVABLE_PPI: RangeInclusive<f32> = 190.0..=2100.0;

/// Median ridge periods from a small child's to a large man's, in pixels at 500 ppi; a stated rate that gives another is wrong.
const POSSIBLE_PX: RangeInclusive<f32> = 4.8..=15.5;

/// Median ridge periods of most adults, in pixels at 500 ppi; within them a guessed rate is left alone.
const ORDINARY_PX: RangeInclusive<f32> = 7.2..=11.3;

/// A picture at 500 ppi and the first look at it.
pub(super) struct Standard<'a> {
    pub(super) image: Cow<'a, GreyImage>,
    pub(super) canvas: Canvas,
    pub(super) flow: Flow,
    pub(super) ppi_source: PpiSource,
}

/// Brings `image` to 500 ppi by the stated rate or, where there is none or the ridges contradict it, by the ridge period.
///
/// # Errors
/// [`Refusal::ImageTooSmall`], [`Refusal::ImageTooLarge`], [`Refusal::Blank`].
pub(super) fn standardise(image: &GreyImage, stated: Option<Ppi>) -> Result<Standard<'_>, Refusal> {
    let believed = stated.filter(|ppi| BELIEVABLE_PPI.contains(&ppi.get()));
    let (ppi, expected_px, source) = match believed {
        Some(ppi) => (ppi, POSSIBLE_PX, PpiSource::Stated),
        None => (guess(image), ORDINARY_PX, PpiSource::Estimated),
    };
    let standard = at(image, ppi, source)?;
    let median_px = standard.flow.periods.median_px.filter(|period_px| !expected_px.contains(period_px));
    match median_px.and_then(|period_px| Ppi::new(ppi.get() * period_px / USUAL_PX).ok()) {
        None => Ok(standard),
        Some(estimate) => at(image, estimate, PpiSource::Estimated),
    }
}

/// 500 ppi, or what makes a larger picture two inches long.
fn guess(image: &GreyImage) -> Ppi {
    let longest_px = image.width_px().max(image.height_px());
    let ppi = if longest_px > LONGEST_PX { longest_px as f32 / 2.0 } else { Ppi::STANDARD.get() };
    Ppi::new(ppi).unwrap_or(Ppi::STANDARD)
}

fn at(image: &GreyImage, ppi: Ppi, ppi_source: PpiSource) -> Result<Standard<'_>, Refusal> {
    let scale = Ppi::STANDARD.get() / ppi.get();
    let at_500 = |side_px: u32| (side_px as f32 * scale + 0.5) as u32;
    let (width_px, height_px) = (at_500(image.width_px()), at_500(image.height_px()));
    if width_px.min(height_px) < SHORTEST_PX {
        return Err(Refusal::ImageTooSmall);
    }
    if width_px.max(height_px) > LONGEST_PX {
        return Err(Refusal::ImageTooLarge);
    }
    let image = to_standard(image, ppi).map_or(Cow::Borrowed(image), Cow::Owned);
    let canvas = normalise(&image);
    let flow = flow(&canvas)?;
    Ok(Standard { image, canvas, flow, ppi_source })
}
