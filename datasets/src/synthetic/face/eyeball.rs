//! Eyeballs.

use super::colour::{Colour, mixed, scaled};
use super::features::Features;
use super::lids::{BALL, Near};
use super::sheet::Sheet;
use super::vector::Vector;
use crate::synthetic::random::{Random, rise};

/// Points of the front of an eyeball each way, and how far from its middle they reach, in radians.
const POINTS: usize = 27;
const REACH: f32 = 1.45;

/// Radius of an iris.
const IRIS: f32 = 6.5;

const WHITE: Colour = [0.64, 0.59, 0.565];
const FLESH: Colour = [0.48, 0.20, 0.17];

/// One eye of a photograph.
pub(super) struct Eyeball<'a> {
    features: &'a Features,
    /// 1 on the right of the picture, -1 on the left.
    side: f32,
    /// The middle of the iris, in millimetres from the front of the ball.
    iris: (f32, f32),
    pupil: f32,
    open: f32,
    /// Which fibres of the iris are lighter.
    fibres: [(f32, f32); 3],
}

/// The light as an eyeball mirrors it.
pub(super) struct Mirrored {
    /// Halfway between lamp and camera, and how strong the lamp is.
    pub(super) lamps: [(Vector, f32); 2],
}

impl<'a> Eyeball<'a> {
    /// The eye on a `side` that looks along `gaze`, in radians to the right and up.
    pub(super) fn new(features: &'a Features, side: f32, gaze: (f32, f32), open: f32) -> Self {
        let random = &mut Random::new(features.kind.melanin.to_bits().into(), 23);
        Self {
            features,
            side,
            iris: (1.1 * BALL.1 * libm::sinf(gaze.0), BALL.1 * libm::sinf(gaze.1)),
            pupil: 2.4,
            open: open + side * 0.04 * features.lids.uneven,
            fibres: std::array::from_fn(|_| {
                (random.between(0.0, std::f32::consts::TAU), random.between(7.0, 23.0).floor())
            }),
        }
    }

    /// The front of the ball whose middle is at `centre`.
    pub(super) fn sheet(centre: Vector) -> Sheet {
        Sheet::new(POINTS, POINTS, |column, row| {
            let way = direction(column as f32, row as f32);
            centre + Vector::new(BALL.0 * way.x, BALL.1 * way.y, BALL.2 * way.z)
        })
    }

    /// The colour at (`u`, `v`) of the sheet in this `light`.
    pub(super) fn colour(&self, (u, v): (f32, f32), light: Colour, mirrored: &Mirrored) -> Colour {
        let way = direction(u, v);
        let (x, y) = (BALL.0 * way.x, BALL.1 * way.y);
        let near = self.features.lids.near(self.side * self.features.lids.apart + x, y);
        let shade = self.shade(near);
        let (dx, dy) = (x - self.iris.0, y - self.iris.1);
        let from = (dx * dx + dy * dy).sqrt();
        let base = self.painted(dx, dy, from, near);
        let lit: Colour = std::array::from_fn(|band| base[band] * light[band] * shade);
        // The cornea is a smaller ball on the ball: it turns faster.
        let bulge = rise(IRIS + 1.5, IRIS - 1.0, from);
        let normal =
            Vector::new(x / BALL.0 + 0.9 * bulge * dx / BALL.1, y / BALL.1 + 0.9 * bulge * dy / BALL.1, way.z).unit();
        let glint: f32 = mirrored.lamps.iter().map(|&(half, strength)| strength * spot(normal.dot(half))).sum();
        lit.map(|band| band + glint * rise(0.45, 0.9, shade))
    }

    fn painted(&self, dx: f32, dy: f32, from: f32, near: Near) -> Colour {
        let lids = &self.features.lids;
        let corner =
            rise(lids.half - 5.0, lids.half - 0.5, -near.out).max(0.5 * rise(lids.half - 3.0, lids.half, near.out));
        let ball = scaled(mixed(WHITE, FLESH, corner), 1.0 - 0.012 * from.min(15.0));
        if from > IRIS + 0.8 {
            return ball;
        }
        let colour = self.features.complexion.iris;
        let angle = libm::atan2f(dy, dx);
        let fibres: f32 = self.fibres.iter().map(|&(phase, waves)| libm::sinf(phase + waves * angle)).sum();
        let ring = 1.25 - 0.5 * rise(0.6 * IRIS, IRIS, from) + 0.10 * fibres;
        let iris = scaled(colour, 0.95 * ring.max(0.3));
        let dark = rise(self.pupil + 0.35, self.pupil - 0.35, from);
        let iris = mixed(iris, [0.004; 3], dark);
        mixed(iris, ball, rise(IRIS - 0.7, IRIS + 0.6, from))
    }

    /// What of the light gets below the lids.
    fn shade(&self, near: Near) -> f32 {
        let (upper, lower) = self.features.lids.edges(near.out, self.open);
        let below = rise(-0.5, 4.2, upper - near.up);
        let above = rise(-0.5, 1.2, near.up - lower);
        (0.30 + 0.70 * below) * (0.75 + 0.25 * above)
    }
}

/// Which way from the middle of the ball column `u`, row `v` of its sheet lies.
fn direction(u: f32, v: f32) -> Vector {
    let turn = |at: f32| (2.0 * at / (POINTS - 1) as f32 - 1.0) * REACH;
    let (across, up) = (turn(u), -turn(v));
    let flat = libm::cosf(up);
    Vector::new(libm::sinf(across) * flat, libm::sinf(up), libm::cosf(across) * flat)
}

/// How much of a lamp is mirrored where the surface is turned by this cosine from halfway to it.
fn spot(cosine: f32) -> f32 {
    rise(0.978, 0.992, cosine)
}
