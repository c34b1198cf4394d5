//! Reflections on the cornea: the camera's diodes, windows and lamps.

use std::f32::consts::TAU;

use super::conditions::Conditions;
use super::pose::Pose;
use crate::synthetic::plane::Plane;
use crate::synthetic::random::{Random, rise};

/// Something bright that the eye mirrors: an ellipse in the coordinates of the eye.
struct Glint {
    centre: (f32, f32),
    half_width: f32,
    half_height: f32,
    strength: f32,
}

/// Adds all reflections.
pub(super) fn add(canvas: &mut Plane, how: &Conditions, pose: &Pose, random: &mut Random) {
    let optics = how.camera.optics();
    // They stay where the light is: an eye that looks aside moves under them.
    let (x, y) = (pose.pupil.centre.0 - pose.limbus.centre.0 * 1.1, pose.pupil.centre.1 - pose.limbus.centre.1 * 1.1);
    let middle = (x + random.normal(0.0, 0.05), y + random.normal(0.03, 0.05));
    let start = random.between(0.0, TAU / optics.diodes as f32);
    for diode in 0..optics.diodes {
        let angle = start + diode as f32 / optics.diodes as f32 * TAU;
        let centre = (middle.0 + optics.ring * libm::cosf(angle), middle.1 + optics.ring * libm::sinf(angle));
        let size = optics.dot * random.normal(1.0, 0.1);
        Glint { centre, half_width: size, half_height: size, strength: 1.0 }.add(canvas, pose);
    }
    // What the cornea scatters.
    Glint { centre: middle, half_width: 0.4, half_height: 0.4, strength: 0.05 }.add(canvas, pose);
    if how.glare > 0.0 {
        let centre = (random.normal(0.0, 0.5), random.normal(-0.2, 0.4));
        let (half_width, half_height) = (random.between(0.06, 0.22), random.between(0.08, 0.3));
        Glint { centre, half_width, half_height, strength: how.glare.min(1.0) }.add(canvas, pose);
    }
}

impl Glint {
    fn add(&self, canvas: &mut Plane, pose: &Pose) {
        let (x, y) = pose.picture(self.centre);
        let reach = (self.half_width.max(self.half_height) * 1.5 * pose.radius_px).min(canvas.width as f32) + 2.0;
        let span = |middle: f32, limit: usize| {
            let first = (middle - reach).max(0.0) as usize;
            first.min(limit)..((middle + reach).max(0.0) as usize).min(limit)
        };
        for row in span(y, canvas.height) {
            for column in span(x, canvas.width) {
                let at = pose.eye(column as f32, row as f32);
                let pixel = &mut canvas.values[row * canvas.width + column];
                *pixel += (255.0 - *pixel) * self.strength * self.light_at(at);
            }
        }
    }

    fn light_at(&self, (x, y): (f32, f32)) -> f32 {
        let (across, down) = ((x - self.centre.0) / self.half_width, (y - self.centre.1) / self.half_height);
        rise(1.3, 0.7, (across * across + down * down).sqrt())
    }
}
