//! Everybody in one picture.

use whorl_types::{FaceTemplate, Pixels, Refusal};

use super::canvas::{Canvas, NEAR};
use super::detect::Detector;
use super::detected::{Bounds, Face, strongest};
use super::extract::describe;
use super::gate::Gate;
use super::model::Model;
use super::similarity::Similarity;
use crate::NoTrace;

/// The most faces that are taken from one picture, the strongest: each costs a second look and an embedding.
pub const MOST_FACES: usize = 256;

/// How often the picture is looked at in tiles of half the side of those before. Twice makes 59 looks; of a picture of 4,000
/// pixels on a canvas of 320 it lets faces of some 40 pixels be seen.
const HALVINGS: u32 = 2;

/// The ways in which a picture may lie, likeliest first, in clockwise quarter turns that set it right.
const TURNS: [u8; 4] = [0, 2, 1, 3];

/// The template of every face in `picture`, or why there is none, strongest first; at most [`MOST_FACES`]. Large pictures are
/// looked at in overlapping tiles, too, so that small faces in them are found. A picture of nobody gives nothing.
///
/// # Panics
/// Where a network fails, which none did when the model was opened: a fault of the runtime.
#[must_use]
pub fn extract_all(model: &Model, picture: &Pixels) -> Vec<Result<FaceTemplate, Refusal>> {
    let gate = Gate::of(model, picture);
    let mut outcomes = Vec::new();
    for quarter_turns in TURNS {
        let faces = everybody(gate.detector, picture, quarter_turns);
        let template = |face: &Face| describe(model, picture, &gate.pass(face)?, &mut NoTrace);
        let turned: Vec<_> = faces.iter().take(MOST_FACES).map(template).collect();
        if turned.iter().any(Result::is_ok) {
            return turned;
        }
        if quarter_turns == 0 {
            outcomes = turned;
        }
    }
    outcomes
}

/// All faces of the picture turned clockwise, in pixels of the picture as given, strongest first.
fn everybody(detector: Detector, picture: &Pixels, quarter_turns: u8) -> Vec<Face> {
    let whole = Canvas::of(picture, detector.side_px(), NEAR);
    let mut faces = detector.faces(&whole.turned(quarter_turns));
    for halvings in 1..=HALVINGS {
        for tile in tiles(&whole, picture, halvings) {
            let found = detector.faces(&Canvas::showing(picture, tile, whole.side_px()).turned(quarter_turns));
            faces.extend(found.into_iter().filter(|face| is_whole(&face.bounds, &tile, whole.side_px(), picture)));
        }
    }
    strongest(faces)
}

/// What the tiles of the side of the `whole` canvas, halved so often, show of the picture: they overlap by half. None where
/// they would enlarge the picture, which shows nothing new.
fn tiles(whole: &Canvas, picture: &Pixels, halvings: u32) -> Vec<Similarity> {
    let (parts, side_px) = (1 << halvings, whole.side_px() as f32);
    let scale = 1.0 / parts as f32;
    if whole.to_picture.scale() * scale < 1.0 {
        return Vec::new();
    }
    let step = 0.5 * side_px * scale;
    let starts = 0..2 * parts - 1;
    let places = starts.clone().flat_map(|row| starts.clone().map(move |column| [column, row]));
    let tile = places.map(|place| {
        let corner = place.map(|steps| steps as f32 * step + 0.5 * scale - 0.5);
        Similarity::scaling(scale, corner).then(&whole.to_picture)
    });
    tile.filter(|tile| shows(tile, side_px, picture)).collect()
}

/// Whether a tile shows any of the picture.
fn shows(tile: &Similarity, side_px: f32, picture: &Pixels) -> bool {
    let ([left, top], [right, bottom]) = (tile.apply([0.0, 0.0]), tile.apply([side_px, side_px]));
    let (width, height) = (picture.width_px() as f32, picture.height_px() as f32);
    right > 0.0 && bottom > 0.0 && left < width && top < height
}

/// Whether a face lies within its tile as far as it lies within the picture: one that a tile cuts is whole in the next.
fn is_whole(face: &Bounds, tile: &Similarity, side_px: usize, picture: &Pixels) -> bool {
    let ([left, top], [right, bottom]) = (tile.apply([0.0; 2]), tile.apply([side_px as f32; 2]));
    let (width, height) = (picture.width_px() as f32, picture.height_px() as f32);
    let starts = |face: f32, tile: f32| face >= tile || tile <= 0.0;
    let ends = |face: f32, tile: f32, picture: f32| face <= tile || tile >= picture;
    starts(face.x_px, left)
        && starts(face.y_px, top)
        && ends(face.x_px + face.width_px, right, width)
        && ends(face.y_px + face.height_px, bottom, height)
}

#[cfg(test)]
mod tests {
    use whorl_types::GreyImage;

    use super::*;

    fn picture(width: u32, height: u32) -> Pixels {
        Pixels::Grey(GreyImage::new(width, height, vec![0; (width * height) as usize]).unwrap())
    }

    #[test]
    fn tiles_cover_large_pictures_and_leave_small_ones_alone() {
        let large = picture(900, 700);
        let whole = Canvas::of(&large, 64, NEAR);
        assert_eq!(tiles(&whole, &large, 1).len(), 9);
        let second = tiles(&whole, &large, 2);
        assert!(second.len() > 20 && second.len() <= 49);
        for x in (0..900).step_by(30) {
            for y in (0..700).step_by(30) {
                let shown = |tile: &&Similarity| {
                    let [column, row] = tile.inverse().apply([x as f32, y as f32]);
                    (-0.5..63.6).contains(&column) && (-0.5..63.6).contains(&row)
                };
                assert!(second.iter().any(|tile| shown(&tile)), "{x} {y}");
            }
        }
        let small = picture(70, 50);
        assert!(tiles(&Canvas::of(&small, 64, NEAR), &small, 1).is_empty());
    }

    #[test]
    fn a_face_that_a_tile_cuts_is_left_to_the_next() {
        let large = picture(900, 900);
        let bounds = |x_px: f32| Bounds { x_px, y_px: 300.0, width_px: 60.0, height_px: 80.0 };
        let tile = Similarity::scaling(450.0 / 64.0, [225.0, 225.0]);
        assert!(is_whole(&bounds(300.0), &tile, 64, &large));
        assert!(!is_whole(&bounds(200.0), &tile, 64, &large) && !is_whole(&bounds(650.0), &tile, 64, &large));
        let first = Similarity::scaling(450.0 / 64.0, [-20.0, 225.0]);
        assert!(is_whole(&bounds(-10.0), &first, 64, &large), "the picture cuts it, no tile");
    }
}
