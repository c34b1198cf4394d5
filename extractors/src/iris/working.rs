//! The picture at the size that contours are searched in.

use whorl_kernels::Kernels;
use whorl_types::{GreyImage, Refusal};

/// No side of a working picture is longer: an iris that fills a picture of this size is 150 pixels in radius and more, finer
/// than its boundaries are sharp.
const LONGEST_SIDE_PX: u32 = 400;

/// A picture whose shades are nearer together shows nothing.
const LEAST_RANGE: i32 = 24;

/// The shade of the darkest hundredth of a stretched picture: not black, near which square roots would blow noise up.
const DARK: i32 = 36;

/// The shade of the brightest hundredth.
const BRIGHT: i32 = 240;

/// How many pixels of the sample, along a side, make one working pixel.
pub(super) fn factor(image: &GreyImage) -> u32 {
    image.width_px().max(image.height_px()).div_ceil(LONGEST_SIDE_PX)
}

/// The picture with each square of `factor` by `factor` pixels as one, their mean; a rest at the right and at the bottom is
/// dropped.
///
/// # Panics
/// Where a side is shorter than `factor`.
pub(super) fn reduced(image: &GreyImage, factor: u32) -> GreyImage {
    if factor == 1 {
        return image.clone();
    }
    let (width, height, side) = (image.width_px() / factor, image.height_px() / factor, factor as usize);
    let area = factor * factor;
    let mut pixels = Vec::with_capacity((width * height) as usize);
    let mut columns = vec![0u16; width as usize * side];
    for y in 0..height {
        columns.fill(0);
        for row in (y * factor..(y + 1) * factor).map(|y| image.row(y)) {
            Kernels::best().run(|| columns.iter_mut().zip(row).for_each(|(sum, &shade)| *sum += u16::from(shade)));
        }
        let sums = columns.chunks_exact(side).map(|square| square.iter().map(|&sum| u32::from(sum)).sum::<u32>());
        pixels.extend(sums.map(|sum| ((sum + area / 2) / area) as u8));
    }
    GreyImage::new(width, height, pixels).expect("no larger than the picture it was made of")
}

/// The picture with its darkest and its brightest hundredth at the same shades whatever the light, so that thresholds of
/// contrast mean the same in all.
///
/// # Errors
/// [`Refusal::Blank`] where it has next to one shade only.
pub(super) fn stretched(image: &GreyImage) -> Result<GreyImage, Refusal> {
    let mut counts = [0usize; 256];
    for &shade in image.pixels() {
        counts[shade as usize] += 1;
    }
    let hundredth = image.pixels().len() / 100;
    let reached = |sum: &mut usize, count: &usize| {
        *sum += count;
        Some(*sum)
    };
    let dark = counts.iter().scan(0, reached).position(|sum| sum > hundredth).unwrap_or(0) as i32;
    let bright = 255 - counts.iter().rev().scan(0, reached).position(|sum| sum > hundredth).unwrap_or(0) as i32;
    if bright - dark < LEAST_RANGE {
        return Err(Refusal::Blank);
    }
    let stretch = |shade: i32| DARK + (shade - dark) * (BRIGHT - DARK) / (bright - dark);
    let shades: [u8; 256] = std::array::from_fn(|shade| stretch(shade as i32).clamp(0, 255) as u8);
    Ok(mapped(image, &shades))
}

/// The picture with the square root of each shade, so that noise and contrast are alike in dark and bright parts.
pub(super) fn stabilised(image: &GreyImage) -> GreyImage {
    mapped(image, &std::array::from_fn(|shade| (255.0 * shade as f32).sqrt() as u8))
}

fn mapped(image: &GreyImage, shades: &[u8; 256]) -> GreyImage {
    let pixels = image.pixels().iter().map(|&shade| shades[shade as usize]).collect();
    GreyImage::new(image.width_px(), image.height_px(), pixels).expect("as large as the picture it was made of")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_become_their_means_and_the_rest_is_dropped() {
        let image = GreyImage::new(5, 2, vec![0, 10, 20, 30, 99, 4, 6, 20, 30, 99]).unwrap();
        let half = reduced(&image, 2);
        assert_eq!((half.width_px(), half.height_px(), half.pixels()), (2, 1, &[5, 25][..]));
    }

    #[test]
    fn no_working_picture_is_large() {
        for (width, height, expected) in [(320, 280, 1), (640, 480, 2), (400, 400, 1), (401, 9, 2), (10_000, 6_000, 25)]
        {
            assert_eq!(factor(&GreyImage::new(width, height, vec![0; (width * height) as usize]).unwrap()), expected);
        }
    }
}
