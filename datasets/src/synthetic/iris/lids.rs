//! Lids: what hides the eye above and below.

use super::conditions::Conditions;
use super::features::Features;
use super::pose::Pose;
use crate::synthetic::plane::Plane;
use crate::synthetic::random::{Noise, Random, rise};

/// How wide the edge of a lid is, in radii of the iris: it is round and out of focus.
const EDGE: f32 = 0.03;

/// The edges of both lids, from corner to corner.
pub(super) struct Lids {
    upper: f32,
    lower: f32,
    /// To the left and to the right corner.
    corners: (f32, f32),
    /// How far the line from corner to corner falls to the right.
    slope: f32,
}

impl Lids {
    pub(super) fn new(features: &Features, how: &Conditions) -> Self {
        let openness = how.openness.clamp(0.0, 1.3);
        let (inner, outer) = (features.inner_corner, features.outer_corner);
        // The upper lid follows the gaze and falls below the corners as it closes; the lower one moves little.
        let raised = (features.upper_lid + 0.6 * how.gaze_up.clamp(-1.0, 1.0)) * openness;
        Self {
            upper: 0.45 * (1.0 - openness) - raised,
            lower: features.lower_lid * (0.6 + 0.4 * openness),
            corners: if features.nose > 0.0 { (outer, inner) } else { (inner, outer) },
            slope: features.nose * features.slant / (inner + outer),
        }
    }

    /// How far down the upper lid and the lower lid end at `x`.
    pub(super) fn edges(&self, x: f32) -> (f32, f32) {
        let inside = self.inside(x);
        // Blunter than a parabola.
        let arc = inside * (1.35 - 0.35 * inside);
        let chord = self.slope * x;
        (chord + arc * self.upper, chord + arc * self.lower.max(self.upper))
    }

    /// 1 in the middle of the eye, 0 at its corners and beyond.
    fn inside(&self, x: f32) -> f32 {
        let t = x / if x < 0.0 { self.corners.0 } else { self.corners.1 };
        (1.0 - t * t).max(0.0)
    }

    /// How much of what lies at a point is covered, 0 to 1.
    pub(super) fn covered(&self, (x, y): (f32, f32)) -> f32 {
        let (upper, lower) = self.edges(x);
        rise(upper + EDGE, upper - EDGE, y).max(rise(lower - EDGE, lower + EDGE, y))
    }

    /// From the left to the right corner.
    pub(super) fn span(&self) -> (f32, f32) {
        (-self.corners.0, self.corners.1)
    }
}

/// Paints the skin of both lids over the eye.
pub(super) fn close(canvas: &mut Plane, features: &Features, pose: &Pose, random: &mut Random) {
    let (width, height) = (canvas.width, canvas.height);
    let pores = Noise::new(random, width, height, pose.radius_px * 0.03);
    let folds = Noise::new(random, width, height, pose.radius_px * 0.22);
    let cheeks = Noise::new(random, width, height, pose.radius_px * 1.3);
    let mut skin = vec![0.0; width];
    for (y, row) in canvas.values.chunks_exact_mut(width).enumerate() {
        skin.fill(features.skin_grey);
        pores.add_row(y, 6.0, &mut skin);
        folds.add_row(y, 4.0, &mut skin);
        cheeks.add_row(y, 13.0, &mut skin);
        for (x, (grey, &skin)) in row.iter_mut().zip(&skin).enumerate() {
            let at = pose.eye(x as f32, y as f32);
            let covered = pose.lids.covered(at);
            if covered > 0.0 {
                *grey += (shaded(skin, at, features, pose) - *grey) * covered;
            }
        }
    }
}

/// The grey of `skin` at a point: darker in the fold of the upper lid, lighter on the wet edge of the lower one.
fn shaded(skin: f32, (x, y): (f32, f32), features: &Features, pose: &Pose) -> f32 {
    let (upper, lower) = pose.lids.edges(x);
    let inside = pose.lids.inside(x);
    if y > lower {
        let below = y - lower;
        let wet = 10.0 * rise(0.05, 0.02, below) - 26.0 * rise(0.03, 0.10, below) * rise(0.7, 0.14, below);
        return skin + wet * rise(0.0, 0.4, inside);
    }
    let above = upper - y;
    let fold = features.fold * (0.4 + 0.6 * inside) + 0.05 * x;
    let crease = rise(0.09, 0.0, (above - fold).abs()) * rise(0.0, 0.3, inside);
    skin - 26.0 * crease - 48.0 * rise(0.14, 0.0, above) * rise(0.0, 0.2, inside) - 12.0 * rise(0.7, 0.1, above)
}
