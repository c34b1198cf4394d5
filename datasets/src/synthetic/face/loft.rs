//! Lofts: surfaces stretched over closed curves that lie on top of one another, as skin over ribs.

use std::f32::consts::{FRAC_PI_2, PI};

use super::vector::Vector;

/// One curve around the upright axis: where it passes in front, at the sides and at the back.
///
/// Seen from above it is a superellipse (Lamé): of exponent 2 an ellipse, above that squarer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rib {
    /// Height and depth in front.
    pub(super) front: (f32, f32),
    /// Half the width, height and depth at the sides.
    pub(super) side: (f32, f32, f32),
    /// Height and depth at the back.
    pub(super) back: (f32, f32),
    pub(super) exponent: f32,
}

/// A place on a rib.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bearing {
    /// Half turns from the front, -1 to 1, positive to the right.
    pub(super) turn: f32,
    sine: f32,
}

impl Bearing {
    pub(super) fn new(turn: f32) -> Self {
        Self { turn, sine: libm::sinf(turn * PI) }
    }

    /// `ahead` bearings from side to side in front, closest in the middle, between `behind` on either side of the back.
    pub(super) fn all_around(ahead: usize, behind: usize) -> Vec<Self> {
        let back = (0..behind).map(|at| 0.5 * at as f32 / behind as f32 - 1.0);
        let front = (0..ahead).map(|at| {
            let part = 2.0 * at as f32 / (ahead - 1) as f32 - 1.0;
            0.5 * part * (0.72 + 0.28 * part * part)
        });
        let again = (1..=behind).map(|at| 0.5 + 0.5 * at as f32 / behind as f32);
        back.chain(front).chain(again).map(Self::new).collect()
    }
}

impl Rib {
    /// The point of the rib at a bearing.
    pub(super) fn point(&self, bearing: Bearing) -> Vector {
        let sine = bearing.sine.abs().min(1.0);
        let ahead = libm::powf((1.0 - libm::powf(sine, self.exponent)).max(0.0), 1.0 / self.exponent);
        let (width, y, z) = self.side;
        let end = if bearing.turn.abs() <= FRAC_PI_2 / PI { self.front } else { self.back };
        Vector::new(width * bearing.sine, y + (end.0 - y) * ahead, z + (end.1 - z) * ahead)
    }

    fn numbers(&self) -> [f32; 8] {
        let Self { front, side, back, exponent } = self;
        [front.0, front.1, side.0, side.1, side.2, back.0, back.1, *exponent]
    }

    fn of_numbers([a, b, c, d, e, f, g, exponent]: [f32; 8]) -> Self {
        Self { front: (a, b), side: (c, d, e), back: (f, g), exponent }
    }
}

/// Ribs between the `given` ones, as many as each is to have up to the next, on splines through all of them (Catmull & Rom).
pub(super) fn ribs(given: &[(Rib, usize)]) -> Vec<Rib> {
    let numbers: Vec<[f32; 8]> = given.iter().map(|(rib, _)| rib.numbers()).collect();
    let last = numbers.len() - 1;
    let mut ribs = Vec::new();
    for (at, &(_, steps)) in given.iter().enumerate().take(last) {
        let [before, from, to, after] = [at.saturating_sub(1), at, at + 1, (at + 2).min(last)].map(|at| numbers[at]);
        for step in 0..steps {
            let t = step as f32 / steps as f32;
            let number = |n: usize| {
                let (p, q) = (to[n] - before[n], after[n] - from[n]);
                let bend = 2.0 * (from[n] - to[n]) + 0.5 * (p + q);
                from[n] + t * (0.5 * p + t * (to[n] - from[n] - 0.5 * p - bend + t * bend))
            };
            ribs.push(Rib::of_numbers(std::array::from_fn(number)));
        }
    }
    ribs.push(given[last].0);
    ribs
}
