//! How a person stands before the camera: the way from the body to the picture.

use std::f32::consts::PI;

use super::conditions::Conditions;
use super::raster::SAMPLES_PX;
use super::vector::Vector;

/// Size of a picture.
pub(super) const WIDTH_PX: u32 = 240;
pub(super) const HEIGHT_PX: u32 = 320;

/// Pixels a millimetre at the depth of the eyes, at scale 1.
const PX_MM: f32 = 0.96;
/// Where the point between the eyes and the mouth is, in pixels from the top.
const MIDDLE_PX: f32 = 168.0;
/// Height and depth of that point, and of the one about which a head turns.
const FACE: Vector = Vector::new(0.0, -25.0, 84.0);
const PIVOT: Vector = Vector::new(0.0, -48.0, -5.0);

pub(super) struct Pose {
    /// Where the axes of the head point.
    axes: [Vector; 3],
    distance: f32,
    focal_px: f32,
    centre_px: (f32, f32),
}

/// The yaw, pitch and roll of a head, in degrees, as axes: first nodded, then turned, then leant.
fn axes(yaw: f32, pitch: f32, roll: f32) -> [Vector; 3] {
    let turn = |degrees: f32| {
        let angle = degrees * PI / 180.0;
        (libm::sinf(angle), libm::cosf(angle))
    };
    let ((sy, cy), (sp, cp), (sr, cr)) = (turn(yaw), turn(pitch), turn(-roll));
    let turned = |x: f32, y: f32, z: f32| {
        let (y, z) = (y * cp + z * sp, z * cp - y * sp);
        let (x, z) = (x * cy + z * sy, z * cy - x * sy);
        Vector::new(x * cr - y * sr, x * sr + y * cr, z)
    };
    [turned(1.0, 0.0, 0.0), turned(0.0, 1.0, 0.0), turned(0.0, 0.0, 1.0)]
}

impl Pose {
    pub(super) fn new(how: &Conditions) -> Self {
        let distance = how.distance_mm;
        let mut pose = Self {
            axes: axes(how.yaw_degrees, how.pitch_degrees, how.roll_degrees),
            distance,
            focal_px: PX_MM * how.scale * (distance - FACE.z),
            centre_px: (0.0, 0.0),
        };
        // The operator points the camera at the face, wherever the turn has taken it.
        let (x, y) = pose.picture(pose.placed(FACE, 1.0));
        pose.centre_px = (WIDTH_PX as f32 / 2.0 - 0.8 * x + how.right_px, MIDDLE_PX - y - how.up_px);
        pose
    }

    /// A direction of the head before the camera.
    pub(super) fn turned(&self, way: Vector) -> Vector {
        self.axes[0] * way.x + self.axes[1] * way.y + self.axes[2] * way.z
    }

    /// A point of the body before the camera, which turns with the head so far: 1 wholly, 0 not.
    pub(super) fn placed(&self, point: Vector, turns: f32) -> Vector {
        let with = PIVOT + self.turned(point - PIVOT);
        if turns >= 1.0 { with } else { point.towards(with, turns) }
    }

    /// Pixels from the left and from the top at which a point before the camera is seen.
    pub(super) fn picture(&self, point: Vector) -> (f32, f32) {
        let size = self.focal_px * self.near(point);
        (self.centre_px.0 + size * point.x, self.centre_px.1 - size * point.y)
    }

    /// Samples from the left and from the top; a pixel's middle is that of its samples.
    pub(super) fn samples(&self, point: Vector) -> (f32, f32) {
        let (x, y) = self.picture(point);
        let samples = SAMPLES_PX as f32;
        (samples * x + 0.5 * (samples - 1.0), samples * y + 0.5 * (samples - 1.0))
    }

    /// One over the distance from the camera, in millimetres.
    pub(super) fn near(&self, point: Vector) -> f32 {
        1.0 / (self.distance - point.z).max(50.0)
    }
}
