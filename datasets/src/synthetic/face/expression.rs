//! What a face does for a moment.

use super::conditions::Conditions;
use super::features::Features;
use super::swelling::bell;
use super::vector::Vector;

/// How the muscles pull.
pub(super) struct Expression {
    smile: f32,
    astonishment: f32,
    pub(super) open: f32,
    corner: (f32, f32),
    brow: f32,
    eye: f32,
}

impl Expression {
    pub(super) fn new(features: &Features, how: &Conditions) -> Self {
        let smile = how.smile;
        Self {
            smile,
            astonishment: how.astonishment,
            // Cheeks that rise narrow the eyes, brows that rise widen them.
            open: how.openness - 0.14 * smile.max(0.0) + 0.08 * how.astonishment,
            corner: features.mouth.corner(),
            brow: features.build.brow,
            eye: features.lids.apart,
        }
    }

    /// Where a point of the skin at rest goes.
    pub(super) fn moved(&self, point: Vector) -> Vector {
        let (x, y) = (point.x.abs(), point.y);
        if point.z < 10.0 || y > self.brow + 40.0 {
            return point;
        }
        let (right, side) = (self.corner.0, if point.x < 0.0 { -1.0 } else { 1.0 });
        let corner = bell((x - right - 1.0) / 27.0, (y - self.corner.1) / 25.0);
        let cheek = bell((x - 37.0) / 30.0, (y + 33.0) / 25.0);
        let brow = bell((x - 26.0) / 42.0, (y - self.brow) / 22.0);
        let frown = (-self.astonishment).max(0.0) * bell(x / 26.0, (y - self.brow) / 20.0);
        let glad = self.smile.max(0.0);
        // Below the eye itself the lids' opening is moved by itself.
        let beside = (1.0 - bell((x - self.eye) / 22.0, y / 14.0)).max(0.0);
        let up = self.smile * 4.2 * corner
            + glad * 1.6 * cheek * beside
            + (3.6 * self.astonishment * brow - 1.5 * frown) * beside;
        let out = 4.6 * self.smile * corner - 2.0 * frown;
        Vector::new(
            point.x + side * out * (x / 12.0).min(1.0),
            point.y + up,
            point.z + glad * (2.6 * cheek * beside - 2.2 * corner),
        )
    }
}
