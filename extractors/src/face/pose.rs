//! Where a face looks, as far as five points tell.

use super::align::FRONTAL;
use super::similarity::{Point, difference};

/// How far the tip of the nose stands out from the plane of eyes and mouth, in eye distances. An average: estimates of yaw and
/// pitch are off by some 5 to 10 degrees with the shape of the nose.
const NOSE_OUT: f32 = 0.5;

/// Turns of the head, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pose {
    /// In the plane of the picture, by the line of the eyes: exact. Clockwise is positive, -180 to 180.
    pub(super) roll: f32,
    /// To the right of the picture is positive: an estimate.
    pub(super) yaw: f32,
    /// Downwards is positive: an estimate.
    pub(super) pitch: f32,
}

impl Pose {
    /// The pose of a head whose eyes, nose and corners of the mouth are at `points`.
    ///
    /// The axis of the face goes from the middle of the eyes to that of the mouth. Turning the head moves the tip of the nose off
    /// it by the sine of the turn while it shortens the eye distance by the cosine, so that their ratio is a tangent; likewise
    /// along the axis.
    pub(super) fn of(points: &[Point; 5]) -> Self {
        let [left, right, nose, left_mouth, right_mouth] = *points;
        let (eyes, mouth) = (middle(left, right), middle(left_mouth, right_mouth));
        let [across, slant] = difference(right, left);
        let [x, y] = difference(mouth, eyes);
        let [u, v] = difference(nose, eyes);
        let eye_distance = (across * across + slant * slant).sqrt().max(f32::MIN_POSITIVE);
        let axis = (x * x + y * y).sqrt().max(f32::MIN_POSITIVE);
        let aside = (u * y - v * x) / (axis * eye_distance);
        let along = (u * x + v * y) / (axis * axis);
        let [(nose_down, mouth_down)] = [(FRONTAL[2][1], FRONTAL[3][1])];
        let lowered = (along - nose_down / mouth_down) * mouth_down;
        let degrees = |tangent: f32| libm::atanf(tangent).to_degrees();
        Self {
            roll: libm::atan2f(slant, across).to_degrees(),
            yaw: degrees(aside / NOSE_OUT),
            pitch: degrees(lowered / NOSE_OUT),
        }
    }
}

/// What a turn leaves of a face: the square of its cosine, 0 from a right angle on.
pub(super) fn worth(degrees: f32) -> f32 {
    let cosine = libm::cosf(degrees.to_radians()).max(0.0);
    cosine * cosine
}

fn middle([x, y]: Point, [u, v]: Point) -> Point {
    [0.5 * (x + u), 0.5 * (y + v)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The points of a head with the nose standing out, turned by yaw, pitch and roll, in that order, seen from afar.
    fn head(yaw: f32, pitch: f32, roll: f32) -> [Point; 5] {
        let turn = |degrees: f32, one: f32, other: f32| {
            let (sine, cosine) = libm::sincosf(degrees.to_radians());
            (cosine * one - sine * other, sine * one + cosine * other)
        };
        std::array::from_fn(|place| {
            let [x, y] = FRONTAL[place];
            let out = if place == 2 { NOSE_OUT } else { 0.0 };
            let (out, x) = turn(yaw, out, x);
            let (_, y) = turn(pitch, out, y);
            let (x, y) = turn(roll, x, y);
            [100.0 * x + 300.0, 100.0 * y + 200.0]
        })
    }

    #[test]
    fn a_face_into_the_camera_has_no_pose() {
        let Pose { roll, yaw, pitch } = Pose::of(&head(0.0, 0.0, 0.0));
        assert!(roll.abs() < 1e-3 && yaw.abs() < 1e-3 && pitch.abs() < 1e-2);
    }

    #[test]
    fn one_turn_is_told_exactly() {
        for degrees in [-40.0, -10.0, 25.0, 50.0] {
            let [yaw, pitch, roll] = [head(degrees, 0.0, 0.0), head(0.0, degrees, 0.0), head(0.0, 0.0, degrees)]
                .map(|points| Pose::of(&points));
            assert!((yaw.yaw - degrees).abs() < 0.1 && yaw.roll.abs() < 0.1, "{degrees}: {yaw:?}");
            assert!((pitch.pitch - degrees).abs() < 0.1 && pitch.yaw.abs() < 0.1, "{degrees}: {pitch:?}");
            assert!((roll.roll - degrees).abs() < 0.1 && roll.yaw.abs() < 0.1, "{degrees}: {roll:?}");
        }
    }

    #[test]
    fn a_turn_costs_the_square_of_its_cosine() {
        assert!((worth(0.0) - 1.0).abs() < 1e-6 && (worth(-45.0) - 0.5).abs() < 1e-5);
        assert!(worth(180.0).abs() < 1e-6, "upside down is worth nothing, though its cosine squared is one");
    }
}
