//! How a head stands in its picture.

use whorl_types::Pixels;

use super::detected::Face;
use super::similarity::{Point, difference};

/// Room that a portrait leaves left and right of the middle between the eyes, above and below it, in eye distances. The head
/// itself takes some 1.2 to either side, 1.7 above and 1.8 below; ISO/IEC 39794-5 wants its image two to three heads wide.
const AMPLE: [f32; 4] = [2.0, 2.0, 2.2, 2.5];

/// How far the picture goes on from the middle between the eyes to the left, the right, the top and the bottom of the face,
/// however it is turned, in pixels; 0 where that middle lies outside.
pub(super) struct Room {
    px: [f32; 4],
    eye_distance_px: f32,
}

impl Room {
    pub(super) fn around(face: &Face, picture: &Pixels) -> Self {
        let [left, right, ..] = face.points;
        let eyes = [0.5 * (left[0] + right[0]), 0.5 * (left[1] + right[1])];
        let eye_distance_px = face.eye_distance_px().max(f32::MIN_POSITIVE);
        let [x, y] = difference(right, left).map(|value| value / eye_distance_px);
        let ways = [[-x, -y], [x, y], [y, -x], [-y, x]];
        Self { px: ways.map(|way| until_the_edge(eyes, way, picture)), eye_distance_px }
    }

    /// "Head size" of ISO/IEC 29794-5: how high the face is, 0 to 1, as a fraction of the picture's extent along its axis.
    pub(super) fn head_size(&self, face: &Face) -> f32 {
        (face.size_px() / (self.px[2] + self.px[3]).max(f32::MIN_POSITIVE)).min(1.0)
    }

    /// "Margin adequacy": the room on the tightest side as a fraction of what is ample there, 0 to 1.
    pub(super) fn margin(&self) -> f32 {
        let worst = self.px.iter().zip(AMPLE).map(|(px, ample)| px / (ample * self.eye_distance_px));
        worst.fold(1.0, f32::min)
    }
}

/// How far it is from `from` along the unit `way` to the edge of the picture, in pixels.
fn until_the_edge(from: Point, way: Point, picture: &Pixels) -> f32 {
    let ends = [picture.width_px() as f32 - 0.5, picture.height_px() as f32 - 0.5];
    let steps = (0..2).map(|axis| {
        let room = if way[axis] > 0.0 { ends[axis] - from[axis] } else { from[axis] + 0.5 };
        if way[axis] == 0.0 { f32::INFINITY } else { room / way[axis].abs() }
    });
    steps.fold(f32::INFINITY, f32::min).max(0.0)
}

#[cfg(test)]
mod tests {
    use whorl_types::GreyImage;

    use super::*;
    use crate::face::detected::Bounds;
    use crate::face::similarity::Similarity;

    fn face() -> Face {
        let bounds = Bounds { x_px: 70.0, y_px: 60.0, width_px: 60.0, height_px: 80.0 };
        let points = [[89.5, 89.5], [109.5, 89.5], [99.5, 100.0], [92.0, 112.0], [107.0, 112.0]];
        Face { bounds, points, score: 0.9 }
    }

    fn picture(width: u32, height: u32) -> Pixels {
        Pixels::Grey(GreyImage::new(width, height, vec![0; (width * height) as usize]).unwrap())
    }

    fn are_near(one: [f32; 4], other: [f32; 4]) -> bool {
        one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1e-3)
    }

    #[test]
    fn room_is_counted_on_each_side_in_eye_distances() {
        let room = Room::around(&face(), &picture(200, 160));
        assert!(are_near(room.px, [100.0, 100.0, 90.0, 70.0]));
        assert!((room.head_size(&face()) - 0.5).abs() < 1e-6);
        assert!((room.margin() - 1.0).abs() < 1e-6);
        assert!((Room::around(&face(), &picture(200, 115)).margin() - 0.5).abs() < 1e-6, "25 px below are half of 50");
    }

    #[test]
    fn turning_picture_and_face_together_changes_nothing() {
        let upright = Room::around(&face(), &picture(200, 160));
        let square = Similarity::unturning(3, 200);
        let turned = face().moved(&square);
        let shifted = Similarity::scaling(1.0, [-40.0, 0.0]);
        let on_its_side = Room::around(&turned.moved(&shifted), &picture(160, 200));
        assert!(are_near(on_its_side.px, upright.px));
    }

    #[test]
    fn a_face_outside_has_no_room() {
        let away = face().moved(&Similarity::scaling(1.0, [500.0, 0.0]));
        assert!(Room::around(&away, &picture(200, 160)).margin().abs() < 1e-6);
    }
}
