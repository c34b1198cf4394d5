//! Freckles, moles and wrinkles.

use super::colour::{Colour, mixed, times};
use super::features::Features;
use super::skin::Skin;
use super::swelling::hump;
use crate::synthetic::random::{Random, rise};

/// How deep in a wrinkle (`x`, `y`) of the front of the head lies, 0 to 1 and a little more.
pub(super) fn folds(features: &Features, x: f32, y: f32) -> f32 {
    let Features { build, lids, mouth, kind, complexion, .. } = features;
    let (away, deep) = (x.abs(), complexion.wrinkles);
    let near = lids.near(x, y);
    let mut sum = 0.0;
    // From the wings of the nose to the corners of the mouth: everybody has some of it.
    let down = ((build.under_nose + 5.0 - y) / (build.under_nose + 7.0 - build.mouth)).clamp(0.0, 1.15);
    let path = features.nose.wing + 2.0 + (mouth.half + 4.0 - features.nose.wing) * down * (0.6 + 0.4 * down);
    if down > 0.0 && down < 1.15 {
        sum += (0.22 + 0.5 * deep) * rise(2.2, 0.0, (away - path).abs()) * hump((down - 0.5) / 0.75);
    }
    if deep <= 0.0 {
        return sum;
    }
    let lines = if y > build.brow + 8.0 { 4 } else { 0 };
    for line in 0_u8..lines {
        let line = f32::from(line);
        let height = build.brow
            + 15.0
            + 9.0 * line
            + 2.5 * libm::sinf(x / (15.0 + 3.0 * line) + 2.0 * line + 9.0 * kind.melanin);
        sum += 0.55 * deep * rise(1.5, 0.0, (y - height).abs()) * rise(46.0, 22.0, away);
    }
    for ray in -1_i8..=1 {
        let along = near.out - lids.half - 2.0;
        let line = f32::from(ray) * (3.0 + 0.42 * along) - 0.5;
        sum += 0.5 * deep * rise(1.1, 0.0, (near.up - line).abs()) * rise(0.0, 3.0, along) * rise(16.0, 8.0, along);
    }
    let scowl = rise(1.3, 0.0, (away - 6.0 - 0.1 * (y - build.brow)).abs()) * hump((y - build.brow) / 13.0);
    let bag = rise(1.4, 0.0, (near.up + 12.5 - 0.014 * near.out * near.out).abs()) * hump(near.out / 19.0);
    sum + 0.5 * deep * scowl + 0.5 * deep * bag
}

/// Adds freckles and moles.
pub(super) fn add(skin: &mut Skin, features: &Features, random: &mut Random) {
    let complexion = &features.complexion;
    let freckle = times(complexion.skin, [0.62, 0.50, 0.40]);
    for _ in 0..complexion.freckles {
        // Most lie on nose and cheeks.
        let at = (random.normal(0.5, 0.09), random.normal(0.385, 0.085));
        spot(skin, at, random.between(0.5, 1.5), mixed(complexion.skin, freckle, random.between(0.3, 0.9)), 0.8);
    }
    let mole = times(complexion.skin, [0.26, 0.17, 0.14]);
    for _ in 0..complexion.moles {
        let at = (random.between(0.3, 0.7), random.between(0.2, 0.82));
        spot(skin, at, random.between(0.8, 2.3), mole, random.between(0.6, 0.95));
    }
}

/// Paints a round spot of `radius` texels; `at` is a part of the width and of the height.
fn spot(skin: &mut Skin, at: (f32, f32), radius: f32, colour: Colour, strength: f32) {
    let (x, y) = (at.0 * skin.width as f32, at.1 * skin.height as f32);
    let reach = radius + 1.0;
    let span = |middle: f32, limit: usize| {
        (middle - reach).max(0.0) as usize..((middle + reach + 1.0).max(0.0) as usize).min(limit)
    };
    for row in span(y, skin.height) {
        for column in span(x, skin.width) {
            let (dx, dy) = (column as f32 - x, row as f32 - y);
            let cover = strength * rise(radius + 0.7, radius - 0.7, (dx * dx + dy * dy).sqrt());
            let [red, green, blue, shine] = skin.texels[row * skin.width + column];
            let [red, green, blue] = mixed([red, green, blue], colour, cover);
            skin.texels[row * skin.width + column] = [red, green, blue, shine];
        }
    }
}
