//! A picture of one bit a pixel, 64 pixels a word.

/// Rows of bits, each padded to whole words; bit 0 of a word is its leftmost pixel.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Bits {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Words a row.
    pub(super) stride: usize,
    pub(super) words: Vec<u64>,
}

impl Bits {
    pub(super) fn new(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(64);
        Self { width, height, stride, words: vec![0; stride * height] }
    }

    pub(super) fn get(&self, x: usize, y: usize) -> bool {
        self.words[y * self.stride + x / 64] >> (x % 64) & 1 != 0
    }

    /// The 8 neighbours of a pixel off the edge, one bit each: east, north-east, north and so on counter-clockwise.
    pub(super) fn neighbours(&self, x: usize, y: usize) -> u8 {
        NEIGHBOURS.iter().enumerate().fold(0, |ring, (k, &(dx, dy))| {
            ring | u8::from(self.get(x.wrapping_add_signed(dx), y.wrapping_add_signed(dy))) << k
        })
    }

    /// Every pixel that is set, row by row.
    pub(super) fn ones(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.words.iter().enumerate().flat_map(move |(which, &word)| {
            let (y, left) = (which / self.stride, which % self.stride * 64);
            std::iter::successors(Some(word).filter(|&word| word != 0), |&word| {
                Some(word & (word - 1)).filter(|&w| w != 0)
            })
            .map(move |word| (left + word.trailing_zeros() as usize, y))
        })
    }
}

/// Steps to the 8 neighbours, in the order of [`Bits::neighbours`].
pub(super) const NEIGHBOURS: [(isize, isize); 8] =
    [(1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)];
