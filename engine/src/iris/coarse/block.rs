//! What the first stage keeps of eight enrolled eyes.

use bytemuck::{Pod, TransparentWrapper, Zeroable};
use whorl_kernels::MaskedOctet;
use whorl_types::IrisCode;

use super::DIRECTION_STEP;

/// The bits of a word that belong to the two longest wavelengths.
const LONGEST: u64 = 0x0F0F_0F0F_0F0F_0F0F;

/// The coarse bits of eight eyes side by side, laid out for [`super::scan()`]: 1,280 bytes, 160 for each eye, little-endian,
/// the same in memory and on disk.
#[derive(Clone, Copy, PartialEq, Eq, Pod, Zeroable, TransparentWrapper)]
#[repr(transparent)]
pub struct CoarseBlock(MaskedOctet);

impl CoarseBlock {
    /// Eyes of a block.
    pub const LANES: usize = MaskedOctet::LANES;

    /// The block of these eyes; where there are fewer than [`CoarseBlock::LANES`], nothing is seen of the others.
    ///
    /// # Panics
    /// Where there are more.
    #[must_use]
    pub fn new(codes: &[&IrisCode]) -> Self {
        assert!(codes.len() <= Self::LANES, "a block of {} eyes", Self::LANES);
        let mut octet = MaskedOctet::zeroed();
        for (lane, code) in codes.iter().enumerate() {
            let (words, counted) = coarse(code, 0);
            octet.words.iter_mut().zip(words).for_each(|(out, word)| out[lane] = word);
            octet.counted.iter_mut().zip(counted).for_each(|(out, word)| out[lane] = word);
        }
        Self(octet)
    }
}

impl std::fmt::Debug for CoarseBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CoarseBlock")
    }
}

/// The coarse bits of a code from direction `first` on, and for each nibble whether it is seen. A word holds two directions
/// half a turn of the eye apart, the first in the low nibbles.
pub(super) fn coarse(code: &IrisCode, first: usize) -> ([u64; MaskedOctet::WORDS], [u64; MaskedOctet::COUNTED_WORDS]) {
    let direction = |number: usize| (first + number * DIRECTION_STEP) % IrisCode::ANGLES;
    let halves = |word: usize| [direction(word), direction(word + MaskedOctet::WORDS)];
    let words = std::array::from_fn(|word| {
        let [low, high] = halves(word).map(|direction| code.cells[direction] & LONGEST);
        low | high << 4
    });
    let counted = std::array::from_fn(|four| {
        let seen = |word: usize| {
            let [low, high] = halves(4 * four + word).map(|direction| spaced(code.visible[direction]));
            (low | high << 1) << (16 * word)
        };
        (0..4).fold(0, |all, word| all | seen(word))
    });
    (words, counted)
}

/// The bits of a byte at the even places.
fn spaced(byte: u8) -> u64 {
    let mut bits = u64::from(byte);
    bits = (bits | bits << 4) & 0x0F0F;
    bits = (bits | bits << 2) & 0x3333;
    (bits | bits << 1) & 0x5555
}
