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

    /// The rectangle blurred by a bell of standard deviation `sigma`.
    pub(super) fn blurred(&self, sigma: f32) -> Self {
        blurred_rows(&blurred_rows(self, sigma).transposed(), sigma).transposed()
    }
}

/// Blurs each row by a bell of standard deviation `sigma`.
fn blurred_rows(plane: &Plane, sigma: f32) -> Plane {
    let reach = (3.0 * sigma) as usize + 1;
    let bell =
        (0..=2 * reach).map(|tap| tap as f32 - reach as f32).map(|at| libm::expf(-at * at / (2.0 * sigma * sigma)));
    let bell: Vec<f32> = bell.collect();
    let total: f32 = bell.iter().sum();
    let mut values = Vec::with_capacity(plane.values.len());
    let mut padded = Vec::new();
    for row in plane.values.chunks_exact(plane.width) {
        padded.clear();
        padded.extend(std::iter::repeat_n(row[0], reach));
        padded.extend_from_slice(row);
        padded.extend(std::iter::repeat_n(row[plane.width - 1], reach));
        let start = values.len();
        values.resize(start + plane.width, 0.0);
        for (tap, weight) in bell.iter().enumerate() {
            let weight = weight / total;
            values[start..].iter_mut().zip(&padded[tap..]).for_each(|(sum, from)| *sum += weight * from);
        }
    }
    Plane { width: plane.width, height: plane.height, values }
}
