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
    Ok(Located { eye, speculars })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iris::Contour;

    /// A picture of `side` with a pupil and an iris, each a centre and a radius, their edges two pixels soft, under a lid that
    /// ends at row `lid`; the darkest and the brightest shade are `shades`.
    fn drawn(
        side: (u32, u32),
        pupil: (f32, f32, f32),
        iris: (f32, f32, f32),
        lid: f32,
        shades: (f32, f32),
    ) -> GreyImage {
        let within = |(x, y, radius): (f32, f32, f32), at: (f32, f32)| {
            let distance = ((at.0 - x) * (at.0 - x) + (at.1 - y) * (at.1 - y)).sqrt();
            ((radius - distance) / 2.0 + 0.5).clamp(0.0, 1.0)
        };
        let shade = |at: (f32, f32)| {
            let sclera = if at.1 < lid { 1.0 } else { 0.75 };
            let shown = if at.1 < lid { 0.0 } else { 1.0 };
            let ring = sclera + (0.45 - sclera) * within(iris, at) * shown;
            let shade = ring * (1.0 - within(pupil, at) * shown);
            (shades.0 + (shades.1 - shades.0) * shade + 0.5) as u8
        };
        let places = (0..side.1).flat_map(|y| (0..side.0).map(move |x| (x as f32, y as f32)));
        GreyImage::new(side.0, side.1, places.map(shade).collect()).unwrap()
    }

    fn assert_near(found: &Contour, (x, y, radius): (f32, f32, f32), slack_px: f32) {
        let circle = found.best_circle();
        let [u, v, r] =
            [circle.x_px8 as f32, circle.y_px8 as f32, circle.radius_px8 as f32].map(|eighths| eighths / 8.0);
        let off = (u - x).abs().max((v - y).abs()).max((r - radius).abs());
        assert!(off < slack_px, "({u}, {v}) radius {r} for ({x}, {y}) radius {radius}");
    }

    #[test]
    fn drawn_eyes_are_found_within_a_pixel() {
        for (pupil, iris) in
            [((150.0, 130.0, 30.0), (156.0, 130.0, 100.0)), ((170.4, 120.7, 34.5), (168.0, 120.7, 92.0))]
        {
            let eye = locate(&drawn((320, 280), pupil, iris, 70.0, (20.0, 230.0))).unwrap().eye;
            assert_near(&eye.pupil, pupil, 1.0);
            assert_near(&eye.limbus, iris, 1.0);
        }
    }

    #[test]
    fn little_light_and_little_contrast_give_the_same_eye() {
        let (pupil, iris) = ((150.0, 130.0, 30.0), (156.0, 130.0, 100.0));
        for shades in [(0.0, 255.0), (10.0, 110.0), (100.0, 180.0)] {
            let eye = locate(&drawn((320, 280), pupil, iris, 70.0, shades)).unwrap().eye;
            assert_near(&eye.pupil, pupil, 1.0);
            assert_near(&eye.limbus, iris, 1.5);
        }
    }

    #[test]
    fn a_lid_over_the_top_of_the_pupil_does_not_move_the_limbus() {
        let (pupil, iris) = ((150.0, 130.0, 30.0), (150.0, 130.0, 90.0));
        let eye = locate(&drawn((320, 280), pupil, iris, 108.0, (20.0, 230.0))).unwrap().eye;
        assert_near(&eye.limbus, iris, 4.0);
    }

    #[test]
    fn an_eye_that_is_mostly_outside_is_refused_wherever_it_leaves() {
        for (x, y) in [(0.0, 140.0), (319.0, 140.0), (160.0, 0.0), (160.0, 279.0), (-20.0, -20.0)] {
            let found = locate(&drawn((320, 280), (x, y, 30.0), (x, y, 90.0), 0.0, (20.0, 230.0)));
            assert!(found.is_err(), "{x}, {y}: {found:?}");
        }
    }
}
