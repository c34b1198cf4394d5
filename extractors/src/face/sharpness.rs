//! How much fine detail a face keeps.

use super::portrait::Portrait;

/// The finest detail, as a fraction of the contrast, of a face that is worth nothing and of one that is as good as any. Blurred
/// over an eighth of the eye distance faces of LFW have 0.03, over a fifteenth 0.06; as they are, 0.19 in the median.
const WORTHLESS: f32 = 0.025;
const FINE: f32 = 0.2;

/// "Sharpness" of ISO/IEC 29794-5, 0 to 1: the root mean square of the Laplacian of the portrait, as a fraction of the standard
/// deviation of its luma, so that neither light nor contrast matter.
///
/// Each pixel is the mean of three by three first: rounding to grey levels alone would look sharp in a blurred face. A face that is
/// small in its picture is blurred once it is a portrait.
pub(super) fn sharpness(portrait: &Portrait) -> f32 {
    let (width, height) = (portrait.grey.width_px() as usize, portrait.grey.height_px() as usize);
    let plane: Vec<f32> = portrait.grey.pixels().iter().map(|&luma| f32::from(luma)).collect();
    let smooth = smoothed(&plane, width, height);
    let inner = portrait.face().filter(|&(x, y, _)| (2..width - 2).contains(&x) && (2..height - 2).contains(&y));
    let (mut energy, mut count) = (0.0_f32, 0.0_f32);
    for (x, y, _) in inner {
        let response = laplacian(&smooth, width, y * width + x);
        energy += response * response;
        count += 1.0;
    }
    let (_, deviation) = portrait.whole().mean_and_deviation();
    let detail = (energy / count.max(1.0)).sqrt() / deviation.max(1.0);
    ((detail - WORTHLESS) / (FINE - WORTHLESS)).clamp(0.0, 1.0)
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
