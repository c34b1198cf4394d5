//! Minutiae: found as vortices, sifted, rated, best first.

use whorl_types::{FingerTemplate, MinutiaKind};

use super::field::Ridges;
use super::filter::believable;
use super::skeleton::Pixel;
use super::trust::Surroundings;
use super::vortex::vortices;

/// A possible minutia, on the canvas.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) x: f32,
    pub(super) y: f32,
    /// Unit vector to the side with one ridge more.
    pub(super) dx: f32,
    pub(super) dy: f32,
    pub(super) kind: MinutiaKind,
}

impl Candidate {
    /// How far it is to (`x`, `y`), in pixels.
    pub(super) fn distance(&self, (x, y): (f32, f32)) -> f32 {
        let (dx, dy) = (self.x - x, self.y - y);
        (dx * dx + dy * dy).sqrt()
    }
}

/// A minutia and how likely another capture of the finger shows it too, 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rated {
    pub(super) minutia: Candidate,
    pub(super) trust: f32,
}

/// The minutiae of the ridges, most trusted first, no more than a template holds.
///
/// `events` are the endings and forks of the ridge skeleton and of the valley skeleton.
pub(super) fn minutiae(ridges: &Ridges, events: &[Vec<Pixel>; 2]) -> Vec<Rated> {
    let candidates = vortices(ridges);
    let surroundings = Surroundings::new(ridges, &candidates, events);
    let rate = |minutia: Candidate| Rated { minutia, trust: surroundings.trust(&minutia) };
    let mut rated: Vec<Rated> = believable(&candidates, &ridges.mask).into_iter().map(rate).collect();
    // Candidates come row by row, and the sort is stable: equals keep that order.
    rated.sort_by(|a, b| b.trust.total_cmp(&a.trust));
    rated.truncate(FingerTemplate::MAX_MINUTIAE);
    rated
}
