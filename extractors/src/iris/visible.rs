//! What covers the iris.

use std::ops::Range;

use whorl_types::GreyImage;

use super::lids::Lids;
use super::measures::lateral;
use super::sheet::Sheet;
use super::specular::Speculars;
use super::strip::{COLUMNS, ROWS, Strip};

/// Deviations from the grey level of the sides above which a place shows a reflection; and where one was found already.
const BRIGHTEST: f32 = 4.0;
const BRIGHTEST_LIT: f32 = 2.0;

/// Deviations below which it shows a lash (Sutra, Garcia-Salicetti and Dorizzi, ICB 2012, mask noise alike). That is looked for
/// only above: the crypts of an iris are as dark, and lower lashes seldom cross it.
const DARKEST: f32 = -2.35;

/// Columns that lashes hang into: three eighths of a turn, upwards.
const LASHES: Range<usize> = COLUMNS * 9 / 16..COLUMNS * 15 / 16;

/// Marks as not seen what the lids, the lashes and reflections of lamps cover.
pub(super) fn hide_covered(strip: &mut Strip, sheet: &Sheet, lids: &Lids, speculars: &Speculars) {
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            if lids.cover(sheet.place(column, Strip::fraction(row))) {
                strip.seen[row][column] = 0.0;
            }
        }
    }
    let (levels, deviation) = beside_pupil(strip);
    for (row, level) in levels.into_iter().enumerate() {
        for column in 0..COLUMNS {
            let off = (strip.grey[row][column] - level) / deviation;
            let (x, y) = sheet.place(column, Strip::fraction(row));
            let lit = || speculars.covers((x + 0.5) as usize, (y + 0.5) as usize);
            let lash = off < DARKEST && LASHES.contains(&column);
            if off > BRIGHTEST || lash || (off > BRIGHTEST_LIT && lit()) {
                strip.seen[row][column] = 0.0;
            }
        }
    }
}

/// The mean grey level of each row left and right of the pupil, where lids seldom reach, and the deviation from it.
fn beside_pupil(strip: &Strip) -> (Vec<f32>, f32) {
    let levels: Vec<f32> = (0..ROWS).map(|row| mean(lateral_greys(strip, row))).collect();
    let squares = levels
        .iter()
        .enumerate()
        .flat_map(|(row, level)| lateral_greys(strip, row).map(move |grey| (grey - level) * (grey - level)));
    let deviation = mean(squares).sqrt();
    (levels, deviation.max(1.0))
}

fn lateral_greys(strip: &Strip, row: usize) -> impl Iterator<Item = f32> {
    (0..COLUMNS)
        .filter(move |&column| lateral(column) && strip.is_seen(row, column))
        .map(move |column| strip.grey[row][column])
}

fn mean(greys: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = greys.fold((0.0, 0.0), |(sum, count), grey| (sum + grey, count + 1.0));
    sum / f32::max(count, 1.0)
}

/// What is seen of the iris, drawn over the sample it was unwrapped from.
pub(super) fn seen_over(image: &GreyImage, sheet: &Sheet, strip: &Strip) -> GreyImage {
    let (width, height) = (image.width_px(), image.height_px());
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x as f32, y as f32)));
    let seen = |place| sheet.nearest(place).is_some_and(|(row, column)| strip.is_seen(row, column));
    let pixels = places.map(|place| if seen(place) { 255 } else { 0 }).collect();
    GreyImage::new(width, height, pixels).expect("as large as the sample")
}
