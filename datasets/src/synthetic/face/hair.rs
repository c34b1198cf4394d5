//! Hair: a sheet around the skull that hangs below it, with strands and a ragged edge.

use super::colour::{Colour, scaled};
use super::features::Features;
use super::head::Head;
use super::loft::Bearing;
use super::raster::Lit;
use super::sheet::Sheet;
use super::skull::BROW_ROW;
use super::vector::Vector;
use crate::synthetic::plane::Plane;
use crate::synthetic::random::{Noise, Random, rise};

/// Columns of the sheet, its rows down to the brows and those below.
const COLUMNS: usize = 145;
const UPPER: usize = BROW_ROW / 2 + 1;
const LOWER: usize = 30;

/// Texels of the strands in a column and in a row of the sheet.
const ACROSS: usize = 7;
const DOWN: usize = 2;

/// How far from its edge hair reaches its full height, and how far it stands off the skin at the edge.
const ROOT_MM: f32 = 16.0;
const LEAST_MM: f32 = 1.8;

pub(super) struct Hair {
    /// Where it would lie flat, and how far from there it stands.
    pub(super) flat: Sheet,
    pub(super) lift: Vec<Vector>,
    /// How far inside the hair a texel is, in millimetres and with ragged edges, and how light it is.
    inside: Plane,
    light: Plane,
    colour: Colour,
}

impl Hair {
    /// The hair that grows on `head`, if any does.
    pub(super) fn grow(features: &Features, head: &Head, random: &mut Random) -> Option<Self> {
        let cut = &features.haircut;
        cut.grows().then(|| {
            let flat = flat(features, head);
            let lift = lift(features, &flat, random);
            let (inside, light) = strands(features, &flat, random);
            Self { flat, lift, inside, light, colour: features.complexion.hair }
        })
    }

    /// The sheet when the hair is `fuller` by that part of its volume.
    pub(super) fn sheet(&self, fuller: f32) -> Sheet {
        self.flat.moved(|at, point| point + self.lift[at] * (1.0 + fuller))
    }

    /// Whether there is hair at each point of the sheet, so that it casts a shadow.
    pub(super) fn is_there(&self) -> impl Iterator<Item = bool> {
        let places = (0..self.flat.rows).flat_map(|row| (0..COLUMNS).map(move |column| (row, column)));
        places.map(|(row, column)| self.inside.at((column * ACROSS) as f32, (row * DOWN) as f32) > 0.0)
    }

    /// The directions of the strands of a `sheet` of it.
    pub(super) fn along(sheet: &Sheet) -> Vec<Vector> {
        let last = sheet.rows - 1;
        let point = |row: usize, column: usize| sheet.points[row * sheet.columns + column];
        let places = (0..sheet.rows).flat_map(|row| (0..sheet.columns).map(move |column| (row, column)));
        places
            .map(|(row, column)| (point((row + 1).min(last), column) - point(row.saturating_sub(1), column)).unit())
            .collect()
    }

    /// The colour at column `u`, row `v` of the sheet; none where there is no hair.
    pub(super) fn colour(&self, u: f32, v: f32, lit: &Lit) -> Option<Colour> {
        let (x, y) = (u * ACROSS as f32, v * DOWN as f32);
        let inside = self.inside.at(x, y);
        if inside <= 0.0 {
            return None;
        }
        let light = self.light.at(x, y) * (0.7 + 0.3 * rise(0.0, 7.0, inside));
        let scattered = scaled(self.colour, light);
        let shine = 0.16 * lit.shine * light;
        Some(std::array::from_fn(|band| {
            scattered[band] * lit.light[band] + shine * (0.35 + 0.65 * self.colour[band].sqrt())
        }))
    }
}

fn bearing(column: f32) -> f32 {
    2.0 * column / (COLUMNS - 1) as f32 - 1.0
}

/// The skull, and from the brows down a skirt that hangs from it.
fn flat(features: &Features, head: &Head) -> Sheet {
    let cut = &features.haircut;
    let bearings: Vec<Bearing> = (0..COLUMNS).map(|column| Bearing::new(bearing(column as f32))).collect();
    Sheet::new(COLUMNS, UPPER + LOWER, |column, row| {
        if row < UPPER {
            return head.ribs[2 * row].point(bearings[column]);
        }
        let part = (row + 1 - UPPER) as f32 / LOWER as f32;
        let point = head.ribs[BROW_ROW].point(bearings[column]);
        let wider = 1.0 + cut.flare * part;
        Vector::new(point.x * wider, point.y + (cut.end - 6.0 - point.y) * part, point.z)
    })
}

fn lift(features: &Features, flat: &Sheet, random: &mut Random) -> Vec<Vector> {
    let (cut, build) = (&features.haircut, &features.build);
    let cells = (cut.curl_mm / 3.3, cut.curl_mm / if cut.curl_mm < 17.0 { 4.0 } else { 2.2 });
    let curls = Noise::oblong(random, (flat.columns, flat.rows), (cells.0.max(1.5), cells.1.max(1.5)));
    let mut lift = Vec::with_capacity(flat.points.len());
    let mut waves = vec![0.0; flat.columns];
    for (row, points) in flat.points.chunks_exact(flat.columns).enumerate() {
        waves.fill(0.0);
        curls.add_row(row, cut.curl, &mut waves);
        for (column, &point) in points.iter().enumerate() {
            let turn = bearing(column as f32);
            let height = (point.y - build.brow) / (build.crown - build.brow);
            let rooted = rise(-2.0, ROOT_MM, cut.inside(turn, point.y));
            let out = LEAST_MM
                + rooted
                    * (cut.fullness(turn, height.clamp(0.0, 1.0)) - LEAST_MM
                        + waves[column] * (point.x * point.x + point.z * point.z).sqrt().min(40.0) / 40.0)
                        .max(0.0);
            let level = point.y.max(build.brow) - 15.0;
            let way =
                Vector::new(point.x / 5776.0, if row < UPPER { level / 9025.0 } else { 0.0 }, (point.z + 2.0) / 9216.0);
            lift.push(way.unit() * out);
        }
    }
    lift
}

/// The texels: how far inside the hair, and how light.
fn strands(features: &Features, flat: &Sheet, random: &mut Random) -> (Plane, Plane) {
    let (cut, build) = (&features.haircut, &features.build);
    let (width, height) = (flat.columns * ACROSS, flat.rows * DOWN);
    let curly = cut.curl_mm < 17.0;
    let fine = Noise::oblong(random, (width, height), if curly { (2.5, 2.0) } else { (1.6, 26.0) });
    let locks = Noise::oblong(random, (width, height), if curly { (9.0, 5.0) } else { (9.0, 50.0) });
    let ragged = Noise::oblong(random, (width, height), if curly { (5.0, 4.0) } else { (2.0, 30.0) });
    let (mut inside, mut light) = (Plane::even(width, height, 0.0), Plane::even(width, height, 1.0));
    let rows = inside.values.chunks_exact_mut(width).zip(light.values.chunks_exact_mut(width));
    for (y, (inside, light)) in rows.enumerate() {
        ragged.add_row(y, if cut.top < 5.0 { 0.8 } else { 2.2 }, inside);
        fine.add_row(y, 0.17, light);
        locks.add_row(y, 0.13, light);
        for x in 0..width {
            let (u, v) = (x as f32 / ACROSS as f32, y as f32 / DOWN as f32);
            let (point, turn) = (flat.at(u, v), bearing(u));
            let height = ((point.y - build.brow) / (build.crown - build.brow)).clamp(0.0, 1.0);
            inside[x] += cut.inside(turn, point.y);
            light[x] = (light[x] * (1.0 - 0.45 * cut.parted(turn, height))).max(0.15);
        }
    }
    (inside, light)
}
