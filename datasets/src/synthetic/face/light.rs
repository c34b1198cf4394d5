//! Light: a main lamp with shadows, a weak one across from it, and light from everywhere.

use std::f32::consts::PI;

use super::colour::{Colour, mixed, scaled, times};
use super::conditions::Conditions;
use super::eyeball::Mirrored;
use super::raster::Lit;
use super::vector::Vector;

/// How far light goes round what is turned away from it: skin scatters, red most.
pub(super) const SKIN_WRAP: Colour = [0.34, 0.20, 0.15];
pub(super) const CLOTH_WRAP: Colour = [0.10, 0.10, 0.10];

pub(super) struct Lamps {
    /// Directions to the lamps.
    pub(super) key: Vector,
    fill: Vector,
    key_colour: Colour,
    fill_colour: Colour,
    sky: Colour,
    ground: Colour,
}

/// A point of a surface to be lit.
pub(super) struct Exposed {
    pub(super) normal: Vector,
    /// How open to the sky it is, and how much of the main lamp reaches it.
    pub(super) open: f32,
    pub(super) reached: f32,
}

impl Lamps {
    pub(super) fn new(how: &Conditions) -> Self {
        let angle = |degrees: f32| degrees * PI / 180.0;
        let (aside, up) = (angle(how.light_right_degrees), angle(how.light_up_degrees));
        let flat = libm::cosf(up);
        let key = Vector::new(libm::sinf(aside) * flat, libm::sinf(up), libm::cosf(aside) * flat);
        let warm = how.warmth;
        let tint = [1.0 + 0.22 * warm, 1.0, 1.0 - 0.30 * warm];
        let hardness = how.hardness;
        let all = scaled(tint, libm::exp2f(how.exposure));
        Self {
            key,
            fill: Vector::new(-0.7 * key.x - 0.15, 0.25, 0.75).unit(),
            key_colour: scaled(all, 0.30 + 0.95 * hardness),
            fill_colour: scaled(all, 0.34 * (1.0 - 0.7 * hardness)),
            sky: scaled(all, 0.66 * (1.0 - 0.72 * hardness)),
            ground: scaled(times(all, [1.0, 0.93, 0.88]), 0.34 * (1.0 - 0.72 * hardness)),
        }
    }

    /// The light on a smooth surface that scatters as `wrap` says.
    pub(super) fn on(&self, point: &Exposed, wrap: Colour) -> Lit {
        let normal = point.normal;
        let (to_key, to_fill) = (normal.dot(self.key), normal.dot(self.fill));
        let around = mixed(self.ground, self.sky, 0.5 + 0.5 * normal.y);
        let light = std::array::from_fn(|band| {
            let reach = |cosine: f32| ((cosine + wrap[band]) / (1.0 + wrap[band])).max(0.0);
            // What is in shadow still glows with what the skin around it lets through.
            let reached = point.reached + (1.0 - point.reached) * 0.25 * wrap[band];
            let open = point.open;
            self.key_colour[band] * reach(to_key) * reached * (0.4 + 0.6 * open)
                + self.fill_colour[band] * reach(to_fill) * open
                + around[band] * open * open
        });
        let edge = 1.0 - normal.z.clamp(0.0, 1.0);
        let rim = edge * edge * edge * 0.35;
        let shine = self.key_colour[1] * point.reached * (gloss(normal, self.key, 16) + rim * to_key.max(0.0))
            + self.fill_colour[1] * gloss(normal, self.fill, 16)
            + 0.25 * rim * self.sky[1] * point.open;
        Lit { light, shine }
    }

    /// The light on hair that lies along `strand` (Kajiya & Kay, SIGGRAPH 1989).
    pub(super) fn on_hair(&self, point: &Exposed, strand: Vector) -> Lit {
        let Lit { light, .. } = self.on(point, CLOTH_WRAP);
        let band = |lamp: Vector| {
            let along = strand.dot(half(lamp));
            power((1.0 - along * along).max(0.0).sqrt(), 32) * rise_from_edge(point.normal.dot(lamp))
        };
        Lit {
            light,
            shine: self.key_colour[1] * point.reached * band(self.key) + self.fill_colour[1] * band(self.fill),
        }
    }

    /// What eyes show of the lamps.
    pub(super) fn mirrored(&self) -> Mirrored {
        Mirrored {
            lamps: [(half(self.key), 0.35 + 0.7 * self.key_colour[1]), (half(self.fill), 0.5 * self.fill_colour[1])],
        }
    }
}

/// Halfway from a lamp to the camera.
fn half(lamp: Vector) -> Vector {
    (lamp + Vector::new(0.0, 0.0, 1.0)).unit()
}

/// How much of a lamp a rough surface mirrors (Blinn 1977).
fn gloss(normal: Vector, lamp: Vector, exponent: u32) -> f32 {
    power(normal.dot(half(lamp)).max(0.0), exponent)
}

fn rise_from_edge(cosine: f32) -> f32 {
    (cosine + 0.25).clamp(0.0, 1.0)
}

/// `base` to a power that is a power of two.
fn power(base: f32, exponent: u32) -> f32 {
    (0..exponent.ilog2()).fold(base, |power, _| power * power)
}
