//! Dark ridges on light skin, or the other way round.

use super::canvas::MARGIN_CELLS;
use super::plane::Plane;
use super::segment::{grow, strong};

/// Background must be this many times the deviation darker than the fingerprint's mean before its ridges are taken to be light:
/// dark backgrounds of thermal sensors and scanner frames stay well under it.
const DARKER: f32 = 1.0;

/// How many cells around the ridges count as their background.
const AROUND_CELLS: usize = 3;

/// The least background, in cells, that says anything.
const FEWEST_CELLS: usize = 24;

/// Contrast, relative to the strongest tenth, from which on a cell is taken for print.
const PRINT: f32 = 0.4;

/// Contrast, relative to the strongest tenth, up to which a cell is taken for background.
const PLAIN: f32 = 0.1;

/// Whether the ridges are lighter than the valleys.
///
/// Where no skin touches the sensor it looks as it does in a valley, so a plain background darker than the darker half of the
/// print says that dark is valley. Without a background beside the print the usual polarity is assumed.
///
/// `mean` and `contrast` are those of the grey levels around each cell; both are 0 around the picture.
pub(super) fn is_inverted(mean: &Plane, contrast: &Plane) -> bool {
    let strong = strong(contrast);
    let print = contrast.mapv(|deviation| deviation > strong * PRINT);
    let near = grow(&print, AROUND_CELLS);
    let (mut inside, mut beside) = (Tones::default(), Tones::default());
    let edge = |(r, c): (usize, usize)| {
        let (rows, columns) = mean.dim();
        r < MARGIN_CELLS || c < MARGIN_CELLS || r + MARGIN_CELLS >= rows || c + MARGIN_CELLS >= columns
    };
    for (at, &deviation) in contrast.indexed_iter().filter(|&(at, _)| !edge(at)) {
        if print[at] {
            inside.add(mean[at], deviation);
        } else if near[at] && deviation <= strong * PLAIN {
            beside.add(mean[at], deviation);
        }
    }
    beside.cells >= FEWEST_CELLS && beside.mean() < inside.mean() - DARKER * inside.deviation()
}

/// Grey levels and their deviations, gathered over cells.
#[derive(Default)]
struct Tones {
    cells: usize,
    grey: f32,
    deviation: f32,
}

impl Tones {
    fn add(&mut self, grey: f32, deviation: f32) {
        self.cells += 1;
        self.grey += grey;
        self.deviation += deviation;
    }

    fn mean(&self) -> f32 {
        self.grey / self.cells as f32
    }

    fn deviation(&self) -> f32 {
        self.deviation / self.cells as f32
    }
}
