//! Glasses.

use std::f32::consts::TAU;

use super::colour::Colour;
use super::lids::Lids;
use super::sheet::Sheet;
use super::vector::Vector;
use crate::synthetic::random::Random;

/// Points around a wire, around a rim, and along a bridge or a temple.
const AROUND: usize = 9;
const RIM: usize = 65;
const STRAIGHT: usize = 25;

/// Frames are black, brown, grey, golden, red or blue.
const FRAMES: [Colour; 6] =
    [[0.015; 3], [0.09, 0.035, 0.015], [0.16, 0.16, 0.17], [0.40, 0.28, 0.11], [0.20, 0.02, 0.03], [0.03, 0.06, 0.18]];

/// Millimetres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glasses {
    pub(super) colour: Colour,
    /// Half the thickness of the frame.
    wire: f32,
    /// From the middle of the face to that of a lens, and half its width and height.
    apart: f32,
    half: (f32, f32),
    /// How square the lenses are, as the exponent of a superellipse.
    exponent: f32,
    /// How much higher than the pupils the lenses sit.
    up: f32,
}

impl Glasses {
    pub(super) fn draw(lids: &Lids, random: &mut Random) -> Self {
        let width = random.normal(25.0, 1.6).clamp(21.5, 28.0);
        Self {
            colour: FRAMES[random.weighted(&[4.0, 1.5, 1.5, 1.2, 0.6, 0.8])],
            wire: random.between(0.7, 2.3),
            apart: (lids.apart + 1.5).max(width + 7.0),
            half: (width, width * random.between(0.62, 0.9)),
            exponent: random.between(2.0, 4.5),
            up: random.normal(-3.0, 1.2),
        }
    }

    /// The wires of it on a face whose nose's root and eyeballs lie at these depths, with ears `half` so far from the middle.
    pub(super) fn wires(&self, cornea: f32, half: f32) -> Vec<Sheet> {
        let front = cornea + 13.0;
        let depth = |x: f32| front - 0.0032 * x * x;
        let mut wires = Vec::new();
        for side in [-1.0, 1.0] {
            let rim = |at: usize| {
                let angle = TAU * at as f32 / (RIM - 1) as f32;
                let round = |part: f32| libm::copysignf(libm::powf(part.abs(), 2.0 / self.exponent), part);
                let x = side * (self.apart + self.half.0 * round(libm::cosf(angle)));
                Vector::new(x, self.up + self.half.1 * round(libm::sinf(angle)), depth(x))
            };
            wires.push(self.wire_along(&(0..RIM).map(rim).collect::<Vec<_>>()));
            let (outer, up) = (self.apart + self.half.0, self.up + 0.55 * self.half.1);
            let temple = |at: usize| {
                let part = at as f32 / (STRAIGHT - 1) as f32;
                let x = outer + (half + 1.5 - outer) * (2.0 * part).min(1.0) + 3.0 * part * (1.0 - part);
                Vector::new(side * x, up, depth(outer) + (-12.0 - depth(outer)) * part)
            };
            wires.push(self.wire_along(&(0..STRAIGHT).map(temple).collect::<Vec<_>>()));
        }
        let inner = self.apart - self.half.0;
        let bridge = |at: usize| {
            let part = 2.0 * at as f32 / (STRAIGHT - 1) as f32 - 1.0;
            let x = inner * part;
            Vector::new(x, self.up + 0.3 * self.half.1 + 2.5 * (1.0 - part * part), depth(x) + 1.0)
        };
        wires.push(self.wire_along(&(0..STRAIGHT).map(bridge).collect::<Vec<_>>()));
        wires
    }

    /// A round wire along `path`.
    fn wire_along(&self, path: &[Vector]) -> Sheet {
        Sheet::new(AROUND, path.len(), |column, row| {
            let along = (path[(row + 1).min(path.len() - 1)] - path[row.saturating_sub(1)]).unit();
            let first = along.cross(Vector::new(0.31, 0.12, 0.94)).unit();
            let second = along.cross(first);
            let angle = TAU * column as f32 / (AROUND - 1) as f32;
            path[row] + (first * libm::cosf(angle) + second * libm::sinf(angle)) * self.wire
        })
    }
}
