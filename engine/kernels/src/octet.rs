//! Eight bit strings side by side.

use bytemuck::{Pod, Zeroable};

/// Eight bit strings of `64 * W` bits, word by word: word `w` of string `lane` is at `[w][lane]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Octet<const W: usize>(pub [[u64; 8]; W]);

impl<const W: usize> Octet<W> {
    /// Strings in an octet.
    pub const LANES: usize = 8;
}

/// The strings in groups of eight, in their order; the lanes left over in the last group are all zero bits.
#[must_use]
pub fn octets<const W: usize>(strings: &[[u64; W]]) -> Vec<Octet<W>> {
    let mut groups = vec![Octet([[0; 8]; W]); strings.len().div_ceil(Octet::<W>::LANES)];
    for (which, string) in strings.iter().enumerate() {
        let Octet(words) = &mut groups[which / Octet::<W>::LANES];
        for (word, &bits) in words.iter_mut().zip(string) {
            word[which % Octet::<W>::LANES] = bits;
        }
    }
    groups
}

/// An [`Octet`] of strings of 512 bits as a gallery holds it: 512 bytes, little-endian, the same in memory and on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct StoredOctet {
    /// Word `w` of string `lane` is at `[w][lane]`.
    pub words: [[u64; StoredOctet::LANES]; StoredOctet::WORDS],
}

impl StoredOctet {
    /// Strings in an octet.
    pub const LANES: usize = 8;

    /// Words of a string.
    pub const WORDS: usize = 8;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_lies_in_the_lane_of_its_number() {
        let strings: Vec<[u64; 2]> = (0..11).map(|n| [n, n + 100]).collect();
        let groups = octets(&strings);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].0[1][7], 107);
        assert_eq!(groups[1].0[0], [8, 9, 10, 0, 0, 0, 0, 0]);
    }
}
