//! From a place on the sensor to the skin that lies there.
//!
//! Skin that is pressed down moves as one piece; around it the skin is dragged along, less and less with distance (Cappelli,
//! Maio & Maltoni, Modelling plastic distortion in fingerprint images, ICAPR 2001). A slow ripple stands for all that the
//! model leaves out.

use std::f32::consts::{PI, TAU};

use super::conditions::Conditions;
use crate::synthetic::random::{Random, rise};

/// What is left of the skin's edge, in pixels: ridges there were grown with nothing beside them.
const EDGE_PX: f32 = 6.0;

/// The skin under a place on the sensor, in pixels of the skin's own plane, and how far within the contact it lies.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) x: f32,
    pub(super) y: f32,
    /// Pixels to the edge of the contact, less than 0 outside.
    pub(super) inside_px: f32,
}

/// The way from sensor to skin.
pub(super) struct Warp {
    sin: f32,
    cos: f32,
    sensor_centre: (f32, f32),
    skin_centre: (f32, f32),
    slip: Slip,
    ripples: [[f32; 5]; 4],
    contact: Contact,
}

/// The piece that is pressed down, and how it slides.
struct Slip {
    centre: (f32, f32),
    radius: (f32, f32),
    by: (f32, f32),
    turn: f32,
    /// Distance over which the drag fades, in pixels.
    fade_px: f32,
}

/// The part of the finger that touches: half an ellipse above, a longer half below.
struct Contact {
    centre: (f32, f32),
    half_width: f32,
    above: f32,
    below: f32,
}

impl Warp {
    /// `sensor` and `skin` are sizes in pixels.
    pub(super) fn new(how: &Conditions, sensor: (usize, usize), skin: (usize, usize), random: &mut Random) -> Self {
        let turn = how.turn_degrees * PI / 180.0;
        let half = |(width, height): (usize, usize)| (width as f32 / 2.0, height as f32 / 2.0);
        let (middle_x, middle_y) = half(sensor);
        let wide = |random: &mut Random, usual: f32| how.contact * usual * random.normal(1.0, 0.05);
        Self {
            sin: libm::sinf(turn),
            cos: libm::cosf(turn),
            sensor_centre: (middle_x + how.right_px, middle_y - how.up_px),
            skin_centre: half(skin),
            slip: Slip::new(how.slip_px, random),
            ripples: std::array::from_fn(|_| ripple(random)),
            contact: Contact {
                centre: (
                    random.normal(0.0, 10.0),
                    random.normal(-8.0, 12.0) + (1.0 - how.contact) * random.normal(0.0, 70.0),
                ),
                half_width: wide(random, 136.0),
                above: wide(random, 165.0),
                below: wide(random, 175.0),
            },
        }
    }

    /// What lies at column `x`, row `y` of the sensor.
    pub(super) fn place(&self, x: f32, y: f32) -> Place {
        let (x, y) = (x - self.sensor_centre.0, y - self.sensor_centre.1);
        let (x, y) = (x * self.cos - y * self.sin, x * self.sin + y * self.cos);
        let inside_px = self.contact.inside_px(x, y);
        let (mut to_x, mut to_y) = self.slip.drag(x, y);
        for [across, down, phase, by_x, by_y] in self.ripples {
            let swing = libm::sinf(across * x + down * y + phase);
            (to_x, to_y) = (to_x + by_x * swing, to_y + by_y * swing);
        }
        let beyond_px = (to_x.abs() - self.skin_centre.0).max(to_y.abs() - self.skin_centre.1);
        let inside_px = inside_px.min(-EDGE_PX - beyond_px);
        Place { x: self.skin_centre.0 + to_x, y: self.skin_centre.1 + to_y, inside_px }
    }
}

impl Slip {
    fn new(slip_px: f32, random: &mut Random) -> Self {
        let direction = random.between(0.0, TAU);
        Self {
            centre: (random.normal(0.0, 20.0), random.normal(0.0, 30.0)),
            radius: (random.between(35.0, 70.0), random.between(45.0, 90.0)),
            by: (slip_px * libm::cosf(direction), slip_px * libm::sinf(direction)),
            turn: random.normal(0.0, 0.006) * slip_px,
            fade_px: random.between(70.0, 130.0),
        }
    }

    /// Where the skin at a point was before it was dragged.
    fn drag(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        let (a, b) = (dx / self.radius.0, dy / self.radius.1);
        let beyond_px = ((a * a + b * b).sqrt() - 1.0) * (self.radius.0 + self.radius.1) / 2.0;
        let held = 1.0 - rise(0.0, self.fade_px, beyond_px);
        // What is held stays with the bone; the rest of the skin has moved.
        let (sin, cos) = (libm::sinf(self.turn), libm::cosf(self.turn));
        let moved = (dx * cos - dy * sin - dx + self.by.0, dx * sin + dy * cos - dy + self.by.1);
        (x + moved.0 * (1.0 - held), y + moved.1 * (1.0 - held))
    }
}

/// Two frequencies, a phase, and the swing in x and in y.
fn ripple(random: &mut Random) -> [f32; 5] {
    let (length_px, direction) = (random.between(90.0, 260.0), random.between(0.0, TAU));
    let frequency = TAU / length_px;
    [
        frequency * libm::cosf(direction),
        frequency * libm::sinf(direction),
        random.between(0.0, TAU),
        random.normal(0.0, 1.0),
        random.normal(0.0, 1.0),
    ]
}

impl Contact {
    fn inside_px(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        let height = if dy < 0.0 { self.above } else { self.below };
        let (a, b) = (dx / self.half_width, dy / height);
        // A little squarer than an ellipse: the fourth power counts as much as the second.
        let (a, b) = (a * a, b * b);
        let out = ((a + b + (a * a + b * b).sqrt()) / 2.0).sqrt();
        (1.0 - out) * self.half_width
    }
}
