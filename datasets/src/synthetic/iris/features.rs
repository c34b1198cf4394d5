//! What of an eye lasts from one photograph to the next, besides its texture.

use whorl_types::Position;

use super::outline::Waves;
use crate::synthetic::random::Random;

/// The lasting features of an eye; lengths are radii of the iris, greys those of a good picture.
pub(super) struct Features {
    /// Which way the nose is: 1 to the right of the picture, -1 to the left.
    pub(super) nose: f32,
    pub(super) iris_grey: f32,
    pub(super) sclera_grey: f32,
    pub(super) skin_grey: f32,
    /// How deep the texture is: what one standard deviation of it takes of the grey.
    pub(super) relief: f32,
    pub(super) pupil_centre: (f32, f32),
    pub(super) pupil_waves: Waves,
    pub(super) limbus_waves: Waves,
    /// From the middle of the iris to the upper lid and to the lower lid, relaxed.
    pub(super) upper_lid: f32,
    pub(super) lower_lid: f32,
    /// From the middle of the iris to the inner and to the outer corner.
    pub(super) inner_corner: f32,
    pub(super) outer_corner: f32,
    /// How much higher the outer corner lies.
    pub(super) slant: f32,
    /// How far above the upper lid it folds.
    pub(super) fold: f32,
    /// How many upper lashes a radius, how long they are, and how they curl: 1 up, -1 down over the eye.
    pub(super) lashes: f32,
    pub(super) lash_length: f32,
    pub(super) lash_curl: f32,
}

impl Features {
    pub(super) fn draw(position: Position, random: &mut Random) -> Self {
        // Facing the camera, the right eye is on the left and has its nose to the right.
        let nose = if position == Position::LeftEye { -1.0 } else { 1.0 };
        Self {
            nose,
            iris_grey: random.normal(118.0, 9.0).clamp(90.0, 132.0),
            sclera_grey: random.normal(168.0, 6.0),
            skin_grey: random.normal(207.0, 14.0),
            relief: random.normal(0.085, 0.018).clamp(0.05, 0.13),
            pupil_centre: (nose * random.normal(0.035, 0.02), random.normal(0.015, 0.02)),
            pupil_waves: Waves::draw(0.02, random),
            limbus_waves: Waves::draw(0.012, random),
            upper_lid: random.normal(0.88, 0.09).clamp(0.65, 1.1),
            lower_lid: random.normal(1.0, 0.06).clamp(0.85, 1.2),
            inner_corner: random.normal(2.35, 0.12),
            outer_corner: random.normal(2.6, 0.12),
            slant: random.normal(0.18, 0.12),
            fold: random.between(0.12, 0.6),
            lashes: random.between(14.0, 34.0),
            lash_length: random.normal(0.62, 0.1).clamp(0.35, 0.9),
            lash_curl: random.normal(0.2, 0.5).clamp(-0.9, 1.2),
        }
    }
}
