//! Ears.

use std::f32::consts::{PI, TAU};

use super::build::Kind;
use super::sheet::Sheet;
use super::swelling::hump;
use super::vector::Vector;
use crate::synthetic::random::{Random, rise};

/// Points around an ear and from its middle to its rim.
const AROUND: usize = 41;
const OUTWARDS: usize = 15;

/// Millimetres and radians.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ears {
    height: f32,
    width: f32,
    /// How far they stand off the head.
    off: f32,
    /// How large the lobes are.
    lobe: f32,
    /// How high they sit.
    pub(super) up: f32,
    /// How rolled the rim is.
    rim: f32,
}

impl Ears {
    pub(super) fn draw(kind: &Kind, random: &mut Random) -> Self {
        Self {
            height: 31.5 + 0.8 * kind.manly + 2.5 * kind.age + random.normal(0.0, 2.2),
            width: 17.5 + random.normal(0.0, 1.4),
            off: random.normal(0.48, 0.13).clamp(0.22, 0.9),
            lobe: random.between(0.75, 1.1),
            up: -13.0 + random.normal(0.0, 2.5),
            rim: random.between(0.7, 1.3),
        }
    }

    /// The ear on a `side`, 1 right and -1 left of the picture, of a head that is so wide where it sits, half.
    pub(super) fn sheet(&self, side: f32, half: f32) -> Sheet {
        let root = Vector::new(half - 2.0, self.up, 0.0);
        Sheet::new(AROUND, OUTWARDS, |column, row| {
            let column = if side < 0.0 { AROUND - 1 - column } else { column };
            let angle = TAU * column as f32 / (AROUND - 1) as f32;
            let part = row as f32 / (OUTWARDS - 1) as f32;
            let (along, up) = (libm::cosf(angle), libm::sinf(angle));
            // An egg that stands on its tip; its front edge is the root.
            let narrow = 1.0 - 0.2 * (1.0 - up) * (1.0 - 0.5 * self.lobe);
            let (a, b) = (self.width * narrow * along * part, self.height * up * part);
            let upper = rise(-0.75, -0.1, up);
            // The lobe lies closer to the head than the rim.
            let off = self.off * (0.65 + 0.35 * rise(-0.8 * self.height, 0.3 * self.height, b));
            let (sin, cos) = (libm::sinf(off), libm::cosf(off));
            let root = root + Vector::new(-5.0 * rise(0.2 * self.height, -self.height, b), 0.0, 0.0);
            let (back, out) = (Vector::new(sin, 0.0, -cos), Vector::new(cos, 0.0, sin));
            let rim = 3.4 * self.rim * hump((part - 0.86) / 0.2) * upper * rise(0.98, 0.7, -along);
            let inner = 2.4 * hump((part - 0.56) / 0.16) * rise(0.2, 0.7, along) * upper;
            let hollow = -5.0 * hump((part - 0.12) / 0.42) * rise(-1.0, 0.2, up);
            let edge = -2.5 * rise(0.9, 1.0, part);
            let point =
                root + back * (a + self.width * 0.86) + Vector::new(0.0, b, 0.0) + out * (rim + inner + hollow + edge);
            Vector::new(side * point.x, point.y + 0.10 * (angle / PI - 1.0).abs(), point.z)
        })
    }

    /// How dark it is in the hollow of row `v`, 0 to 1.
    pub(super) fn hollow(v: f32) -> f32 {
        let part = v / (OUTWARDS - 1) as f32;
        rise(0.42, 0.12, part) + 0.5 * hump((part - 0.7) / 0.16)
    }
}
