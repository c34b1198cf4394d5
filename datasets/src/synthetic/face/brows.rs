//! Eyebrows.

use super::build::{Build, Kind};
use super::swelling::hump;
use crate::synthetic::random::{Random, rise};

/// Millimetres, as in [`Build`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Brows {
    /// Height where they start, and from the middle to the start and to the end.
    height: f32,
    start: f32,
    end: f32,
    /// How much higher they are where they bend, where that is as a part of their length, and how much higher they end.
    arch: f32,
    bend: f32,
    tail: f32,
    /// How thick they are, half, where they are thickest.
    thick: f32,
    pub(super) dense: f32,
}

impl Brows {
    pub(super) fn draw(kind: &Kind, build: &Build, random: &mut Random) -> Self {
        let Kind { manly, age, .. } = *kind;
        let start = (12.5 - 0.8 * manly + random.normal(0.0, 3.0)).clamp(4.0, 19.0);
        Self {
            height: build.brow - 1.0 + random.normal(0.0, 1.0),
            start,
            end: start + 41.0 + random.normal(0.0, 4.25),
            arch: (3.6 - 1.5 * manly + random.normal(0.0, 2.0)).max(0.0),
            bend: random.between(0.45, 0.75),
            tail: random.normal(-2.0, 2.75),
            thick: (3.4 + 0.9 * manly + random.normal(0.0, 1.188)).clamp(1.4, 6.0),
            dense: (0.82 + 0.08 * manly - 0.2 * age + random.normal(0.0, 0.175)).clamp(0.35, 1.0),
        }
    }

    /// How much hair covers (`x`, `y`), 0 to 1.
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let part = (x.abs() - self.start) / (self.end - self.start);
        if !(-0.15..=1.05).contains(&part) || (y - self.height).abs() > 20.0 {
            return 0.0;
        }
        let reach = if part < self.bend { self.bend } else { 1.0 - self.bend };
        let arch = self.arch * (1.0 - (part - self.bend) * (part - self.bend) / (reach * reach)).max(-0.3);
        let middle = self.height + arch + self.tail * part;
        let thick = self.thick * rise(1.05, 0.35, part) * (0.65 + 0.35 * hump((part - 0.3) / 0.7));
        let ends = rise(-0.06, 0.12, part) * rise(1.04, 0.9, part);
        // Hairs stand up at the start and lie down at the end: the lower edge is the sharper one.
        let above = y - middle;
        let inside =
            if above > 0.0 { rise(thick + 1.3, thick - 1.2, above) } else { rise(thick + 0.7, thick - 0.7, -above) };
        self.dense * ends * inside
    }
}
