//! Irises of eyes that nobody has, in near-infrared light.
//!
//! ```
//! use whorl_datasets::synthetic::iris::{Camera, Conditions, Iris};
//! use whorl_types::Position;
//!
//! let iris = Iris::new(7, Position::LeftEye);
//! let clean = iris.photograph(&Conditions::ideal(Camera::CloseUp), 1);
//! let usual = Conditions::draw(Camera::CloseUp, 1.0, 2);
//! assert_ne!(clean, iris.photograph(&usual, 2));
//! assert!(iris.truth(&usual, 2).limbus.radius_px8 > 8 * 70);
//! ```
//!
//! Lengths are radii of the iris, as every eye's own measure, and become pixels last.

mod camera;
mod conditions;
mod features;
mod glints;
mod lashes;
mod lens;
mod lids;
mod marks;
mod outline;
mod pose;
mod scene;
mod strokes;
#[cfg(test)]
mod tests;
mod texture;

use whorl_types::{EyeCircle, GreyImage, Position};

use self::features::Features;
use self::pose::Pose;
use self::texture::Texture;
use super::random::{Random, derive};

pub use camera::Camera;
pub use conditions::Conditions;

/// An eye: the same person and position give the same iris, on every machine.
pub struct Iris {
    seed: u64,
    features: Features,
    texture: Texture,
}

/// Where the iris lies in a photograph: what a segmentation is to find.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// The circle that the edge of the pupil follows.
    pub pupil: EyeCircle,
    /// The circle that the outer edge of the iris follows.
    pub limbus: EyeCircle,
    /// How far the eye is turned, in degrees clockwise as seen.
    pub tilt_degrees: f32,
    /// The part of the ring between pupil and limbus that no lid covers, 0 to 1.
    pub open: f32,
}

impl Iris {
    /// The eye at `position` of the person whose number is `person`.
    #[must_use]
    pub fn new(person: u64, position: Position) -> Self {
        let seed = derive(person, u64::from(position.code()));
        let random = &mut Random::new(seed, 5);
        Self { seed, features: Features::draw(position, random), texture: Texture::weave(random) }
    }

    /// A photograph of it, taken under the conditions `how`; `seed` decides what the conditions leave to chance.
    #[must_use]
    pub fn photograph(&self, how: &Conditions, seed: u64) -> GreyImage {
        let random = &mut Random::new(seed, 6);
        let pose = Pose::new(&self.features, how, random);
        let mut canvas = scene::paint(&self.features, &self.texture, &pose, random);
        scene::vessels(&mut canvas, &pose, &mut Random::new(self.seed, 11));
        glints::add(&mut canvas, how, &pose, random);
        lids::close(&mut canvas, &self.features, &pose, random);
        lashes::grow(&mut canvas, &self.features, &pose, random);
        lens::expose(canvas, how, random)
    }

    /// Where the iris lies in [`Iris::photograph`] of the same conditions and seed.
    #[must_use]
    pub fn truth(&self, how: &Conditions, seed: u64) -> Truth {
        Pose::new(&self.features, how, &mut Random::new(seed, 6)).truth()
    }
}
