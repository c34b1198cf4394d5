//! Rows of 512 numbers of eight bits.

use bytemuck::{Pod, Zeroable};

/// Numbers of a block, of which a row has [`Numbers::BLOCKS`]: a cache line.
pub const BLOCK_NUMBERS: usize = 64;

/// 512 numbers; those that a row does not need are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct Numbers(pub [[i8; BLOCK_NUMBERS]; Numbers::BLOCKS]);

impl Numbers {
    /// Blocks of a row.
    pub const BLOCKS: usize = 8;

    /// Numbers of a row.
    pub const COUNT: usize = BLOCK_NUMBERS * Self::BLOCKS;

    /// A row that begins with `numbers`.
    ///
    /// # Panics
    /// Over [`Numbers::COUNT`] of them.
    #[must_use]
    pub fn new(numbers: &[i8]) -> Self {
        let mut row = Self([[0; BLOCK_NUMBERS]; Self::BLOCKS]);
        row.0.as_flattened_mut()[..numbers.len()].copy_from_slice(numbers);
        row
    }

    /// The numbers, one after the other.
    #[must_use]
    pub fn get(&self) -> &[i8] {
        self.0.as_flattened()
    }
}

/// [`Numbers`] laid out to be multiplied with many rows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Factors {
    pub(crate) narrow: Numbers,
    /// The same in 16 bits each, for sets that multiply these only.
    pub(crate) wide: [[i16; BLOCK_NUMBERS]; Numbers::BLOCKS],
    /// For each count of blocks from one on, 128 times the sum of the numbers in them: by so much a product is too large if 128
    /// is added to every number of the row, for sets that multiply signed numbers with unsigned ones only.
    pub(crate) excess: [i32; Numbers::BLOCKS],
}

impl Factors {
    /// Lays out `numbers`.
    #[must_use]
    pub fn new(numbers: &Numbers) -> Self {
        let mut sum = 0;
        let excess = numbers.0.map(|block| {
            sum += block.iter().map(|&number| i32::from(number)).sum::<i32>();
            128 * sum
        });
        Self { narrow: *numbers, wide: numbers.0.map(|block| block.map(i16::from)), excess }
    }

    /// The numbers.
    #[must_use]
    pub fn numbers(&self) -> &Numbers {
        &self.narrow
    }
}

/// One of several factors and one of many rows, by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chosen {
    /// Which factors.
    pub factors: u32,
    /// Which row.
    pub row: u32,
}

/// What is made of a row and some factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Products {
    /// The dot product of both.
    pub dot: i32,
    /// The dot product of the row with itself.
    pub square: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lie_one_after_the_other_and_then_zeros() {
        let row = Numbers::new(&[1, -2, 3]);
        assert_eq!((row.get().len(), &row.get()[..4]), (512, &[1, -2, 3, 0][..]));
        assert_eq!((size_of::<Numbers>(), align_of::<Numbers>()), (512, 64));
    }

    #[test]
    fn the_excess_is_that_of_the_blocks_that_are_multiplied() {
        let mut numbers = [0; 512];
        (numbers[0], numbers[64], numbers[511]) = (5, -7, -128);
        assert_eq!(Factors::new(&Numbers::new(&numbers)).excess, [640, -256, -256, -256, -256, -256, -256, -16_640]);
    }
}
