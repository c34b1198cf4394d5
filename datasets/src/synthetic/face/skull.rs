//! The head without its features: a loft from the crown to the foot of the neck.

use super::build::Build;
use super::loft::{Rib, ribs};

/// The first rib of the neck, counted as [`ribs_of`] gives them: what lies beyond turns less with the head.
pub(super) const NECK_ROW: usize = 190;

/// The row at the height of the brows, above which hair grows on the loft.
pub(super) const BROW_ROW: usize = 50;

fn rib(front: (f32, f32), side: (f32, f32, f32), back: (f32, f32), exponent: f32) -> Rib {
    Rib { front, side, back, exponent }
}

/// The ribs of a head of this build, close where the face has detail.
pub(super) fn ribs_of(build: &Build) -> Vec<Rib> {
    let Build { crown, brow, under_nose, mouth, under_lip, chin, skull, cheekbones, jaw, neck, .. } = *build;
    let up = |part: f32| brow + (crown - brow) * part;
    let out = build.forehead_out;
    // The corner of the jaw is as high as the mouth; the chin lies below it and before it.
    let corner = mouth * 1.05;
    let nape = neck * 1.02;
    let chin_z = 93.0 + build.chin_out;
    ribs(&[
        (rib((crown, -5.0), (0.5, crown, -5.0), (crown, -6.0), 2.0), 4),
        (rib((up(0.987), 16.0), (0.2 * skull, up(0.987), -7.0), (up(0.987), -28.0), 2.0), 6),
        (rib((up(0.94), 36.0), (0.43 * skull, up(0.94), -8.0), (up(0.94), -48.0), 2.0), 8),
        (rib((up(0.79), 63.0 + 0.4 * out), (0.74 * skull, up(0.79), -10.0), (up(0.79), -75.0), 2.1), 10),
        (rib((up(0.56), 85.0 + 0.8 * out), (0.935 * skull, up(0.56), -10.0), (up(0.56), -90.0), 2.2), 10),
        (rib((up(0.29), 96.0 + out), (skull, up(0.29), -8.0), (up(0.29), -96.0), 2.35), 12),
        (rib((brow, 99.0 + 0.5 * out), (0.99 * skull, brow - 2.0, -5.0), (brow, -98.0), 2.45), 20),
        (rib((1.0, 94.0), (0.5 * (skull + cheekbones), 0.0, 0.0), (-2.0, -96.0), 2.4), 28),
        (rib((0.62 * under_nose, 95.5), (cheekbones, 0.5 * under_nose, 2.0), (-25.0, -89.0), 2.3), 18),
        (
            rib(
                (under_nose, 97.0 + 0.5 * build.lips_out),
                (0.5 * (cheekbones + jaw) + 4.0, 0.66 * corner, 1.0),
                (-42.0, -82.0),
                2.15,
            ),
            22,
        ),
        (
            rib(
                (mouth, 98.0 + build.lips_out),
                (jaw + 7.0, 0.84 * corner, 0.0),
                (-58.0, -73.0),
                0.5 * (2.1 + build.squareness),
            ),
            20,
        ),
        (
            rib(
                (under_lip, 95.0 + 0.5 * build.chin_out),
                (jaw + 3.5, 0.97 * corner, 0.0),
                (-72.0, -66.0),
                build.squareness,
            ),
            16,
        ),
        (rib((chin + 8.0, chin_z + 2.0), (jaw, corner - 4.0, 0.0), (-84.0, -61.0), build.squareness), 12),
        (rib((chin, chin_z - 8.0), (0.95 * jaw, corner - 8.0, -2.0), (-94.0, -59.0), build.squareness), 8),
        (rib((chin - 2.0, chin_z - 26.0), (0.5 * (nape + 0.9 * jaw), corner - 14.0, -5.0), (-104.0, -58.0), 2.0), 8),
        (rib((chin - 8.0, 46.0), (nape, corner - 24.0, -8.0), (-118.0, -57.0), 2.0), 8),
        (rib((chin - 30.0, 41.0), (neck, chin - 20.0, -9.0), (-142.0, -58.0), 2.0), 8),
        (rib((chin - 75.0, 50.0), (neck + 8.0, chin - 66.0, -14.0), (-175.0, -66.0), 2.0), 0),
    ])
}
