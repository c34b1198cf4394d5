//! From a picture to the geometry of the eye in it.

use whorl_types::{GreyImage, Refusal};

use super::contour::Eye;
use super::limbus::{self, Limbus};
use super::pupil::{self, Pupil};
use super::specular::Speculars;
use super::{vote, working};

/// The least side of a picture that can show an iris of useful size.
const SMALLEST_SIDE_PX: u32 = 48;

/// How many pupils a limbus is looked for around.
const MOST_PUPILS: usize = 3;

/// A disc less like a pupil than this is none.
const LEAST_PUPIL: f32 = 0.15;

/// A ring with less of an edge is no limbus.
const LEAST_LIMBUS: f32 = 0.2;

/// A boundary that leaves its circle by more than this share of the radius, on average, is no pupil's, however lids cut it.
const MOST_UNROUND: f32 = 0.085;

/// An iris under this radius in pixels of the sample shows too little to tell eyes apart.
const SMALLEST_RADIUS_PX: f32 = 24.0;

/// A pupil of more than this share of the iris' radius leaves too thin a ring.
const MOST_DILATED: f32 = 0.8;

/// At least this share of the iris' disc must be in the picture.
const LEAST_IN_FRAME: f32 = 0.6;

/// What was found of an eye.
#[derive(Debug, Clone)]
pub(crate) struct Located {
    /// Its boundaries.
    pub(crate) eye: Eye,
    /// The lamps in it.
    pub(crate) speculars: Speculars,
    /// How sure the pupil and the limbus are: how much of each boundary is an edge, 0 to 1.
    #[allow(dead_code, reason = "quality does not ask for it yet")]
    pub(crate) sureness: (f32, f32),
}

/// Where the eye in `image` is.
///
/// # Errors
/// A [`Refusal`] that names what is missing.
pub(crate) fn locate(image: &GreyImage) -> Result<Located, Refusal> {
    if image.width_px().min(image.height_px()) < SMALLEST_SIDE_PX {
        return Err(Refusal::ImageTooSmall);
    }
    let factor = working::factor(image);
    let working = working::stretched(&working::reduced(image, factor))?;
    let speculars = Speculars::find(&working, factor);
    let filled = speculars.filled(&working);
    let stable = working::stabilised(&filled);
    let (pupil, limbus) = likeliest(&stable, &filled)?;
    let eye = Eye {
        pupil: pupil::boundary(&stable, &pupil, &speculars).enlarged(factor as f32),
        limbus: limbus::boundary(&filled, &limbus, &speculars).enlarged(factor as f32),
    };
    check(&eye, image)?;
    Ok(Located { eye, speculars, sureness: (pupil.likeness(), limbus.rim) })
}

/// The pupil and the limbus that are the likeliest together.
fn likeliest(stable: &GreyImage, filled: &GreyImage) -> Result<(Pupil, Limbus), Refusal> {
    let candidates = vote::candidates(stable);
    let mut pupils: Vec<Pupil> = candidates.iter().map(|candidate| pupil::settle(stable, candidate)).collect();
    pupils.sort_by(|a, b| b.likeness().total_cmp(&a.likeness()));
    pupils.truncate(MOST_PUPILS);
    pupils.retain(|pupil| pupil.likeness() >= LEAST_PUPIL);
    let eyes = pupils.into_iter().map(|pupil| (pupil, limbus::around(filled, &pupil)));
    // A good pupil with a faint limbus is an eye; a good ring around nothing is none.
    let joint = |(pupil, limbus): &(Pupil, Limbus)| pupil.likeness() * (0.3 + limbus.rim);
    let (pupil, limbus) = eyes.max_by(|a, b| joint(a).total_cmp(&joint(b))).ok_or(Refusal::NoPupil)?;
    if limbus.rim < LEAST_LIMBUS { Err(Refusal::NoLimbus) } else { Ok((pupil, limbus)) }
}

/// Whether enough of the iris is there to be of use.
fn check(eye: &Eye, image: &GreyImage) -> Result<(), Refusal> {
    let (pupil, limbus) = (eye.pupil.radius(), eye.limbus.radius());
    if eye.pupil.unroundness() > MOST_UNROUND {
        return Err(Refusal::NoPupil);
    }
    if limbus < SMALLEST_RADIUS_PX {
        return Err(Refusal::IrisTooSmall);
    }
    if pupil > MOST_DILATED * limbus {
        return Err(Refusal::TooDilated);
    }
    let side = |middle: f32, side: u32| {
        let seen = (middle + limbus).min(side as f32) - (middle - limbus).max(0.0);
        (seen / (2.0 * limbus)).max(0.0)
    };
    let (x, y) = eye.limbus.centre;
    let in_frame = side(x, image.width_px()) * side(y, image.height_px());
    if in_frame < LEAST_IN_FRAME { Err(Refusal::OutOfFrame) } else { Ok(()) }
}
