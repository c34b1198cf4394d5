//! Faces that nobody has, as rendered portraits.
//!
//! What they are: a head stretched over ribs, with swellings for its features, lids around eyeballs, hair, at times a beard or
//! glasses, under a lamp with shadows and before a lens, all from numbers drawn by a seed. A detector of faces finds them, a
//! recognition network tells the persons apart, and the picture changes with pose, light and expression as pictures do. That
//! makes demonstrations and tests whole on a machine that has no samples.
//!
//! What they are not: people. They look like mannequins, their features vary by rules made up here, they neither age nor cut
//! their hair, and none is anybody's twin. A rate measured on them says nothing about accuracy on people, on any group of
//! people, or about fairness between groups.
//!
//! ```
//! use whorl_datasets::synthetic::face::{Conditions, Face};
//!
//! let face = Face::new(7);
//! let usual = Conditions::draw(1.0, 2);
//! let portrait = face.photograph(&usual, 2);
//! assert_eq!((portrait.width_px(), portrait.height_px()), (240, 320));
//! assert!(face.truth(&usual).points_px[0][0] < 120.0);
//! ```

mod backdrop;
mod beard;
mod brows;
mod build;
mod colour;
mod complexion;
mod conditions;
mod ears;
mod expression;
mod eyeball;
mod features;
mod glasses;
mod hair;
mod haircut;
mod head;
mod lens;
mod lids;
mod light;
mod loft;
mod marks;
mod mouth;
mod nose;
mod pose;
mod raster;
mod scene;
mod shadow;
mod sheet;
mod skin;
mod skull;
mod swelling;
#[cfg(test)]
mod tests;
mod torso;
mod vector;

use whorl_types::{Position, RgbImage};

use self::expression::Expression;
use self::features::Features;
use self::hair::Hair;
use self::head::Head;
use self::pose::{HEIGHT_PX, Pose, WIDTH_PX};
use self::raster::Canvas;
use self::scene::Scene;
use self::skin::Skin;
use self::torso::Clothes;
use self::vector::Vector;
use super::random::{Random, derive};

pub use backdrop::Backdrop;
pub use conditions::Conditions;

/// A person's face: the same number gives the same face, on every machine.
pub struct Face {
    features: Features,
    head: Head,
    skin: Skin,
    hair: Option<Hair>,
}

/// Where the face lies in a photograph: what a detector is to find.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceTruth {
    /// `[x, y]` of the left eye, the right eye, the tip of the nose, the left and the right corner of the mouth, in pixels from
    /// the middle of the top left pixel. Left is the left of the picture, so the person's right.
    pub points_px: [[f32; 2]; 5],
    /// Left, top, width and height of the face from hairline to chin and from cheek to cheek, in pixels.
    pub box_px: [f32; 4],
}

impl Face {
    /// The face of the person whose number is `person`.
    #[must_use]
    pub fn new(person: u64) -> Self {
        let random = &mut Random::new(derive(person, u64::from(Position::Face.code())), 20);
        let features = Features::draw(random);
        let head = Head::grow(&features, random);
        let skin = Skin::paint(&features, &head, random);
        let hair = Hair::grow(&features, &head, random);
        Self { features, head, skin, hair }
    }

    /// A photograph of it, taken under the conditions `how`; `seed` decides what the conditions leave to chance.
    #[must_use]
    pub fn photograph(&self, how: &Conditions, seed: u64) -> RgbImage {
        let (how, random) = (&how.possible(), &mut Random::new(seed, 22));
        let mut canvas = Canvas::new(WIDTH_PX as usize, HEIGHT_PX as usize);
        backdrop::hang(&mut canvas, how.backdrop, random);
        let clothes = Clothes::put_on(&self.features.build, random);
        Scene::new(self, how, clothes).draw(&mut canvas);
        lens::expose(&canvas, how, random)
    }

    /// Where the face lies in every [`Face::photograph`] of these conditions.
    #[must_use]
    pub fn truth(&self, how: &Conditions) -> FaceTruth {
        let how = &how.possible();
        let (pose, expression) = (Pose::new(how), Expression::new(&self.features, how));
        let seen = |point: Vector| {
            let (x, y) = pose.picture(pose.placed(expression.moved(point), 1.0));
            [x, y]
        };
        let Head { sheet, eye, nose_tip, mouth_corners, .. } = &self.head;
        let pupil = |side: f32| Vector::new(side * eye.x, eye.y, eye.z + 12.0);
        let [left, right] = mouth_corners.map(|at| seen(sheet.points[at]));
        let points_px = [seen(pupil(-1.0)), seen(pupil(1.0)), seen(sheet.points[*nose_tip]), left, right];
        let build = &self.features.build;
        let of_face = |point: &&Vector| point.z > 15.0 && (build.chin..=build.brow + 42.0).contains(&point.y);
        let mut bounds = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
        for [x, y] in sheet.points.iter().filter(of_face).map(|&point| seen(point)) {
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        }
        let [left, top, right, bottom] = bounds;
        FaceTruth { points_px, box_px: [left, top, right - left, bottom - top] }
    }

    /// Half the width of the head where the ears are.
    fn half_at_ears(&self) -> f32 {
        let height = self.features.ears.up;
        let beside = |point: &&Vector| (point.y - height).abs() < 4.0 && point.z.abs() < 8.0;
        self.head.sheet.points.iter().filter(beside).map(|point| point.x).fold(0.0, f32::max)
    }
}
