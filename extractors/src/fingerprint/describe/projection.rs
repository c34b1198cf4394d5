//! From raw surroundings to bits: a learned linear projection and its signs.
//!
//! The table is a file of bytes beside this one: for each bit of a descriptor a threshold (i32, little-endian) and a weight
//! (i8) for each raw number. Everything is integer, so that every machine gives the same bits.

use whorl_types::Descriptor;

use super::Surroundings;

const BITS: usize = Descriptor::WORDS * 64;

const BYTES_A_BIT: usize = 4 + Surroundings::COUNT;

/// Learned by the example `learn_descriptor` of whorl-eval, whose documentation says how and from what.
static TABLE: &[u8; BITS * BYTES_A_BIT] = include_bytes!("projection.bin");

/// The descriptor of raw surroundings.
pub(super) fn project(surroundings: &Surroundings) -> Descriptor {
    let mut descriptor = Descriptor::default();
    for (bit, row) in TABLE.chunks_exact(BYTES_A_BIT).enumerate() {
        let (threshold, weights) = row.split_at(4);
        let threshold = i32::from_le_bytes([threshold[0], threshold[1], threshold[2], threshold[3]]);
        let product = |(weight, number): (&u8, &i8)| i32::from(*weight as i8) * i32::from(*number);
        let sum: i32 = weights.iter().zip(&surroundings.0).map(product).sum();
        if sum > threshold {
            descriptor.words[bit / 64] |= 1 << (bit % 64);
        }
    }
    descriptor
}
