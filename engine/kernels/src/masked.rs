//! Bit strings of which some bits do not count.

use bytemuck::{Pod, Zeroable};

/// A bit string of `64 * W` bits of which only some bytes count: bit `b` of `counted[w]` says whether byte `b` of `words[w]`
/// does.
#[derive(Clone, Copy)]
pub struct Masked<'a, const W: usize> {
    /// The bits.
    pub words: &'a [u64; W],
    /// One byte for each word.
    pub counted: &'a [u8; W],
}

/// Words of a row of 8,192 bits.
pub const ROW_WORDS: usize = 128;

/// From how many of its first words on a string is compared with a row at once.
pub const SHIFTS: usize = 21;

/// Words of such a string.
pub const SHIFTED_WORDS: usize = ROW_WORDS + SHIFTS - 1;

/// A row of 8,192 bits.
pub type MaskedRow<'a> = Masked<'a, ROW_WORDS>;

/// What a row is compared with.
pub type Shifted<'a> = Masked<'a, SHIFTED_WORDS>;

impl<'a> Shifted<'a> {
    /// As much of it as a row has, from word `shift` on.
    pub(crate) fn from(self, shift: usize) -> MaskedRow<'a> {
        const FITS: &str = "a shift leaves enough words for a row";
        Masked {
            words: self.words[shift..].first_chunk().expect(FITS),
            counted: self.counted[shift..].first_chunk().expect(FITS),
        }
    }
}

/// What two masked bit strings have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(C)]
pub struct Overlap {
    /// Bytes that count in both.
    pub counted: u16,
    /// Bits of these bytes that differ.
    pub unlike: u16,
}

/// Eight bit strings of [`MaskedOctet::BITS`] bits side by side, of which only some nibbles count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct MaskedOctet {
    /// Word `w` of string `lane` is at `[w][lane]`.
    pub words: [[u64; 8]; MaskedOctet::WORDS],
    /// Likewise; bit `n` of these 256 says whether nibble `n` of the string counts.
    pub counted: [[u64; 8]; MaskedOctet::COUNTED_WORDS],
}

impl MaskedOctet {
    /// Strings in an octet.
    pub const LANES: usize = 8;

    /// Words of a string.
    pub const WORDS: usize = 16;

    /// Bits of a string.
    pub const BITS: usize = 64 * Self::WORDS;

    /// Words that say which nibbles of a string count.
    pub const COUNTED_WORDS: usize = Self::WORDS / 4;
}

/// How many poses of a string are compared at once.
pub const POSES: usize = 21;

/// One masked string of [`MaskedOctet::BITS`] bits in several poses, laid out for [`crate::Kernels::margins_b1024`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Poses {
    /// For each word and pose the bits, and ones where they count.
    pub(crate) words: [[[u64; 2]; POSES]; MaskedOctet::WORDS],
    /// For each pose the nibbles that count.
    pub(crate) counted: [[u64; MaskedOctet::COUNTED_WORDS]; POSES],
}

impl Poses {
    /// Lays out the words of each pose and, as in [`MaskedOctet::counted`], which of its nibbles count.
    #[must_use]
    pub fn new(poses: &[([u64; MaskedOctet::WORDS], [u64; MaskedOctet::COUNTED_WORDS]); POSES]) -> Self {
        let words = std::array::from_fn(|word| {
            poses.each_ref().map(|(bits, counted)| [bits[word], spread_nibbles(quarter(counted, word))])
        });
        Self { words, counted: poses.each_ref().map(|&(_, counted)| counted) }
    }
}

/// What a nibble that counts adds to a margin, and what a bit that differs takes from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// For each nibble that counts in both strings; at most [`Weights::MOST_COUNTED`], so that 16 bits hold a margin.
    pub counted: i16,
    /// For each bit of these nibbles that differs; at most [`Weights::MOST_UNLIKE`].
    pub unlike: i16,
}

impl Weights {
    /// The most that a nibble may weigh.
    pub const MOST_COUNTED: i16 = 127;

    /// The most that a bit may weigh.
    pub const MOST_UNLIKE: i16 = 31;
}

/// The sixteen bits that say which nibbles of a word count.
pub(crate) fn quarter(counted: &[u64; MaskedOctet::COUNTED_WORDS], word: usize) -> u16 {
    (counted[word / 4] >> (16 * (word % 4))) as u16
}

/// Each bit as a nibble of its kind.
pub(crate) fn spread_nibbles(counted: u16) -> u64 {
    let mut bits = u64::from(counted);
    bits = (bits | bits << 24) & 0x0000_00ff_0000_00ff;
    bits = (bits | bits << 12) & 0x000f_000f_000f_000f;
    bits = (bits | bits << 6) & 0x0303_0303_0303_0303;
    bits = (bits | bits << 3) & 0x1111_1111_1111_1111;
    bits * 0x0f
}

/// Each bit as a byte of its kind.
pub(crate) fn spread_bytes(counted: u8) -> u64 {
    let mut bits = u64::from(counted);
    bits = (bits | bits << 28) & 0x0000_000f_0000_000f;
    bits = (bits | bits << 14) & 0x0003_0003_0003_0003;
    bits = (bits | bits << 7) & 0x0101_0101_0101_0101;
    bits * 0xff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_a_mask_becomes_its_nibble_or_byte() {
        for bit in 0..16 {
            assert_eq!(spread_nibbles(1 << bit), 0xf << (4 * bit));
        }
        for bit in 0..8 {
            assert_eq!(spread_bytes(1 << bit), 0xff << (8 * bit));
        }
        assert_eq!(spread_nibbles(0xffff), u64::MAX);
        assert_eq!(spread_bytes(0xa1), 0xff00_ff00_0000_00ff);
    }
}
