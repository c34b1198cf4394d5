//! A print: skin, seen by a sensor.

use whorl_types::GreyImage;

use super::conditions::Conditions;
use super::sensor::Optics;
use super::skin::Groove;
use super::warp::{Place, Warp};
use crate::synthetic::plane::Plane;
use crate::synthetic::random::{Noise, Random, rise};

/// Pixels between the points at which the warp is computed; it is straight enough between them.
const MESH_PX: usize = 8;

/// The print that `skin` leaves under the conditions `how`.
pub(super) fn take(skin: &Plane, how: &Conditions, random: &mut Random) -> GreyImage {
    let optics = how.sensor.optics();
    let mut touch = touch(skin, how, &optics, random);
    let (width, height) = (touch.width as f32, touch.height as f32);
    for _ in 0..how.scratches {
        touch.cut(&Groove::new(width, height, 220.0, random));
    }
    soften(&mut touch);
    develop(&touch, how, &optics, random)
}

/// How dark each pixel is by its contact with the skin: 1 is a ridge, 0 a valley; -1 is no finger at all.
fn touch(skin: &Plane, how: &Conditions, optics: &Optics, random: &mut Random) -> Plane {
    let (width, height) = (optics.width_px, optics.height_px);
    let warp = Warp::new(how, (width, height), (skin.width, skin.height), random);
    let hills = Noise::new(random, width, height, 48.0);
    let patches = Noise::new(random, width, height, 11.0);
    let grain = Noise::new(random, width, height, 2.7);
    let mut values = Vec::with_capacity(width * height);
    let (mut places, mut bias, mut spots) = (vec![Place::default(); width], vec![0.0; width], vec![0.0; width]);
    let mut mesh = [mesh_row(&warp, 0, width), mesh_row(&warp, MESH_PX, width)];
    for y in 0..height {
        if y > 0 && y % MESH_PX == 0 {
            mesh = [std::mem::take(&mut mesh[1]), mesh_row(&warp, y + MESH_PX, width)];
        }
        between(&mesh, (y % MESH_PX) as f32 / MESH_PX as f32, &mut places);
        bias.fill(how.pressure);
        hills.add_row(y, how.unevenness, &mut bias);
        spots.fill(0.0);
        patches.add_row(y, 1.0, &mut spots);
        for (bias, spot) in bias.iter_mut().zip(&spots) {
            *bias += how.wetness * (0.5 + 0.6 * spot) - how.dryness * (0.35 + 0.55 * spot);
        }
        grain.add_row(y, optics.grain * (1.0 + 1.6 * how.dryness), &mut bias);
        for (place, &bias) in places.iter().zip(&bias) {
            values.push(contact(skin, *place, bias, optics));
        }
    }
    Plane { width, height, values }
}

fn contact(skin: &Plane, place: Place, bias: f32, optics: &Optics) -> f32 {
    // The edge is ragged where the grain is.
    let inside = rise(-4.0, 5.0, place.inside_px + 4.0 * bias);
    if inside == 0.0 {
        return -1.0;
    }
    let light = 0.7 * rise(40.0, 0.0, place.inside_px);
    let ridge = 0.5 + optics.contrast * (skin.at(place.x, place.y) + bias - light);
    ridge.clamp(0.0, 1.0) * inside - (1.0 - inside)
}

/// The warp at every `MESH_PX`-th pixel of row `y`.
fn mesh_row(warp: &Warp, y: usize, width: usize) -> Vec<Place> {
    (0..=width / MESH_PX + 1).map(|x| warp.place((x * MESH_PX) as f32, y as f32)).collect()
}

/// The places of a row that lies `down` of the way from the upper to the lower row of the mesh.
fn between(mesh: &[Vec<Place>; 2], down: f32, places: &mut [Place]) {
    let mix = |a: Place, b: Place, part: f32| Place {
        x: a.x + (b.x - a.x) * part,
        y: a.y + (b.y - a.y) * part,
        inside_px: a.inside_px + (b.inside_px - a.inside_px) * part,
    };
    for (cell, places) in places.chunks_mut(MESH_PX).enumerate() {
        let left = mix(mesh[0][cell], mesh[1][cell], down);
        let right = mix(mesh[0][cell + 1], mesh[1][cell + 1], down);
        for (x, place) in places.iter_mut().enumerate() {
            *place = mix(left, right, x as f32 / MESH_PX as f32);
        }
    }
}

/// Blurs by the lens: an eighth of each neighbour above, below, left and right.
fn soften(plane: &mut Plane) {
    let Plane { width, height, values } = plane;
    let sharp = values.clone();
    for y in 1..*height - 1 {
        for x in 1..*width - 1 {
            let at = y * *width + x;
            let around = sharp[at - 1] + sharp[at + 1] + sharp[at - *width] + sharp[at + *width];
            values[at] = sharp[at] * 0.5 + around * 0.125;
        }
    }
}

/// From contact to grey, with the sensor's noise.
fn develop(touch: &Plane, how: &Conditions, optics: &Optics, random: &mut Random) -> GreyImage {
    let (noise, tilt) = (optics.noise * how.noise, random.normal(0.0, 4.0));
    let shade = random.normal(0.0, 5.0);
    let mut pixels = Vec::with_capacity(touch.values.len());
    for (y, row) in touch.values.chunks_exact(touch.width).enumerate() {
        let level = shade + random.normal(0.0, 1.0) * optics.streaks + tilt * (y as f32 / touch.height as f32 - 0.5);
        for &touch in row {
            let finger = (touch + 1.0).clamp(0.0, 1.0);
            let clear = optics.background + (optics.valley - optics.background) * finger;
            let grey = clear + (optics.ridge - clear) * touch.max(0.0);
            pixels.push((grey + level + random.normal(0.0, noise)).clamp(0.0, 255.0) as u8);
        }
    }
    GreyImage::new(touch.width as u32, touch.height as u32, pixels)
        .expect("a sensor's size is within the bounds of an image")
}
