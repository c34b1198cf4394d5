//! From the samples of a scene to a picture: blur, exposure and noise.

use whorl_types::RgbImage;

use super::conditions::Conditions;
use super::raster::{Canvas, SAMPLES_PX};
use crate::synthetic::plane::Plane;
use crate::synthetic::random::Random;

/// Blur of the lens at its best: standard deviation in pixels.
const BLUR_PX: f32 = 0.5;
/// Standard deviation of a pixel's noise at its best, in grey levels; colours have less of it of their own.
const NOISE: f32 = 1.3;
const COLOUR_NOISE: f32 = 0.5;

/// The picture that the camera takes of what is on the `canvas`.
pub(super) fn expose(canvas: &Canvas, how: &Conditions, random: &mut Random) -> RgbImage {
    let sigma = (BLUR_PX * BLUR_PX + how.blur_px * how.blur_px).sqrt();
    let bands = [0, 1, 2].map(|band| band_of(canvas, band).blurred(sigma));
    let film = Film::new();
    let noise = NOISE * how.noise;
    let (width, height) = (bands[0].width, bands[0].height);
    let mut samples = Vec::with_capacity(3 * width * height);
    for at in 0..width * height {
        let grain = random.normal(0.0, noise);
        samples.extend(bands.iter().map(|band| {
            let grey = film.grey(band.values[at]) + grain + random.normal(0.0, COLOUR_NOISE * noise);
            (grey + 0.5).clamp(0.0, 255.0) as u8
        }));
    }
    RgbImage::new(width as u32, height as u32, samples).expect("a camera's size is within the bounds of an image")
}

/// One colour of each pixel: the mean of its samples.
fn band_of(canvas: &Canvas, band: usize) -> Plane {
    let (width, height) = (canvas.width / SAMPLES_PX, canvas.height / SAMPLES_PX);
    let share = 1.0 / (SAMPLES_PX * SAMPLES_PX) as f32;
    let mut plane = Plane::even(width, height, 0.0);
    for (y, row) in canvas.colours.chunks_exact(canvas.width).enumerate() {
        let pixels = &mut plane.values[y / SAMPLES_PX * width..][..width];
        for (pixel, samples) in pixels.iter_mut().zip(row.chunks_exact(SAMPLES_PX)) {
            *pixel += share * samples.iter().map(|colour| colour[band]).sum::<f32>();
        }
    }
    plane
}

/// How linear light becomes grey: the curve of IEC 61966-2-1 (sRGB), whose highlights are rolled off.
struct Film(Vec<f32>);

impl Film {
    const STEPS: usize = 1024;
    /// The brightest light that is told from brighter ones.
    const MOST: f32 = 2.5;

    fn new() -> Self {
        Self((0..=Self::STEPS).map(|step| Self::curve(step as f32 / Self::STEPS as f32)).collect())
    }

    /// The grey of the light `root * root * MOST`: roots spread the shadows over more steps.
    fn curve(root: f32) -> f32 {
        const SHOULDER: f32 = 0.62;
        let light = root * root * Self::MOST;
        let room = 1.0 - SHOULDER;
        let kept =
            if light < SHOULDER { light } else { SHOULDER + room * (1.0 - libm::expf((SHOULDER - light) / room)) };
        255.0 * if kept <= 0.003_130_8 { 12.92 * kept } else { 1.055 * libm::powf(kept, 1.0 / 2.4) - 0.055 }
    }

    fn grey(&self, light: f32) -> f32 {
        let at = (light.clamp(0.0, Self::MOST) / Self::MOST).sqrt() * Self::STEPS as f32;
        let step = (at as usize).min(Self::STEPS - 1);
        self.0[step] + (self.0[step + 1] - self.0[step]) * (at - step as f32)
    }
}
