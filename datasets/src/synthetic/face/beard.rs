//! Beards.

use super::build::{Build, Kind};
use super::mouth::Mouth;
use crate::synthetic::random::{Random, rise};

/// How much hair grows where, 0 none to 1 a full beard.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beard {
    pub(super) lip: f32,
    pub(super) chin: f32,
    pub(super) cheeks: f32,
    /// How far the hair stands out, in millimetres.
    pub(super) length: f32,
    /// How far down the cheeks begin, as a part of the way from the ear's lobe to the jaw.
    low: f32,
}

impl Beard {
    pub(super) fn draw(kind: &Kind, random: &mut Random) -> Self {
        if kind.manly < 0.0 {
            return Self::default();
        }
        let shadow = random.between(0.0, 0.3);
        let grown = random.between(0.6, 1.0);
        let low = random.between(-0.2, 0.5);
        let even = |lip, chin, cheeks, length| Self { lip, chin, cheeks, length, low };
        match random.weighted(&[4.5, 1.5, 1.1, 1.3, 1.8]) {
            0 => even(shadow, shadow, 0.9 * shadow, 0.0),
            1 => even(0.5 * grown, 0.5 * grown, 0.42 * grown, 0.0),
            2 => even(grown, shadow, 0.8 * shadow, 1.0),
            3 => even(0.9 * grown, grown, 0.7 * shadow, 2.0),
            _ => even(0.85 * grown, grown, 0.95 * grown, random.between(2.0, 7.0)),
        }
    }

    /// How much hair covers (`x`, `y`) at depth `z`, 0 to 1, lips left out.
    pub(super) fn at(&self, (x, y, z): (f32, f32, f32), build: &Build, mouth: &Mouth) -> f32 {
        if self.lip.max(self.chin).max(self.cheeks) <= 0.0 || y > 25.0 {
            return 0.0;
        }
        let x = x.abs();
        let (corner_x, _) = mouth.corner();
        let upper =
            rise(build.under_nose + 3.0, build.under_nose - 6.0, y) * rise(build.mouth - 9.0, build.mouth - 2.0, y);
        let lip = self.lip * upper * rise(corner_x + 13.0, corner_x - 2.0, x + 0.35 * (build.mouth - y).max(0.0));
        let below = rise(build.mouth - 3.0, build.mouth - 9.0, y);
        // Around the mouth, and narrower towards the chin's end.
        let narrow = 7.0 * rise(build.mouth - 6.0, build.chin + 6.0, y);
        let goatee = rise(corner_x + 12.0 - narrow, corner_x - 10.0 - narrow, x)
            * below.max(rise(corner_x - 3.0, corner_x + 1.0, x) * upper.sqrt());
        // From the sideburn forward and down to the corner of the mouth.
        let along = ((x - corner_x) / (build.cheekbones - corner_x)).clamp(0.0, 1.0);
        let line = build.mouth + 8.0 + (26.0 - 34.0 * self.low) * along + 26.0 * rise(0.75, 1.0, along);
        let cheeks = rise(line + 3.0, line - 15.0, y)
            * rise(corner_x - 2.0, corner_x + 9.0, x).max(rise(build.mouth - 14.0, build.mouth - 26.0, y));
        let throat = rise(52.0, 74.0, z + 0.4 * x);
        let sides = rise(-14.0, 0.0, z);
        let lip = lip.max(self.chin * goatee * throat);
        lip.max(self.cheeks * cheeks * sides * throat.max(rise(build.chin - 2.0, build.chin + 8.0, y)))
    }
}
