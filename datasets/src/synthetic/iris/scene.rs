//! The eyeball: pupil, iris, sclera.

use super::features::Features;
use super::pose::Pose;
use super::strokes::{Ink, Stroke};
use super::texture::Texture;
use crate::synthetic::plane::Plane;
use crate::synthetic::random::{Random, rise};

/// Grey of the hole in the iris.
const PUPIL_GREY: f32 = 22.0;
/// Grey of a vessel of the sclera, and of what lies in the corners of the eye.
const FLESH_GREY: f32 = 120.0;

/// Half the width of the edge between pupil and iris and of that between iris and sclera.
const PUPIL_EDGE: f32 = 0.014;
const LIMBUS_EDGE: f32 = 0.055;

/// Paints the eye as it would be without lids and vessels.
pub(super) fn paint(features: &Features, texture: &Texture, pose: &Pose, random: &mut Random) -> Plane {
    let mut canvas = Plane::even(pose.width_px, pose.height_px, 0.0);
    let (slope_x, slope_y) = (random.normal(0.0, 0.04), random.normal(0.0, 0.03));
    for y in 0..pose.height_px {
        for x in 0..pose.width_px {
            let at = pose.eye(x as f32, y as f32);
            if pose.lids.covered(at) >= 1.0 {
                continue;
            }
            let light = (1.0 + slope_x * at.0 + slope_y * at.1) * shadow(at, pose);
            canvas.values[y * pose.width_px + x] = light * eyeball(at, features, texture, pose);
        }
    }
    canvas
}

/// The lids' shadow: 1 where there is none.
fn shadow((x, y): (f32, f32), pose: &Pose) -> f32 {
    let (upper, lower) = pose.lids.edges(x);
    1.0 - 0.30 * rise(0.22, 0.0, y - upper) - 0.12 * rise(0.10, 0.0, lower - y)
}

fn eyeball(at: (f32, f32), features: &Features, texture: &Texture, pose: &Pose) -> f32 {
    let (x, y) = (at.0 - pose.limbus.centre.0, at.1 - pose.limbus.centre.1);
    let distance = (x * x + y * y).sqrt();
    if distance > 1.2 {
        return sclera(at, distance, pose);
    }
    if distance < pose.pupil.radius * 0.7 {
        return PUPIL_GREY;
    }
    let place = pose.place(at);
    // Depths as lengths: how far outside either edge.
    let across = pose.limbus.radius_at(place.turn) - pose.pupil.radius_at(place.turn);
    let (past_pupil, past_limbus) = (place.depth * across, (place.depth - 1.0) * across);
    let from = pose.unstretched(&place);
    let iris = features.iris_grey * (1.0 + features.relief * texture.at(from.turn, from.depth));
    let inner = PUPIL_GREY + (iris - PUPIL_GREY) * rise(-PUPIL_EDGE, PUPIL_EDGE, past_pupil);
    let white = rise(-LIMBUS_EDGE, LIMBUS_EDGE, past_limbus);
    if white == 0.0 { inner } else { inner + (sclera(at, distance, pose) - inner) * white }
}

/// The white of the eye: a ball that turns away from the light, with flesh in its corners.
fn sclera((x, y): (f32, f32), distance: f32, pose: &Pose) -> f32 {
    let ball = 1.0 - 0.05 * (x * x + y * y) * 0.5;
    let rim = 1.0 - 0.10 * rise(1.35, 1.0, distance);
    let (left, right) = pose.lids.span();
    let corner = rise(0.45, 0.1, (x - left).min(right - x));
    let white = pose.sclera_grey * ball * rim;
    white + (FLESH_GREY - white) * 0.6 * corner
}

/// Draws vessels that wind from the corners towards the iris.
pub(super) fn vessels(canvas: &mut Plane, pose: &Pose, random: &mut Random) {
    let mut ink = Ink::new(canvas);
    let (left, right) = pose.lids.span();
    for number in 0..10 {
        let (start, forward) = if number % 2 == 0 { (left, 1.0) } else { (right, -1.0) };
        let (mut x, mut y, mut slope) = (start + forward * random.between(0.0, 0.4), random.normal(0.0, 0.35), 0.0);
        let width = random.between(0.008, 0.018);
        for _ in 0..random.below(9) {
            slope = slope * 0.7 + random.normal(0.0, 0.35);
            let next = (x + forward * 0.13, y + slope * 0.13);
            let (dx, dy) = (next.0 - pose.limbus.centre.0, next.1 - pose.limbus.centre.1);
            if dx * dx + dy * dy < 1.3 {
                break;
            }
            let half_px = width * pose.radius_px;
            let ends = (pose.picture((x, y)), pose.picture(next));
            ink.draw(&Stroke { from: ends.0, to: ends.1, half_px: (half_px, half_px), strength: 0.3 });
            (x, y) = next;
        }
    }
    ink.blend(canvas, FLESH_GREY);
}
