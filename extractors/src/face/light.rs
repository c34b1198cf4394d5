//! Light on a face: the components of ISO/IEC 29794-5 that follow from how many of its pixels have which luma.

use super::portrait::Histogram;

/// Lumas that count as black, and as white: the bins that the components "under-exposure prevention" and "over-exposure
/// prevention" count.
const BLACK: std::ops::RangeInclusive<usize> = 0..=25;
const WHITE: std::ops::RangeInclusive<usize> = 247..=255;

/// Mean lumas that are as good as any, for light and for dark skin, and those from which on a mean is worthless.
const GOOD_MEANS: [f32; 2] = [60.0, 190.0];
const WORTHLESS_MEANS: [f32; 2] = [10.0, 245.0];

/// Standard deviations of luma that are as good as any: below, a face is flat; above, parts of it are lost to light or shade.
const GOOD_DEVIATIONS: [f32; 2] = [28.0, 75.0];
const WORTHLESS_DEVIATIONS: [f32; 2] = [3.0, 115.0];

/// How many lumas go into a bin where halves are compared: a half has some 2,200 pixels.
const LUMAS_A_BIN: usize = 16;

/// "Luminance mean", 0 to 1.
pub(super) fn mean(face: &Histogram) -> f32 {
    plateau(face.mean_and_deviation().0, GOOD_MEANS, WORTHLESS_MEANS)
}

/// "Luminance variance", by its root, 0 to 1.
pub(super) fn variance(face: &Histogram) -> f32 {
    plateau(face.mean_and_deviation().1, GOOD_DEVIATIONS, WORTHLESS_DEVIATIONS)
}

/// "Under-exposure prevention": the part of the face that is not black.
pub(super) fn under_exposure(face: &Histogram) -> f32 {
    1.0 - face.share(BLACK)
}

/// "Over-exposure prevention": the part of the face that is not white.
pub(super) fn over_exposure(face: &Histogram) -> f32 {
    1.0 - face.share(WHITE)
}

/// "Dynamic range": the entropy of the lumas as a fraction of the 8 bits there are.
pub(super) fn dynamic_range(face: &Histogram) -> f32 {
    face.entropy() / 8.0
}

/// "Illumination uniformity": how much the histograms of both halves have in common, 0 to 1; 0 where the picture lacks a half.
pub(super) fn uniformity([left, right]: &[Histogram; 2]) -> f32 {
    let bins = |half: &Histogram| -> Vec<f32> {
        let total = half.total().max(1.0);
        half.counts.chunks(LUMAS_A_BIN).map(|bin| bin.iter().sum::<u32>() as f32 / total).collect()
    };
    bins(left).iter().zip(&bins(right)).map(|(left, right)| left.min(*right)).sum()
}

/// 1 between the two `good` values, falling evenly to 0 at the two `worthless` ones.
pub(super) fn plateau(value: f32, good: [f32; 2], worthless: [f32; 2]) -> f32 {
    let rising = (value - worthless[0]) / (good[0] - worthless[0]);
    let falling = (worthless[1] - value) / (worthless[1] - good[1]);
    rising.min(falling).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(lumas: &[u8]) -> Histogram {
        let mut counts = [0; 256];
        for &luma in lumas {
            counts[usize::from(luma)] += 1;
        }
        Histogram { counts }
    }

    fn near(value: f32, expected: f32) -> bool {
        (value - expected).abs() < 1e-5
    }

    #[test]
    fn the_mean_and_the_deviation_have_a_good_range() {
        assert!(near(mean(&histogram(&[100, 140])), 1.0) && near(mean(&histogram(&[10, 60])), 0.5));
        assert!(near(mean(&histogram(&[255])), 0.0));
        assert!(near(variance(&histogram(&[80, 160])), 1.0) && near(variance(&histogram(&[90])), 0.0));
    }

    #[test]
    fn exposure_counts_what_is_black_or_white() {
        let face = histogram(&[0, 25, 26, 255]);
        assert!(near(under_exposure(&face), 0.5) && near(over_exposure(&face), 0.75));
    }

    #[test]
    fn the_dynamic_range_is_whole_where_every_luma_is_as_frequent() {
        let all: Vec<u8> = (0..=255).collect();
        assert!(near(dynamic_range(&histogram(&all)), 1.0) && near(dynamic_range(&histogram(&[7, 7])), 0.0));
    }

    #[test]
    fn light_is_uniform_where_both_halves_have_the_same_lumas() {
        let [one, other] = [histogram(&[10, 100, 200]), histogram(&[11, 101, 250])];
        assert!(near(uniformity(&[one, one]), 1.0) && near(uniformity(&[one, other]), 2.0 / 3.0));
        assert!(near(uniformity(&[one, histogram(&[])]), 0.0));
    }
}
