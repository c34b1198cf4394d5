//! The nose.

use super::build::{Build, Kind};
use super::swelling::{bell, hump};
use crate::synthetic::random::{Random, rise};

/// Millimetres, as in [`Build`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Nose {
    /// Height of the root, of the tip, and of where the nose meets the lip.
    root: f32,
    pub(super) tip: f32,
    under: f32,
    /// How far the tip stands out, and how far the root.
    out: f32,
    root_out: f32,
    /// How far the bridge bends out of the line from root to tip.
    hump: f32,
    /// Half the widths of bridge and tip, and from the middle to the outer edge of a wing.
    bridge: f32,
    ball: f32,
    pub(super) wing: f32,
    /// How far it is bent to the right, half way down.
    bent: f32,
    pub(super) nostrils: f32,
}

impl Nose {
    pub(super) fn draw(kind: &Kind, build: &Build, random: &mut Random) -> Self {
        let Kind { manly, melanin, age, .. } = *kind;
        let under = build.under_nose;
        Self {
            root: 4.0 + random.normal(0.0, 2.25),
            tip: under + 8.0 + random.normal(0.0, 2.5),
            under,
            out: 19.5 + 1.0 * manly + 1.5 * age - 2.0 * melanin + random.normal(0.0, 2.5),
            root_out: random.normal(0.6 - 2.0 * melanin, 1.875),
            hump: random.normal(0.2 + 0.4 * manly, 1.625),
            bridge: (10.5 + 0.8 * manly + 2.0 * melanin + random.normal(0.0, 1.75)).max(7.5),
            ball: (11.5 + 0.8 * manly + 2.5 * melanin + random.normal(0.0, 2.25)).max(8.0),
            wing: (16.4 + 0.8 * manly + 3.0 * melanin + random.normal(0.0, 1.875)).max(13.0),
            bent: random.normal(0.0, 1.125),
            nostrils: random.between(0.6, 1.0),
        }
    }

    /// How far it stands out of the face at (`x`, `y`).
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        if y > self.root + 14.0 || y < self.under - 8.0 || x.abs() > 32.0 {
            return 0.0;
        }
        let down = ((self.root - y) / (self.root - self.tip)).clamp(-1.0, 1.6);
        let part = down.clamp(0.0, 1.0);
        let x = x - self.bent * hump(2.0 * part - 1.0);
        // The underside falls back from the tip to the lip.
        let below = dome((self.tip + 6.5 - y) / (self.tip + 7.5 - self.under));
        let line = self.root_out + (self.out - self.root_out) * part * (0.9 + 0.1 * part);
        let line = line + self.hump * hump((part - 0.42) * 2.4);
        let foot = self.bridge * 1.3 + (self.wing * 1.02 - self.bridge * 1.3) * part * part;
        let above = rise(-0.75, 0.1, down);
        let bridge = line * above * below * slope(x / foot, part);
        let tip = 4.6 * bell(x / (1.25 * self.ball), (y - self.tip - 0.5) / 11.5);
        bridge + tip + self.wing_at(x.abs(), y)
    }

    fn wing_at(&self, x: f32, y: f32) -> f32 {
        let (middle, height) = (self.wing - 6.2, self.under + 5.4);
        7.6 * bell((x - middle) / 9.2, (y - height) / 9.6)
    }

    /// How dark the nostrils make it at (`x`, `y`), 0 to 1.
    pub(super) fn hole(&self, x: f32, y: f32) -> f32 {
        if (y - self.under).abs() > 12.0 || x.abs() > 20.0 {
            return 0.0;
        }
        let (dx, dy) = (x.abs() - 0.44 * self.wing, y - (self.under + 2.4));
        let tilted = dy + 0.22 * dx;
        let from = (dx * dx / 17.0 + tilted * tilted / 4.4).sqrt();
        self.nostrils * rise(1.25, 0.6, from)
    }

    /// How deep in the crease around a wing (`x`, `y`) lies, 0 to 1.
    pub(super) fn crease(&self, x: f32, y: f32) -> f32 {
        if (y - self.under - 5.0).abs() > 16.0 || x.abs() > 30.0 {
            return 0.0;
        }
        let (dx, dy) = (x.abs() - (self.wing - 6.0), y - (self.under + 5.5));
        let from = (dx * dx / 49.0 + dy * dy / 56.0).sqrt();
        let outside = rise(-2.0, 3.0, dx) * rise(-9.0, -2.0, dy);
        outside * rise(0.22, 0.0, (from - 1.05).abs())
    }
}

/// The cross-section of a nose: a ridge with hollow flanks at the root, rounder the further `down`.
fn slope(x: f32, down: f32) -> f32 {
    let rest = (1.0 - x * x).max(0.0);
    rest * rest * (0.55 + 0.2 * down + (0.45 - 0.2 * down) * rest)
}

/// 1 up to 0, then down to 0 at 1 as a quarter of a circle goes.
fn dome(down: f32) -> f32 {
    let down = down.clamp(0.0, 1.0);
    (1.0 - down * down).sqrt()
}
