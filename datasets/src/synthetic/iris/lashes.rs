//! Lashes: rows of hairs along both lids, some of them over the iris.

use super::features::Features;
use super::pose::Pose;
use super::strokes::{Ink, Stroke};
use crate::synthetic::plane::Plane;
use crate::synthetic::random::Random;

/// Grey of a hair.
const HAIR_GREY: f32 = 48.0;
/// Pieces of a hair; it is straight enough between their ends.
const PIECES: usize = 7;
/// Half the width of a hair at its root, in radii of the iris.
const HALF_WIDTH: f32 = 0.0135;

/// A hair: from its root it leaves towards `bend` and ends at `tip`.
struct Hair {
    root: (f32, f32),
    bend: (f32, f32),
    tip: (f32, f32),
    strength: f32,
}

/// Grows the lashes of both lids; some roots lie close together, and their hairs stick to one another.
pub(super) fn grow(canvas: &mut Plane, features: &Features, pose: &Pose, random: &mut Random) {
    let mut ink = Ink::new(canvas);
    let (left, right) = pose.lids.span();
    for _ in 0..(features.lashes * (right - left) / 2.0) as u32 {
        let x = random.between(left * 0.95, right * 0.95);
        let hair = upper_hair(x, features, pose, random);
        hair.draw(pose, &mut ink);
        let beside = upper_hair(x + random.normal(0.0, 0.05), features, pose, random);
        Hair { tip: if random.chance(0.4) { hair.tip } else { beside.tip }, ..beside }.draw(pose, &mut ink);
        if random.chance(0.5) {
            let x = random.between(left * 0.9, right * 0.9);
            lower_hair(x, features, pose, random).draw(pose, &mut ink);
        }
    }
    ink.blend(canvas, HAIR_GREY);
}

/// Hairs of the upper lid come forward and down, then curl up, fanning out to both sides.
fn upper_hair(x: f32, features: &Features, pose: &Pose, random: &mut Random) -> Hair {
    let root = (x, pose.lids.edges(x).0 - random.between(0.0, 0.05));
    let length = features.lash_length * random.normal(1.0, 0.22).max(0.3);
    let aside = 0.28 * x + random.normal(0.0, 0.16);
    let curl = features.lash_curl + random.normal(0.0, 0.3);
    Hair {
        root,
        bend: (x + 0.5 * length * aside, root.1 + length * random.normal(0.28, 0.08)),
        tip: (x + length * aside * 1.6, root.1 + length * (0.25 - 0.75 * curl)),
        strength: random.between(0.55, 0.95),
    }
}

/// Hairs of the lower lid are shorter, thinner and hang down.
fn lower_hair(x: f32, features: &Features, pose: &Pose, random: &mut Random) -> Hair {
    let root = (x, pose.lids.edges(x).1 + random.between(0.07, 0.16));
    let length = 0.55 * features.lash_length * random.normal(1.0, 0.25).max(0.3);
    let aside = 0.3 * x + random.normal(0.0, 0.2);
    Hair {
        root,
        bend: (x + 0.3 * length * aside, root.1 + length * random.normal(0.5, 0.1)),
        tip: (x + length * aside * 1.5, root.1 + length * random.normal(0.75, 0.15)),
        strength: random.between(0.2, 0.6),
    }
}

impl Hair {
    fn draw(&self, pose: &Pose, ink: &mut Ink) {
        let half = |part: f32| HALF_WIDTH * pose.radius_px * (1.0 - 0.8 * part);
        let mut from = (pose.picture(self.root), half(0.0));
        for piece in 1..=PIECES {
            let part = piece as f32 / PIECES as f32;
            let to = (pose.picture(self.point(part)), half(part));
            ink.draw(&Stroke { from: from.0, to: to.0, half_px: (from.1, to.1), strength: self.strength });
            from = to;
        }
    }

    /// The quadratic curve of Bézier through root and tip.
    fn point(&self, part: f32) -> (f32, f32) {
        let rest = 1.0 - part;
        let mix = |root: f32, bend: f32, tip: f32| rest * rest * root + 2.0 * rest * part * bend + part * part * tip;
        (mix(self.root.0, self.bend.0, self.tip.0), mix(self.root.1, self.bend.1, self.tip.1))
    }
}
