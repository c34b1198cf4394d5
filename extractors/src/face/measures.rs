//! The components of ISO/IEC 29794-5:2025 that image arithmetic can tell, of a face that was found.
//!
//! The components are the standard's by name and by what they look at; the formulas are our own and stand where they are
//! computed, so that no measure here is to be compared with one of another implementation.

use whorl_types::{FaceMeasures, Pixels};

use super::background;
use super::detected::Face;
use super::light;
use super::portrait::Portrait;
use super::pose::{Pose, worth};
use super::room::Room;
use super::sharpness::sharpness;
use super::tint::natural;

/// The worth of the sample in each respect.
pub(super) fn measure(picture: &Pixels, face: &Face) -> FaceMeasures {
    let portrait = Portrait::of(picture, &face.points);
    let (lumas, halves) = (portrait.whole(), portrait.halves());
    let pose = Pose::of(&face.points);
    let room = Room::around(face, picture);
    FaceMeasures {
        eye_distance_px: (face.eye_distance_px() + 0.5) as u8,
        head_size: per_cent(room.head_size(face)),
        margin: per_cent(room.margin()),
        roll: per_cent(worth(pose.roll)),
        yaw: per_cent(worth(pose.yaw)),
        pitch: per_cent(worth(pose.pitch)),
        luminance_mean: per_cent(light::mean(&lumas)),
        luminance_variance: per_cent(light::variance(&lumas)),
        under_exposure: per_cent(light::under_exposure(&lumas)),
        over_exposure: per_cent(light::over_exposure(&lumas)),
        dynamic_range: per_cent(light::dynamic_range(&lumas)),
        illumination_uniformity: per_cent(light::uniformity(&halves)),
        sharpness: per_cent(sharpness(&portrait)),
        natural_colour: per_cent(natural(&portrait)),
        background_uniformity: per_cent(background::uniformity(picture, face)),
        confidence: per_cent(face.score),
    }
}

fn per_cent(fraction: f32) -> u8 {
    (fraction.clamp(0.0, 1.0) * 100.0 + 0.5) as u8
}
