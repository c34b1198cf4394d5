//! Prints drawn as waves whose phase winds around each minutia, so that the truth is known.

use whorl_types::GreyImage;

/// Level ridges over an ellipse on white, with minutiae at known places.
#[derive(Clone)]
pub(crate) struct Drawing {
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    pub(crate) period_px: f32,
    /// Half the width and height of the ellipse.
    pub(crate) half_px: (f32, f32),
    /// Place, and +1 where there is one ridge more on the right, -1 on the left.
    pub(crate) minutiae: Vec<(f32, f32, f32)>,
}

impl Default for Drawing {
    fn default() -> Self {
        let minutiae = vec![
            (100.0, 90.0, 1.0),
            (200.0, 110.0, -1.0),
            (160.0, 150.0, 1.0),
            (90.0, 170.0, -1.0),
            (225.0, 180.0, 1.0),
            (130.0, 215.0, 1.0),
            (190.0, 230.0, -1.0),
            (105.0, 265.0, -1.0),
            (215.0, 275.0, 1.0),
            (155.0, 300.0, -1.0),
        ];
        Self { width_px: 320, height_px: 400, period_px: 9.0, half_px: (120.0, 160.0), minutiae }
    }
}

impl Drawing {
    /// The same with every place and size `times` as far; the period stays.
    pub(crate) fn enlarged(mut self, times: f32) -> Self {
        self.width_px = (self.width_px as f32 * times) as u32;
        self.height_px = (self.height_px as f32 * times) as u32;
        self.half_px = (self.half_px.0 * times, self.half_px.1 * times);
        for (x, y, _) in &mut self.minutiae {
            (*x, *y) = (*x * times, *y * times);
        }
        self
    }

    pub(crate) fn image(&self) -> GreyImage {
        let pixels = (0..self.height_px).flat_map(|y| (0..self.width_px).map(move |x| (x, y)));
        let shades = pixels.map(|(x, y)| self.shade(x as f32 + 0.5, y as f32 + 0.5)).collect();
        GreyImage::new(self.width_px, self.height_px, shades).expect("drawn in full")
    }

    fn shade(&self, x: f32, y: f32) -> u8 {
        let (u, v) = (x - self.width_px as f32 / 2.0, y - self.height_px as f32 / 2.0);
        let (a, b) = (u / self.half_px.0, v / self.half_px.1);
        if a * a + b * b > 1.0 {
            return 255;
        }
        let turn = 2.0 * std::f32::consts::PI;
        let winding: f32 = self.minutiae.iter().map(|&(mx, my, sense)| sense * libm::atan2f(y - my, x - mx)).sum();
        (140.0 - 90.0 * libm::cosf(turn * v / self.period_px + winding)) as u8
    }
}

/// Upside down: turned by half a turn.
pub(crate) fn mirrored_both_ways(image: &GreyImage) -> GreyImage {
    let pixels = image.pixels().iter().rev().copied().collect();
    GreyImage::new(image.width_px(), image.height_px(), pixels).expect("drawn in full")
}

/// Turned clockwise by a quarter.
pub(crate) fn quarter_turned(image: &GreyImage) -> GreyImage {
    let (width, height) = (image.width_px(), image.height_px());
    let places = (0..width).flat_map(|y| (0..height).map(move |x| (x, y)));
    GreyImage::new(height, width, places.map(|(x, y)| image.at(y, height - 1 - x)).collect()).expect("drawn in full")
}

pub(crate) fn negative(image: &GreyImage) -> GreyImage {
    let pixels = image.pixels().iter().map(|&shade| 255 - shade).collect();
    GreyImage::new(image.width_px(), image.height_px(), pixels).expect("drawn in full")
}

/// White noise from a fixed seed (Marsaglia's xorshift).
pub(crate) fn noise(width_px: u32, height_px: u32) -> GreyImage {
    let mut state = 0x2545_f491_u32;
    let pixels = (0..width_px * height_px).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 24) as u8
    });
    GreyImage::new(width_px, height_px, pixels.collect()).expect("drawn in full")
}
