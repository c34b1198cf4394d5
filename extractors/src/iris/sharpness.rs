//! How sharp the iris is.

use whorl_types::GreyImage;

use super::sheet::Sheet;
use super::shrunk::Shrunk;
use super::strip::{COLUMNS, ROWS, Strip};

/// The band-pass filter of ISO/IEC 29794-6:2015, 6.2.10: a Laplacian of a Gaussian, a quarter of it.
const FILTER: [[i32; 5]; 5] =
    [[-40, -24, 0, 5, 2], [-24, -12, 3, 5, 2], [0, 3, 5, 4, 1], [5, 5, 4, 2, 1], [2, 2, 1, 1, 0]];

/// How far the filter reaches.
const REACH: u32 = 4;

/// Power at which the sharpness is one half.
const HALF_POWER: f32 = 1_800_000.0;

/// Places of the strip that are looked at: every so many rows and columns, as the standard looks at every fourth pixel.
const EVERY: usize = 4;

/// Rows next to pupil and limbus that are left out: those edges are sharp where the iris is not.
const INSET_ROWS: usize = 10;

/// Power of the filtered iris, saturating, 0 to 1. The standard filters the whole picture, lashes included; here only what is
/// seen of the iris counts.
pub(super) fn sharpness(sample: &Shrunk, sheet: &Sheet, strip: &Strip) -> f32 {
    let (mut squares, mut count) = (0.0, 0.0);
    for row in (INSET_ROWS..ROWS - INSET_ROWS).step_by(EVERY) {
        for column in (0..COLUMNS).step_by(EVERY).filter(|&column| strip.is_seen(row, column)) {
            let (x, y) = sample.place(sheet.place(column, Strip::fraction(row)));
            if let Some(response) = filtered(&sample.image, (x + 0.5) as u32, (y + 0.5) as u32) {
                squares += (response * response) as f32;
                count += 1.0;
            }
        }
    }
    let power = squares / f32::max(count, 1.0);
    power * power / (power * power + HALF_POWER * HALF_POWER)
}

fn filtered(image: &GreyImage, x: u32, y: u32) -> Option<i32> {
    let inside = |at: u32, side: u32| (REACH..side.saturating_sub(REACH)).contains(&at);
    if !inside(x, image.width_px()) || !inside(y, image.height_px()) {
        return None;
    }
    let mut sum = 0;
    for row in y - REACH..=y + REACH {
        let weights = &FILTER[row.abs_diff(y) as usize];
        for (column, &grey) in image.row(row)[(x - REACH) as usize..=(x + REACH) as usize].iter().enumerate() {
            sum += weights[column.abs_diff(REACH as usize)] * i32::from(grey);
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_blind_to_a_constant_and_sees_a_point() {
        let flat = GreyImage::new(9, 9, vec![200; 81]).unwrap();
        assert_eq!(filtered(&flat, 4, 4), Some(0));
        let mut pixels = vec![0; 81];
        pixels[40] = 1;
        let point = GreyImage::new(9, 9, pixels).unwrap();
        assert_eq!(filtered(&point, 4, 4), Some(-40));
        assert_eq!(filtered(&point, 3, 4), None);
    }
}
