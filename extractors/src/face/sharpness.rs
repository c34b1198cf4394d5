//! How much fine detail a face keeps.

use super::portrait::Portrait;

/// Energy of the noise of rounding to grey levels, in squared levels a pixel: without it, what a flat picture lacks would look
/// sharp.
const ROUNDING: f32 = 2.0;

/// "Sharpness" of ISO/IEC 29794-5, 0 to 1: how much of the energy of the Laplacian, which is that of the finest detail, smoothing
/// over three by three pixels takes away. A blurred picture has little to lose. The light and the contrast do not matter, and a
/// face that is small in its picture is blurred once it is a portrait.
pub(super) fn sharpness(portrait: &Portrait) -> f32 {
    let (width, height) = (portrait.grey.width_px() as usize, portrait.grey.height_px() as usize);
    let plane: Vec<f32> = portrait.grey.pixels().iter().map(|&luma| f32::from(luma)).collect();
    let smooth = smoothed(&plane, width, height);
    let inner = portrait.face().filter(|&(x, y, _)| (2..width - 2).contains(&x) && (2..height - 2).contains(&y));
    let (mut fine, mut coarse, mut count) = (0.0_f32, 0.0_f32, 0.0_f32);
    for (x, y, _) in inner {
        let at = y * width + x;
        fine += square(laplacian(&plane, width, at));
        coarse += square(laplacian(&smooth, width, at));
        count += 1.0;
    }
    let noise = ROUNDING * count;
    if count > 0.0 { 1.0 - ((coarse + noise) / (fine + noise)).min(1.0) } else { 0.0 }
}

fn square(value: f32) -> f32 {
    value * value
}

/// The four neighbours less four times the pixel itself.
fn laplacian(plane: &[f32], width: usize, at: usize) -> f32 {
    plane[at - 1] + plane[at + 1] + plane[at - width] + plane[at + width] - 4.0 * plane[at]
}

/// Every pixel but the outermost as the mean of the nine around it.
fn smoothed(plane: &[f32], width: usize, height: usize) -> Vec<f32> {
    let mut smooth = plane.to_vec();
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let rows = [y - 1, y, y + 1].map(|row| plane[row * width + x - 1..][..3].iter().sum::<f32>());
            smooth[y * width + x] = (rows[0] + rows[1] + rows[2]) / 9.0;
        }
    }
    smooth
}
