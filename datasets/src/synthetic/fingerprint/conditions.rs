//! Under what conditions a print is taken.

use super::sensor::Sensor;
use crate::synthetic::random::Random;

/// What makes one print of a finger unlike the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// The sensor.
    pub sensor: Sensor,
    /// How far the finger is turned, in degrees counter-clockwise.
    pub turn_degrees: f32,
    /// How far the finger is off the middle of the sensor, in pixels to the right.
    pub right_px: f32,
    /// How far the finger is off the middle of the sensor, in pixels up.
    pub up_px: f32,
    /// How far the finger is rolled to its right side, in pixels of skin.
    pub roll_px: f32,
    /// How far the finger is raised onto its tip, in pixels of skin.
    pub pitch_px: f32,
    /// How much of the finger touches: 1 is a plain print, 0.5 half as wide and high.
    pub contact: f32,
    /// How far the skin that is pressed down slides against the rest, in pixels.
    pub slip_px: f32,
    /// How hard the finger presses: -1 leaves thin ridges, 1 thick ones.
    pub pressure: f32,
    /// How unevenly it presses: 0 everywhere the same, 1 leaves holes.
    pub unevenness: f32,
    /// How dry the skin is: 0 not at all, 1 leaves broken ridges.
    pub dryness: f32,
    /// How wet the skin is: 0 not at all, 1 fills valleys.
    pub wetness: f32,
    /// Noise, as a multiple of what the sensor has at its best.
    pub noise: f32,
    /// Scratches that only this print has.
    pub scratches: u32,
}

impl Conditions {
    /// A clean print, straight and in the middle.
    #[must_use]
    pub fn ideal(sensor: Sensor) -> Self {
        Self {
            sensor,
            turn_degrees: 0.0,
            right_px: 0.0,
            up_px: 0.0,
            roll_px: 0.0,
            pitch_px: 0.0,
            contact: 1.0,
            slip_px: 0.0,
            pressure: 0.0,
            unevenness: 0.2,
            dryness: 0.0,
            wetness: 0.0,
            noise: 1.0,
            scratches: 0,
        }
    }

    /// Conditions as people bring them: most prints fair, some poor, a few bad. `carelessness` scales how far they stray:
    /// 0 is [`Conditions::ideal`], 1 the default, 2 hard.
    #[must_use]
    pub fn draw(sensor: Sensor, carelessness: f32, seed: u64) -> Self {
        let random = &mut Random::new(seed, 3);
        // One in twelve turns the finger far; one in six puts down only a part of it.
        let turn = if random.chance(0.08) { 24.0 } else { 10.0 };
        let part = if random.chance(0.16) { random.between(0.15, 0.44) } else { random.between(-0.05, 0.15) };
        let (dryness, wetness) = match random.weighted(&[0.5, 0.3, 0.2]) {
            0 => (random.between(0.0, 0.25), 0.0),
            1 => (random.between(0.2, 1.25), 0.0),
            _ => (0.0, random.between(0.2, 1.15)),
        };
        let slip = if random.chance(0.2) { 20.0 } else { 9.0 };
        Self {
            sensor,
            turn_degrees: carelessness * random.normal(0.0, turn).clamp(-45.0, 45.0),
            right_px: carelessness * random.normal(0.0, 18.0),
            up_px: carelessness * random.normal(0.0, 24.0),
            roll_px: carelessness * random.normal(0.0, 29.0),
            pitch_px: carelessness * random.normal(0.0, 36.0),
            contact: (1.0 - carelessness * part).clamp(0.5, 1.1),
            slip_px: carelessness * random.normal(0.0, slip).abs(),
            pressure: carelessness * random.normal(0.0, 0.35).clamp(-1.0, 1.0),
            unevenness: (0.2 + carelessness * random.between(0.0, 0.4)).min(1.0),
            dryness: (carelessness * dryness).min(1.3),
            wetness: (carelessness * wetness).min(1.3),
            noise: 1.0 + carelessness * random.between(0.0, 1.0),
            scratches: if random.chance(0.3 * carelessness) { 1 + random.below(4) } else { 0 },
        }
    }
}
