//! An embedding in bytes.

use whorl_types::FaceTemplate;

/// The longest value, in steps: a template has no -128.
const MOST: f32 = 127.0;

/// The direction of `embedding` in whole numbers of -127..=127: its longest value becomes 127 or -127, the others follow in
/// proportion, each rounded to the nearest, halves away from zero, so that the opposite of an embedding becomes the opposite of
/// its bytes. Lengths are lost, as nothing depends on them.
///
/// Each vector has its own scale. Against one scale for all, clipped at four standard deviations, that takes a third off the
/// error of the direction: of values spread like a bell it is 0.36 degrees in the mean in 128 dimensions and 0.41 in 512, where
/// the other is 0.52; whatever the values, it is at most sqrt(dimensions) / 254 radians.
///
/// `None` where it has no direction: no value, one that is no number, or only zeros; or more than a template keeps.
#[must_use]
pub fn quantise(embedding: &[f32]) -> Option<Vec<i8>> {
    if embedding.len() > FaceTemplate::MAX_DIMENSION || !embedding.iter().all(|value| value.is_finite()) {
        return None;
    }
    let longest = embedding.iter().fold(0.0, |longest: f32, value| longest.max(value.abs()));
    let steps = |value: &f32| (value / longest * MOST).round() as i8;
    (longest > 0.0).then(|| embedding.iter().map(steps).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that are spread like a bell, by the sum of twelve even ones; the same ones for the same seed.
    fn bell(seed: u32, dimension: usize) -> Vec<f32> {
        let mut state = seed;
        let mut even = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32
        };
        (0..dimension).map(|_| (0..12).map(|_| even()).sum::<f32>() - 6.0).collect()
    }

    fn degrees_between(one: &[f32], other: &[f32]) -> f32 {
        let dot = |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum() };
        let cosine = dot(one, other) / (dot(one, one) * dot(other, other)).sqrt();
        libm::acos(cosine.min(1.0)).to_degrees() as f32
    }

    fn floats(bytes: &[i8]) -> Vec<f32> {
        bytes.iter().map(|&byte| f32::from(byte)).collect()
    }

    /// All vectors at one scale that puts four standard deviations at the end.
    fn at_a_fixed_scale(embedding: &[f32]) -> Vec<i8> {
        let power: f32 = embedding.iter().map(|value| value * value).sum();
        let step = 4.0 * (power / embedding.len() as f32).sqrt() / MOST;
        embedding.iter().map(|value| (value / step).clamp(-MOST, MOST).round() as i8).collect()
    }

    fn mean_error(dimension: usize, quantise: impl Fn(&[f32]) -> Vec<i8>) -> f32 {
        let errors = (0..200).map(|seed| {
            let embedding = bell(seed, dimension);
            degrees_between(&embedding, &floats(&quantise(&embedding)))
        });
        errors.sum::<f32>() / 200.0
    }

    #[test]
    fn directions_are_kept_within_half_a_degree_and_better_than_at_a_fixed_scale() {
        for dimension in [64, 128, 512] {
            let own = mean_error(dimension, |embedding| quantise(embedding).unwrap());
            let fixed = mean_error(dimension, at_a_fixed_scale);
            println!("{dimension} dimensions: {own:.3} degrees, {fixed:.3} at a fixed scale");
            assert!(own < 0.5 && own < fixed);
        }
    }

    #[test]
    fn no_direction_is_further_off_than_the_steps_allow() {
        for dimension in [2, 128, 512] {
            let mut embedding = vec![0.5 / MOST - 1e-6; dimension];
            embedding[0] = 1.0;
            let error = degrees_between(&embedding, &floats(&quantise(&embedding).unwrap()));
            assert!(error <= (dimension as f32).sqrt().to_degrees() / 254.0, "{error}");
        }
    }

    #[test]
    fn the_scale_and_the_sense_of_an_embedding_do_not_matter() {
        let embedding = bell(7, 128);
        let bytes = quantise(&embedding).unwrap();
        for scale in [1e-30, 0.25, 1e30] {
            let scaled: Vec<f32> = embedding.iter().map(|value| value * scale).collect();
            let close = |(one, other): (&i8, &i8)| (i16::from(*one) - i16::from(*other)).abs() <= 1;
            assert!(quantise(&scaled).unwrap().iter().zip(&bytes).all(close));
        }
        let opposite: Vec<f32> = embedding.iter().map(|value| -value).collect();
        assert_eq!(quantise(&opposite).unwrap(), bytes.iter().map(|byte| -byte).collect::<Vec<_>>());
        assert_eq!(quantise(&[1.0, -1.0, 0.5]).unwrap(), [127, -127, 64]);
    }

    #[test]
    fn what_has_no_direction_has_no_bytes() {
        for nowhere in [&[][..], &[0.0; 128], &[1.0, f32::NAN], &[f32::INFINITY, 1.0], &[1.0; 513]] {
            assert_eq!(quantise(nowhere), None);
        }
        assert_eq!(quantise(&[f32::MIN_POSITIVE / 4.0, 0.0]).unwrap(), [127, 0]);
    }
}
