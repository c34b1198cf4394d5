//! Sixteen rows of numbers side by side.

use crate::{BLOCK_NUMBERS, Numbers};

/// Numbers of one lane that an instruction multiplies and adds up at once.
pub(crate) const GROUP: usize = 4;

/// Groups of a block.
pub(crate) const BLOCK_GROUPS: usize = BLOCK_NUMBERS / GROUP;

/// Pairs of a block.
const BLOCK_PAIRS: usize = BLOCK_NUMBERS / 2;

/// Up to sixteen [`Numbers`] side by side, a lane each, to be multiplied with many rows: a row's next few numbers are spread over
/// all lanes at once, so that no vector is ever summed across.
#[derive(Clone, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Panel {
    /// For each block and group of four places the numbers of all lanes, 128 added to each: for sets that multiply unsigned
    /// numbers with signed ones.
    pub(crate) lifted: [[[[u8; GROUP]; Panel::LANES]; BLOCK_GROUPS]; Numbers::BLOCKS],
    /// For each block and pair of places the numbers of all lanes in 16 bits: for sets that multiply these only.
    pub(crate) wide: [[[[i16; 2]; Panel::LANES]; BLOCK_PAIRS]; Numbers::BLOCKS],
}

impl Panel {
    /// Lanes of a panel.
    pub const LANES: usize = 16;

    /// Lays out `lanes`; where there are fewer than [`Panel::LANES`], the others are zeros.
    ///
    /// # Panics
    /// Where there are more.
    #[must_use]
    pub fn new(lanes: &[&Numbers]) -> Self {
        assert!(lanes.len() <= Self::LANES, "a panel of {} lanes", Self::LANES);
        let number = |lane: usize, block: usize, place: usize| lanes.get(lane).map_or(0, |row| row.0[block][place]);
        Self {
            lifted: std::array::from_fn(|block| {
                let of_lane = |group, lane| std::array::from_fn(|one| lift(number(lane, block, GROUP * group + one)));
                std::array::from_fn(|group| std::array::from_fn(|lane| of_lane(group, lane)))
            }),
            wide: std::array::from_fn(|block| {
                let of_lane = |pair, lane| std::array::from_fn(|one| i16::from(number(lane, block, 2 * pair + one)));
                std::array::from_fn(|pair| std::array::from_fn(|lane| of_lane(pair, lane)))
            }),
        }
    }
}

/// 128 more.
fn lift(number: i8) -> u8 {
    number.cast_unsigned() ^ 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_lies_in_its_lane_and_the_lanes_left_over_are_zeros() {
        let mut numbers = [0; 512];
        (numbers[0], numbers[64 + 7], numbers[511]) = (-128, 5, 127);
        let panel = Panel::new(&[&Numbers::new(&[]), &Numbers::new(&numbers)]);
        assert_eq!(
            (panel.lifted[0][0][1], panel.lifted[1][1][1], panel.lifted[7][15][1]),
            ([0, 128, 128, 128], [128, 128, 128, 133], [128, 128, 128, 255])
        );
        assert_eq!((panel.wide[0][0][1], panel.wide[1][3][1], panel.wide[7][31][1]), ([-128, 0], [0, 5], [0, 127]));
        assert_eq!((panel.lifted[0][0][0], panel.wide[7][31][15]), ([128; 4], [0; 2]));
    }
}
