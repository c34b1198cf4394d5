//! What is around a head.

use whorl_types::Pixels;

use super::canvas::Canvas;
use super::detected::Face;
use super::similarity::difference;
use super::warp::is_within;

/// Side of the canvas on which the background is looked at, in pixels: what matters there is coarse.
const SIDE_PX: usize = 96;

/// The oval of head and hair around the middle of the face, in eye distances across and down.
const HALF_HEAD: [f32; 2] = [1.7, 2.3];

/// Fewer pixels of the canvas than this are no background that one could see.
const FEWEST: f32 = 90.0;

/// Mean difference of neighbours, in grey levels, at which a background is worth half.
const RESTLESS: f32 = 8.0;

/// "Background uniformity" of ISO/IEC 29794-5, 0 to 1: how little neighbouring pixels differ where neither the head nor, below
/// the mouth, the body is. 1 where nothing is seen of the background.
pub(super) fn uniformity(picture: &Pixels, face: &Face) -> f32 {
    let canvas = Canvas::of(picture, SIDE_PX, 1.0);
    let grey = canvas.picture.to_grey();
    let (mut sum, mut count) = (0.0_f32, 0.0_f32);
    for y in 0..SIDE_PX as u32 - 1 {
        for x in 0..SIDE_PX as u32 - 1 {
            let corners = [[x, y], [x + 1, y], [x, y + 1]];
            if corners.iter().all(|&[x, y]| is_background(picture, face, canvas.to_picture.apply([x as f32, y as f32])))
            {
                let [here, right, below] = corners.map(|[x, y]| f32::from(grey.at(x, y)));
                sum += (right - here).abs().max((below - here).abs());
                count += 1.0;
            }
        }
    }
    if count < FEWEST { 1.0 } else { 1.0 / (1.0 + sum / (count * RESTLESS)) }
}

fn is_background(picture: &Pixels, face: &Face, place: [f32; 2]) -> bool {
    let eye_distance = face.eye_distance_px().max(f32::MIN_POSITIVE);
    let [x, y] = difference(face.points[1], face.points[0]).map(|value| value / eye_distance);
    let [u, v] = difference(place, face.middle()).map(|value| value / eye_distance);
    let (across, down) = (u * x + v * y, v * x - u * y);
    let head = (across / HALF_HEAD[0]) * (across / HALF_HEAD[0]) + (down / HALF_HEAD[1]) * (down / HALF_HEAD[1]);
    let mouth_below_middle = 0.5;
    head > 1.0 && down < mouth_below_middle && is_within(picture, place)
}
