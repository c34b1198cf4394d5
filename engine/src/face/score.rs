//! From a dot product and two lengths to a similarity.

/// The similarity of embeddings at right angles.
const HALF: i32 = 1 << 15;

/// The cosine of two embeddings by their dot product and the squares of their lengths, neither of them zero: -1 to 1.
///
/// Each square is below 2^24, so their product is exact in 64 bits of floating point; its root and the quotient are rounded
/// once each, as IEEE 754 prescribes. A dot product is never longer than the root of that product, rounded or not.
#[expect(clippy::inline_always, reason = "compiled for the instruction set only where it is inlined")]
#[inline(always)]
pub(super) fn cosine(dot: i32, square: i32, other: i32) -> f64 {
    f64::from(dot) / (f64::from(square) * f64::from(other)).sqrt()
}

/// The points of a similarity; none for an embedding of length zero, as only damage makes one.
#[expect(clippy::inline_always, reason = "compiled for the instruction set only where it is inlined")]
#[inline(always)]
pub(super) fn points(dot: i32, square: i32, other: i32) -> u32 {
    if square == 0 || other == 0 {
        return 0;
    }
    // Scaling by a power of two rounds nothing.
    let scaled = f64::from(HALF) * cosine(dot, square, other);
    let toward_zero = scaled as i32;
    let above = toward_zero - i32::from(f64::from(toward_zero) > scaled);
    (HALF + above).clamp(0, 2 * HALF) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ends_and_the_middle_of_the_scale_are_exact() {
        for (square, other) in [(1, 1), (3, 12), (4_129_024, 8_258_048 / 2), (7, 28)] {
            let most = (i64::from(square) * i64::from(other)).isqrt() as i32;
            assert_eq!(i64::from(most) * i64::from(most), i64::from(square) * i64::from(other));
            assert_eq!([most, 0, -most].map(|dot| points(dot, square, other)), [65_536, 32_768, 0]);
        }
        assert_eq!([points(0, 0, 5), points(0, 5, 0)], [0, 0]);
    }

    proptest! {
        #[test]
        fn a_similarity_is_the_formula_rounded_down(
            square in 1..=8_258_048_i32, other in 1..=8_258_048_i32, part in -1.0..=1.0_f64,
        ) {
            let product = i128::from(square) * i128::from(other);
            let dot = ((product as f64).sqrt() * part) as i32;
            let above = i128::from(points(dot, square, other)) - 32_768;
            // above <= 32,768 dot / sqrt(product) < above + 1, in whole numbers.
            let scaled = 32_768 * i128::from(dot);
            let at_most = |bound: i128| bound.signum() * bound * bound * product <= scaled.signum() * scaled * scaled;
            prop_assert!(at_most(above) && !at_most(above + 1), "{dot} {square} {other}: {above}");
        }
    }
}
