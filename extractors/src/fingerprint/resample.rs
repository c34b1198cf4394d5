//! Every print at 500 ppi.

use whorl_types::{GreyImage, Ppi};

/// Rates this near to 500 ppi are taken for it: over a whole print one per cent is less than skin stretches.
const CLOSE_ENOUGH: f32 = 0.01;

/// The picture as a 500 ppi scanner would have seen it; none where its rate is near enough already.
pub(super) fn to_standard(image: &GreyImage, ppi: Ppi) -> Option<GreyImage> {
    let scale = Ppi::STANDARD.get() / ppi.get();
    if (scale - 1.0).abs() <= CLOSE_ENOUGH { None } else { Some(resize(image, scale)) }
}

/// `image` made `scale` times as wide and high, by cubic convolution (Keys, 1981), widened when shrinking.
fn resize(image: &GreyImage, scale: f32) -> GreyImage {
    let (width, height) = (image.width_px() as usize, image.height_px() as usize);
    let (new_width, new_height) = (scaled(width, scale), scaled(height, scale));
    let columns = kernel(width, new_width, scale);
    let rows = kernel(height, new_height, scale);
    let mut narrow = vec![0.0; new_width * height];
    for y in 0..height {
        let source = image.row(y as u32);
        for (out, (first, weights)) in narrow[y * new_width..].iter_mut().zip(&columns) {
            *out = weights.iter().zip(&source[*first..]).map(|(weight, &grey)| weight * f32::from(grey)).sum();
        }
    }
    let mut pixels = Vec::with_capacity(new_width * new_height);
    let mut line = vec![0.0; new_width];
    for (first, weights) in &rows {
        line.fill(0.0);
        for (weight, source) in weights.iter().zip(narrow[first * new_width..].chunks_exact(new_width)) {
            for (out, sample) in line.iter_mut().zip(source) {
                *out += weight * sample;
            }
        }
        pixels.extend(line.iter().map(|&sample| (sample + 0.5).clamp(0.0, 255.0) as u8));
    }
    GreyImage::new(new_width as u32, new_height as u32, pixels).expect("the scaled size was checked by the caller")
}

/// A side of `length` pixels after scaling.
pub(super) fn scaled(length: usize, scale: f32) -> usize {
    ((length as f32 * scale + 0.5) as usize).max(1)
}

/// For each new sample the first old one and the weights from there on.
fn kernel(length: usize, new_length: usize, scale: f32) -> Vec<(usize, Vec<f32>)> {
    let stretch = (1.0 / scale).max(1.0);
    (0..new_length)
        .map(|at| {
            let middle = (at as f32 + 0.5) / scale - 0.5;
            let first = ((middle - 2.0 * stretch).ceil().max(0.0) as usize).min(length - 1);
            let last = ((middle + 2.0 * stretch).floor().max(0.0) as usize).clamp(first, length - 1);
            let mut weights: Vec<f32> = (first..=last).map(|x| cubic((x as f32 - middle) / stretch)).collect();
            let total: f32 = weights.iter().sum();
            for weight in &mut weights {
                *weight /= total;
            }
            (first, weights)
        })
        .collect()
}

fn cubic(distance: f32) -> f32 {
    let d = distance.abs();
    if d < 1.0 {
        (1.5 * d - 2.5) * d * d + 1.0
    } else if d < 2.0 {
        ((-0.5 * d + 2.5) * d - 4.0) * d + 2.0
    } else {
        0.0
    }
}
