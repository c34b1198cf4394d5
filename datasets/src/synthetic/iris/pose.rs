//! How an eye stands before the camera: the way from the picture to the eye, and its outlines.

use std::f32::consts::PI;

use whorl_types::EyeCircle;

use super::Truth;
use super::conditions::Conditions;
use super::features::Features;
use super::lids::Lids;
use super::outline::{Outline, Ring, Waves, turn_of};
use crate::synthetic::random::Random;

/// An eye before the camera. Its own coordinates are radii of the iris from the middle between the lids, x to the right and y
/// down in a head held upright.
pub(super) struct Pose {
    pub(super) width_px: usize,
    pub(super) height_px: usize,
    /// Radius of the iris, in pixels.
    pub(super) radius_px: f32,
    centre_px: (f32, f32),
    sin: f32,
    cos: f32,
    tilt_degrees: f32,
    pub(super) pupil: Outline,
    pub(super) limbus: Outline,
    pub(super) lids: Lids,
    /// Grey of the sclera in the light of this camera.
    pub(super) sclera_grey: f32,
    /// How far the texture bows outwards: tissue does not stretch evenly from pupil to limbus.
    bow: f32,
    /// How far it is dragged outwards, as parts of the ring, and round, in turns.
    dragged: (Ring, Ring),
}

/// A place on the iris as its texture has it.
pub(super) struct Place {
    /// 0 to 1 clockwise from the right.
    pub(super) turn: f32,
    /// 0 at the edge of the pupil, 1 at the limbus; beyond these outside.
    pub(super) depth: f32,
}

impl Pose {
    pub(super) fn new(features: &Features, how: &Conditions, random: &mut Random) -> Self {
        let optics = how.camera.optics();
        let (width, height) = (optics.width_px as f32, optics.height_px as f32);
        let tilt = how.tilt_degrees * PI / 180.0;
        let gaze = (how.gaze_right.clamp(-2.0, 2.0), -how.gaze_up.clamp(-2.0, 2.0));
        let drag = how.drag.clamp(0.0, 5.0);
        let pupil_centre = (gaze.0 + features.pupil_centre.0, gaze.1 + features.pupil_centre.1);
        Self {
            width_px: optics.width_px,
            height_px: optics.height_px,
            radius_px: optics.iris_px * how.scale.clamp(0.1, 10.0),
            centre_px: (
                width / 2.0 + how.right_px.clamp(-width, width),
                height / 2.0 - how.up_px.clamp(-height, height),
            ),
            sin: libm::sinf(tilt),
            cos: libm::cosf(tilt),
            tilt_degrees: how.tilt_degrees,
            pupil: Outline::new(pupil_centre, how.dilation.clamp(0.15, 0.75), features.pupil_waves),
            limbus: Outline::new(gaze, 1.0, features.limbus_waves),
            lids: Lids::new(features, how),
            sclera_grey: features.sclera_grey + optics.sclera,
            bow: 0.35 * (how.dilation.clamp(0.15, 0.75) - 0.4),
            dragged: (Waves::draw(0.5 * drag, random).ring(), Waves::draw(drag / 100.0, random).ring()),
        }
    }

    /// From the picture to the eye.
    pub(super) fn eye(&self, x_px: f32, y_px: f32) -> (f32, f32) {
        let (x, y) = ((x_px - self.centre_px.0) / self.radius_px, (y_px - self.centre_px.1) / self.radius_px);
        (x * self.cos + y * self.sin, y * self.cos - x * self.sin)
    }

    /// From the eye to the picture.
    pub(super) fn picture(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let (right, down) = (x * self.cos - y * self.sin, x * self.sin + y * self.cos);
        (self.centre_px.0 + right * self.radius_px, self.centre_px.1 + down * self.radius_px)
    }

    /// What of the iris lies at a point of the eye: between the pupil's edge and the limbus in the same direction from their
    /// centres, as extractors unwrap it.
    pub(super) fn place(&self, (x, y): (f32, f32)) -> Place {
        let mut place = Place { turn: 0.0, depth: 0.5 };
        for _ in 0..2 {
            let between = |from: f32, to: f32| from + (to - from) * place.depth.clamp(-0.2, 1.2);
            let (dx, dy) = (
                x - between(self.pupil.centre.0, self.limbus.centre.0),
                y - between(self.pupil.centre.1, self.limbus.centre.1),
            );
            let turn = turn_of(dx, dy);
            let (inner, outer) = (self.pupil.radius_at(turn), self.limbus.radius_at(turn));
            place = Place { turn, depth: ((dx * dx + dy * dy).sqrt() - inner) / (outer - inner) };
        }
        place
    }

    /// Where in the texture a `place` comes from.
    pub(super) fn unstretched(&self, place: &Place) -> Place {
        let depth = place.depth.clamp(0.0, 1.0);
        let (out, round) = (self.dragged.0.at(place.turn), self.dragged.1.at(place.turn));
        let turn = place.turn + round;
        Place { turn: turn - turn.floor(), depth: depth + (self.bow + out) * depth * (1.0 - depth) }
    }

    /// Where everything is, in the terms of those who look for it.
    pub(super) fn truth(&self) -> Truth {
        let circle = |outline: &Outline| {
            let (x, y) = self.picture(outline.centre);
            let eighths = |px: f32| (px * 8.0 + 0.5).floor() as i32;
            let radius_px8 = eighths(outline.radius * self.radius_px) as u32;
            EyeCircle { x_px8: eighths(x), y_px8: eighths(y), radius_px8 }
        };
        Truth {
            pupil: circle(&self.pupil),
            limbus: circle(&self.limbus),
            tilt_degrees: self.tilt_degrees,
            open: self.open(),
        }
    }

    /// The part of the ring that no lid covers, by a thousand points or so spread evenly over it.
    fn open(&self) -> f32 {
        let (mut ring, mut seen) = (0, 0);
        for y in -20..=20 {
            for x in -20..=20 {
                let at = (x as f32 / 20.0 + self.limbus.centre.0, y as f32 / 20.0 + self.limbus.centre.1);
                if (0.0..=1.0).contains(&self.place(at).depth) {
                    ring += 1;
                    seen += i32::from(self.lids.covered(at) < 0.5);
                }
            }
        }
        seen as f32 / ring.max(1) as f32
    }
}
