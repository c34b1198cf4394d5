//! Eyes painted in code.

use std::f32::consts::TAU;

use whorl_types::GreyImage;

/// An eye whose texture is known, looking into the camera.
#[derive(Debug, Clone)]
pub(crate) struct Eye {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) centre: (f32, f32),
    pub(crate) pupil: f32,
    pub(crate) limbus: f32,
    /// Turn of the iris, in turns, clockwise as seen.
    pub(crate) turn: f32,
    /// Row above which a lid covers all.
    pub(crate) lid: f32,
    /// How strong the texture is, in grey levels.
    pub(crate) texture: f32,
}

impl Default for Eye {
    fn default() -> Self {
        let (centre, lid) = ((160.0, 120.0), -1.0);
        Self { width: 320, height: 240, centre, pupil: 36.0, limbus: 96.0, turn: 0.0, lid, texture: 3.0 }
    }
}

impl Eye {
    /// The picture, each pixel the mean of four points of it.
    pub(crate) fn image(&self) -> GreyImage {
        let pixel = |x: u32, y: u32| {
            let points = [(-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)];
            let sum: f32 = points.iter().map(|(dx, dy)| self.shade(x as f32 + dx, y as f32 + dy)).sum();
            (sum / 4.0) as u8
        };
        let pixels = (0..self.height).flat_map(|y| (0..self.width).map(move |x| pixel(x, y))).collect();
        GreyImage::new(self.width, self.height, pixels).expect("every pixel is painted")
    }

    fn shade(&self, x: f32, y: f32) -> f32 {
        let (right, down) = (x - self.centre.0, y - self.centre.1);
        let radius = libm::sqrtf(right * right + down * down);
        if y < self.lid {
            200.0
        } else if radius < self.pupil {
            25.0
        } else if radius > self.limbus {
            180.0
        } else {
            let fraction = (radius - self.pupil) / (self.limbus - self.pupil);
            self.iris(libm::atan2f(down, right) / TAU - self.turn, fraction)
        }
    }

    /// Waves around the eye of many frequencies, each with a phase that winds outwards at a pace of its own.
    fn iris(&self, turn: f32, fraction: f32) -> f32 {
        let wave = |count: u32| {
            let mixed = count.wrapping_mul(2_654_435_761);
            let (phase, pace) = ((mixed >> 8 & 0xFF) as f32 / 256.0, (mixed >> 16 & 0xFF) as f32 / 100.0 - 1.28);
            libm::cosf(TAU * (count as f32 * turn + phase + pace * fraction))
        };
        110.0 + self.texture * (7..=50).step_by(3).map(wave).sum::<f32>()
    }
}

/// The picture as a mirror shows it.
pub(crate) fn mirrored(image: &GreyImage) -> GreyImage {
    let rows = (0..image.height_px()).flat_map(|y| image.row(y).iter().rev().copied());
    GreyImage::new(image.width_px(), image.height_px(), rows.collect()).expect("as many pixels as before")
}
