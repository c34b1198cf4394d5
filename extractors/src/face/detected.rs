//! A face as a detector tells it.

use super::similarity::{Point, Similarity, centre, distance};

/// The box around a face, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Its left edge.
    pub x_px: f32,
    /// Its upper edge.
    pub y_px: f32,
    /// How wide it is, over 0.
    pub width_px: f32,
    /// How high it is, over 0.
    pub height_px: f32,
}

/// A face that a detector has seen, in pixels of the picture that it was given; it may reach out of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// From brow to chin, ear to ear.
    pub bounds: Bounds,
    /// The centres of the left and the right eye, the tip of the nose, the left and the right corner of the mouth, where "left"
    /// is the left of an upright face as it is seen.
    pub points: [Point; 5],
    /// How sure the detector is, 0 to 1.
    pub score: f32,
}

impl Bounds {
    /// Intersection over union, 0 to 1.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f32 {
        let shared = |start: f32, length: f32, other_start: f32, other_length: f32| {
            ((start + length).min(other_start + other_length) - start.max(other_start)).max(0.0)
        };
        let width = shared(self.x_px, self.width_px, other.x_px, other.width_px);
        let height = shared(self.y_px, self.height_px, other.y_px, other.height_px);
        let both = width * height;
        both / (self.area_px() + other.area_px() - both)
    }

    fn area_px(&self) -> f32 {
        self.width_px * self.height_px
    }

    /// Its middle.
    #[must_use]
    pub fn middle(&self) -> Point {
        [self.x_px + 0.5 * self.width_px, self.y_px + 0.5 * self.height_px]
    }

    /// The upright box of the same size in its new measure around where the middle goes; a quarter turn swaps its sides.
    fn moved(&self, map: &Similarity) -> Self {
        let [x, y] = map.apply(self.middle());
        let sideways = (45.0..135.0).contains(&map.turn_degrees().abs());
        let (width, height) = if sideways { (self.height_px, self.width_px) } else { (self.width_px, self.height_px) };
        let (width_px, height_px) = (width * map.scale(), height * map.scale());
        Self { x_px: x - 0.5 * width_px, y_px: y - 0.5 * height_px, width_px, height_px }
    }
}

impl Face {
    /// From eye to eye, in pixels.
    #[must_use]
    pub fn eye_distance_px(&self) -> f32 {
        distance(self.points[0], self.points[1])
    }

    /// How large the face is, in pixels, however it is turned: the longer side of its box.
    #[must_use]
    pub fn size_px(&self) -> f32 {
        self.bounds.width_px.max(self.bounds.height_px)
    }

    /// The middle of its points.
    #[must_use]
    pub fn middle(&self) -> Point {
        centre(&self.points)
    }

    /// The face where `map` takes it.
    #[must_use]
    pub fn moved(&self, map: &Similarity) -> Self {
        Self { bounds: self.bounds.moved(map), points: self.points.map(|point| map.apply(point)), score: self.score }
    }
}

/// How much of the smaller of two boxes lies in both from which on they are of one face; as OpenCV's `FaceDetectorYN` has it.
const SAME_FACE: f32 = 0.3;

/// The strongest of each heap of overlapping faces, strongest first (greedy non-maximum suppression).
pub(super) fn strongest(mut faces: Vec<Face>) -> Vec<Face> {
    faces.sort_by(|one, other| other.score.total_cmp(&one.score));
    let mut kept: Vec<Face> = Vec::new();
    for face in faces {
        if kept.iter().all(|stronger| stronger.bounds.overlap(&face.bounds) < SAME_FACE) {
            kept.push(face);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(x_px: f32, score: f32) -> Face {
        let bounds = Bounds { x_px, y_px: 10.0, width_px: 20.0, height_px: 30.0 };
        Face {
            bounds,
            points: [[x_px + 6.0, 20.0], [x_px + 14.0, 20.0], [x_px + 10.0, 26.0], [x_px, 32.0], [x_px, 32.0]],
            score,
        }
    }

    #[test]
    fn boxes_overlap_by_what_they_share() {
        let one = face(0.0, 0.5).bounds;
        assert!((one.overlap(&one) - 1.0).abs() < 1e-6);
        assert!((one.overlap(&face(10.0, 0.5).bounds) - 1.0 / 3.0).abs() < 1e-6);
        assert!(one.overlap(&face(20.0, 0.5).bounds).abs() < 1e-6);
    }

    #[test]
    fn of_overlapping_faces_the_strongest_is_kept() {
        let kept = strongest(vec![face(2.0, 0.7), face(0.0, 0.9), face(60.0, 0.8), face(5.0, 0.6)]);
        assert_eq!(kept, [face(0.0, 0.9), face(60.0, 0.8)]);
    }

    #[test]
    fn a_box_follows_a_quarter_turn() {
        let quarter = Similarity::unturning(1, 100);
        let moved = face(40.0, 0.9).moved(&quarter);
        assert_eq!((moved.bounds.width_px, moved.bounds.height_px), (30.0, 20.0));
        assert!(distance(moved.bounds.middle(), quarter.apply(face(40.0, 0.9).bounds.middle())) < 1e-4);
        assert!((moved.size_px() - 30.0).abs() < 1e-4);
    }
}
