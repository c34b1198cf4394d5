//! Reflections of lamps.

use whorl_types::GreyImage;

/// From this shade on a pixel is a reflection.
const GLARE: u8 = 245;

/// Where lamps are reflected.
#[derive(Debug, Clone)]
pub(crate) struct Speculars {
    width: usize,
    marked: Vec<bool>,
}

impl Speculars {
    pub(super) fn find(image: &GreyImage) -> Self {
        let marked = image.pixels().iter().map(|&shade| shade >= GLARE).collect();
        Self { width: image.width_px() as usize, marked }
    }

    /// Whether the pixel in column `x`, row `y` of the sample shows a lamp.
    pub(crate) fn covers(&self, x: usize, y: usize) -> bool {
        x < self.width && self.marked.get(y * self.width + x).copied().unwrap_or(false)
    }
}
