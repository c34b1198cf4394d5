//! What a detector's outputs say: the heads of YuNet (Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine
//! Intelligence Research 20, 2023), which any detector of a model shares.

use thiserror::Error;

use super::detected::{Bounds, Face};
use super::network::Tensor;

/// Sides of the cells into which the heads divide the canvas, in pixels.
pub(super) const STRIDES_PX: [usize; 3] = [8, 16, 32];

/// A face's box is at most so many times as long as the canvas, else it is a wild guess, whose exponential may be infinite.
const MOST_SIDES: f32 = 4.0;

/// The most candidates that are compared with one another: the strongest. A crowd on a canvas of 640 gives fewer.
const MOST_CANDIDATES: usize = 2_000;

/// Outputs that are not those of a detector.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum HeadsError {
    /// One is missing.
    #[error("the detector has no output named \"{0}\"")]
    Missing(String),
    /// One is of another size.
    #[error("the detector's output \"{name}\" has {found} values where the canvas asks for {expected}")]
    Size {
        /// Which one.
        name: String,
        /// How many values cells times channels are.
        expected: usize,
        /// How many there are.
        found: usize,
    },
}

/// The four heads of one stride.
struct Heads<'a> {
    stride_px: usize,
    cells_a_row: usize,
    class: &'a [f32],
    object: &'a [f32],
    bounds: &'a [[f32; 4]],
    points: &'a [[f32; 10]],
}

/// The faces on a canvas of `side_px` by `side_px` with a score of at least `least_score`, in its pixels, strongest candidates
/// first, overlapping ones included.
///
/// # Errors
/// [`HeadsError`] where `outputs`, named by `names`, are not twelve heads of that canvas.
pub(super) fn decode(
    names: &[String],
    outputs: &[Tensor],
    side_px: usize,
    least_score: f32,
) -> Result<Vec<Face>, HeadsError> {
    let mut faces = Vec::new();
    for stride_px in STRIDES_PX {
        let heads = Heads::of(names, outputs, side_px, stride_px)?;
        faces.extend((0..heads.class.len()).filter_map(|cell| heads.face(cell, side_px, least_score)));
    }
    faces.sort_by(|one, other| other.score.total_cmp(&one.score));
    faces.truncate(MOST_CANDIDATES);
    Ok(faces)
}

impl<'a> Heads<'a> {
    fn of(names: &[String], outputs: &'a [Tensor], side_px: usize, stride_px: usize) -> Result<Self, HeadsError> {
        let cells_a_row = side_px / stride_px;
        let values = |kind: &str, channels: usize| {
            let name = format!("{kind}_{stride_px}");
            let Some(place) = names.iter().position(|known| *known == name) else {
                return Err(HeadsError::Missing(name));
            };
            let (found, expected) =
                (outputs.get(place).map_or(0, |output| output.values.len()), cells_a_row * cells_a_row * channels);
            if found == expected {
                Ok(&outputs[place].values[..])
            } else {
                Err(HeadsError::Size { name, expected, found })
            }
        };
        Ok(Self {
            stride_px,
            cells_a_row,
            class: values("cls", 1)?,
            object: values("obj", 1)?,
            bounds: values("bbox", 4)?.as_chunks().0,
            points: values("kps", 10)?.as_chunks().0,
        })
    }

    /// The face of a cell, if it is sure enough of one.
    fn face(&self, cell: usize, side_px: usize, least_score: f32) -> Option<Face> {
        let score = (self.class[cell].clamp(0.0, 1.0) * self.object[cell].clamp(0.0, 1.0)).sqrt();
        if score.is_nan() || score < least_score {
            return None;
        }
        let stride = self.stride_px as f32;
        let (column, row) = ((cell % self.cells_a_row) as f32, (cell / self.cells_a_row) as f32);
        let [right, down, wide, high] = self.bounds[cell];
        let (width_px, height_px) = (libm::expf(wide) * stride, libm::expf(high) * stride);
        let (x_px, y_px) = ((column + right) * stride - 0.5 * width_px, (row + down) * stride - 0.5 * height_px);
        let bounds = Bounds { x_px, y_px, width_px, height_px };
        let points = self.points[cell].as_chunks().0;
        let points = std::array::from_fn(|place| {
            let [right, down]: [f32; 2] = points[place];
            [(column + right) * stride, (row + down) * stride]
        });
        let face = Face { bounds, points, score };
        face.is_sound(MOST_SIDES * side_px as f32).then_some(face)
    }
}

impl Face {
    /// Whether every number is one, within `most_px` of the origin, and the box not empty.
    fn is_sound(&self, most_px: f32) -> bool {
        let Bounds { x_px, y_px, width_px, height_px } = self.bounds;
        let near = |value: f32| value.abs() <= most_px;
        let placed = [x_px, y_px, width_px, height_px].into_iter().chain(self.points.into_iter().flatten()).all(near);
        placed && width_px > 0.0 && height_px > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE_PX: usize = 64;

    /// Outputs in which one cell of stride 16, in column 1 and row 2, has seen a face.
    fn outputs() -> (Vec<String>, Vec<Tensor>) {
        let (mut names, mut outputs) = (Vec::new(), Vec::new());
        for (kind, channels) in [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)] {
            for stride in STRIDES_PX {
                let cells = (SIDE_PX / stride) * (SIDE_PX / stride);
                names.push(format!("{kind}_{stride}"));
                outputs.push(Tensor { shape: vec![1, cells, channels], values: vec![0.0; cells * channels] });
            }
        }
        let mut put = |name: &str, channels: usize, values: &[f32]| {
            let place = names.iter().position(|known| known == name).unwrap();
            outputs[place].values[(2 * 4 + 1) * channels..][..channels].copy_from_slice(values);
        };
        put("cls_16", 1, &[0.81]);
        put("obj_16", 1, &[0.64]);
        put("bbox_16", 4, &[0.5, 0.25, 0.0, libm::logf(2.0)]);
        put("kps_16", 10, &[0.0, 0.0, 1.0, 0.0, 0.5, 0.5, 0.0, 1.0, 1.0, 1.0]);
        (names, outputs)
    }

    #[test]
    fn a_cell_tells_score_box_and_points() {
        let (names, outputs) = outputs();
        let faces = decode(&names, &outputs, SIDE_PX, 0.5).unwrap();
        let [Face { bounds, points, score }] = faces[..] else { panic!("{faces:?}") };
        assert!((score - 0.72).abs() < 1e-6);
        assert_eq!((bounds.x_px, bounds.width_px), (16.0, 16.0));
        assert!((bounds.y_px - 20.0).abs() < 1e-4 && (bounds.height_px - 32.0).abs() < 1e-4);
        assert_eq!(points, [[16.0, 32.0], [32.0, 32.0], [24.0, 40.0], [16.0, 48.0], [32.0, 48.0]]);
        assert_eq!(decode(&names, &outputs, SIDE_PX, 0.73).unwrap(), []);
    }

    #[test]
    fn heads_in_any_order_are_found_by_name_and_missing_ones_named() {
        let (mut names, mut outputs) = outputs();
        names.reverse();
        outputs.reverse();
        assert_eq!(decode(&names, &outputs, SIDE_PX, 0.5).unwrap().len(), 1);
        assert_eq!(
            decode(&names, &outputs, 2 * SIDE_PX, 0.5).unwrap_err(),
            HeadsError::Size { name: "cls_8".into(), expected: 256, found: 64 }
        );
        names[3] = "other".into();
        assert_eq!(decode(&names, &outputs, SIDE_PX, 0.5).unwrap_err(), HeadsError::Missing("bbox_32".into()));
    }

    #[test]
    fn wild_numbers_are_no_face() {
        for wild in [f32::NAN, f32::INFINITY, 1e30, 88.0] {
            let (names, mut outputs) = outputs();
            let place = names.iter().position(|name| name == "bbox_16").unwrap();
            outputs[place].values[(2 * 4 + 1) * 4 + 2] = wild;
            assert_eq!(decode(&names, &outputs, SIDE_PX, 0.5).unwrap(), [], "{wild}");
        }
        let (names, mut outputs) = outputs();
        outputs[1].values.fill(f32::NAN);
        assert_eq!(decode(&names, &outputs, SIDE_PX, 0.5).unwrap(), []);
    }
}
