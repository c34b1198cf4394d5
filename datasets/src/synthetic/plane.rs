//! Rectangles of numbers, to be looked up between the samples.

/// A rectangle of heights or greys, row after row from the top.
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Plane {
    /// The same `value` everywhere.
    pub(super) fn even(width: usize, height: usize, value: f32) -> Self {
        Self { width, height, values: vec![value; width * height] }
    }

    /// The value between samples, by the four nearest; the nearest edge outside.
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x.clamp(0.0, self.width as f32 - 1.001), y.clamp(0.0, self.height as f32 - 1.001));
        let (column, row) = (x as usize, y as usize);
        let (right, down) = (x - column as f32, y - row as f32);
        let upper = &self.values[row * self.width + column..][..2];
        let lower = &self.values[(row + 1) * self.width + column..][..2];
        let above = upper[0] + (upper[1] - upper[0]) * right;
        let below = lower[0] + (lower[1] - lower[0]) * right;
        above + (below - above) * down
    }

    /// Rows for columns.
    pub(super) fn transposed(&self) -> Self {
        let Self { width, height, values } = self;
        let values = (0..*width).flat_map(|x| (0..*height).map(move |y| values[y * width + x])).collect();
        Self { width: *height, height: *width, values }
    }
}
