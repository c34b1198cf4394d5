//! What covers the iris.

use whorl_types::GreyImage;

use super::lids::Lids;
use super::measures::lateral;
use super::sheet::Sheet;
use super::specular::Speculars;
use super::strip::{COLUMNS, ROWS, Strip};

/// Deviations from the grey level of the sides beyond which a place shows no iris.
const MOST_DEVIATIONS: f32 = 2.35;

/// Marks as not seen what the lids, the lashes and reflections of lamps cover.
pub(super) fn hide_covered(strip: &mut Strip, sheet: &Sheet, lids: &Lids, speculars: &Speculars) {
    let (mean, deviation) = beside_pupil(strip);
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            let (x, y) = sheet.place(column, Strip::fraction(row));
            let far = (strip.grey[row][column] - mean).abs() > MOST_DEVIATIONS * deviation;
            if far || lids.cover((x, y)) || speculars.covers((x + 0.5) as usize, (y + 0.5) as usize) {
                strip.seen[row][column] = 0.0;
            }
        }
    }
}

/// Mean and deviation of the grey levels left and right of the pupil, where lids seldom reach.
fn beside_pupil(strip: &Strip) -> (f32, f32) {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for row in 0..ROWS {
        for column in (0..COLUMNS).filter(|&column| lateral(column) && strip.is_seen(row, column)) {
            let grey = strip.grey[row][column];
            count += 1.0;
            sum += grey;
            squares += grey * grey;
        }
    }
    let mean = sum / f32::max(count, 1.0);
    (mean, (squares / f32::max(count, 1.0) - mean * mean).max(0.0).sqrt())
}

/// What is seen of the iris, drawn over the sample it was unwrapped from.
pub(super) fn seen_over(image: &GreyImage, sheet: &Sheet, strip: &Strip) -> GreyImage {
    let (width, height) = (image.width_px(), image.height_px());
    let mut pixels = vec![0; width as usize * height as usize];
    for (row, column) in (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| (row, column))) {
        if strip.is_seen(row, column) {
            let (x, y) = sheet.place(column, Strip::fraction(row));
            pixels[(y as u32 * width + x as u32) as usize] = 255;
        }
    }
    GreyImage::new(width, height, pixels).expect("as large as the sample")
}
