//! The skin of a head: what colour it is where.

use super::colour::{Colour, mixed, scaled, times};
use super::features::Features;
use super::head::Head;
use super::marks;
use super::swelling::bell;
use super::vector::Vector;
use crate::synthetic::random::{Noise, Random, rise};

/// Texels in a column and in a row of the head's sheet.
pub(super) const ACROSS: usize = 2;
pub(super) const DOWN: usize = 2;

/// How far inside the hair nobody sees the skin.
const HIDDEN_MM: f32 = 14.0;

/// Red, green, blue and how much the place shines.
pub(super) type Texel = [f32; 4];

pub(super) struct Skin {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) texels: Vec<Texel>,
}

/// A place on the skin to be painted.
struct Place {
    point: Vector,
    turn: f32,
    /// Noise of standard deviation 1: pores, blotches, hairs.
    pores: f32,
    blotch: f32,
    hairs: f32,
}

impl Skin {
    pub(super) fn paint(features: &Features, head: &Head, random: &mut Random) -> Self {
        let sheet = &head.sheet;
        let (width, height) = (sheet.columns * ACROSS, sheet.rows * DOWN);
        let noises =
            [(1.7, 1.7), (26.0, 22.0), (1.5, 3.2), (8.0, 8.0)].map(|cell| Noise::oblong(random, (width, height), cell));
        let mut rows = [const { Vec::new() }; 4];
        let mut texels = Vec::with_capacity(width * height);
        for y in 0..height {
            for (row, noise) in rows.iter_mut().zip(&noises) {
                row.clear();
                row.resize(width, 0.0);
                noise.add_row(y, 1.0, row);
            }
            texels.extend((0..width).map(|x| {
                let (u, v) = (x as f32 / ACROSS as f32, y as f32 / DOWN as f32);
                let point = sheet.at(u, v);
                let turn = head.turns[(x / ACROSS).min(head.turns.len() - 1)];
                let blotch = 0.75 * rows[1][x] + 0.5 * rows[3][x];
                colour(features, &Place { point, turn, pores: rows[0][x], blotch, hairs: rows[2][x] })
            }));
        }
        let mut skin = Self { width, height, texels };
        marks::add(&mut skin, features, random);
        skin
    }

    /// The texel at column `u`, row `v` of the sheet, between the nearest four.
    pub(super) fn at(&self, u: f32, v: f32) -> Texel {
        let (x, y) = (
            (u * ACROSS as f32).clamp(0.0, self.width as f32 - 1.001),
            (v * DOWN as f32).clamp(0.0, self.height as f32 - 1.001),
        );
        let (column, row) = (x as usize, y as usize);
        let (right, down) = (x - column as f32, y - row as f32);
        let upper = &self.texels[row * self.width + column..][..2];
        let lower = &self.texels[(row + 1) * self.width + column..][..2];
        std::array::from_fn(|band| {
            let above = upper[0][band] + (upper[1][band] - upper[0][band]) * right;
            let below = lower[0][band] + (lower[1][band] - lower[0][band]) * right;
            above + (below - above) * down
        })
    }
}

fn colour(features: &Features, place: &Place) -> Texel {
    let Features { complexion, build, mouth, .. } = features;
    let Vector { x, y, z } = place.point;
    let ahead = z > 0.0;
    let grown = features.haircut.rooted(place.turn, y);
    if features.haircut.grows() && grown > HIDDEN_MM {
        return [complexion.hair[0], complexion.hair[1], complexion.hair[2], 0.0];
    }
    let mut skin = ground(features, place);
    let mut shine = complexion.shiny * (0.55 + 0.45 * bell(x / 34.0, (y - 5.0) / 70.0)) * (1.0 + 0.15 * place.pores);
    if ahead && y < 45.0 {
        skin = around_eyes(features, skin, (x, y));
        let lines = marks::folds(features, x, y);
        skin = scaled(skin, 1.0 - 0.30 * lines);
        let (hole, crease) = (features.nose.hole(x, y), features.nose.crease(x, y));
        skin = mixed(skin, times(skin, [0.12, 0.06, 0.06]), hole * rise(60.0, 80.0, z));
        skin = scaled(skin, 1.0 - 0.34 * crease * rise(60.0, 80.0, z));
        shine *= 1.0 - hole;
    } else if ahead {
        skin = scaled(skin, 1.0 - 0.25 * marks::folds(features, x, y));
    }
    let hairs = (1.0 + 0.3 * place.hairs).clamp(0.2, 1.5);
    let brow = if ahead { (features.brows.at(x, y) * hairs).min(0.97) } else { 0.0 };
    skin = mixed(skin, complexion.brows, brow);
    let red = if ahead { mouth.red(x, y) } else { (0.0, 0.0) };
    let beard = features.beard.at((x, y, z), build, mouth) * (1.0 - red.0);
    let bristles = (beard * (1.0 + (0.55 - 0.35 * beard) * place.hairs)).clamp(0.0, 0.94);
    skin = mixed(
        skin,
        mixed(
            scaled(complexion.hair, (0.62 + 0.28 * place.hairs).max(0.1)),
            times(skin, [0.3, 0.3, 0.34]),
            0.45 * (1.0 - beard),
        ),
        bristles,
    );
    let lips = scaled(complexion.lips, 1.0 + 0.05 * place.hairs);
    skin = mixed(skin, lips, 0.92 * red.0);
    skin = mixed(skin, times(skin, [0.22, 0.12, 0.12]), 0.85 * red.1);
    let scalp = features.haircut.dense * rise(-3.5, 9.0, grown + 2.0 * place.hairs);
    skin = mixed(skin, scaled(complexion.hair, 0.8 + 0.15 * place.hairs), scalp.min(0.95));
    shine *= (1.0 - 0.75 * brow.max(bristles)) * (1.0 - 0.8 * scalp) * (1.0 + 0.9 * red.0);
    [skin[0], skin[1], skin[2], shine]
}

/// The bare skin with its pores and its rosy and sallow parts.
fn ground(features: &Features, place: &Place) -> Colour {
    let Features { complexion, build, nose, .. } = features;
    let Vector { x, y, .. } = place.point;
    let away = x.abs();
    let rosy = bell((away - 42.0) / 34.0, (y + 32.0) / 30.0)
        + 0.9 * bell(x / 20.0, (y - nose.tip) / 18.0)
        + 0.5 * bell(x / 26.0, (y - build.chin - 12.0) / 20.0);
    let sallow = bell(x / 60.0, (y - 50.0) / 34.0);
    let rosy = complexion.rosy * (0.20 * rosy - 0.05 * sallow) + 0.05 * complexion.blotchy * place.blotch;
    let grey = 1.0 + 0.022 * place.pores + 0.028 * complexion.blotchy * place.blotch;
    times(scaled(complexion.skin, grey), [1.0 - 0.10 * rosy, 1.0 - 0.62 * rosy, 1.0 - 0.62 * rosy])
}

/// Darker in the sockets, and a line of shade in the fold of the lid.
fn around_eyes(features: &Features, skin: Colour, (x, y): (f32, f32)) -> Colour {
    let (lids, tired) = (&features.lids, features.complexion.tired);
    let near = lids.near(x, y);
    if near.up.abs() > 24.0 || near.out.abs() > 26.0 {
        return skin;
    }
    let socket = bell((near.out + 2.0) / 24.0, (near.up - 2.0) / 17.0);
    let ring = tired * bell((near.out + 5.0) / 17.0, (near.up + 9.0) / 7.5);
    let fold = (0.25 + 0.35 * lids.crease) * lids.fold_at(near);
    let dark = 0.10 * socket + 0.20 * ring;
    times(scaled(skin, 1.0 - fold), [1.0 - 0.8 * dark, 1.0 - 1.1 * dark, 1.0 - dark])
}
