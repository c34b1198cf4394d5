//! The algorithm, stage by stage.

use std::borrow::Cow;

use whorl_types::{FingerTemplate, GreyImage, Minutia, Ppi, PpiSource, Quality, Refusal};

use super::bits::Bits;
use super::canvas::{Canvas, MARGIN_PX, normalise};
use super::describe::{self, describe};
use super::enhance::{clarity, enhance};
use super::events::events;
use super::field::Ridges;
use super::minutiae::{Rated, minutiae};
use super::orientation::{direction, soften, tensor};
use super::period::periods;
use super::plane::{Plane, row, to_grey};
use super::polarity::is_inverted;
use super::quality::QualityMeasures;
use super::resample::to_standard;
use super::segment::{contrasty, segment};
use super::singular::singularities;
use super::thin::thin;
use super::trace::Trace;

/// Shortest side of a picture that can show enough of a finger, in pixels at 500 ppi: 3 mm.
const SHORTEST_PX: u32 = 60;

/// Longest side of a picture of one finger, in pixels at 500 ppi: 3 inches.
const LONGEST_PX: u32 = 1500;

/// The fewest minutiae that tell fingers apart.
const FEWEST_MINUTIAE: usize = 4;

/// The template of the fingerprint in `image`, taken at `ppi`; where that is not known it is estimated.
///
/// # Errors
/// A [`Refusal`] where the picture shows no fingerprint, or too little of one.
pub fn extract(image: &GreyImage, ppi: Option<Ppi>, trace: &mut impl Trace) -> Result<FingerTemplate, Refusal> {
    let (image, ppi_source) = at_standard(image, ppi)?;
    trace.image("standard", || image.clone().into_owned());
    let canvas = normalise(&image, is_inverted(&image));
    trace.image("normalised", || signed(&canvas.ridges, 50.0));
    let ridges = ridges(&canvas)?;
    trace.image("enhanced", || signed(&ridges.enhanced, 100.0));
    let skeletons = [1.0, -1.0].map(|sign| thin(binarise(&ridges.enhanced, sign)));
    trace.image("ridge-skeleton", || picture(&skeletons[0]));
    trace.image("valley-skeleton", || picture(&skeletons[1]));
    let found = minutiae(&ridges, &skeletons.map(|skeleton| events(&skeleton)));
    if found.len() < FEWEST_MINUTIAE {
        return Err(Refusal::TooFewMinutiae);
    }
    let measures = QualityMeasures::new(&ridges, &found);
    trace.measures(&measures);
    let template = assemble(&image, &ridges, &found, &measures).with_ppi_source(ppi_source);
    trace.minutiae("minutiae", || template.minutiae().to_vec());
    trace.surroundings(|| describe::surroundings(&template, Some(&ridges)));
    Ok(describe(template, Some(&ridges)))
}

fn at_standard(image: &GreyImage, ppi: Option<Ppi>) -> Result<(Cow<'_, GreyImage>, PpiSource), Refusal> {
    let source = if ppi.is_some() { PpiSource::Stated } else { PpiSource::Estimated };
    let ppi = ppi.unwrap_or(Ppi::STANDARD);
    let scale = Ppi::STANDARD.get() / ppi.get();
    let at_500 = |side_px: u32| (side_px as f32 * scale + 0.5) as u32;
    let (width_px, height_px) = (at_500(image.width_px()), at_500(image.height_px()));
    if width_px.min(height_px) < SHORTEST_PX {
        return Err(Refusal::ImageTooSmall);
    }
    if width_px.max(height_px) > LONGEST_PX {
        return Err(Refusal::ImageTooLarge);
    }
    Ok((to_standard(image, ppi).map_or(Cow::Borrowed(image), Cow::Owned), source))
}

/// Direction, period and enhancement, each helping the other: what is enhanced once shows its direction better.
fn ridges(canvas: &Canvas) -> Result<Ridges, Refusal> {
    let candidates = contrasty(&canvas.contrast)?;
    let soft = soften(&canvas.ridges);
    let (direction_1, coherence) = direction(&tensor(&soft), 1.5);
    let period_px = periods(&canvas.ridges, &direction_1, &candidates).period_px;
    let enhanced = enhance(&canvas.ridges, &direction_1, &period_px, &candidates).even;
    let clarity_1 = clarity(&canvas.ridges, &enhanced);
    let mask = segment(&candidates, &clarity_1, &coherence)?;
    let (direction, coherence) = direction(&tensor(&enhanced), 1.0);
    let wave = enhance(&canvas.ridges, &direction, &period_px, &mask);
    let clarity = clarity(&canvas.ridges, &wave.even);
    let (enhanced, quadrature) = (wave.even, wave.odd);
    Ok(Ridges { enhanced, quadrature, direction, coherence, clarity, period_px, mask, margin_px: MARGIN_PX })
}

/// Where the enhanced picture has the sign of `sign`.
fn binarise(enhanced: &Plane, sign: f32) -> Bits {
    let mut bits = Bits::new(enhanced.ncols(), enhanced.nrows());
    for y in 0..enhanced.nrows() {
        let line = row(enhanced, y);
        for (word, samples) in bits.words[y * bits.stride..].iter_mut().zip(line.chunks(64)) {
            *word = samples.iter().enumerate().fold(0, |word, (x, &sample)| word | u64::from(sample * sign > 0.0) << x);
        }
    }
    bits
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
