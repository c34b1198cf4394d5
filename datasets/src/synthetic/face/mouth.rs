//! The lips.

use super::build::{Build, Kind};
use super::swelling::{Swelling, bell, hump};
use crate::synthetic::random::{Random, rise};

/// Millimetres, as in [`Build`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Mouth {
    /// Height of the line between the lips.
    line: f32,
    /// From the middle to a corner.
    pub(super) half: f32,
    /// How thick the red of the upper and of the lower lip is.
    upper: f32,
    lower: f32,
    /// How deep the upper lip dips in the middle.
    bow: f32,
    /// How much higher than the middle the corners lie.
    corners: f32,
    /// How far the red stands out.
    out: f32,
    /// How deep the groove from nose to lip is.
    philtrum: f32,
}

impl Mouth {
    pub(super) fn draw(kind: &Kind, build: &Build, random: &mut Random) -> Self {
        let Kind { manly, melanin, age, .. } = *kind;
        let thick = 1.0 - 0.13 * manly + 0.45 * melanin - 0.22 * age;
        Self {
            line: build.mouth,
            half: 25.0 + 1.2 * manly + 1.2 * melanin + random.normal(0.0, 2.875),
            upper: (6.8 * thick + random.normal(0.0, 1.625)).clamp(3.0, 12.0),
            lower: (9.2 * thick + random.normal(0.0, 1.75)).clamp(5.0, 14.5),
            bow: random.between(0.1, 1.0),
            corners: random.normal(0.9 - 1.2 * age, 1.375),
            out: 2.6 + 1.4 * melanin + random.normal(0.0, 0.75),
            philtrum: random.between(0.5, 1.6),
        }
    }

    /// The corner on the right.
    pub(super) fn corner(&self) -> (f32, f32) {
        (self.half, self.line + self.corners)
    }

    /// Heights at `x` of the upper edge of the red, of the line between the lips, and of the lower edge.
    fn edges(&self, x: f32) -> (f32, f32, f32) {
        let t = (x / self.half).abs().min(1.0);
        let rest = 1.0 - t * t;
        let line =
            self.line + self.corners * t * t * t - 0.8 * hump(x / 8.0) * self.bow + 0.5 * hump((x.abs() - 12.0) / 10.0);
        let bow = self.bow * (hump((x.abs() - 5.4) / 6.5) * 0.9 - 1.2 * hump(x / 4.8));
        let upper = self.upper * (0.72 * rest + 0.28 * (1.0 - t)) + bow * (self.upper / 7.0);
        let lower = self.lower * rest * (0.75 + 0.25 * rest);
        (line + upper.max(0.0), line, line - lower)
    }

    /// How far the mouth stands out of the face at (`x`, `y`).
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let groove = -self.philtrum * bell(x / 5.0, (y - self.line - self.upper - 6.0) / 13.0);
        if x.abs() > self.half + 8.0 || (y - self.line).abs() > 28.0 {
            return groove;
        }
        let (top, line, bottom) = self.edges(x);
        let t = (x / (self.half + 2.0)).abs().min(1.0);
        let middle = 1.0 - t * t;
        let roll = |from: f32, to: f32| hump(((y - from) / (to - from).max(1.5) - 0.42) / 0.95);
        let red = self.out * middle * (1.15 * roll(line, top + 1.0) + 1.3 * roll(line, bottom - 1.0).max(0.0));
        let seam = -2.3 * hump((y - line) / 2.8) * rise(1.08, 0.7, t);
        let dimple = Swelling::new((self.half + 2.0, self.line + self.corners), (7.0, 7.0), -1.8).at(x.abs(), y);
        groove + red + seam + dimple
    }

    /// How red the skin is at (`x`, `y`), and how deep between the lips it lies; both 0 to 1.
    pub(super) fn red(&self, x: f32, y: f32) -> (f32, f32) {
        if x.abs() > self.half + 2.0 || (y - self.line).abs() > 22.0 {
            return (0.0, 0.0);
        }
        let (top, line, bottom) = self.edges(x);
        let inside = rise(-0.5, 0.7, top - y) * rise(-0.8, 1.2, y - bottom) * rise(self.half, self.half - 2.0, x.abs());
        let seam = rise(1.15, 0.2, (y - line).abs()) * rise(self.half + 1.0, self.half - 4.0, x.abs());
        (inside, seam)
    }
}
