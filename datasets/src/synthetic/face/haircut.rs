//! Haircuts: where hair grows, how full it is and how far it hangs.

use super::build::{Build, Kind};
use super::swelling::hump;
use crate::synthetic::random::{Random, rise};

/// Bearings, in half turns, at which the height of the hairline is given.
const TURNS: [f32; 13] = [0.0, 0.07, 0.14, 0.21, 0.28, 0.34, 0.40, 0.455, 0.5, 0.56, 0.66, 0.8, 1.0];

/// Heights of a usual hairline there: forehead, temple, sideburn, over the ear, nape.
const HEIGHTS: [f32; 13] = [70.0, 70.0, 70.0, 66.0, 56.0, 43.0, 22.0, -2.0, 8.0, 14.0, -14.0, -50.0, -66.0];

/// Millimetres, as in [`Build`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Haircut {
    line: [f32; 13],
    /// Hair grows only below this.
    bald: f32,
    /// How far it stands off the skull on top, at the sides and above the forehead; no hair is drawn where all are 0.
    pub(super) top: f32,
    pub(super) sides: f32,
    pub(super) front: f32,
    /// How much fuller the right side is, and where it is parted.
    lean: f32,
    part: Option<f32>,
    /// How far curls and waves stand out, and how long they are.
    pub(super) curl: f32,
    pub(super) curl_mm: f32,
    /// How far down it hangs, and how far round to the face.
    pub(super) end: f32,
    pub(super) edge: f32,
    pub(super) flare: f32,
    /// How dark the scalp looks where it grows, 0 to 1.
    pub(super) dense: f32,
}

impl Haircut {
    pub(super) fn draw(kind: &Kind, build: &Build, random: &mut Random) -> Self {
        let mut cut = Self::short(kind, build, random);
        let curly = random.chance(0.2 + 0.45 * kind.melanin);
        cut.curl = if curly { random.between(2.5, 5.5) } else { random.between(0.6, 2.0) };
        cut.curl_mm = if curly { random.between(7.0, 16.0) } else { random.between(18.0, 45.0) };
        if kind.manly > 0.0 {
            cut.man(kind, random);
        } else {
            cut.woman(build, random);
        }
        cut
    }

    fn short(kind: &Kind, build: &Build, random: &mut Random) -> Self {
        let height = random.normal(0.0, 4.5) + 0.5 * (build.crown - 111.0);
        let (peak, temples) = (
            random.normal(-1.0, 3.0),
            (kind.manly.max(0.0) * (4.0 + 16.0 * kind.age) + random.normal(0.0, 4.0)).max(-3.0),
        );
        let burns = random.normal(0.0, 7.0);
        let line = std::array::from_fn(|at| {
            let turn = TURNS[at];
            HEIGHTS[at]
                + height * rise(0.4, 0.2, turn)
                + peak * hump(turn / 0.13)
                + temples * hump((turn - 0.19) / 0.15)
                + burns * hump((turn - 0.455) / 0.05)
        });
        Self {
            line,
            bald: f32::INFINITY,
            top: random.between(9.0, 18.0),
            sides: random.between(3.0, 8.0),
            front: random.between(0.0, 8.0),
            lean: random.normal(0.0, 0.25),
            part: random.chance(0.4).then(|| random.between(0.13, 0.27) * if random.chance(0.5) { 1.0 } else { -1.0 }),
            curl: 1.0,
            curl_mm: 20.0,
            end: -70.0,
            edge: 1.0,
            flare: 0.0,
            dense: random.between(0.75, 0.95),
        }
    }

    fn man(&mut self, kind: &Kind, random: &mut Random) {
        match random.weighted(&[0.9, 1.6, 2.6, 1.2, 1.1, 0.3 + 2.2 * kind.age, 0.6, 0.7]) {
            0 => (self.top, self.sides, self.front, self.curl) = (3.5, 2.0, 0.0, 0.5),
            1 => (self.top, self.sides) = (random.between(6.0, 10.0), random.between(2.0, 4.0)),
            2 => {}
            3 => (self.front, self.top, self.part) = (random.between(14.0, 24.0), random.between(14.0, 20.0), None),
            4 => self.fringe(random.between(32.0, 46.0)),
            5 => {
                (self.bald, self.top, self.front) = (random.between(45.0, 62.0), 4.0, 0.0);
                self.sides = random.between(3.0, 6.0);
            }
            6 => (self.top, self.sides, self.front, self.dense) = (0.0, 0.0, 0.0, random.between(0.0, 0.55)),
            _ => {
                self.hang(random.between(-135.0, -80.0), random.between(0.47, 0.53), random);
                self.part = Some(random.between(-0.08, 0.08));
            }
        }
    }

    fn woman(&mut self, build: &Build, random: &mut Random) {
        self.top = random.between(10.0, 20.0);
        self.sides = random.between(8.0, 15.0);
        let part = random.between(0.0, 0.22) * if random.chance(0.5) { 1.0 } else { -1.0 };
        match random.weighted(&[3.0, 1.5, 1.2, 2.0, 1.0, 1.2]) {
            0 => {
                self.hang(random.between(-230.0, -150.0), random.between(0.4, 0.5), random);
                self.part = Some(part);
                self.frame(random.between(0.0, 1.0));
            }
            1 => {
                self.hang(random.between(-128.0, -85.0), random.between(0.4, 0.46), random);
                self.part = Some(part);
                self.frame(random.between(0.0, 1.0));
            }
            2 => {
                self.hang(random.between(-200.0, -80.0), random.between(0.4, 0.46), random);
                self.fringe(build.brow + random.between(2.0, 14.0));
            }
            3 => (self.top, self.sides, self.front, self.part) = (random.between(4.0, 10.0), 2.5, 0.0, Some(part)),
            4 => self.fringe(random.between(36.0, 56.0)),
            _ => (self.top, self.sides, self.front) = (random.between(22.0, 40.0), random.between(16.0, 30.0), 14.0),
        }
    }

    fn hang(&mut self, end: f32, edge: f32, random: &mut Random) {
        (self.end, self.edge, self.flare) = (end, edge, random.between(-0.08, 0.22));
        self.sides = self.sides.max(random.between(7.0, 15.0));
    }

    /// Hair that falls from a parting in the middle beside the face, the more so the larger `frame`, 0 to 1.
    fn frame(&mut self, frame: f32) {
        for (line, turn) in self.line.iter_mut().zip(TURNS) {
            let part = turn / 0.43;
            let falls = 76.0 - 115.0 * part * part.sqrt();
            *line += frame * (falls.max(-60.0) - *line).min(0.0);
        }
    }

    /// Hair over the forehead down to `height`.
    fn fringe(&mut self, height: f32) {
        let slant = self.lean * 20.0;
        for (line, turn) in self.line.iter_mut().zip(TURNS) {
            let lowered = height + slant * turn + 60.0 * (turn - 0.2).max(0.0);
            *line = line.min(lowered.max(*line - 45.0 * rise(0.36, 0.28, turn)));
        }
        (self.part, self.front) = (None, self.front.max(6.0));
    }

    /// Whether there is any hair to draw.
    pub(super) fn grows(&self) -> bool {
        self.top.max(self.sides) > 0.0
    }

    /// Whether hair hangs over the ears.
    pub(super) fn hides_ears(&self) -> bool {
        self.edge < 0.5
    }

    /// How far inside the hair a place at height `y` is, in millimetres; negative outside.
    pub(super) fn inside(&self, turn: f32, y: f32) -> f32 {
        let grown = self.rooted(turn, y);
        if self.edge >= 1.0 { grown } else { grown.max(((turn.abs() - self.edge) * 230.0).min(y - self.end)) }
    }

    /// The same for where hair grows out of the skin.
    pub(super) fn rooted(&self, turn: f32, y: f32) -> f32 {
        let turn = turn.abs().min(1.0);
        let next = TURNS.iter().position(|&at| at > turn).unwrap_or(TURNS.len() - 1).max(1);
        let part = ((turn - TURNS[next - 1]) / (TURNS[next] - TURNS[next - 1])).min(1.0);
        let line = self.line[next - 1] + (self.line[next] - self.line[next - 1]) * part;
        (y - line).min(self.bald - y)
    }

    /// How far hair stands off the skull; `height` is 0 at the brows and 1 at the crown.
    pub(super) fn fullness(&self, turn: f32, height: f32) -> f32 {
        let upper = rise(0.1, 0.9, height);
        // On the crown all bearings meet.
        let before_crown = rise(1.0, 0.72, height);
        let full = self.sides
            + (self.top - self.sides) * upper
            + self.front * hump(turn / 0.34) * rise(0.15, 0.6, height) * before_crown;
        let leaning = 1.0 + self.lean * (turn * 4.0).clamp(-1.0, 1.0) * upper * before_crown;
        full.max(1.0) * leaning * (1.0 - 0.55 * self.parted(turn, height))
    }

    /// How near the parting is, 0 to 1.
    pub(super) fn parted(&self, turn: f32, height: f32) -> f32 {
        self.part.map_or(0.0, |part| hump((turn - part) / 0.045) * rise(0.3, 0.5, height) * rise(1.0, 0.93, height))
    }
}
