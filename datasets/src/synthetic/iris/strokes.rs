//! Lines drawn with ink: vessels and lashes.

use crate::synthetic::plane::Plane;
use crate::synthetic::random::rise;

/// A straight line that tapers, in pixels.
pub(super) struct Stroke {
    pub(super) from: (f32, f32),
    pub(super) to: (f32, f32),
    /// Half its width at either end.
    pub(super) half_px: (f32, f32),
    /// How much of what lies below it hides, 0 to 1.
    pub(super) strength: f32,
}

/// How much ink lies where; lines that cross are no darker than the darker one.
pub(super) struct Ink(Plane);

impl Ink {
    /// None yet, for a picture of the size of `canvas`.
    pub(super) fn new(canvas: &Plane) -> Self {
        Self(Plane::even(canvas.width, canvas.height, 0.0))
    }

    pub(super) fn draw(&mut self, stroke: &Stroke) {
        let margin = stroke.half_px.0.max(stroke.half_px.1) + 1.0;
        let span = |a: f32, b: f32, limit: usize| {
            let first = (a.min(b) - margin).max(0.0) as usize;
            first.min(limit)..((a.max(b) + margin + 1.0).max(0.0) as usize).min(limit)
        };
        let Plane { width, height, values } = &mut self.0;
        for y in span(stroke.from.1, stroke.to.1, *height) {
            for x in span(stroke.from.0, stroke.to.0, *width) {
                let ink = &mut values[y * *width + x];
                *ink = ink.max(stroke.ink_at(x as f32, y as f32));
            }
        }
    }

    /// Turns `canvas` to `grey` where ink is.
    pub(super) fn blend(&self, canvas: &mut Plane, grey: f32) {
        for (pixel, ink) in canvas.values.iter_mut().zip(&self.0.values) {
            *pixel += (grey - *pixel) * ink;
        }
    }
}

impl Stroke {
    fn ink_at(&self, x: f32, y: f32) -> f32 {
        let (along_x, along_y) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let (x, y) = (x - self.from.0, y - self.from.1);
        let length = (along_x * along_x + along_y * along_y).max(1e-6);
        let part = ((x * along_x + y * along_y) / length).clamp(0.0, 1.0);
        let (dx, dy) = (x - part * along_x, y - part * along_y);
        let half = self.half_px.0 + (self.half_px.1 - self.half_px.0) * part;
        // A line narrower than a pixel is paler instead.
        self.strength * (2.0 * half).min(1.0) * rise(half + 0.6, half - 0.6, (dx * dx + dy * dy).sqrt())
    }
}
