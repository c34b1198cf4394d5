//! The algorithm, stage by stage.

use whorl_types::{FacePoints, FaceTemplate, Pixels, Refusal};

use super::align::Figure;
use super::attack::attack;
use super::canvas::{Canvas, NEAR};
use super::choose::Several;
use super::detect::Detector;
use super::detected::Face;
use super::embed::embed;
use super::find::find;
use super::gate::{Aligned, Gate};
use super::measures::measure;
use super::model::Model;
use super::quality::{check, overall};
use super::quantise::quantise;
use super::trace::Trace;

/// The shortest side of a picture in which a face could have its least size, in pixels.
const LEAST_SIDE_PX: u32 = 24;

/// The template of the face in `picture`, grey or in colour, by the networks of `model`. Where the face is not upright, the
/// picture is turned by quarters until it is; the points of the template are those of the picture as given.
///
/// # Errors
/// A [`Refusal`] where the picture shows no face, several by the policy `several`, or too little of one.
///
/// # Panics
/// Where a network fails, which none did when the model was opened: a fault of the runtime.
pub fn extract(
    model: &Model,
    picture: &Pixels,
    several: Several,
    trace: &mut impl Trace,
) -> Result<FaceTemplate, Refusal> {
    if picture.width_px().min(picture.height_px()) < LEAST_SIDE_PX {
        return Err(Refusal::ImageTooSmall);
    }
    let aligned = find(&Gate::of(model, picture), several, trace)?;
    trace.chosen(&aligned.face, aligned.quarter_turns());
    describe(model, picture, &aligned, trace)
}

/// The faces in `picture` as it is, in its pixels, strongest first; not looked at again.
///
/// # Panics
/// As [`extract`].
#[must_use]
pub fn detect(model: &Model, picture: &Pixels) -> Vec<Face> {
    let detector = Detector::of(model);
    detector.faces(&Canvas::of(picture, detector.side_px(), NEAR))
}

/// The template of a face that was found.
pub(super) fn describe(
    model: &Model,
    picture: &Pixels,
    aligned: &Aligned,
    trace: &mut impl Trace,
) -> Result<FaceTemplate, Refusal> {
    let crop = Figure::of(&model.description().embedder.crop).crop(picture, &aligned.to_picture);
    trace.crop(&crop);
    let measures = measure(picture, &aligned.face);
    trace.measures(&measures);
    check(&measures)?;
    if let Some(probability) = attack(model, picture, &aligned.face.points) {
        trace.attack(probability);
    }
    let embedding = embed(model, &crop);
    trace.embedding(&embedding);
    let embedding = quantise(&embedding).ok_or(Refusal::NotAligned)?;
    let template = FaceTemplate::new(model.id(), &embedding, points(&aligned.face), measures, overall(&measures));
    template.map_err(|_| Refusal::NotAligned)
}

/// The points in eighths of a pixel.
fn points(face: &Face) -> FacePoints {
    FacePoints { px8: face.points.map(|point| point.map(|value| (value * 8.0).round() as i32)) }
}
