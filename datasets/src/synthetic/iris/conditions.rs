//! Under what conditions an eye is photographed.

use super::camera::Camera;
use crate::synthetic::random::Random;

/// What makes one photograph of an eye unlike the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// The camera.
    pub camera: Camera,
    /// Radius of the pupil as a part of the radius of the iris, 0.15 to 0.75.
    pub dilation: f32,
    /// How far the head leans, in degrees clockwise as seen.
    pub tilt_degrees: f32,
    /// How far the eye looks to the right of the camera, as a part of the radius of its iris.
    pub gaze_right: f32,
    /// How far the eye looks up, as a part of the radius of its iris.
    pub gaze_up: f32,
    /// How far the eye is off the middle of the picture, in pixels to the right.
    pub right_px: f32,
    /// How far the eye is off the middle of the picture, in pixels up.
    pub up_px: f32,
    /// The size of the eye as a multiple of what the camera is made for.
    pub scale: f32,
    /// How far the lids are open: 1 is a relaxed eye, 0 a closed one.
    pub openness: f32,
    /// Blur by a wrong distance: standard deviation in pixels.
    pub defocus_px: f32,
    /// Blur by motion: the way that the eye moved, in pixels.
    pub motion_px: f32,
    /// Noise, as a multiple of what the camera has at its best.
    pub noise: f32,
    /// Grey levels by which the picture is lighter than it should be.
    pub brightness: f32,
    /// Contrast, as a multiple of what it should be.
    pub contrast: f32,
    /// How much of a window or lamp is mirrored by the eye: 0 nothing, 1 a white patch.
    pub glare: f32,
    /// How far the texture is dragged about besides stretching with the pupil, in hundredths of a turn.
    pub drag: f32,
}

impl Conditions {
    /// A sharp picture of a relaxed eye that looks into the camera.
    #[must_use]
    pub fn ideal(camera: Camera) -> Self {
        Self {
            camera,
            dilation: 0.4,
            tilt_degrees: 0.0,
            gaze_right: 0.0,
            gaze_up: 0.0,
            right_px: 0.0,
            up_px: 0.0,
            scale: 1.0,
            openness: 1.0,
            defocus_px: 0.0,
            motion_px: 0.0,
            noise: 1.0,
            brightness: 0.0,
            contrast: 1.0,
            glare: 0.0,
            drag: 0.0,
        }
    }

    /// Conditions as people bring them: most pictures good, some half closed, blurred or turned. `carelessness` scales how far
    /// they stray: 0 is [`Conditions::ideal`], 1 the default, 2 hard.
    #[must_use]
    pub fn draw(camera: Camera, carelessness: f32, seed: u64) -> Self {
        let random = &mut Random::new(seed, 7);
        let ideal = Self::ideal(camera);
        let room_px = camera.optics().width_px as f32 / 320.0;
        // One in ten blinks, one in twelve moves, one in six sits at the wrong distance.
        let shut = if random.chance(0.1) { random.between(0.2, 0.5) } else { random.between(-0.08, 0.2) };
        let motion = if random.chance(0.08) { random.between(2.0, 5.0) } else { random.between(0.0, 1.0) };
        let defocus = if random.chance(0.16) { random.between(0.8, 1.6) } else { random.between(0.0, 0.6) };
        let glare = if random.chance(0.12) { random.between(0.2, 0.7) } else { 0.0 };
        Self {
            dilation: (ideal.dilation + carelessness * random.normal(0.0, 0.075)).clamp(0.2, 0.68),
            tilt_degrees: (carelessness * random.normal(0.0, 3.6)).clamp(-12.0, 12.0),
            gaze_right: carelessness * random.normal(0.0, 0.06),
            gaze_up: carelessness * random.normal(0.0, 0.05),
            right_px: carelessness * room_px * random.normal(0.0, 12.0),
            up_px: carelessness * room_px * random.normal(0.0, 8.0),
            scale: (1.0 + carelessness * random.normal(0.0, 0.045)).clamp(0.7, 1.3),
            openness: (1.0 - carelessness * shut).clamp(0.35, 1.1),
            defocus_px: carelessness * room_px.sqrt() * defocus,
            motion_px: carelessness * room_px.sqrt() * motion,
            noise: 1.0 + carelessness * random.between(0.0, 0.7),
            brightness: carelessness * random.normal(0.0, 9.0),
            contrast: (1.0 + carelessness * random.normal(0.0, 0.08)).clamp(0.5, 1.5),
            glare: carelessness * glare,
            drag: carelessness * random.between(0.15, 0.5),
            ..ideal
        }
    }
}
