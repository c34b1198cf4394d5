//! Whether a face is a picture of one.

use whorl_types::Pixels;

use super::align::Figure;
use super::feed::tensor;
use super::model::Model;
use super::similarity::Point;

/// The probability, 0 to 1, that the face at `points` is a presentation attack (ISO/IEC 30107), by the model's network for
/// attacks; `None` where it has none.
///
/// # Panics
/// Where the network fails, which it did not when its model was checked: a fault of the runtime.
pub(super) fn attack(model: &Model, picture: &Pixels, points: &[Point; 5]) -> Option<f32> {
    let described = model.description().attack.as_ref()?;
    let figure = Figure::of(&described.crop);
    let crop = figure.crop(picture, &figure.align(points)?);
    let probability = model.attack_probability(&tensor(&crop, &described.crop.feeding));
    probability.unwrap_or_else(|error| panic!("the network for attacks was checked with its model, but now: {error}"))
}
