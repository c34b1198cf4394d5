//! The iris unwrapped.

use std::fmt;

use whorl_types::GreyImage;

use super::sheet::Sheet;
use super::shrunk::Shrunk;

/// Rows of a strip: steps from pupil to limbus.
pub(super) const ROWS: usize = 64;

/// Columns of a strip: directions around the eye.
pub(super) const COLUMNS: usize = 512;

/// The iris as a strip of grey levels, and which of them show iris: the row next to the pupil first, the positive x axis in
/// column 0, clockwise as a person sees the picture.
#[derive(Clone)]
pub struct Strip {
    /// Grey levels, 0 to 255.
    pub(super) grey: Vec<[f32; COLUMNS]>,
    /// 1 where the iris is seen, 0 where something covers it.
    pub(super) seen: Vec<[f32; COLUMNS]>,
}

impl Strip {
    /// Steps from pupil to limbus.
    pub const ROWS: usize = ROWS;

    /// Directions around the eye.
    pub const COLUMNS: usize = COLUMNS;

    /// What `sample` shows of the places of `sheet`; those outside the picture are not seen.
    pub(super) fn unwrap(sample: &Shrunk, sheet: &Sheet) -> Self {
        let mut strip = Self { grey: vec![[0.0; COLUMNS]; ROWS], seen: vec![[0.0; COLUMNS]; ROWS] };
        for row in 0..ROWS {
            let fraction = Self::fraction(row);
            for column in 0..COLUMNS {
                if let Some(grey) = sample.sample(sheet.place(column, fraction)) {
                    strip.grey[row][column] = grey;
                    strip.seen[row][column] = 1.0;
                }
            }
        }
        strip
    }

    /// How far on the way from pupil to limbus the middle of `row` lies.
    pub(super) fn fraction(row: usize) -> f32 {
        (row as f32 + 0.5) / ROWS as f32
    }

    /// Whether the iris is seen at `row`, `column`.
    ///
    /// # Panics
    /// Outside of the strip.
    #[must_use]
    pub fn is_seen(&self, row: usize, column: usize) -> bool {
        self.seen[row][column] > 0.0
    }

    /// The fraction of the strip that is seen.
    #[must_use]
    pub fn seen_fraction(&self) -> f32 {
        self.seen.iter().flatten().sum::<f32>() / (ROWS * COLUMNS) as f32
    }

    /// The strip as a picture of [`Strip::COLUMNS`] by [`Strip::ROWS`] pixels.
    #[must_use]
    pub fn to_grey(&self) -> GreyImage {
        picture(&self.grey)
    }

    /// The mean grey level of what is seen of `row`.
    pub(super) fn level(&self, row: usize) -> f32 {
        let (grey, seen) = (&self.grey[row], &self.seen[row]);
        let total: f32 = grey.iter().zip(seen).map(|(grey, seen)| grey * seen).sum();
        total / seen.iter().sum::<f32>().max(1.0)
    }
}

impl fmt::Debug for Strip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Strip({:.0} % seen)", 100.0 * self.seen_fraction())
    }
}

fn picture(grey: &[[f32; COLUMNS]]) -> GreyImage {
    let pixels = grey.iter().flatten().map(|&grey| (grey + 0.5) as u8).collect();
    GreyImage::new(COLUMNS as u32, grey.len() as u32, pixels).expect("every row has all columns")
}

/// The grey level at a place between pixels, in proportion to its distance from the four around it.
#[inline]
pub(super) fn sample(image: &GreyImage, (x, y): (f32, f32)) -> Option<f32> {
    let (width, height) = (image.width_px() as usize, image.height_px() as usize);
    if !(x >= 0.0 && y >= 0.0 && x < (width - 1) as f32 && y < (height - 1) as f32) {
        return None;
    }
    let (column, row) = (x as usize, y as usize);
    let (right, down) = (x - column as f32, y - row as f32);
    let two = |row: usize| {
        let pair = &image.pixels()[row * width + column..][..2];
        let [left, next] = [pair[0], pair[1]].map(f32::from);
        left + (next - left) * right
    };
    let (above, below) = (two(row), two(row + 1));
    Some(above + (below - above) * down)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_pixels_grey_goes_in_proportion_and_outside_there_is_none() {
        let image = GreyImage::new(2, 2, vec![0, 100, 200, 100]).unwrap();
        assert_eq!(sample(&image, (0.5, 0.0)), Some(50.0));
        assert_eq!(sample(&image, (0.25, 0.5)), Some(100.0));
        for outside in [(-0.1, 0.0), (1.0, 0.0), (0.0, f32::NAN), (f32::INFINITY, 0.0)] {
            assert_eq!(sample(&image, outside), None, "{outside:?}");
        }
    }
}
