//! The head of a person: its surface, and where on it things are.

use super::features::Features;
use super::lids::BALL;
use super::loft::{Bearing, Rib};
use super::sheet::Sheet;
use super::skull::{NECK_ROW, ribs_of};
use super::swelling::Swelling;
use super::vector::Vector;
use crate::synthetic::random::{Random, rise};

/// Columns from side to side in front, and from either side to the back.
const AHEAD: usize = 165;
const BEHIND: usize = 14;

/// A head at rest.
pub(super) struct Head {
    pub(super) sheet: Sheet,
    pub(super) ribs: Vec<Rib>,
    /// The bearing of each column, in half turns.
    pub(super) turns: Vec<f32>,
    /// How open to the sky each point is: 1 on a ball, less in hollows.
    pub(super) open: Vec<f32>,
    /// The middle of the eyeball on the right.
    pub(super) eye: Vector,
    /// The points of the sheet at the tip of the nose and at the right corner of the mouth.
    pub(super) nose_tip: usize,
    pub(super) mouth_corners: [usize; 2],
}

impl Head {
    pub(super) fn grow(features: &Features, random: &mut Random) -> Self {
        let ribs = ribs_of(&features.build);
        let bearings = Bearing::all_around(AHEAD, BEHIND);
        let bare = Sheet::new(bearings.len(), ribs.len(), |column, row| ribs[row].point(bearings[column]));
        let lids = &features.lids;
        let at_eye = bare.points[nearest(&bare, lids.apart, 0.0)];
        let eye = Vector::new(lids.apart, 0.0, at_eye.z - lids.depth - BALL.2);
        let (swellings, own) = (swellings(features), own_swellings(random));
        let width = features.build.skull;
        let sheet = bare.moved(|_, point| {
            if point.z < -10.0 {
                return point;
            }
            let (x, y) = (point.x, point.y);
            let out: f32 = swellings.iter().map(|swelling| swelling.at(x.abs(), y)).sum();
            let out = out + own.iter().map(|swelling| swelling.at(x, y)).sum::<f32>();
            let out = out * rise(-10.0, 25.0, point.z);
            let beard = features.beard.at((x, y, point.z), &features.build, &features.mouth) * features.beard.length;
            let side = (0.85 * x / width).clamp(-0.95, 0.95);
            let ahead = (1.0 - side * side).sqrt();
            let forward = features.nose.at(x, y) + features.mouth.at(x, y);
            let z = point.z + ahead * (out + beard) + forward * rise(20.0, 50.0, point.z);
            let x = x + side * (out + beard);
            Vector::new(x, y, lids.skin(lids.near(x, y), z, eye.z))
        });
        let open = openness(&sheet);
        let (mouth_x, mouth_y) = features.mouth.corner();
        let nose_tip = nearest(&sheet, 0.0, features.nose.tip);
        let mouth_corners = [nearest(&sheet, -mouth_x, mouth_y), nearest(&sheet, mouth_x, mouth_y)];
        let turns = bearings.iter().map(|bearing| bearing.turn).collect();
        Self { sheet, ribs, turns, open, eye, nose_tip, mouth_corners }
    }

    /// How far a point turns with the head, 1 wholly, 0 not: the neck twists.
    pub(super) fn follows(&self, row: usize) -> f32 {
        rise(self.sheet.rows as f32 + 4.0, NECK_ROW as f32, row as f32)
    }
}

/// The point in front that is nearest to (`x`, `y`).
fn nearest(sheet: &Sheet, x: f32, y: f32) -> usize {
    let away = |point: &Vector| (point.x - x) * (point.x - x) + (point.y - y) * (point.y - y);
    let ahead = sheet.points.iter().enumerate().filter(|(_, point)| point.z > 20.0);
    ahead.min_by(|a, b| away(a.1).total_cmp(&away(b.1))).map_or(0, |(at, _)| at)
}

/// What all faces have, more or less of it.
fn swellings(features: &Features) -> Vec<Swelling> {
    let Features { build, lids, kind, mouth, .. } = features;
    let eye = lids.apart;
    let make = Swelling::new;
    vec![
        make((eye + 1.0, 1.0), (29.0, 21.0), -8.5),
        make((eye - 13.5, 1.0), (13.0, 13.0), -7.0),
        make((23.0, build.brow - 3.5), (31.0, 13.0), build.brows_out),
        make((0.0, build.brow - 3.0), (17.0, 14.0), 0.6 * build.brows_out),
        make((47.0, -23.0), (32.0, 27.0), build.cheeks_out),
        make((24.0, -22.0), (24.0, 17.0), 1.2),
        make((45.0, -57.0), (34.0, 36.0), build.fullness),
        make((50.0, -50.0), (26.0, 22.0), -0.2 - 1.3 * kind.age),
        make((0.0, build.mouth + 3.0), (44.0, 34.0), 3.4),
        make((mouth.half + 9.0, build.mouth - 9.0), (13.0, 20.0), -0.9 - 1.4 * kind.age),
        make((0.0, build.under_lip), (25.0, 9.5), -2.8),
        make((0.0, build.chin + 12.0), (23.0, 16.0), 2.6),
        make((0.0, build.chin + 9.0), (4.0, 10.0), -2.2 * build.cleft),
        make((68.0, 32.0), (24.0, 34.0), -2.4),
        make((25.0, 56.0), (34.0, 27.0), 1.2),
        make((eye, -12.5), (17.0, 8.0), lids.bags),
        make((eye + 1.0, -19.0), (20.0, 6.0), -0.7 * lids.bags),
    ]
}

/// What nobody else has: gentle hills anywhere, most of them on both sides.
fn own_swellings(random: &mut Random) -> Vec<Swelling> {
    let mut all = Vec::new();
    for number in 0..16 {
        let at = (random.between(0.0, 62.0), random.between(-100.0, 75.0));
        let halves = (random.between(16.0, 40.0), random.between(16.0, 40.0));
        let out = random.normal(0.0, 1.25);
        let (right, left) = if number % 4 == 3 { (0.7 * out, 0.0) } else { (out, out * random.between(0.7, 1.0)) };
        all.push(Swelling::new(at, halves, right));
        all.push(Swelling::new((-at.0, at.1), halves, left));
    }
    all
}

/// How open to the sky the points of a sheet are, by how far those around lie above them.
fn openness(sheet: &Sheet) -> Vec<f32> {
    let normals = sheet.normals();
    let (columns, rows) = (sheet.columns, sheet.rows);
    let at = |column: usize, row: usize, reach: usize| {
        let here = row * columns + column;
        let (left, right) = (column.saturating_sub(reach), (column + reach).min(columns - 1));
        let (above, below) = (row.saturating_sub(reach), (row + reach).min(rows - 1));
        let around = [row * columns + left, row * columns + right, above * columns + column, below * columns + column];
        let mean = around.iter().fold(Vector::default(), |sum, &at| sum + sheet.points[at]) * 0.25;
        (mean - sheet.points[here]).dot(normals[here])
    };
    let open = |column, row| {
        let buried = 0.16 * at(column, row, 3).max(-0.3)
            + 0.10 * at(column, row, 7).max(-1.0)
            + 0.05 * at(column, row, 14).max(-2.0);
        (1.0 - buried).clamp(0.35, 1.06)
    };
    (0..rows)
        .flat_map(|row| (0..columns).map(move |column| (column, row)))
        .map(|(column, row)| open(column, row))
        .collect()
}
