//! Bringing every face to one place, size and turn.

use whorl_types::Pixels;

use super::model::Crop;
use super::similarity::{Point, Similarity, distance};
use super::warp::warp;

/// Where the five points of a face stand in an upright crop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure {
    /// Eyes, nose, corners of the mouth, in pixels of the crop.
    pub(super) points: [Point; 5],
    pub(super) width_px: usize,
    pub(super) height_px: usize,
}

/// The five points of a face that looks into the camera, in eye distances from the middle between the eyes: those to which
/// most embedding networks align, made symmetric.
pub(super) const FRONTAL: [Point; 5] = [[-0.5, 0.0], [0.5, 0.0], [0.0, 0.57], [-0.41, 1.155], [0.41, 1.155]];

/// Eye distances from side to side of a portrait: a face is some 2.3 wide and 3 high, so that a detector sees about as much
/// around it as in the pictures that it learned from.
pub(super) const PORTRAIT_EYE_DISTANCES: f32 = 4.0;

/// How far under the middle between the eyes the middle of a face is, in eye distances.
const MIDDLE_BELOW: f32 = 0.43;

impl Figure {
    /// The crop that a network of a model looks at.
    pub(super) fn of(crop: &Crop) -> Self {
        Self { points: crop.points, width_px: crop.width_px, height_px: crop.height_px }
    }

    /// A square portrait with the whole head, whatever a model's own crop shows.
    pub(super) fn portrait(side_px: usize) -> Self {
        let (unit, middle) = (side_px as f32 / PORTRAIT_EYE_DISTANCES, 0.5 * side_px as f32 - 0.5);
        let points = FRONTAL.map(|[x, y]| [middle + unit * x, middle + unit * (y - MIDDLE_BELOW)]);
        Self { points, width_px: side_px, height_px: side_px }
    }

    /// From the pixels of this crop to the picture in which a face has `points`: the inverse of what brings them closest to
    /// their places in the crop. `None` where they are all one.
    pub(super) fn align(&self, points: &[Point; 5]) -> Option<Similarity> {
        Similarity::fit(points, &self.points).map(|into_crop| into_crop.inverse())
    }

    /// What the crop shows of a picture: see [`Figure::align`].
    pub(super) fn crop(&self, picture: &Pixels, to_picture: &Similarity) -> Pixels {
        warp(picture, to_picture, self.width_px, self.height_px)
    }

    /// How far `points` of the crop are from their places, in the mean, in eye distances.
    pub(super) fn residual(&self, points: &[Point; 5]) -> f32 {
        mean_distance(points, &self.points) / distance(self.points[0], self.points[1])
    }
}

/// How far points are from their counterparts, in the mean.
pub(super) fn mean_distance(points: &[Point; 5], others: &[Point; 5]) -> f32 {
    points.iter().zip(others).map(|(one, other)| distance(*one, *other)).sum::<f32>() / 5.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_the_figure_itself_are_aligned_wherever_they_stand() {
        let figure = Figure::portrait(160);
        let (sine, cosine) = libm::sincosf(2.0);
        let away =
            figure.points.map(|[x, y]| [3.0 * (cosine * x - sine * y) + 70.0, 3.0 * (sine * x + cosine * y) - 9.0]);
        let to_picture = figure.align(&away).unwrap();
        assert!(mean_distance(&figure.points.map(|point| to_picture.apply(point)), &away) < 1e-3);
        let back = to_picture.inverse();
        assert!(figure.residual(&away.map(|point| back.apply(point))) < 1e-4);
    }

    #[test]
    fn residuals_are_told_in_eye_distances() {
        let figure = Figure::portrait(160);
        let beside = figure.points.map(|[x, y]| [x + 10.0, y]);
        assert!((figure.residual(&beside) - 0.25).abs() < 1e-5, "the eyes of a portrait of 160 are 40 apart");
    }

    #[test]
    fn the_eyes_of_a_portrait_are_level_and_its_face_in_the_middle() {
        let [left, right, nose, ..] = Figure::portrait(160).points;
        assert!((left[1] - right[1]).abs() < 1e-6);
        assert!((nose[0] - 79.5).abs() < 1e-4 && (right[0] - left[0] - 40.0).abs() < 1e-4);
    }
}
