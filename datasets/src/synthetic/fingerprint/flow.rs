//! Where the ridges go: the zero-pole model of Sherlock & Monro (1993), bent as Vizcaya & Gerhardt (1996) showed.
//!
//! The direction of the ridges at a point is half the sum of the angles under which it sees the cores, less those under
//! which it sees the deltas. Far away these cancel and ridges are level. The plain model opens loops too straight;
//! Vizcaya and Gerhardt pass each angle through a piecewise linear curve first. Arches have neither core nor delta:
//! their ridges follow a sine whose height fades (Cappelli, Handbook of Fingerprint Recognition, chapter 6).
//!
//! Coordinates are pixels at 500 ppi from the centre of the finger, x to the right, y up. Angles are radians,
//! counter-clockwise from the x axis.

use std::f32::consts::{FRAC_PI_4, PI, TAU};

use super::pattern::Pattern;
use crate::synthetic::random::{Random, rise};

const DEGREE: f32 = PI / 180.0;
/// Corners of the curve that bends an angle.
const KNOTS: usize = 8;

/// A core or a delta.
struct Singular {
    x: f32,
    y: f32,
    /// Half the turn of the ridges on the way round it, in half turns: 1 for a core, -1 for a delta.
    sign: f32,
    /// What to add to the angle under which it is seen, every eighth of a turn from the x axis.
    bends: [f32; KNOTS],
}

/// A slow swing of the direction, which makes each finger's flow its own.
struct Swing {
    x: f32,
    y: f32,
    phase: f32,
    amplitude: f32,
}

/// The direction of the ridges all over a finger.
pub(super) struct Flow {
    singular: Vec<Singular>,
    swings: [Swing; 4],
    /// Slope and half width of the wave of an arch; nothing for the others.
    wave: Option<(f32, f32)>,
    /// How far the ridges at the sides fall away from level.
    dome: f32,
    /// Highest core and lowest delta, or where they would be.
    pub(super) core_y: f32,
    pub(super) delta_y: f32,
}

impl Flow {
    pub(super) fn new(pattern: Pattern, random: &mut Random) -> Self {
        let (x, y) = (random.normal(0.0, 12.0), random.normal(40.0, 16.0));
        let (cores, deltas) = place(pattern, (x, y), random);
        let core_y = cores.iter().map(|core| core.1).fold(y, f32::max);
        let delta_y = deltas.iter().map(|delta| delta.1).fold(y - 90.0, f32::min);
        // Ridges lean on the upper core like a roof; a second core below makes them run round by itself.
        let lean = if cores.len() == 1 { 24.0 * DEGREE } else { 6.0 * DEGREE };
        let mut singular: Vec<Singular> = cores.iter().map(|&at| Singular::new(at, 1.0, lean, random)).collect();
        singular.extend(deltas.iter().map(|&at| Singular::new(at, -1.0, 0.0, random)));
        Self {
            singular,
            dome: random.normal(26.0, 5.0) * DEGREE,
            swings: std::array::from_fn(|_| Swing::new(random)),
            wave: (pattern == Pattern::Arch).then(|| (random.between(0.8, 1.6), random.between(150.0, 200.0))),
            core_y,
            delta_y,
        }
    }

    /// The direction of the ridges at a point.
    pub(super) fn angle(&self, x: f32, y: f32) -> f32 {
        let swings: f32 = self.swings.iter().map(|swing| swing.at(x, y)).sum();
        let turns: f32 = self.singular.iter().map(|point| point.turn(x, y)).sum();
        // Towards the tip ridges follow the round of the finger.
        let round = rise(self.delta_y - 40.0, self.core_y + 60.0, y) * (x / 150.0).clamp(-1.2, 1.2);
        swings + turns - self.dome * round + self.wave.map_or(0.0, |wave| self.arch(wave, x, y))
    }

    fn arch(&self, (slope, half_width): (f32, f32), x: f32, y: f32) -> f32 {
        let height = rise(self.delta_y - 60.0, self.core_y - 10.0, y) * (1.0 - 0.35 * rise(self.core_y, 230.0, y));
        let across = (x / half_width).clamp(-1.2, 1.2);
        libm::atanf(-slope * height * libm::sinf(across * PI / 2.0))
    }
}

type Points = Vec<(f32, f32)>;

/// Cores and deltas of a `pattern` whose upper core is at (`x`, `y`).
fn place(pattern: Pattern, (x, y): (f32, f32), random: &mut Random) -> (Points, Points) {
    let mut beside = |sign: f32| (x + sign * random.between(60.0, 125.0), y - random.between(90.0, 165.0));
    match pattern {
        Pattern::Arch => (vec![], vec![]),
        Pattern::LeftLoop => (vec![(x, y)], vec![beside(1.0)]),
        Pattern::RightLoop => (vec![(x, y)], vec![beside(-1.0)]),
        Pattern::TentedArch => (vec![(x, y)], vec![(x + random.normal(0.0, 8.0), y - random.between(60.0, 120.0))]),
        Pattern::Whorl | Pattern::DoubleLoop => {
            let deltas = vec![beside(-1.0), beside(1.0)];
            let twin = pattern == Pattern::DoubleLoop;
            let length = if twin { random.between(60.0, 100.0) } else { random.between(12.0, 65.0) };
            let tilt = if twin { random.between(0.5, 1.1) } else { random.between(0.0, 0.5) };
            let tilt = if random.chance(0.5) { tilt } else { -tilt };
            (vec![(x, y), (x + length * libm::sinf(tilt), y - length * libm::cosf(tilt))], deltas)
        }
    }
}

impl Singular {
    fn new((x, y): (f32, f32), sign: f32, lean: f32, random: &mut Random) -> Self {
        let bend = |knot: usize| -lean * libm::cosf(knot as f32 * FRAC_PI_4) + random.normal(0.0, 5.0 * DEGREE);
        let mut bend = bend;
        Self { x, y, sign, bends: std::array::from_fn(&mut bend) }
    }

    /// What this point adds to the direction of the ridges.
    fn turn(&self, x: f32, y: f32) -> f32 {
        let seen = libm::atan2f(y - self.y, x - self.x);
        let knot = (if seen < 0.0 { seen + TAU } else { seen }) / FRAC_PI_4;
        let (below, part) = (knot as usize % KNOTS, knot - knot.floor());
        let bend = self.bends[below] + (self.bends[(below + 1) % KNOTS] - self.bends[below]) * part;
        self.sign * (seen + bend) / 2.0
    }
}

impl Swing {
    fn new(random: &mut Random) -> Self {
        let (length_px, direction) = (random.between(160.0, 420.0), random.between(0.0, TAU));
        Self {
            x: libm::cosf(direction) * TAU / length_px,
            y: libm::sinf(direction) * TAU / length_px,
            phase: random.between(0.0, TAU),
            amplitude: random.between(1.0, 5.0) * DEGREE,
        }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        self.amplitude * libm::sinf(self.x * x + self.y * y + self.phase)
    }
}
