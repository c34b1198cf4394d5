//! Faces as ovals with five coloured discs, for the detector of [`crate::markers`].

use whorl_extractors::face::{Point, Similarity};
use whorl_types::{Pixels, RgbImage};

/// The colours of the eyes, the nose and the corners of the mouth, left ones first.
pub(crate) const MARKERS: [[u8; 3]; 5] = [[230, 20, 20], [20, 200, 20], [30, 30, 240], [220, 220, 20], [220, 20, 220]];

/// Where they are, in eye distances from the middle between the eyes.
const PLACES: [Point; 5] = [[-0.5, 0.0], [0.5, 0.0], [0.0, 0.57], [-0.41, 1.155], [0.41, 1.155]];

/// How large a disc is, in eye distances.
const DISC: f32 = 0.13;

/// A face to draw.
#[derive(Clone, Copy)]
pub(crate) struct Drawn {
    /// The middle between the eyes, in pixels.
    pub(crate) eyes: Point,
    pub(crate) eye_distance_px: f32,
    /// Clockwise.
    pub(crate) degrees: f32,
    /// How far the nose is off its place, in eye distances.
    pub(crate) nose_aside: f32,
}

impl Drawn {
    /// An upright face.
    pub(crate) fn at(x_px: f32, y_px: f32, eye_distance_px: f32) -> Self {
        Self { eyes: [x_px, y_px], eye_distance_px, degrees: 0.0, nose_aside: 0.0 }
    }

    /// From eye distances to pixels of the picture.
    fn placed(&self) -> Similarity {
        let (sine, cosine) = libm::sincosf(self.degrees.to_radians());
        let [x, y] = self.eyes;
        let (across, down) = (self.eye_distance_px * cosine, self.eye_distance_px * sine);
        Similarity::fit(&[[0.0, 0.0], [1.0, 0.0]], &[[x, y], [x + across, y + down]]).unwrap()
    }

    fn places(&self) -> [Point; 5] {
        let mut places = PLACES;
        places[2][0] += self.nose_aside;
        places
    }

    /// Where the centres of its discs are.
    pub(crate) fn points(&self) -> [Point; 5] {
        self.places().map(|place| self.placed().apply(place))
    }
}

/// A picture of `faces` before a wall that shades from left to right.
pub(crate) fn picture(width_px: u32, height_px: u32, faces: &[Drawn]) -> Pixels {
    let backs: Vec<_> = faces.iter().map(|face| (face.placed().inverse(), face.places())).collect();
    let mut samples = Vec::with_capacity((width_px * height_px * 3) as usize);
    for y in 0..height_px {
        for x in 0..width_px {
            let wall = [60 + (x * 60 / width_px) as u8, 100, 110 + (y * 30 / height_px) as u8];
            let seen = backs.iter().find_map(|(back, places)| colour(back.apply([x as f32, y as f32]), places));
            samples.extend(seen.unwrap_or(wall));
        }
    }
    Pixels::Rgb(RgbImage::new(width_px, height_px, samples).unwrap())
}

/// The colour of a place of the face, in eye distances; none outside.
fn colour([x, y]: Point, places: &[Point; 5]) -> Option<[u8; 3]> {
    let disc = places.iter().position(|[u, v]| (x - u) * (x - u) + (y - v) * (y - v) < DISC * DISC);
    let (across, down) = (x / 1.1, (y - 0.45) / 1.5);
    let in_oval = across * across + down * down < 1.0;
    disc.map(|disc| MARKERS[disc]).or(in_oval.then_some([(190.0 + 25.0 * x) as u8, (150.0 + 20.0 * y) as u8, 125]))
}

/// How far `points` are from `others`, at most.
pub(crate) fn farthest(points: &[Point; 5], others: &[Point; 5]) -> f32 {
    let away = points.iter().zip(others).map(|([x, y], [u, v])| ((x - u) * (x - u) + (y - v) * (y - v)).sqrt());
    away.fold(0.0, f32::max)
}
