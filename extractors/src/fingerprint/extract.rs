//! The algorithm, stage by stage.

use whorl_types::{FingerTemplate, GreyImage, Minutia, Ppi, Quality, Refusal};

use super::bits::Bits;
use super::canvas::{Canvas, MARGIN_PX};
use super::clarity::clarity;
use super::describe::{self, describe};
use super::enhance::{Enhancer, Guide, Wave};
use super::events::events;
use super::field::Ridges;
use super::flow::Flow;
use super::minutiae::{Rated, minutiae};
use super::orientation::{direction, tensor};
use super::plane::{Plane, to_grey};
use super::quality::QualityMeasures;
use super::segment::segment;
use super::singular::singularities;
use super::standard::{Standard, standardise};
use super::thin::thin;
use super::trace::Trace;

/// Spread over which gradients of the enhanced picture are gathered, in cells.
const FINE_SIGMA_CELLS: f32 = 1.0;

/// Orientation certainty below which the picture shows something else: of 580 prints of five sensors the least is 0.86, of
/// photographs of faces the most 0.70.
const LEAST_CERTAINTY: f32 = 0.8;

/// The fewest minutiae, of those that another capture is expected to show, that tell fingers apart.
const FEWEST_EXPECTED: f32 = 4.0;

/// The template of the fingerprint in `image`, taken at `ppi`; where that is not known it is estimated.
///
/// # Errors
/// A [`Refusal`] where the picture shows no fingerprint, or too little of one.
pub fn extract(image: &GreyImage, ppi: Option<Ppi>, trace: &mut impl Trace) -> Result<FingerTemplate, Refusal> {
    let Standard { image, canvas, flow, ppi_source } = standardise(image, ppi)?;
    trace.image("standard", || image.clone().into_owned());
    trace.image("normalised", || signed(&canvas.ridges, 50.0));
    let ridges = ridges(&canvas, flow)?;
    trace.image("enhanced", || signed(&ridges.enhanced, 100.0));
    let skeletons = [Bits::positive(&ridges.enhanced), Bits::negative(&ridges.enhanced)].map(thin);
    trace.image("ridge-skeleton", || picture(&skeletons[0]));
    trace.image("valley-skeleton", || picture(&skeletons[1]));
    let found = minutiae(&ridges, &skeletons.map(|skeleton| events(&skeleton)));
    let measures = QualityMeasures::new(&ridges, &found);
    trace.measures(&measures);
    if measures.orientation_certainty < LEAST_CERTAINTY {
        return Err(Refusal::NoRidges);
    }
    if measures.minutiae_expected < FEWEST_EXPECTED {
        return Err(Refusal::TooFewMinutiae);
    }
    let template = assemble(&image, &ridges, &found, &measures).with_ppi_source(ppi_source);
    trace.minutiae("minutiae", || template.minutiae().to_vec());
    trace.surroundings(|| describe::surroundings(&template, Some(&ridges)));
    Ok(describe(template, Some(&ridges)))
}

/// What is enhanced once shows its direction better, and is enhanced again along that.
fn ridges(canvas: &Canvas, flow: Flow) -> Result<Ridges, Refusal> {
    let Flow { candidates, direction: first, coherence, periods } = flow;
    let period_px = periods.period_px;
    let guide = Guide { direction: &first, period_px: &period_px, mask: &candidates };
    let mut enhancer = Enhancer::new(&canvas.ridges);
    let rough = enhancer.enhance(&guide);
    let mask = segment(&candidates, &clarity(&canvas.ridges, &rough), &coherence)?;
    let (direction, coherence) = direction(&tensor(&rough), FINE_SIGMA_CELLS);
    let guide = Guide { direction: &direction, period_px: &period_px, mask: &mask };
    let Wave { even: enhanced, odd: quadrature } = enhancer.wave(&guide);
    let clarity = clarity(&canvas.ridges, &enhanced);
    Ok(Ridges { enhanced, quadrature, direction, coherence, clarity, period_px, mask, margin_px: MARGIN_PX })
}

fn assemble(image: &GreyImage, ridges: &Ridges, found: &[Rated], measures: &QualityMeasures) -> FingerTemplate {
    let (width_px, height_px) = (image.width_px() as u16, image.height_px() as u16);
    let list = found.iter().map(|rated| to_minutia(rated, width_px, height_px)).collect();
    let field = ridges
        .to_template(usize::from(width_px), usize::from(height_px))
        .expect("the grid was made row by row, of a picture that is not empty");
    FingerTemplate::new(width_px, height_px, list, measures.quality())
        .expect("the picture's size was checked, and minutiae were counted and kept inside it")
        .with_field(field, singularities(&ridges.direction, &ridges.mask))
}

fn to_minutia(&Rated { minutia: candidate, trust }: &Rated, width_px: u16, height_px: u16) -> Minutia {
    let eighths = |place: f32, side_px: u16| {
        ((place - MARGIN_PX as f32) * 8.0 + 0.5).clamp(0.0, f32::from(side_px * 8 - 1)) as u16
    };
    // y points down in the picture and up in ISO's angles.
    let turns = libm::atan2f(-candidate.dy, candidate.dx) / (2.0 * std::f32::consts::PI);
    Minutia {
        x_px8: eighths(candidate.x, width_px),
        y_px8: eighths(candidate.y, height_px),
        angle: (turns * 256.0).round() as i32 as u8,
        kind: candidate.kind,
        quality: Quality::from_fraction(trust),
    }
}

fn signed(plane: &Plane, gain: f32) -> GreyImage {
    to_grey(plane, |sample| (128.0 - sample * gain) as u8)
}

fn picture(bits: &Bits) -> GreyImage {
    let pixels = (0..bits.height).flat_map(|y| (0..bits.width).map(move |x| if bits.get(x, y) { 0 } else { 255 }));
    GreyImage::new(bits.width as u32, bits.height as u32, pixels.collect()).expect("as large as its canvas")
}
