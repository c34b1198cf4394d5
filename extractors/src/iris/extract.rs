//! The algorithm, stage by stage.

use whorl_types::{GreyImage, IrisTemplate, Refusal};

use super::ENCODING;
use super::code::encode;
use super::lids::Lids;
use super::locate::{Located, locate};
use super::measures::measure;
use super::quality::{check, overall};
use super::sheet::Sheet;
use super::shrunk::Shrunk;
use super::strip::Strip;
use super::texture::texture;
use super::trace::Trace;
use super::visible::{hide_covered, seen_over};

/// The template of the eye in `image`, a near-infrared picture of one.
///
/// # Errors
/// A [`Refusal`] where the picture shows no eye, or too little of one.
pub fn extract(image: &GreyImage, trace: &mut impl Trace) -> Result<IrisTemplate, Refusal> {
    let Located { eye, speculars, .. } = locate(image)?;
    trace.eye(&eye);
    let sheet = Sheet::new(&eye);
    let shrunk = Shrunk::new(image, &eye);
    let mut strip = Strip::unwrap(&shrunk, &sheet);
    hide_covered(&mut strip, &sheet, &Lids::find(image, &eye), &speculars);
    trace.visible(|| seen_over(image, &sheet, &strip));
    trace.strip(&strip);
    let code = encode(&strip);
    let measures = measure(&shrunk, &eye, &sheet, &strip);
    trace.measures(&measures);
    check(&measures, texture(&strip), code.visible_cells())?;
    let circles = (eye.pupil.best_circle(), eye.limbus.best_circle());
    IrisTemplate::new(ENCODING, code, circles, measures, overall(&measures)).map_err(|_| Refusal::TooDilated)
}
