//! A picture of one bit a pixel, 64 pixels a word.

use whorl_kernels::{Kernels, Work};

use super::plane::{Plane, row};

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

    /// Where `plane` is positive.
    pub(super) fn positive(plane: &Plane) -> Self {
        Self::signs(plane, |sample| sample > 0.0)
    }

    /// Where `plane` is negative.
    pub(super) fn negative(plane: &Plane) -> Self {
        Self::signs(plane, |sample| sample < 0.0)
    }

    fn signs(plane: &Plane, set: impl Fn(f32) -> bool + Copy) -> Self {
        let mut bits = Self::new(plane.ncols(), plane.nrows());
        for (y, words) in bits.words.chunks_exact_mut(bits.stride).enumerate() {
            Kernels::best().run(Signs { line: row(plane, y), words, set });
        }
        bits
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

/// A row of samples as bits.
struct Signs<'a, F> {
    line: &'a [f32],
    words: &'a mut [u64],
    set: F,
}

/// Samples that are made bits together, one in each lane of a vector.
const LANES: usize = 8;

impl<F: Fn(f32) -> bool> Work for Signs<'_, F> {
    type Answer = ();

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) {
        // A canvas is whole cells wide, and a cell as wide as there are lanes.
        let (groups, _) = self.line.as_chunks::<LANES>();
        for (word, groups) in self.words.iter_mut().zip(groups.chunks(64 / LANES)) {
            for (which, group) in groups.iter().enumerate() {
                let mut byte = 0;
                for (lane, &sample) in group.iter().enumerate() {
                    byte |= u32::from((self.set)(sample)) << lane;
                }
                *word |= u64::from(byte) << (which * LANES);
            }
        }
    }
}
