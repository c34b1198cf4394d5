//! What is behind a person.

use super::colour::{Colour, mixed, scaled};
use super::raster::{Canvas, SAMPLES_PX};
use crate::synthetic::random::{Noise, Random, rise};

/// What is behind a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Backdrop {
    /// A light wall or cloth of one colour, as standards want it.
    Plain,
    /// A wall that a lamp lights unevenly.
    Shaded,
    /// A room, out of focus: edges of walls, doors and shelves.
    Room,
}

/// Light or dull walls.
const WALLS: [Colour; 6] = [
    [0.72, 0.74, 0.76],
    [0.60, 0.66, 0.74],
    [0.78, 0.76, 0.70],
    [0.45, 0.55, 0.68],
    [0.56, 0.58, 0.55],
    [0.36, 0.38, 0.40],
];

/// Fills the canvas with it.
pub(super) fn hang(canvas: &mut Canvas, backdrop: Backdrop, random: &mut Random) {
    let (width, height) = (canvas.width / SAMPLES_PX, canvas.height / SAMPLES_PX);
    let wall = scaled(WALLS[random.below(WALLS.len() as u32) as usize], random.between(0.8, 1.1));
    let slope = (random.normal(0.0, 1.0), random.normal(0.0, 1.0));
    let steep = if backdrop == Backdrop::Plain { 0.03 } else { 0.16 };
    let patches = Noise::new(random, width, height, width as f32 / 3.0);
    let things = things(backdrop, random);
    let mut row_patches = vec![0.0; width];
    for y in 0..height {
        row_patches.fill(0.0);
        patches.add_row(y, 0.4 * steep, &mut row_patches);
        let down = y as f32 / height as f32;
        for (x, patch) in row_patches.iter().enumerate() {
            let right = x as f32 / width as f32;
            let light = 1.0 + steep * (slope.0 * (right - 0.5) + slope.1 * (down - 0.5)) + patch;
            let colour =
                things.iter().fold(wall, |colour, thing| mixed(colour, thing.colour, thing.covers(right, down)));
            canvas.fill_pixel(x, y, scaled(colour, light.max(0.05)));
        }
    }
}

/// Something upright and blurred; lengths are parts of the picture.
struct Thing {
    colour: Colour,
    left: f32,
    right: f32,
    top: f32,
    blur: f32,
}

impl Thing {
    fn covers(&self, x: f32, y: f32) -> f32 {
        let soft = self.blur;
        rise(self.left - soft, self.left + soft, x)
            * rise(self.right + soft, self.right - soft, x)
            * rise(self.top - soft, self.top + soft, y)
    }
}

fn things(backdrop: Backdrop, random: &mut Random) -> Vec<Thing> {
    let count = if backdrop == Backdrop::Room { 3 + random.below(4) } else { 0 };
    let thing = |_| {
        let left = random.between(-0.2, 0.95);
        Thing {
            colour: mixed(
                std::array::from_fn(|_| random.between(0.04, 0.6)),
                [random.between(0.05, 0.5); 3],
                random.between(0.5, 1.0),
            ),
            left,
            right: left + random.between(0.08, 0.4),
            top: random.between(-0.3, 0.7),
            blur: random.between(0.008, 0.05),
        }
    };
    (0..count).map(thing).collect()
}
