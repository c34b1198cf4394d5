//! Looking again at what was found, once it is aligned.
//!
//! A detector is sometimes sure of a shoulder, of a face that lies on its side, of a pattern. All of those look alike to an
//! embedding network: 3 % of such crops made nearly all false matches among pictures in the wild (a true match rate at a false
//! match rate of 1e-4 of 0.19 with them, of 0.66 without). What is a face is found again in the aligned crop, in its place.
//!
//! Finding it again is not enough: half of all faces that stand on their heads, and a fifth of those on their sides, look to a
//! detector (YuNet) like upright ones with the mouth for eyes, again and again, and with scores of up to 0.92. But turned by the
//! right quarter they score higher: of 217 faces, 117 of them wrongly turned, each was told so, by 0.02 at least.

use whorl_types::{Pixels, Refusal};

use super::align::{Figure, mean_distance};
use super::canvas::Canvas;
use super::detect::Detector;
use super::detected::Face;
use super::model::Model;
use super::similarity::{Similarity, distance};

/// How sure the detector must be of the aligned face.
pub(super) const LEAST_SCORE: f32 = 0.7;

/// How far the points of one look may be from those of the look before, in the mean, in eye distances, for both to have seen the
/// same face. The limit is 6 pixels in the usual crop of 112, where the eyes are 35 apart.
pub(super) const SAME_FACE: f32 = 0.17;

/// How far the points may be from those of the crop once they are aligned, in the mean, in eye distances: a head that looks far
/// away has other proportions.
pub(super) const MOST_RESIDUAL: f32 = 0.17;

/// How often an aligned face is looked at: once for a face that is where it seemed to be, twice more where the first points of a
/// face of a few pixels were rough, once more after it was set upright.
const MOST_LOOKS: usize = 4;

/// How far the middle of a face in a turned crop may be from that of the crop's, in eye distances, to be the same one.
const SAME_PLACE: f32 = 1.0;

/// Side of the canvas on which an aligned face is looked at, in pixels, unless the detector takes one size only: the eyes are 40
/// pixels apart there.
const SIDE_PX: usize = 160;

/// A face that was found again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aligned {
    /// The face as the last look has it, in pixels of the picture: at its true turn and a size that detectors know well, the
    /// points are more exact than those of the first. The box is that of the first look.
    pub(super) face: Face,
    /// From the crop's pixels to the picture's, by the points of `face`.
    pub(super) to_picture: Similarity,
    /// How far the points of the last look are from their places, in the mean, in eye distances.
    pub(super) residual: f32,
}

/// The second look at faces of one picture.
pub(super) struct Gate<'a> {
    pub(super) picture: &'a Pixels,
    pub(super) detector: Detector<'a>,
    /// The crop that is embedded.
    pub(super) figure: Figure,
}

impl<'a> Gate<'a> {
    pub(super) fn of(model: &'a Model, picture: &'a Pixels) -> Self {
        Self { picture, detector: Detector::of(model), figure: Figure::of(&model.description().embedder.crop) }
    }

    /// The face, if the detector finds it again where it should be.
    ///
    /// # Errors
    /// [`Refusal::NotAligned`] where it is not found, or always elsewhere; [`Refusal::Pose`] where it is found, but its points are
    /// not those of a face that looks into the camera.
    pub(super) fn pass(&self, face: &Face) -> Result<Aligned, Refusal> {
        let mut seen = *face;
        for _ in 0..MOST_LOOKS {
            let canvas = self.canvas(&seen).ok_or(Refusal::NotAligned)?;
            let upright = self.look(&canvas, 0, &seen);
            let moved = upright.map(|again| mean_distance(&again.points, &seen.points) / again.eye_distance_px());
            if let (Some(again), Some(moved)) = (upright, moved)
                && moved > SAME_FACE
            {
                seen = again;
                continue;
            }
            let turned = (1..4).filter_map(|quarter_turns| self.look(&canvas, quarter_turns, &seen));
            let turned = turned.max_by(|one, other| one.score.total_cmp(&other.score));
            seen = match (upright, turned) {
                (Some(upright), turned) if turned.is_none_or(|turned| turned.score <= upright.score) => {
                    return self.aligned(Face { bounds: face.bounds, ..upright });
                }
                (_, Some(turned)) => turned,
                (_, None) => break,
            };
        }
        Err(Refusal::NotAligned)
    }

    fn aligned(&self, face: Face) -> Result<Aligned, Refusal> {
        let to_picture = self.figure.align(&face.points).ok_or(Refusal::NotAligned)?;
        let into_crop = to_picture.inverse();
        let residual = self.figure.residual(&face.points.map(|point| into_crop.apply(point)));
        if residual > MOST_RESIDUAL { Err(Refusal::Pose) } else { Ok(Aligned { face, to_picture, residual }) }
    }

    /// A canvas that shows the aligned face with what is around it.
    fn canvas(&self, face: &Face) -> Option<Canvas> {
        let to_picture = self.figure.align(&face.points)?;
        let side_px = self.detector.side_near_px(SIDE_PX);
        let into_crop = Figure::portrait(side_px).align(&self.figure.points)?;
        Some(Canvas::showing(self.picture, into_crop.then(&to_picture), side_px))
    }

    /// The face nearest to the place of `seen` on the canvas turned clockwise, if the detector is sure of it.
    fn look(&self, canvas: &Canvas, quarter_turns: u8, seen: &Face) -> Option<Face> {
        let faces = if quarter_turns == 0 {
            self.detector.faces(canvas)
        } else {
            self.detector.faces(&canvas.turned(quarter_turns))
        };
        let away = |face: &Face| distance(face.middle(), seen.middle());
        let nearest = faces.into_iter().min_by(|one, other| away(one).total_cmp(&away(other)))?;
        let sure = nearest.score >= LEAST_SCORE && away(&nearest) <= SAME_PLACE * seen.eye_distance_px();
        sure.then_some(nearest)
    }
}

impl Aligned {
    /// How often the picture must be turned clockwise for the face to stand upright, 0 to 3.
    pub(super) fn quarter_turns(&self) -> u8 {
        let quarters = (-self.to_picture.turn_degrees() / 90.0).round() as i32;
        quarters.rem_euclid(4) as u8
    }
}
