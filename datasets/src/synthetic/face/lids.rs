//! Eyes: where they are, and the lids around them.

use super::build::Kind;
use super::swelling::smooth_max;
use crate::synthetic::random::{Random, rise};

/// Half axes of an eyeball, wider than a real one so that it fills the corners; lids are a little thicker than the gap.
pub(super) const BALL: (f32, f32, f32) = (16.2, 12.5, 12.0);
const LID: (f32, f32, f32) = (18.0, 14.2, 13.2);

/// Millimetres; both eyes mirror each other, but for what `uneven` says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lids {
    /// From the middle of the face to a pupil.
    pub(super) apart: f32,
    /// How far behind the smooth head the eyeballs lie.
    pub(super) depth: f32,
    /// Half the width of the opening.
    pub(super) half: f32,
    /// From the pupil to either lid, relaxed.
    pub(super) upper: f32,
    pub(super) lower: f32,
    /// How much higher the outer corner lies.
    slant: f32,
    /// How far above the upper lid it folds; a small fold is a hooded eye.
    pub(super) fold: f32,
    /// How deep that fold is.
    pub(super) crease: f32,
    /// How full the bags below are.
    pub(super) bags: f32,
    pub(super) uneven: f32,
    pub(super) lashes: f32,
}

/// A place on the skin around an eye, in millimetres outwards and up from the middle of its opening, along its slant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Near {
    pub(super) out: f32,
    pub(super) up: f32,
}

impl Lids {
    pub(super) fn draw(kind: &Kind, random: &mut Random) -> Self {
        let Kind { manly, age, .. } = *kind;
        Self {
            apart: 31.4 + 0.5 * manly + random.normal(0.0, 2.125),
            depth: 2.6 + 0.8 * manly + random.normal(0.0, 1.375),
            half: 14.6 + random.normal(0.0, 1.125),
            upper: (5.9 - 0.4 * manly - 0.8 * age + random.normal(0.0, 0.812)).clamp(4.0, 7.4),
            lower: (4.9 + random.normal(0.0, 0.625)).clamp(3.6, 6.2),
            slant: random.normal(1.2 - 1.2 * age, 2.125),
            fold: random.between(1.4, 6.0),
            crease: random.between(0.25, 1.0),
            bags: (0.2 + 1.6 * age + random.normal(0.0, 0.625)).max(0.0),
            uneven: random.normal(0.0, 0.312),
            lashes: (0.75 - 0.3 * manly + random.normal(0.0, 0.15)).clamp(0.25, 1.0),
        }
    }

    /// Where (`x`, `y`) is from the nearer eye.
    pub(super) fn near(&self, x: f32, y: f32) -> Near {
        let (out, slope) = (x.abs() - self.apart, self.slant / (2.0 * self.half));
        Near { out, up: y - slope * out }
    }

    /// How far above and below the middle the lids end at `out`, `open` 1 relaxed and 0 shut; equal in the corners and beyond.
    pub(super) fn edges(&self, out: f32, open: f32) -> (f32, f32) {
        let upper = self.arc(out, -1.5) * (self.upper * open - 2.6 * (1.0 - open));
        let lower = -self.arc(out, 2.5) * self.lower * (0.75 + 0.25 * open);
        (upper.max(lower), lower)
    }

    /// 1 at the `top` of a lid's edge, 0 in the corners.
    fn arc(&self, out: f32, top: f32) -> f32 {
        let t = (out - top) / if out < top { self.half + top } else { self.half - top };
        let rest = (1.0 - t * t).max(0.0);
        rest * (1.3 - 0.3 * rest)
    }

    /// Depth of the skin at a place whose bare head lies at `skin`: the lids lie around the ball whose centre is at `centre`.
    pub(super) fn skin(&self, near: Near, skin: f32, centre: f32) -> f32 {
        let (a, b) = (near.out / LID.0, near.up / LID.1);
        let rest = 1.0 - a * a - b * b;
        if rest <= 0.0 {
            return skin;
        }
        let ball = centre + LID.2 * rest.sqrt();
        let fold = self.fold_at(near);
        smooth_max(skin, ball, 3.0) - 1.3 * self.crease * fold
    }

    /// How deep in the fold of the upper lid a place is, 0 to 1.
    pub(super) fn fold_at(&self, near: Near) -> f32 {
        let (upper, _) = self.edges(near.out * 0.94, 1.0);
        let at = upper + self.fold * (0.75 + 0.012 * near.out);
        let within = rise(self.half + 5.0, self.half - 4.0, near.out.abs());
        within * rise(1.5, 0.0, (near.up - at).abs())
    }

    /// How dark lashes make it at a place outside the opening, which ends at these heights, 0 to 1.
    pub(super) fn lash_at(&self, near: Near, upper: f32, lower: f32) -> f32 {
        let within = rise(self.half + 0.8, self.half - 2.0, near.out.abs());
        let above = rise(1.7, 0.2, (near.up - upper).abs()) * self.lashes;
        let below = rise(0.9, 0.1, (lower - near.up).abs()) * 0.38 * self.lashes;
        within * above.max(below)
    }
}
