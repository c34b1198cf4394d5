//! A part of a picture, turned and scaled.

use whorl_types::Pixels;

use super::raster::{Part, Raster};
use super::similarity::{Point, Similarity};

/// What stands where a picture has ended: the middle of the range, so that no edge between picture and surround is a strong one.
/// Of black, grey and the picture's last pixels drawn out, grey cost YuNet the least confidence in faces that fill the picture.
pub(super) const SURROUND: u8 = 128;

/// From this many source pixels to one on, one sample in its middle would miss too much of what a pixel covers.
const ALIASING: f32 = 1.5;

/// The most pixels a side that become one: the sum of so many squared white samples still fits 32 bits. No picture is so large
/// that it takes more to bring all of it to the smallest canvas.
const LARGEST_FACTOR: f32 = 4096.0;

/// The picture of `width_px` by `height_px` whose pixel at `p` shows what is at `to_picture(p)` of `picture`.
///
/// Where it grows, between pixels it is bilinear. Where it shrinks, all that a pixel covers is averaged: whole blocks first, so
/// that the cost is bounded by one reading of the part that is shown, then two by two places of what is left. Beyond the
/// picture is mid-grey. The sides are small: those of what a network is fed.
#[must_use]
pub fn warp(picture: &Pixels, to_picture: &Similarity, width_px: usize, height_px: usize) -> Pixels {
    let whole = Raster::of(picture);
    let channels = whole.channels;
    let samples = match covered(&whole, to_picture, width_px, height_px) {
        None => vec![SURROUND; width_px * height_px * channels],
        Some(part) => {
            let factor = to_picture.scale().clamp(1.0, LARGEST_FACTOR) as usize;
            if factor == 1 {
                draw(&whole, to_picture, width_px, height_px)
            } else {
                let small = whole.shrunk(part, factor);
                draw(&small, &to_picture.then(&into_shrunk(part, factor)), width_px, height_px)
            }
        }
    };
    Raster { width: width_px, height: height_px, channels, samples: samples.into() }.into_pixels()
}

/// From the pixels of a picture to those of its part after `factor` by `factor` of them became one.
fn into_shrunk(part: Part, factor: usize) -> Similarity {
    let factor = factor as f32;
    let place = |start: usize| (0.5 - start as f32) / factor - 0.5;
    Similarity::scaling(1.0 / factor, [place(part.left), place(part.top)])
}

/// The part of `whole` that the corners enclose, with a pixel of the result around it.
fn covered(whole: &Raster, to_picture: &Similarity, width_px: usize, height_px: usize) -> Option<Part> {
    let (right, bottom) = (width_px as f32, height_px as f32);
    let corners = [[-1.0, -1.0], [right, -1.0], [-1.0, bottom], [right, bottom]].map(|corner| to_picture.apply(corner));
    let span = |axis: usize, end: usize| {
        let low = corners.iter().map(|corner| corner[axis]).fold(f32::INFINITY, f32::min).floor();
        let high = corners.iter().map(|corner| corner[axis]).fold(f32::NEG_INFINITY, f32::max).ceil();
        (low.max(0.0) as usize, ((high + 1.0).max(0.0) as usize).min(end))
    };
    let ((left, right), (top, bottom)) = (span(0, whole.width), span(1, whole.height));
    (left < right && top < bottom).then_some(Part { left, top, right, bottom })
}

/// Every pixel by one place of `source`, or by four where it covers more.
fn draw(source: &Raster, to_source: &Similarity, width: usize, height: usize) -> Vec<u8> {
    let places: &[Point] = if to_source.scale() > ALIASING {
        &[[-0.25, -0.25], [0.25, -0.25], [-0.25, 0.25], [0.25, 0.25]]
    } else {
        &[[0.0, 0.0]]
    };
    let share = 1.0 / places.len() as f32;
    let mut samples = Vec::with_capacity(width * height * source.channels);
    for y in 0..height {
        for x in 0..width {
            let mut sums = [0.0; 3];
            for [right, down] in places {
                let place = to_source.apply([x as f32 + right, y as f32 + down]);
                sums = add(sums, sample(source, place));
            }
            samples.extend(sums[..source.channels].iter().map(|sum| (sum * share + 0.5) as u8));
        }
    }
    samples
}

fn add([r, g, b]: [f32; 3], [s, h, c]: [f32; 3]) -> [f32; 3] {
    [r + s, g + h, b + c]
}

/// The samples at a place between four pixels; what lies over half a pixel outside is surround.
fn sample(source: &Raster, [x, y]: Point) -> [f32; 3] {
    let (right, bottom) = (source.width as f32 - 1.0, source.height as f32 - 1.0);
    if !is_inside([x, y], source.width, source.height) {
        return [f32::from(SURROUND); 3];
    }
    let (x, y) = (x.clamp(0.0, right), y.clamp(0.0, bottom));
    let (column, row) = (x as usize, y as usize);
    let (next_column, next_row) = ((column + 1).min(source.width - 1), (row + 1).min(source.height - 1));
    let (along, below) = (x - column as f32, y - row as f32);
    let (upper, lower, channels) = (source.row(row), source.row(next_row), source.channels);
    let mut mixed = [0.0; 3];
    for (channel, value) in mixed.iter_mut().enumerate().take(channels) {
        let at = |row: &[u8], column: usize| f32::from(row[column * channels + channel]);
        let top = at(upper, column) + along * (at(upper, next_column) - at(upper, column));
        let low = at(lower, column) + along * (at(lower, next_column) - at(lower, column));
        *value = top + below * (low - top);
    }
    mixed
}

fn is_inside([x, y]: Point, width: usize, height: usize) -> bool {
    x >= -0.5 && y >= -0.5 && x <= width as f32 - 0.5 && y <= height as f32 - 0.5
}

/// Whether a place belongs to one of the picture's pixels.
pub(super) fn is_within(picture: &Pixels, place: Point) -> bool {
    is_inside(place, picture.width_px() as usize, picture.height_px() as usize)
}

#[cfg(test)]
mod tests {
    use whorl_types::{GreyImage, RgbImage};

    use super::*;

    fn drawn(width: u32, height: u32, shade: impl Fn(f32, f32) -> f32) -> Pixels {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x as f32, y as f32)));
        let pixels = places.map(|(x, y)| (shade(x, y) + 0.5) as u8).collect();
        Pixels::Grey(GreyImage::new(width, height, pixels).unwrap())
    }

    fn at(picture: &Pixels, x: u32, y: u32) -> u8 {
        picture.to_grey().at(x, y)
    }

    #[test]
    fn the_identity_shows_the_picture_itself() {
        let picture = drawn(17, 9, |x, y| 10.0 * x + 5.0 * y);
        assert_eq!(warp(&picture, &Similarity::IDENTITY, 17, 9), picture);
    }

    #[test]
    fn a_quarter_turn_of_a_square_moves_every_pixel_exactly() {
        let picture = drawn(16, 16, |x, y| 15.0 * x + y);
        let turned = warp(&picture, &Similarity::unturning(1, 16), 16, 16);
        for (x, y) in [(0, 0), (15, 0), (3, 11), (8, 8)] {
            assert_eq!(at(&turned, 15 - y, x), at(&picture, x, y));
        }
    }

    #[test]
    fn slopes_are_kept_whatever_the_scale_and_the_turn() {
        let shade = |[x, y]: Point| 20.0 + 0.05 * x + 0.08 * y;
        let picture = drawn(1200, 1200, |x, y| shade([x, y]));
        for scale in [0.3_f32, 1.0, 1.7, 2.0, 5.4, 9.9] {
            for degrees in [0.0_f32, 30.0, 117.0] {
                let (sine, cosine) = libm::sincosf(degrees.to_radians());
                let turned = Similarity::fit(
                    &[[0.0, 0.0], [1.0, 0.0]],
                    &[[600.0, 600.0], [600.0 + scale * cosine, 600.0 + scale * sine]],
                );
                let map = Similarity::scaling(1.0, [-20.0, -20.0]).then(&turned.unwrap());
                let shown = warp(&picture, &map, 40, 40);
                for (x, y) in [(0, 0), (39, 0), (20, 20), (5, 31), (39, 39)] {
                    let expected = shade(map.apply([x as f32, y as f32]));
                    let found = f32::from(at(&shown, x, y));
                    assert!((found - expected).abs() < 1.2, "{scale} {degrees}: {found} for {expected}");
                }
            }
        }
    }

    #[test]
    fn fine_stripes_become_their_mean_instead_of_coarse_ones() {
        let stripes = drawn(900, 900, |x, _| 200.0 * (x as u32 % 2) as f32);
        for scale in [2.0_f32, 3.3, 8.5] {
            let shown = warp(&stripes, &Similarity::scaling(scale, [3.0, 3.0]), 64, 64);
            let grey = shown.to_grey();
            assert!(grey.pixels().iter().all(|&shade| (65..=135).contains(&shade)), "{scale}: {:?}", grey.row(9));
        }
    }

    #[test]
    fn beyond_the_picture_is_the_surround() {
        let white = drawn(10, 10, |_, _| 255.0);
        let shown = warp(&white, &Similarity::scaling(1.0, [-5.0, -5.0]), 20, 20);
        assert_eq!([at(&shown, 4, 10), at(&shown, 5, 10), at(&shown, 14, 14)], [SURROUND, 255, 255]);
        let far = warp(&white, &Similarity::scaling(7.0, [500.0, 0.0]), 4, 4);
        assert!(far.to_grey().pixels().iter().all(|&shade| shade == SURROUND));
    }

    #[test]
    fn a_map_that_shows_everything_in_one_pixel_is_no_trouble() {
        let white = drawn(5000, 4500, |_, _| 255.0);
        let huge = warp(&white, &Similarity::scaling(3000.0, [1500.0, 1500.0]), 2, 2);
        assert_eq!([at(&huge, 0, 0), at(&huge, 1, 1)], [255, 255]);
        let vast = warp(&white, &Similarity::scaling(1e9, [1500.0, 1500.0]), 2, 2);
        assert!(vast.to_grey().pixels().iter().all(|&shade| shade == SURROUND), "its four places lie far outside");
    }

    #[test]
    fn colours_stay_apart() {
        let picture = Pixels::Rgb(RgbImage::new(2, 2, [200, 0, 90].repeat(4)).unwrap());
        let Pixels::Rgb(shown) = warp(&picture, &Similarity::scaling(0.1, [0.2, 0.2]), 6, 6) else { panic!("grey") };
        assert_eq!(shown.samples(), [200, 0, 90].repeat(36));
    }
}
