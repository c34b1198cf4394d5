//! How likely another capture of the finger shows a minutia too.
//!
//! A logistic model of what can be measured around a minutia. Its weights were fitted to the development sets: minutiae of one
//! capture were laid over every other capture of the finger, and counted as found again where one of that lay within 11
//! pixels and 30 degrees.

use super::canvas::CELL_PX;
use super::field::Ridges;
use super::minutiae::Candidate;
use super::plane::Plane;
use super::skeleton::Pixel;

/// Distances to the edge of the ridges count up to here, in pixels.
const BORDER_PX: f32 = 30.0;

/// Distances to a minutia that points the other way count up to here, in pixels.
const OPPOSITE_PX: f32 = 25.0;

/// Distances to an event of a skeleton count up to here, in pixels.
const EVENT_PX: f32 = 8.0;

/// What the minutiae of a print are judged against.
pub(super) struct Surroundings<'a> {
    ridges: &'a Ridges,
    candidates: &'a [Candidate],
    events: &'a [Vec<Pixel>; 2],
    period_px: f32,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(ridges: &'a Ridges, candidates: &'a [Candidate], events: &'a [Vec<Pixel>; 2]) -> Self {
        Self { ridges, candidates, events, period_px: ridges.median_period_px() }
    }

    /// The chance that `minutia` is found again, 0 to 1.
    pub(super) fn trust(&self, minutia: &Candidate) -> f32 {
        let clarity = between(&self.ridges.clarity, minutia);
        let coherence = between(&self.ridges.coherence, minutia);
        let cell = [minutia.y as usize / CELL_PX, minutia.x as usize / CELL_PX];
        let odd_period = ((self.ridges.period_px[cell] / self.period_px) - 1.0).abs().min(0.5);
        let evidence = (13.35 - 11.55 * clarity) * clarity
            + (4.19 - 1.99 * coherence) * coherence
            + 0.031 * self.border_px(minutia)
            + 0.070 * self.opposite_px(minutia)
            + 4.50 * self.strength(minutia, 0.8)
            + 1.39 * self.strength(minutia, 2.0)
            - 0.0475 * self.event_px(minutia)
            - 2.05 * odd_period
            - 9.33;
        1.0 / (1.0 + libm::expf(-evidence))
    }

    /// Mean amplitude of the ridge wave on a circle of `radius` ridge periods.
    fn strength(&self, minutia: &Candidate, radius: f32) -> f32 {
        const STEPS: usize = 16;
        let at = |k: usize| {
            let angle = 2.0 * std::f32::consts::PI * k as f32 / STEPS as f32;
            let reach = radius * self.period_px;
            let (x, y) = (minutia.x + libm::cosf(angle) * reach, minutia.y + libm::sinf(angle) * reach);
            self.ridges.amplitude(x as usize, y as usize)
        };
        (0..STEPS).map(at).sum::<f32>() / STEPS as f32
    }

    /// Distance to the nearest cell without ridges.
    fn border_px(&self, minutia: &Candidate) -> f32 {
        const REACH: usize = BORDER_PX as usize / CELL_PX + 1;
        let (row, column) = (minutia.y as usize / CELL_PX, minutia.x as usize / CELL_PX);
        let around = |at: usize| at.saturating_sub(REACH)..=at + REACH;
        let mut nearest = BORDER_PX;
        for at in around(row).flat_map(|r| around(column).map(move |c| [r, c])) {
            if !self.ridges.mask.get(at).copied().unwrap_or(false) {
                let middle = |cell: usize| (cell * CELL_PX + CELL_PX / 2) as f32;
                nearest = nearest.min(minutia.distance((middle(at[1]), middle(at[0]))));
            }
        }
        nearest
    }

    /// Distance to the nearest candidate that points the other way: the two may be one break of a ridge.
    fn opposite_px(&self, minutia: &Candidate) -> f32 {
        let opposite = |other: &&Candidate| minutia.dx * other.dx + minutia.dy * other.dy < 0.0;
        let distances = self.candidates.iter().filter(opposite).map(|other| minutia.distance((other.x, other.y)));
        distances.fold(OPPOSITE_PX, f32::min)
    }

    /// Mean distance to the nearest event of the ridge skeleton and of the valley skeleton.
    fn event_px(&self, minutia: &Candidate) -> f32 {
        let nearest = |events: &Vec<Pixel>| {
            let distances = events.iter().map(|&(x, y)| minutia.distance((x as f32 + 0.5, y as f32 + 0.5)));
            distances.fold(EVENT_PX, f32::min)
        };
        self.events.iter().map(nearest).sum::<f32>() * 0.5
    }
}

/// The value of a grid at a minutia, between the centres of four cells.
fn between(grid: &Plane, minutia: &Candidate) -> f32 {
    let (x, y) = (minutia.x / CELL_PX as f32 - 0.5, minutia.y / CELL_PX as f32 - 0.5);
    let (column, row) = (x as usize, y as usize);
    let (right, down) = (x - column as f32, y - row as f32);
    let upper = grid[[row, column]] * (1.0 - right) + grid[[row, column + 1]] * right;
    let lower = grid[[row + 1, column]] * (1.0 - right) + grid[[row + 1, column + 1]] * right;
    upper * (1.0 - down) + lower * down
}
