//! The limbus: where the iris meets the white of the eye.
//!
//! The circle around the pupil at which the picture brightens most outwards (Daugman, IEEE CSVT 14(1), 2004), looked for to the
//! left and to the right of the pupil only, where lids seldom are, at the pupil's height; then the closed path of most
//! brightening near it, smoothed.

use std::ops::Range;

use whorl_types::GreyImage;

use super::circle::{Circle, sums};
use super::contour::{ALL, Contour, UNIT};
use super::edges::Edges;
use super::path;
use super::polar::Polar;
use super::pupil::Pupil;
use super::smooth::smooth;
use super::specular::Speculars;

/// A rise over this many grey levels is as good an edge as any.
const ENOUGH: i16 = 14;

/// The limbus is not sharp: shades are compared over so many pixels on either side.
const SPAN: usize = 6;

/// The least radius of an iris, in radii of its pupil.
const THINNEST: f32 = 1.35;

/// Where fewer rays of a side reach the circle within the picture, the others count as without an edge.
const FEWEST: u8 = 18;

/// Harmonics of the boundary.
const HARMONICS: usize = 2;

/// Rays to the right: from 45 degrees up to 30 degrees down, where lids seldom are.
const RIGHT: [usize; 27] = {
    let mut rays = [0; 27];
    let mut at = 0;
    while at < rays.len() {
        rays[at] = (Contour::DIRECTIONS - 16 + at) % Contour::DIRECTIONS;
        at += 1;
    }
    rays
};

/// The same rays to the left.
const LEFT: [usize; 27] = {
    let mut rays = [0; 27];
    let mut at = 0;
    while at < rays.len() {
        rays[at] = (Contour::DIRECTIONS + Contour::DIRECTIONS / 2 - RIGHT[at]) % Contour::DIRECTIONS;
        at += 1;
    }
    rays
};

/// A possible limbus.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limbus {
    pub(super) circle: Circle,
    /// How much of the lateral boundary is an edge, 0 to 1.
    pub(super) rim: f32,
    /// No shade of the iris is told from darker ones, which are lashes and shadows.
    floor: u8,
}

/// The limbus around `pupil`, at whose height it is taken to be: the sides hardly tell how high the middle lies, and where lids
/// hide the rest a height that varies between captures costs far more than the few per cent that the anatomy allows.
pub(super) fn around(image: &GreyImage, pupil: &Pupil) -> Limbus {
    let inner = pupil.circle.radius;
    let most = (inner * 5.0).min(image.width_px() as f32 * 0.6);
    let radii = (inner * THINNEST) as usize..most as usize + 2;
    let off = 16;
    let lateral = [LEFT, RIGHT].concat();
    let mut polar = Polar::around(image, pupil.circle.centre, radii.end + off + SPAN + 3, &lateral);
    let floor = iris_shade(&polar, inner);
    polar.flatten_within((inner * 1.1 + 3.0) as usize);
    polar.lift_to(floor);
    let edges = Edges::of(&polar, &lateral, SPAN, ENOUGH);
    let seen = [LEFT, RIGHT].map(|side| seen(&polar, &side, &radii));
    let (mut left, mut right) = (vec![0; radii.len()], vec![0; radii.len()]);
    let mut best = (f32::MIN, (0.0, 0.0), 0);
    for x in -8..=8 {
        let offset = (x as f32 * 2.0, 0.0);
        let square = offset.0 * offset.0;
        sums(&edges, &LEFT, offset, &radii, &mut left);
        sums(&edges, &RIGHT, offset, &radii, &mut right);
        for (at, (&left, &right)) in left.iter().zip(&right).enumerate() {
            let radius = (radii.start + at) as f32;
            if square > 0.04 * radius * radius || radius - square.sqrt() < 1.25 * inner {
                continue;
            }
            let both = both_sides((left, seen[0][at]), (right, seen[1][at]));
            // A thin ring needs a better edge: pupils are seldom wide, and the collarette is an edge near the pupil, too.
            let thin = (0.4 + (radius / inner - THINNEST) * 1.4).min(1.0);
            let score = both * (1.0 - 8.0 * square / (radius * radius)) * thin;
            if score > best.0 {
                best = (score, offset, at);
            }
        }
    }
    let (score, offset, at) = best;
    let centre = (pupil.circle.centre.0 + offset.0, pupil.circle.centre.1 + offset.1);
    let circle = Circle { centre, radius: (radii.start + at) as f32 };
    Limbus { circle, rim: score, floor }
}

/// For each radius how many of `rays` are still in the picture there.
fn seen(polar: &Polar, rays: &[usize], radii: &Range<usize>) -> Vec<u8> {
    radii.clone().map(|radius| rays.iter().filter(|&&a| polar.within[a] > radius + SPAN).count() as u8).collect()
}

/// How much of an edge the circle is, 0 to 1, from the sum of the rises on either side and how many rays see it: as much as
/// both sides, and most of all the weaker one, agree on.
fn both_sides(left: (i16, u8), right: (i16, u8)) -> f32 {
    let [left, right] =
        [left, right].map(|(sum, seen)| f32::from(sum) / (f32::from(seen.max(FEWEST)) * f32::from(ENOUGH)));
    0.25 * (left + right) + 0.5 * left.min(right)
}

/// A dark shade of the iris around a pupil of radius `inner`: a quarter of what is lateral and near is darker.
fn iris_shade(polar: &Polar, inner: f32) -> u8 {
    let near = (inner * 1.15 + 2.0) as usize..(inner * 2.5 + 4.0) as usize;
    let mut counts = [0u32; 256];
    for a in LEFT[12..].iter().chain(&RIGHT[12..]).copied() {
        for &shade in polar.ray(a).get(near.clone()).unwrap_or(&[]) {
            counts[shade as usize] += 1;
        }
    }
    let mut left = counts.iter().sum::<u32>() / 5;
    let shade = counts.iter().position(|&count| {
        let found = left < count;
        left = left.saturating_sub(count);
        found
    });
    shade.unwrap_or(0).saturating_sub(8) as u8
}

/// The boundary of `limbus`, to a fraction of a pixel.
pub(super) fn boundary(image: &GreyImage, limbus: &Limbus, speculars: &Speculars) -> Contour {
    let Circle { centre, radius } = limbus.circle;
    let span = 4;
    let slack = (radius * 0.1).clamp(4.0, 12.0);
    let band = (radius - slack) as usize..(radius + slack) as usize + 1;
    let mut polar = Polar::around(image, centre, band.end + span + 2, &ALL);
    polar.lift_to(limbus.floor);
    let edges = Edges::of(&polar, &ALL, span, i16::from(u8::MAX));
    let enough = edges.typical(&[LEFT, RIGHT].concat(), radius as usize).max(ENOUGH);
    let edges = Edges::of(&polar, &ALL, span, enough + enough / 2);
    let path = path::strongest(&edges, &band);
    let lit = path.lit(centre, speculars);
    let weights = std::array::from_fn(|a| {
        if lit[a] {
            return 0.0;
        }
        let lateral = UNIT[a].0.abs();
        (path.rises[a] / f32::from(enough)).clamp(0.0, 1.0) * if lateral > 0.7 { 1.0 } else { 0.05 }
    });
    Contour { centre, radii: smooth(radius, &path.radii, &weights, HARMONICS) }
}
