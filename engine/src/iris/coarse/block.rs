//! What the first stage keeps of eight enrolled eyes.

use bytemuck::{Pod, TransparentWrapper, Zeroable};
use whorl_kernels::MaskedOctet;
use whorl_types::IrisCode;

use super::DIRECTION_STEP;

/// The four bits of the two longest wavelengths in the cells of the even rings.
const EVEN_RINGS: u64 = 0x000F_000F_000F_000F;

/// The same in the odd rings.
const ODD_RINGS: u64 = 0x0F00_0F00_0F00_0F00;

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

/// The coarse bits of a code from direction `first` on, and for each nibble whether its cell is seen. A word holds two
/// directions, the first in the low nibbles of its bytes, a byte for each ring.
pub(super) fn coarse(code: &IrisCode, first: usize) -> ([u64; MaskedOctet::WORDS], [u64; MaskedOctet::COUNTED_WORDS]) {
    let direction = |number: usize| (first + number * DIRECTION_STEP) % IrisCode::ANGLES;
    let pair = |word: usize| [direction(2 * word), direction(2 * word + 1)];
    let words = std::array::from_fn(|word| {
        let [low, high] = pair(word).map(|direction| code.cells[direction]);
        chequered(low, [EVEN_RINGS, ODD_RINGS]) | chequered(high, [ODD_RINGS, EVEN_RINGS]) << 4
    });
    let counted = std::array::from_fn(|four| {
        let seen = |word: usize| {
            let [low, high] = pair(4 * four + word).map(|direction| spaced(code.visible[direction]));
            (low | high << 1) << (16 * word)
        };
        (0..4).fold(0, |all, word| all | seen(word))
    });
    (words, counted)
}

/// The bits of the first and second wavelengths in some rings, those of the second and third in the others.
fn chequered(cells: u64, [longest, shorter]: [u64; 2]) -> u64 {
    cells & longest | cells >> 2 & shorter
}

/// The bits of a byte at the even places.
fn spaced(byte: u8) -> u64 {
    let mut bits = u64::from(byte);
    bits = (bits | bits << 4) & 0x0F0F;
    bits = (bits | bits << 2) & 0x3333;
    (bits | bits << 1) & 0x5555
}
