//! The measures of ISO/IEC 29794-6:2015, clause 6, of an iris that was found.

use whorl_types::{GreyImage, IrisMeasures};

use super::contour::{Contour, Eye};
use super::sharpness::sharpness;
use super::sheet::Sheet;
use super::shrunk::Shrunk;
use super::strip::{COLUMNS, ROWS, Strip};

/// Where the white of the eye is looked at: columns within an eighth of a turn below and above the horizontal, so far out,
/// as a fraction of the way from pupil to limbus.
const SCLERA_FRACTIONS: [f32; 4] = [1.12, 1.16, 1.20, 1.24];

/// Rows of the strip next to the white: 6.2.2 looks at the outer part of the iris.
const OUTER_ROWS: std::ops::Range<usize> = ROWS * 3 / 4..ROWS - 4;

/// Rows of the strip next to the pupil.
const INNER_ROWS: std::ops::Range<usize> = 4..ROWS / 2;

/// The part of the pupil that its edge does not blur, as a fraction of its radius.
const PUPIL_CORE: f32 = 0.8;

/// The worth of the sample in each respect.
pub(super) fn measure(sample: &Shrunk, eye: &Eye, sheet: &Sheet, strip: &Strip) -> IrisMeasures {
    let pupil_grey = median(pupil(sample, &eye.pupil));
    let outer_grey = median(iris(strip, OUTER_ROWS).filter(|&(_, column)| lateral(column)).map(grey(strip)));
    let inner_grey = median(iris(strip, INNER_ROWS).map(grey(strip)));
    let sclera_grey = median(sclera(sample, sheet));
    let (inner, outer) = (eye.pupil.radius(), eye.limbus.radius());
    IrisMeasures {
        usable_area: per_cent(strip.seen_fraction()),
        sclera_contrast: per_cent(sclera_contrast(sclera_grey, outer_grey, pupil_grey)),
        pupil_contrast: per_cent(pupil_contrast(inner_grey, pupil_grey)),
        circularity: per_cent(circularity(&eye.pupil)),
        grey_utilisation: (16.0 * entropy(iris(strip, 0..ROWS).map(grey(strip)))).min(128.0) as u8,
        radius_px: (outer + 0.5) as u8,
        dilation: per_cent(inner / outer),
        concentricity: per_cent(1.0 - distance(eye.pupil.centre, eye.limbus.centre) / outer),
        margin: per_cent(margin(sample.whole, &eye.limbus)),
        sharpness: per_cent(sharpness(sample, sheet, strip)),
    }
}

fn per_cent(fraction: f32) -> u8 {
    (fraction.clamp(0.0, 1.0) * 100.0 + 0.5) as u8
}

/// 6.2.2: how far the white stands off the iris, as a fraction of how far both stand off the pupil.
fn sclera_contrast(sclera: f32, iris: f32, pupil: f32) -> f32 {
    if pupil >= iris { 0.0 } else { (sclera - iris).abs() / (sclera + iris - 2.0 * pupil).max(1.0) }
}

/// 6.2.3: Weber's contrast of iris and pupil, saturating.
fn pupil_contrast(iris: f32, pupil: f32) -> f32 {
    let weber = (iris - pupil).abs() / (20.0 + pupil);
    weber / (0.75 + weber)
}

/// 6.2.4 asks how far the boundary is from a circle; here: 1 less ten times the deviation of its radius as a fraction of it.
fn circularity(pupil: &Contour) -> f32 {
    let mean = pupil.radius();
    let squares: f32 = pupil.radii.iter().map(|radius| (radius - mean) * (radius - mean)).sum();
    1.0 - 10.0 * (squares / Contour::DIRECTIONS as f32).sqrt() / mean.max(1.0)
}

/// 6.2.5: entropy of the grey levels, in bits.
fn entropy(greys: impl Iterator<Item = f32>) -> f32 {
    let mut histogram = [0_u32; 256];
    let mut count = 0.0;
    for grey in greys {
        histogram[grey as usize & 0xFF] += 1;
        count += 1.0;
    }
    let shares = histogram.iter().filter(|&&share| share > 0).map(|&share| share as f32 / count);
    shares.map(|share| -share * libm::log2f(share)).sum()
}

/// 6.2.9: room for 0.6 radii left and right of the iris, and for 0.2 above and below.
fn margin(image: &GreyImage, limbus: &Contour) -> f32 {
    let ((x, y), radius) = (limbus.centre, limbus.radius().max(1.0));
    let (width, height) = (image.width_px() as f32, image.height_px() as f32);
    let beside = (x - radius).min(width - x - radius) / (0.6 * radius);
    let above = (y - radius).min(height - y - radius) / (0.2 * radius);
    beside.min(above)
}

fn distance((x, y): (f32, f32), (u, v): (f32, f32)) -> f32 {
    ((x - u) * (x - u) + (y - v) * (y - v)).sqrt()
}

/// The places of some rows where the iris is seen.
fn iris(strip: &Strip, rows: std::ops::Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    let all = rows.flat_map(|row| (0..COLUMNS).map(move |column| (row, column)));
    all.filter(|&(row, column)| strip.is_seen(row, column))
}

fn grey(strip: &Strip) -> impl Fn((usize, usize)) -> f32 {
    |(row, column)| strip.grey[row][column]
}

/// Whether a column lies to the left or right, within an eighth of a turn of the horizontal, where lids seldom reach.
pub(super) fn lateral(column: usize) -> bool {
    (column + COLUMNS / 16) % (COLUMNS / 2) < COLUMNS / 8
}

fn sclera(sample: &Shrunk, sheet: &Sheet) -> impl Iterator<Item = f32> {
    let columns = (0..COLUMNS).filter(|&column| lateral(column));
    let places = columns.flat_map(|column| SCLERA_FRACTIONS.map(|fraction| sheet.place(column, fraction)));
    places.filter_map(|place| sample.sample(place))
}

fn pupil(sample: &Shrunk, pupil: &Contour) -> impl Iterator<Item = f32> {
    let (reach, (x, y)) = ((PUPIL_CORE * pupil.radius()) as i32, pupil.centre);
    let square = (-reach..=reach).flat_map(move |down| (-reach..=reach).map(move |right| (right, down)));
    let disc = square.filter(move |(right, down)| right * right + down * down <= reach * reach);
    disc.filter_map(move |(right, down)| sample.sample((x + right as f32, y + down as f32)))
}

/// The middle grey level, 0 of none.
fn median(greys: impl Iterator<Item = f32>) -> f32 {
    let mut greys: Vec<f32> = greys.collect();
    if greys.is_empty() {
        return 0.0;
    }
    let middle = greys.len() / 2;
    *greys.select_nth_unstable_by(middle, f32::total_cmp).1
}
