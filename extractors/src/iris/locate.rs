//! From a picture to the geometry of the eye in it.

use whorl_types::{GreyImage, Refusal};

use super::contour::{Contour, Eye, unit_vectors};
use super::specular::Speculars;

/// The least side of a picture that can show an iris of useful size.
const SMALLEST_SIDE_PX: u32 = 48;

/// What was found of an eye.
#[derive(Debug, Clone)]
pub(crate) struct Located {
    /// Its boundaries.
    pub(crate) eye: Eye,
    /// The lamps in it.
    pub(crate) speculars: Speculars,
}

/// Where the eye in `image` is.
///
/// # Errors
/// A [`Refusal`] that names what is missing.
pub(crate) fn locate(image: &GreyImage) -> Result<Located, Refusal> {
    if image.width_px().min(image.height_px()) < SMALLEST_SIDE_PX {
        return Err(Refusal::ImageTooSmall);
    }
    let pupil = darkest_disc(image)?;
    let limbus = lateral_edge(image, &pupil)?;
    Ok(Located { eye: Eye { pupil, limbus }, speculars: Speculars::find(image) })
}

/// The middle half of the dark pixels is the pupil.
fn darkest_disc(image: &GreyImage) -> Result<Contour, Refusal> {
    let mut sorted = image.pixels().to_vec();
    sorted.sort_unstable();
    let (black, grey) = (sorted[sorted.len() / 200], sorted[sorted.len() / 2]);
    if grey < black.saturating_add(20) {
        return Err(Refusal::Blank);
    }
    let threshold = black + (grey - black) / 5;
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    for y in 0..image.height_px() {
        for (x, _) in image.row(y).iter().enumerate().filter(|(_, shade)| **shade <= threshold) {
            xs.push(x as u32);
            ys.push(y);
        }
    }
    xs.sort_unstable();
    ys.sort_unstable();
    let middle = |sorted: &[u32]| sorted.get(sorted.len() / 2).copied().unwrap_or(0) as f32;
    let spread = |sorted: &[u32]| (sorted[sorted.len() * 3 / 4] - sorted[sorted.len() / 4]) as f32;
    Ok(Contour::circle((middle(&xs), middle(&ys)), (spread(&xs) + spread(&ys)) * 0.6))
}

/// The circle about the pupil's centre over which, left and right, the picture brightens most (Daugman's operator).
fn lateral_edge(image: &GreyImage, pupil: &Contour) -> Result<Contour, Refusal> {
    let unit = unit_vectors();
    let lateral = (0..Contour::DIRECTIONS).filter(|&a| unit[a].0.abs() > 0.8);
    let lateral: Vec<_> = lateral.map(|a| unit[a]).collect();
    let mean = |radius: f32| {
        let shade = |&(cos, sin): &(f32, f32)| {
            let (x, y) = (pupil.centre.0 + radius * cos, pupil.centre.1 + radius * sin);
            let column = (x.max(0.0) as u32).min(image.width_px() - 1);
            let row = (y.max(0.0) as u32).min(image.height_px() - 1);
            f32::from(image.at(column, row))
        };
        lateral.iter().map(shade).sum::<f32>() / lateral.len() as f32
    };
    let from = pupil.radius() * 1.4;
    let candidates = (0..80).map(|step| from * (1.0 + step as f32 * 0.03));
    let edge = candidates.map(|radius| (mean(radius * 1.04) - mean(radius * 0.96), radius));
    let (brightening, radius) = edge.max_by(|a, b| a.0.total_cmp(&b.0)).ok_or(Refusal::NoLimbus)?;
    if brightening < 5.0 {
        return Err(Refusal::NoLimbus);
    }
    Ok(Contour::circle(pupil.centre, radius))
}
