//! Whether a face has the colours of skin.

use std::sync::LazyLock;

use whorl_types::Pixels;

use super::portrait::Portrait;

/// CIELAB a* and b* of skin of any shade in white light: the ranges of the component "natural colour" of ISO/IEC 29794-5.
const SKIN_A: [f32; 2] = [5.0, 25.0];
const SKIN_B: [f32; 2] = [5.0, 35.0];

/// Distance from there, in CIELAB units, at which a colour is worth nothing.
const WORTHLESS: f32 = 30.0;

/// White of D65, as X, Y and Z of sRGB's white.
const WHITE: [f32; 3] = [0.950_456, 1.0, 1.089_058];

/// Linear light of each sRGB sample (IEC 61966-2-1).
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|sample| {
        let value = sample as f32 / 255.0;
        if value <= 0.04045 { value / 12.92 } else { libm::powf((value + 0.055) / 1.055, 2.4) }
    })
});

/// "Natural colour", 0 to 1: how near the mean colour of the face is to that of skin. 1 in a grey picture, where nothing is
/// unnatural.
pub(super) fn natural(portrait: &Portrait) -> f32 {
    let Pixels::Rgb(picture) = &portrait.pixels else { return 1.0 };
    let (pixels, _) = picture.samples().as_chunks::<3>();
    let (mut sums, mut count) = ([0.0_f32; 3], 0.0_f32);
    for (pixel, _) in pixels.iter().zip(&portrait.is_face).filter(|(_, is_face)| **is_face) {
        for (sum, &sample) in sums.iter_mut().zip(pixel) {
            *sum += LINEAR[usize::from(sample)];
        }
        count += 1.0;
    }
    let [a, b] = chroma(sums.map(|sum| sum / count.max(1.0)));
    let (beside, beyond) = (outside(a, SKIN_A), outside(b, SKIN_B));
    (1.0 - (beside * beside + beyond * beyond).sqrt() / WORTHLESS).clamp(0.0, 1.0)
}

/// How far a value is outside of a range.
fn outside(value: f32, [low, high]: [f32; 2]) -> f32 {
    (low - value).max(value - high).max(0.0)
}

/// CIELAB a* and b* of linear red, green and blue, 0 to 1 each.
fn chroma([red, green, blue]: [f32; 3]) -> [f32; 2] {
    let xyz = [
        0.412_456 * red + 0.357_576 * green + 0.180_437 * blue,
        0.212_673 * red + 0.715_152 * green + 0.072_175 * blue,
        0.019_334 * red + 0.119_192 * green + 0.950_304 * blue,
    ];
    let place = |axis: usize| {
        let value = xyz[axis] / WHITE[axis];
        if value > 0.008_856 { libm::cbrtf(value) } else { 7.787 * value + 16.0 / 116.0 }
    };
    let (x, y, z) = (place(0), place(1), place(2));
    [500.0 * (x - y), 200.0 * (y - z)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lab([red, green, blue]: [usize; 3]) -> [f32; 2] {
        chroma([LINEAR[red], LINEAR[green], LINEAR[blue]])
    }

    fn near([a, b]: [f32; 2], [c, d]: [f32; 2]) -> bool {
        (a - c).abs() < 0.1 && (b - d).abs() < 0.1
    }

    #[test]
    fn known_colours_have_their_known_places() {
        assert!(near(lab([128, 128, 128]), [0.0, 0.0]));
        assert!(near(lab([255, 0, 0]), [80.11, 67.22]));
        assert!(near(lab([0, 0, 255]), [79.2, -107.86]));
    }

    #[test]
    fn skin_is_natural_and_other_colours_less() {
        for skin in [[224, 172, 145], [141, 85, 54], [74, 48, 38], [255, 219, 196]] {
            let [a, b] = lab(skin);
            assert!(outside(a, SKIN_A) < 1.0 && outside(b, SKIN_B) < 1.0, "{skin:?}: {a} {b}");
        }
        assert!(outside(lab([80, 120, 220])[1], SKIN_B) > WORTHLESS);
    }
}
