//! What lies on the fibres of an iris: collarette, crypts, furrows, freckles.

use std::f32::consts::TAU;

use super::texture::{COLUMNS, ROWS};
use crate::synthetic::plane::Plane;
use crate::synthetic::random::{Random, rise};

/// Where something lies on the ring, in columns and rows, and half its width and height.
struct Mark {
    column: f32,
    row: f32,
    half_width: f32,
    half_height: f32,
}

/// Makes all marks on `plane` and scales it to mean 0 and standard deviation 1.
pub(super) fn make(plane: &mut Plane, random: &mut Random) {
    let collarette = random.between(0.24, 0.42);
    zones(plane, collarette, random);
    furrows(plane, random);
    for _ in 0..20 + random.below(50) {
        crypt(plane, collarette, random);
    }
    for _ in 0..random.below(4) {
        freckle(plane, random);
    }
    level(plane);
    frame(plane, random);
}

/// A waving line round the ring: its row at each column.
fn line(row: f32, swings: &[(u32, f32)], random: &mut Random) -> Vec<f32> {
    let waves: Vec<[f32; 3]> = swings
        .iter()
        .map(|&(most, swing)| {
            let around = 1 + random.below(most);
            [around as f32 * TAU / COLUMNS as f32, random.between(0.0, TAU), random.normal(0.0, swing)]
        })
        .collect();
    (0..=COLUMNS)
        .map(|x| {
            row + waves.iter().map(|[step, phase, swing]| swing * libm::sinf(step * x as f32 + phase)).sum::<f32>()
        })
        .collect()
}

/// The pupillary zone differs in lightness from the ciliary zone; between them runs the collarette, a light ridge.
fn zones(plane: &mut Plane, depth: f32, random: &mut Random) {
    let swings = [(4, 2.0), (9, 1.6), (24, 1.4), (40, 1.2), (60, 0.8)];
    let ridge = line(depth * ROWS as f32, &swings, random);
    let (inner, height) = (random.normal(0.15, 0.5), random.between(0.5, 1.5));
    for (y, row) in plane.values.chunks_exact_mut(COLUMNS + 1).enumerate() {
        for (value, ridge) in row.iter_mut().zip(&ridge) {
            let beyond = y as f32 - ridge;
            *value += inner * rise(2.5, -2.5, beyond) + height * rise(4.0, 0.0, beyond.abs());
        }
    }
}

/// Dark lines along a part of the ring.
fn furrows(plane: &mut Plane, random: &mut Random) {
    for _ in 0..2 + random.below(5) {
        let row = random.between(0.5, 0.92) * ROWS as f32;
        let path = line(row, &[(3, 1.5), (6, 1.0)], random);
        let (middle, half) = (random.between(0.0, COLUMNS as f32), random.between(60.0, 200.0));
        let depth = random.between(0.3, 0.8);
        for (x, row) in path.iter().enumerate() {
            let strength = depth * rise(half, half * 0.6, around(x as f32, middle).abs());
            for y in 0..ROWS {
                plane.values[y * (COLUMNS + 1) + x] -= strength * rise(1.8, 0.3, (y as f32 - row).abs());
            }
        }
    }
}

/// A leaf-shaped hole with a light rim, most of them beside the collarette.
fn crypt(plane: &mut Plane, collarette: f32, random: &mut Random) {
    let mark = Mark {
        column: random.between(0.0, COLUMNS as f32),
        row: ((collarette + random.normal(0.08, 0.13)) * ROWS as f32).clamp(4.0, ROWS as f32 - 6.0),
        half_width: random.between(2.5, 9.0),
        half_height: random.between(2.5, 9.0),
    };
    let (depth, rim) = (random.between(0.5, 2.2), random.between(0.2, 0.8));
    mark.add(plane, |across, along| {
        // 1 all along the edge of a leaf between two parabolas.
        let out = across.abs() + along * along;
        rim * rise(0.7, 1.1, out) * rise(1.6, 1.2, out) - depth * rise(1.0, 0.6, out)
    });
}

fn freckle(plane: &mut Plane, random: &mut Random) {
    let half_width = random.between(4.0, 14.0);
    let mark = Mark {
        column: random.between(0.0, COLUMNS as f32),
        row: random.between(0.3, 0.9) * ROWS as f32,
        half_width,
        half_height: half_width * random.between(0.5, 0.9),
    };
    let depth = random.between(0.6, 1.6);
    mark.add(plane, |across, along| -depth * rise(1.3, 0.7, (across * across + along * along).sqrt()));
}

impl Mark {
    /// Adds `height` to the plane, which is asked with how far to the side and how far out, as parts of the mark's half sizes.
    fn add(&self, plane: &mut Plane, height: impl Fn(f32, f32) -> f32) {
        const MARGIN: f32 = 1.7;
        let reach = (self.half_width * MARGIN) as i32 + 1;
        let first = (self.row - self.half_height * MARGIN).max(0.0) as usize;
        let last = ((self.row + self.half_height * MARGIN) as usize).min(ROWS - 1);
        for step in -reach..=reach {
            let column = (self.column as i32 + step).rem_euclid(COLUMNS as i32) as usize;
            let across = around(column as f32, self.column) / self.half_width;
            for y in first..=last {
                let along = (y as f32 - self.row) / self.half_height;
                plane.values[y * (COLUMNS + 1) + column] += height(across, along);
            }
        }
    }
}

/// How many columns `to` lies before `from`, the short way round.
fn around(from: f32, to: f32) -> f32 {
    let turn = COLUMNS as f32;
    let apart = from - to;
    apart - turn * (apart / turn + 0.5).floor()
}

/// Scales to mean 0 and standard deviation 1, after making rings nearly as light as one another.
fn level(plane: &mut Plane) {
    for ring in plane.values.chunks_exact_mut(COLUMNS + 1) {
        shift(ring, -0.7 * mean(ring));
    }
    let all = mean(&plane.values);
    let variance = plane.values.iter().map(|value| (value - all) * (value - all)).sum::<f32>();
    let gain = 1.0 / (variance / plane.values.len() as f32).sqrt().max(1e-3);
    for ring in plane.values.chunks_exact_mut(COLUMNS + 1) {
        shift(ring, -all);
        for value in &mut *ring {
            *value *= gain;
        }
        ring[COLUMNS] = ring[0];
    }
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len() as f32
}

fn shift(values: &mut [f32], by: f32) {
    for value in values {
        *value += by;
    }
}

/// The dark seam of the pupil and the dark edge towards the sclera.
fn frame(plane: &mut Plane, random: &mut Random) {
    let (seam, edge) = (random.between(0.5, 2.0), random.between(0.8, 2.4));
    for (y, row) in plane.values.chunks_exact_mut(COLUMNS + 1).enumerate() {
        let depth = y as f32 / (ROWS - 1) as f32;
        let dark = seam * rise(0.06, 0.0, depth) + edge * rise(0.80, 1.0, depth);
        shift(row, -dark);
    }
}
