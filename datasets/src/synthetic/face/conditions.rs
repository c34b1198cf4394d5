//! Under what conditions a face is photographed.

use super::backdrop::Backdrop;
use crate::synthetic::random::Random;

/// What makes one photograph of a face unlike the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// How far the head turns to the right of the picture, in degrees.
    pub yaw_degrees: f32,
    /// How far it nods up, in degrees.
    pub pitch_degrees: f32,
    /// How far it leans, in degrees clockwise as seen.
    pub roll_degrees: f32,
    /// How far it is off the middle of the picture, in pixels to the right.
    pub right_px: f32,
    /// How far it is off its place in the picture, in pixels up.
    pub up_px: f32,
    /// The size of the head as a multiple of one whose pupils are about 60 pixels apart.
    pub scale: f32,
    /// From the camera to the middle of the head, in millimetres: nearer ones see more of the nose and less of the ears.
    pub distance_mm: f32,
    /// -1 a sour face, 0 none, 1 a broad smile with closed lips.
    pub smile: f32,
    /// How far the brows are raised: 1 is astonished, negative is a frown.
    pub astonishment: f32,
    /// How far the lids are open: 1 relaxed, 0 shut.
    pub openness: f32,
    /// How far the eyes look to the right of the camera, in degrees.
    pub gaze_right_degrees: f32,
    /// How far the eyes look up from the camera, in degrees.
    pub gaze_up_degrees: f32,
    /// Where the main lamp is: degrees to the right of the camera as the camera sees it.
    pub light_right_degrees: f32,
    /// Where the main lamp is: degrees above the camera.
    pub light_up_degrees: f32,
    /// The part of the light that comes from that lamp, 0 an overcast sky to 1 a lamp in a dark room.
    pub hardness: f32,
    /// How warm the light is that the camera has not made up for: 0 white, 1 a candle, negative bluish.
    pub warmth: f32,
    /// Steps of exposure by which the picture is lighter than it should be; one doubles the light.
    pub exposure: f32,
    /// Blur besides that of the lens: standard deviation in pixels.
    pub blur_px: f32,
    /// Noise, as a multiple of what the camera has at its best.
    pub noise: f32,
    /// What is behind the person.
    pub backdrop: Backdrop,
    /// How much fuller the hair is that day, as a part of its usual volume.
    pub hair: f32,
    /// The quality of the JPEG file that the picture is to be kept as, 1 to 100.
    pub jpeg_quality: u8,
}

impl Conditions {
    /// A sharp picture of somebody who looks into the camera, evenly lit from the front, before a plain wall.
    #[must_use]
    pub fn ideal() -> Self {
        Self {
            yaw_degrees: 0.0,
            pitch_degrees: 0.0,
            roll_degrees: 0.0,
            right_px: 0.0,
            up_px: 0.0,
            scale: 1.0,
            distance_mm: 1200.0,
            smile: 0.0,
            astonishment: 0.0,
            openness: 1.0,
            gaze_right_degrees: 0.0,
            gaze_up_degrees: 0.0,
            light_right_degrees: 15.0,
            light_up_degrees: 25.0,
            hardness: 0.4,
            warmth: 0.0,
            exposure: 0.0,
            blur_px: 0.0,
            noise: 1.0,
            backdrop: Backdrop::Plain,
            hair: 0.0,
            jpeg_quality: 92,
        }
    }

    /// The nearest conditions that a camera can meet; what is no number becomes ideal.
    pub(super) fn possible(&self) -> Self {
        let ideal = Self::ideal();
        let within = |value: f32, (least, most): (f32, f32), usual: f32| {
            if value.is_nan() { usual } else { value.clamp(least, most) }
        };
        Self {
            yaw_degrees: within(self.yaw_degrees, (-90.0, 90.0), 0.0),
            pitch_degrees: within(self.pitch_degrees, (-90.0, 90.0), 0.0),
            roll_degrees: within(self.roll_degrees, (-180.0, 180.0), 0.0),
            right_px: within(self.right_px, (-240.0, 240.0), 0.0),
            up_px: within(self.up_px, (-320.0, 320.0), 0.0),
            scale: within(self.scale, (0.2, 3.0), ideal.scale),
            distance_mm: within(self.distance_mm, (350.0, 20_000.0), ideal.distance_mm),
            smile: within(self.smile, (-1.0, 1.2), 0.0),
            astonishment: within(self.astonishment, (-1.0, 1.5), 0.0),
            openness: within(self.openness, (0.0, 1.3), ideal.openness),
            gaze_right_degrees: within(self.gaze_right_degrees, (-30.0, 30.0), 0.0),
            gaze_up_degrees: within(self.gaze_up_degrees, (-20.0, 20.0), 0.0),
            light_right_degrees: within(self.light_right_degrees, (-90.0, 90.0), ideal.light_right_degrees),
            light_up_degrees: within(self.light_up_degrees, (-90.0, 90.0), ideal.light_up_degrees),
            hardness: within(self.hardness, (0.0, 1.0), ideal.hardness),
            warmth: within(self.warmth, (-1.0, 1.0), 0.0),
            exposure: within(self.exposure, (-4.0, 4.0), 0.0),
            blur_px: within(self.blur_px, (0.0, 8.0), 0.0),
            noise: within(self.noise, (0.0, 50.0), ideal.noise),
            backdrop: self.backdrop,
            hair: within(self.hair, (-0.7, 1.0), 0.0),
            jpeg_quality: self.jpeg_quality.clamp(1, 100),
        }
    }

    /// Conditions as enrolment stations meet them: most pictures near the standard's portrait, some turned, smiling, blurred or
    /// lit from aside. `carelessness` scales how far they stray: 0 is [`Conditions::ideal`], 1 the default, 2 hard.
    #[must_use]
    pub fn draw(carelessness: f32, seed: u64) -> Self {
        let random = &mut Random::new(seed, 21);
        let ideal = Self::ideal();
        // One in six smiles, one in twelve has the eyes half shut, one in eight is out of focus.
        let smile = if random.chance(0.17) { random.between(0.4, 0.9) } else { random.normal(0.0, 0.12) };
        let shut = if random.chance(0.08) { random.between(0.2, 0.5) } else { random.between(-0.08, 0.12) };
        let blur = if random.chance(0.12) { random.between(0.5, 1.1) } else { random.between(0.0, 0.35) };
        let from_side = if random.chance(0.2) { 2.0 } else { 1.0 };
        let aside = carelessness * from_side;
        let backdrops = [Backdrop::Plain, Backdrop::Shaded, Backdrop::Room];
        let wall = random.weighted(&[0.5 + 0.5 / carelessness.max(0.1), 0.8, 0.7]);
        Self {
            yaw_degrees: (carelessness * random.normal(0.0, 5.0)).clamp(-30.0, 30.0),
            pitch_degrees: (carelessness * random.normal(0.0, 3.6)).clamp(-20.0, 20.0),
            roll_degrees: (carelessness * random.normal(0.0, 2.6)).clamp(-20.0, 20.0),
            right_px: carelessness * random.normal(0.0, 6.0),
            up_px: carelessness * random.normal(0.0, 6.0),
            scale: (1.0 + carelessness * random.normal(0.0, 0.06)).clamp(0.7, 1.3),
            distance_mm: (ideal.distance_mm + carelessness * random.between(-400.0, 400.0)).max(500.0),
            smile: (carelessness * smile).clamp(-0.6, 1.0),
            astonishment: (carelessness * random.normal(0.0, 0.18)).clamp(-0.5, 1.0),
            openness: (1.0 - carelessness * shut).clamp(0.35, 1.15),
            gaze_right_degrees: (carelessness * random.normal(0.0, 3.0)).clamp(-20.0, 20.0),
            gaze_up_degrees: (carelessness * random.normal(0.0, 2.0)).clamp(-12.0, 12.0),
            light_right_degrees: (ideal.light_right_degrees * (1.0 - carelessness).max(0.0)
                + aside * random.normal(0.0, 22.0))
            .clamp(-75.0, 75.0),
            light_up_degrees: (ideal.light_up_degrees + carelessness * random.normal(5.0, 10.0)).clamp(0.0, 65.0),
            hardness: (ideal.hardness + carelessness * random.normal(0.05, 0.12)).clamp(0.05, 0.9),
            warmth: (carelessness * random.normal(0.0, 0.12)).clamp(-0.6, 0.8),
            exposure: (carelessness * random.normal(0.0, 0.16)).clamp(-1.2, 1.0),
            blur_px: carelessness * blur,
            noise: 1.0 + carelessness * random.between(0.0, 1.2),
            backdrop: backdrops[wall],
            hair: (carelessness * random.normal(0.0, 0.12)).clamp(-0.4, 0.5),
            jpeg_quality: (94.0 - carelessness * random.between(0.0, 14.0)).clamp(50.0, 95.0) as u8,
        }
    }
}
