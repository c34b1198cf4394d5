//! From the scene to a picture: blur, light and noise.

use std::f32::consts::TAU;

use whorl_types::GreyImage;

use super::conditions::Conditions;
use crate::synthetic::plane::Plane;
use crate::synthetic::random::Random;

/// The widest blur, in pixels: more leaves nothing of an iris.
const MOST_BLUR_PX: f32 = 6.0;
/// The longest motion.
const MOST_MOTION_PX: f32 = 24.0;

/// The picture that the camera takes of `scene`.
pub(super) fn expose(scene: Plane, how: &Conditions, random: &mut Random) -> GreyImage {
    let optics = how.camera.optics();
    let wrong = how.defocus_px.clamp(0.0, MOST_BLUR_PX);
    let sigma = (optics.blur_px * optics.blur_px + wrong * wrong).sqrt();
    let moved = moved(scene, how.motion_px.clamp(0.0, MOST_MOTION_PX), random.between(0.0, TAU));
    let blurred = moved.blurred(sigma);
    let noise = optics.noise * how.noise.clamp(0.0, 50.0);
    let light = 128.0 + optics.light + how.brightness;
    let pixels = blurred.values.iter().map(|grey| {
        let grey = light + how.contrast * (grey - 128.0) + random.normal(0.0, noise);
        (grey + 0.5).clamp(0.0, 255.0) as u8
    });
    GreyImage::new(blurred.width as u32, blurred.height as u32, pixels.collect())
        .expect("a camera's size is within the bounds of an image")
}

/// The mean of the scene over a straight way of `length_px`.
fn moved(scene: Plane, length_px: f32, direction: f32) -> Plane {
    let steps = length_px as usize + 1;
    if steps == 1 {
        return scene;
    }
    let (dx, dy) = (length_px * libm::cosf(direction), length_px * libm::sinf(direction));
    let mut sum = Plane::even(scene.width, scene.height, 0.0);
    for step in 0..steps {
        let part = step as f32 / (steps - 1) as f32 - 0.5;
        let (right, down) = ((dx * part + 0.5).floor() as isize, (dy * part + 0.5).floor() as isize);
        for (y, row) in sum.values.chunks_exact_mut(scene.width).enumerate() {
            let from = (y as isize + down).clamp(0, scene.height as isize - 1) as usize;
            let from = &scene.values[from * scene.width..][..scene.width];
            for (x, sum) in row.iter_mut().enumerate() {
                *sum += from[(x as isize + right).clamp(0, scene.width as isize - 1) as usize];
            }
        }
    }
    sum.values.iter_mut().for_each(|value| *value /= steps as f32);
    sum
}
