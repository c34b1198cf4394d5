//! The pupil: the dark disc.
//!
//! Each candidate of the vote is fitted by the circle at which the picture brightens most outwards (Daugman, IEEE CSVT 14(1),
//! 2004) and judged by how much of its rim is an edge and how even its inside is; then follows the closed path near it.

use whorl_types::GreyImage;

use super::circle::{Circle, sums};
use super::contour::{ALL, Contour, UNIT};
use super::edges::Edges;
use super::path;
use super::polar::Polar;
use super::smooth::smooth;
use super::specular::Speculars;
use super::vote::Candidate;

/// A rise over this many grey levels is as good an edge as any.
const ENOUGH: i16 = 32;

/// No rise is over this many grey levels.
const STRONGEST: i16 = 255;

/// A rise under this many grey levels is noise.
const FAINTEST: i16 = 6;

/// Harmonics of the boundary.
const HARMONICS: usize = 6;

/// A possible pupil.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pupil {
    pub(super) circle: Circle,
    /// How much of the boundary is an edge, 0 to 1.
    pub(super) rim: f32,
    /// How evenly dark the disc is against what surrounds it, 0 to 1.
    pub(super) flat: f32,
}

impl Pupil {
    /// How much it is like a pupil, 0 to 1: of an even darkness with an edge all around.
    pub(super) fn likeness(&self) -> f32 {
        self.rim * self.rim * self.flat
    }
}

/// The pupil near `candidate`.
pub(super) fn settle(image: &GreyImage, candidate: &Candidate) -> Pupil {
    let reach = candidate.radius * 0.5 + 4.0;
    let rough = best(image, candidate.centre, (candidate.radius, reach), (reach.min(8.0), 2.0), 4);
    best(image, rough.circle.centre, (rough.circle.radius, 4.0), (2.0, 1.0), 1)
}

/// The strongest circle around places up to `off` from `centre`, and radii up to `slack` from `radius`.
fn best(
    image: &GreyImage,
    centre: (f32, f32),
    (radius, slack): (f32, f32),
    (off, step): (f32, f32),
    every: usize,
) -> Pupil {
    let span = (radius / 6.0).clamp(2.0, 4.0) as usize;
    let from = (radius - slack).max(4.0) as usize;
    let radii = from.max(off as usize + 1)..(radius + slack) as usize + 2;
    let reach = radii.end + off as usize + span + 3;
    let rays: Vec<usize> = ALL.into_iter().step_by(every).collect();
    let polar = Polar::around(image, centre, reach, &rays);
    let edges = Edges::of(&polar, &rays, span, ENOUGH);
    let mut along = vec![0; radii.len()];
    let mut best = (i16::MIN, (0.0, 0.0), 0);
    let steps = (off / step) as i32;
    for y in -steps..=steps {
        for x in -steps..=steps {
            let offset = (x as f32 * step, y as f32 * step);
            sums(&edges, &rays, offset, &radii, &mut along);
            for (at, &sum) in along.iter().enumerate() {
                if sum > best.0 {
                    best = (sum, offset, at);
                }
            }
        }
    }
    let (sum, offset, at) = best;
    let circle = Circle { centre: (centre.0 + offset.0, centre.1 + offset.1), radius: (radii.start + at) as f32 };
    let flat = flatness(&polar, offset, (radii.start + at) as f32);
    Pupil { circle, rim: f32::from(sum) / (rays.len() as f32 * f32::from(ENOUGH)), flat }
}

/// How evenly dark the disc is against what surrounds it, 0 to 1.
fn flatness(polar: &Polar, offset: (f32, f32), radius: f32) -> f32 {
    let shift = |a: usize| offset.0 * UNIT[a].0 + offset.1 * UNIT[a].1;
    let (mut inside, mut outside) = ([0u32; 256], (0.0, 0.0));
    for a in (0..Contour::DIRECTIONS).step_by(4) {
        let ray = polar.ray(a);
        let rim = radius + shift(a);
        let inner = ((rim - 3.0) as usize).min(ray.len());
        for &shade in &ray[inner / 3..inner] {
            inside[shade as usize] += 1;
        }
        for &shade in ray.iter().skip((rim + 2.0) as usize).take(3) {
            outside.0 += f32::from(shade);
            outside.1 += 1.0;
        }
    }
    let count: u32 = inside.iter().sum();
    let quantile = |part: u32| {
        let mut left = count * part / 100;
        inside
            .iter()
            .position(|&n| {
                if left < n {
                    true
                } else {
                    left -= n;
                    false
                }
            })
            .unwrap_or(255) as f32
    };
    let (low, middle, high) = (quantile(10), quantile(50), quantile(90));
    let contrast = (outside.0 / f32::max(outside.1, 1.0) - middle).max(0.0);
    contrast / (contrast + (high - low) + 1.0)
}

/// The boundary of `pupil`, to a fraction of a pixel.
pub(super) fn boundary(image: &GreyImage, pupil: &Pupil, speculars: &Speculars) -> Contour {
    let Circle { centre, radius } = pupil.circle;
    let span = (radius / 8.0).clamp(1.0, 3.0) as usize;
    let slack = (radius * 0.25).clamp(4.0, 12.0);
    let band = (radius - slack).max(2.0) as usize..(radius + slack) as usize + 1;
    let polar = Polar::around(image, centre, band.end + span + 2, &ALL);
    let enough = typical_rise(&Edges::of(&polar, &ALL, span, STRONGEST), radius as usize);
    let edges = Edges::of(&polar, &ALL, span, enough);
    let path = path::strongest(&edges, &band);
    let lit = path.lit(centre, speculars);
    let weight = |a: usize| if lit[a] { 0.0 } else { (path.rises[a] / f32::from(enough)).clamp(0.0, 1.0) };
    let weights = std::array::from_fn(weight);
    Contour { centre, radii: smooth(radius, &path.radii, &weights, HARMONICS) }
}

/// The rise that half of the boundary has near `radius`: the edge of a lid is often stronger, but is not to attract more.
fn typical_rise(edges: &Edges, radius: usize) -> i16 {
    let strongest = |a: usize| edges.ray(a)[radius.saturating_sub(2)..=radius + 2].iter().copied().max().unwrap_or(0);
    let mut rises: [i16; Contour::DIRECTIONS] = std::array::from_fn(strongest);
    rises.sort_unstable();
    rises[rises.len() / 2].max(FAINTEST)
}
