//! The signs of an embedding in many directions.

use whorl_types::FaceTemplate;

/// Directions, and so bits of a code.
pub(super) const BITS: usize = FaceTemplate::MAX_DIMENSION;

/// Words of a code.
pub(super) const WORDS: usize = BITS / 64;

/// How often values are flipped and mixed. Once would leave the directions of an embedding of 256 dimensions in pairs that are
/// alike; three times is what Andoni et al. ("Practical and optimal LSH for angular distance", NIPS 2015) found to be as good
/// as directions drawn at random.
const ROUNDS: usize = 3;

/// Which values change their sign before each round: bits drawn once and for all. Other bits make other codes, and so another
/// version of the first stage.
static FLIPPED: [[u64; WORDS]; ROUNDS] = flipped();

/// Bits that look random (`SplitMix64`, Steele, Lea & Flood 2014).
const fn flipped() -> [[u64; WORDS]; ROUNDS] {
    let mut flipped = [[0; WORDS]; ROUNDS];
    let mut state = 0_u64;
    let mut place = 0;
    while place < ROUNDS * WORDS {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        flipped[place / WORDS][place % WORDS] = mixed ^ mixed >> 31;
        place += 1;
    }
    flipped
}

/// On which side of each of the [`BITS`] directions an embedding lies: a bit is set where its projection is above zero.
///
/// A round makes a vector `sqrt(512)` times as long, and none is longer than `128 * sqrt(512)` at first: after three no value is
/// beyond 2^25.
pub(super) fn signs(embedding: &[i8]) -> [u64; WORDS] {
    let mut values = [0; BITS];
    for (value, &number) in values.iter_mut().zip(embedding) {
        *value = i32::from(number);
    }
    for flipped in &FLIPPED {
        for (value, place) in values.iter_mut().zip(0..) {
            let negative = (flipped[place / 64] >> (place % 64) & 1) as i32;
            *value = (*value ^ -negative) + negative;
        }
        mix(&mut values);
    }
    let (words, _) = values.as_chunks::<64>();
    std::array::from_fn(|word| words[word].iter().rev().fold(0, |bits, &value| bits << 1 | u64::from(value > 0)))
}

/// The Walsh-Hadamard transform, up to its scale: sums and differences of all values.
fn mix(values: &mut [i32; BITS]) {
    let mut half = 1;
    while half < BITS {
        for pair in values.chunks_exact_mut(2 * half) {
            let (low, high) = pair.split_at_mut(half);
            for (low, high) in low.iter_mut().zip(high) {
                (*low, *high) = (*low + *high, *low - *high);
            }
        }
        half *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing_twice_gives_the_values_back_512_fold() {
        let original = std::array::from_fn(|place| (place * place % 251) as i32 - 125);
        let mut values = original;
        mix(&mut values);
        assert_eq!(values[0], original.iter().sum::<i32>());
        mix(&mut values);
        assert_eq!(values, original.map(|value| 512 * value));
    }

    #[test]
    fn a_code_is_the_one_that_galleries_hold() {
        // Whoever changes one of these bits makes another version of the first stage (`COARSE_VERSION` of the index).
        let embedding: [i8; 512] = std::array::from_fn(|place| ((place * 37 + 11) % 255) as i8);
        let due = [
            0x7550_ef88_c737_cc38,
            0x2cb8_d108_0524_6c9e,
            0x723d_c02e_4643_54f2,
            0x00ff_2bbe_79e5_2ede,
            0x0c9f_5e64_fc35_9f7a,
            0x4218_969a_1ed1_646a,
            0xc4e4_4c41_3add_65d3,
            0x5c02_4417_80f7_87a3,
        ];
        assert_eq!(signs(&embedding), due);
    }

    #[test]
    fn the_largest_embedding_stays_within_its_numbers() {
        for place in 0..512 {
            let embedding: [i8; 512] = std::array::from_fn(|at| if at * place / 7 % 2 == 0 { -128 } else { 127 });
            assert_ne!(signs(&embedding), [0; WORDS]);
        }
    }

    #[test]
    fn no_two_directions_of_a_short_embedding_are_alike() {
        for dimension in [64, 128, 256, 512] {
            // The rows of the transform, one dimension after the other.
            let columns: Vec<_> = (0..dimension)
                .map(|at| {
                    let mut embedding = [0; 512];
                    embedding[at] = 1;
                    signs(&embedding)
                })
                .collect();
            let mut rows: Vec<Vec<bool>> = (0..BITS)
                .map(|bit| columns.iter().map(|code| code[bit / 64] >> (bit % 64) & 1 == 1).collect())
                .collect();
            rows.sort_unstable();
            rows.dedup();
            assert_eq!(rows.len(), BITS, "{dimension} dimensions");
        }
    }
}
