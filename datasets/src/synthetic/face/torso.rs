//! Shoulders and clothes.

use super::build::Build;
use super::colour::{Colour, mixed, scaled};
use super::loft::{Bearing, Rib, ribs};
use super::sheet::Sheet;
use super::vector::Vector;
use crate::synthetic::random::{Noise, Random, rise};

/// Points from side to side in front, and behind.
const AHEAD: usize = 61;
const BEHIND: usize = 8;

/// What somebody wears in one photograph.
pub(super) struct Clothes {
    pub(super) sheet: Sheet,
    colour: Colour,
    trim: Colour,
    /// Where the neckline is, how deep it dips in front, and how wide that dip is.
    collar: f32,
    dip: f32,
    wide: f32,
    stripes: f32,
    weave: Vec<f32>,
}

impl Clothes {
    pub(super) fn put_on(build: &Build, random: &mut Random) -> Self {
        let foot = build.chin - 30.0;
        let broad = 1.0 + 0.016 * (build.neck - 48.0);
        let rib = |front, side, back, exponent| Rib { front, side, back, exponent };
        let neck = build.neck;
        let ribs = ribs(&[
            (rib((foot - 26.0, 52.0), (neck + 5.5, foot - 9.0, -12.0), (foot + 2.0, -64.0), 2.0), 4),
            (rib((foot - 36.0, 60.0), (neck + 16.0, foot - 20.0, -12.0), (foot - 10.0, -72.0), 2.0), 8),
            (rib((foot - 55.0, 76.0), (132.0 * broad, foot - 46.0, -14.0), (foot - 35.0, -88.0), 2.2), 10),
            (rib((foot - 85.0, 92.0), (186.0 * broad, foot - 78.0, -14.0), (foot - 70.0, -96.0), 2.4), 10),
            (rib((foot - 140.0, 108.0), (212.0 * broad, foot - 140.0, -14.0), (foot - 140.0, -100.0), 2.5), 8),
            (rib((foot - 260.0, 112.0), (214.0 * broad, foot - 260.0, -14.0), (foot - 260.0, -100.0), 2.5), 0),
        ]);
        let bearings = Bearing::all_around(AHEAD, BEHIND);
        let folds = Noise::oblong(random, (bearings.len(), ribs.len()), (7.0, 11.0));
        let mut weave = vec![0.0; bearings.len() * ribs.len()];
        for (row, weave) in weave.chunks_exact_mut(bearings.len()).enumerate() {
            folds.add_row(row, 2.2 * rise(3.0, 14.0, row as f32), weave);
        }
        let sheet = Sheet::new(bearings.len(), ribs.len(), |column, row| {
            let point = ribs[row].point(bearings[column]);
            Vector::new(point.x, point.y, point.z + weave[row * bearings.len() + column])
        });
        let dark = random.chance(0.5);
        let colour: Colour =
            std::array::from_fn(|_| if dark { random.between(0.01, 0.14) } else { random.between(0.12, 0.75) });
        let colour = mixed(colour, [colour.iter().sum::<f32>() / 3.0; 3], random.between(0.2, 0.9));
        Self {
            sheet,
            colour,
            trim: scaled(colour, random.between(0.6, 1.3)),
            collar: foot - 26.0,
            dip: if random.chance(0.45) { random.between(18.0, 62.0) } else { 0.0 },
            wide: random.between(0.45, 1.1),
            stripes: if random.chance(0.15) { random.between(5.0, 16.0) } else { 0.0 },
            weave,
        }
    }

    /// The colour at column `u`, row `v` of the sheet, where it is not bare skin.
    pub(super) fn colour(&self, u: f32, v: f32) -> Option<Colour> {
        let point = self.sheet.at(u, v);
        let dip = if point.z > 0.0 { self.dip - point.x.abs() / self.wide } else { 0.0 };
        let below = self.collar - dip.max(0.0) - point.y;
        if dip > 0.0 && below < 0.0 {
            return None;
        }
        let seam = if v < 1.4 || (dip > 0.0 && below < 4.0) { 0.0 } else { 1.0 };
        let stripe = self.stripes > 0.0 && libm::fmodf(point.y + 1000.0, 2.0 * self.stripes) < self.stripes;
        let cloth = if stripe || seam < 0.5 { self.trim } else { self.colour };
        let at = (v as usize).min(self.sheet.rows - 1) * self.sheet.columns + (u as usize).min(self.sheet.columns - 1);
        Some(scaled(cloth, 1.0 + 0.02 * self.weave[at]))
    }
}
