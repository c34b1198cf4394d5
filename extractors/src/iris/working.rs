//! The picture at the size that contours are searched in.

use whorl_types::GreyImage;

/// No side of a working picture is longer: an iris that fills a picture of this size is 150 pixels in radius and more, finer
/// than its boundaries are sharp.
const LONGEST_SIDE_PX: u32 = 400;

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
    let (width, height, side) = (image.width_px() / factor, image.height_px() / factor, factor as usize);
    let area = factor * factor;
    let mut pixels = Vec::with_capacity((width * height) as usize);
    let mut sums = vec![0u32; width as usize];
    for y in 0..height {
        sums.fill(0);
        for row in (y * factor..(y + 1) * factor).map(|y| image.row(y)) {
            for (sum, square) in sums.iter_mut().zip(row.chunks_exact(side)) {
                *sum += square.iter().map(|&shade| u32::from(shade)).sum::<u32>();
            }
        }
        pixels.extend(sums.iter().map(|sum| ((sum + area / 2) / area) as u8));
    }
    GreyImage::new(width, height, pixels).expect("no larger than the picture it was made of")
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
