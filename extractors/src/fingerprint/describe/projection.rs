//! From raw surroundings to bits: a learned linear projection and its signs.
//!
//! The table is a file of bytes beside this one: for each bit of a descriptor a threshold (i32, little-endian) and a weight
//! (i8) for each raw number. Everything is integer, so that every machine gives the same bits.

use whorl_kernels::{Kernels, Work};
use whorl_types::Descriptor;

use super::Surroundings;

const BITS: usize = Descriptor::WORDS * 64;

const BYTES_A_BIT: usize = 4 + Surroundings::COUNT;

/// Learned by the example `learn_descriptor` of whorl-eval, whose documentation says how and from what.
static TABLE: &[u8; BITS * BYTES_A_BIT] = include_bytes!("projection.bin");

/// The descriptors of raw surroundings.
pub(super) fn project(surroundings: &[Surroundings]) -> Vec<Descriptor> {
    let numbers: Vec<_> = surroundings.iter().map(|surroundings| surroundings.0.map(i16::from)).collect();
    Kernels::best().run(Projection { numbers: &numbers })
}

/// The projection of many raw surroundings at once, so that the table is read once.
struct Projection<'a> {
    /// Widened, so that products are summed in pairs.
    numbers: &'a [[i16; Surroundings::COUNT]],
}

impl Work for Projection<'_> {
    type Answer = Vec<Descriptor>;

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) -> Vec<Descriptor> {
        let mut descriptors = vec![Descriptor::default(); self.numbers.len()];
        let mut weights = [0; Surroundings::COUNT];
        for (bit, row) in TABLE.as_chunks::<BYTES_A_BIT>().0.iter().enumerate() {
            let threshold = i32::from_le_bytes([row[0], row[1], row[2], row[3]]);
            for (weight, &byte) in weights.iter_mut().zip(&row[4..]) {
                *weight = i16::from(byte as i8);
            }
            for (descriptor, numbers) in descriptors.iter_mut().zip(self.numbers) {
                let products =
                    weights.iter().zip(numbers).map(|(&weight, &number)| i32::from(weight) * i32::from(number));
                descriptor.words[bit / 64] |= u64::from(products.sum::<i32>() > threshold) << (bit % 64);
            }
        }
        descriptors
    }
}
