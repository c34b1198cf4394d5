//! The table of kernels, and how one is chosen.

use std::sync::OnceLock;

use crate::{
    Chosen, Factors, Isa, IsaError, MAX_PAIRS, MaskedOctet, MaskedRow, NEAREST_MAX_STRINGS, Numbers, Octet, Overlap,
    Pairs, Panel, Poses, Products, SHIFTS, Shifted, Slack, StoredOctet, Weights, portable,
};
#[cfg(target_arch = "x86_64")]
use crate::{avx2, avx512};

/// Work to be compiled once for each instruction set. A small closure is work; large work is a type whose [`Work::answer`] is
/// `#[inline(always)]`, because the compiler would not inline a large closure and so not compile it for the set.
pub trait Work {
    /// What it answers.
    type Answer;

    /// Does it.
    fn answer(self) -> Self::Answer;
}

impl<R, F: FnOnce() -> R> Work for F {
    type Answer = R;

    #[inline]
    fn answer(self) -> R {
        self()
    }
}

type Distances<const W: usize> = fn(&[Octet<W>], &[[u64; W]], &mut [[u16; 8]]);
type Near = fn(&[StoredOctet], &[[u64; 8]], u16, &mut [u8], &mut [[u16; 8]]);
type Chosens = fn(&[&Factors], &[Numbers], usize, &[Chosen], &mut [Products]);
type PanelProducts = fn(&[Panel], &[Numbers], usize, &mut [[i32; Panel::LANES]], &mut [i32]);
type Margins = fn(&[MaskedOctet], &[Poses], Weights, &mut [[i16; 8]]);

/// The kernels of one instruction set.
pub struct Kernels {
    isa: Isa,
    nearest_b256: Distances<4>,
    distances_b256: Distances<4>,
    distances_b512: Distances<8>,
    overlaps_b8192: fn(MaskedRow<'_>, Shifted<'_>) -> [Overlap; SHIFTS],
    margins_b1024: Margins,
    dots_i8: fn(&[i8], &[i8], &mut [i32]),
    near_b512: Near,
    products_i8: fn(&[&Factors], &[Numbers], usize, &mut [i32]),
    squares_i8: fn(&[Numbers], usize, &mut [i32]),
    panel_products_i8: PanelProducts,
    chosen_i8: Chosens,
    consensus_i16: fn(&Pairs, &Slack, usize) -> u16,
}

static PORTABLE: Kernels = Kernels {
    isa: Isa::Portable,
    nearest_b256: portable::nearest_b256,
    distances_b256: portable::distances_b256,
    distances_b512: portable::distances_b512,
    overlaps_b8192: portable::overlaps_b8192,
    margins_b1024: portable::margins_b1024,
    dots_i8: portable::dots_i8,
    near_b512: portable::near_b512,
    products_i8: portable::products_i8,
    squares_i8: portable::squares_i8,
    panel_products_i8: portable::panel_products_i8,
    chosen_i8: portable::chosen_i8,
    consensus_i16: portable::consensus_i16,
};

#[cfg(target_arch = "x86_64")]
static AVX2: Kernels = Kernels {
    isa: Isa::Avx2,
    nearest_b256: avx2::nearest_b256,
    distances_b256: avx2::distances_b256,
    distances_b512: avx2::distances_b512,
    overlaps_b8192: avx2::overlaps_b8192,
    margins_b1024: avx2::margins_b1024,
    dots_i8: avx2::dots_i8,
    near_b512: avx2::near_b512,
    products_i8: avx2::products_i8,
    squares_i8: avx2::squares_i8,
    panel_products_i8: avx2::panel_products_i8,
    chosen_i8: avx2::chosen_i8,
    consensus_i16: avx2::consensus_i16,
};

#[cfg(target_arch = "x86_64")]
static AVX512: Kernels = Kernels {
    isa: Isa::Avx512,
    nearest_b256: avx512::nearest_b256,
    distances_b256: avx512::distances_b256,
    distances_b512: avx512::distances_b512,
    overlaps_b8192: avx512::overlaps_b8192,
    margins_b1024: avx512::margins_b1024,
    dots_i8: avx512::dots_i8,
    near_b512: avx512::near_b512,
    products_i8: avx512::products_i8,
    squares_i8: avx512::squares_i8,
    panel_products_i8: avx512::panel_products_i8,
    chosen_i8: avx512::chosen_i8,
    consensus_i16: avx512::consensus_i16,
};

static IN_USE: OnceLock<&'static Kernels> = OnceLock::new();

impl Kernels {
    /// The environment variable that forces an instruction set.
    pub const VARIABLE: &'static str = "WHORL_ISA";

    /// The kernels in use: those that [`Kernels::choose`] chose, else those that `WHORL_ISA` names, else the fastest that this
    /// processor has. A name in `WHORL_ISA` that cannot be had is passed over; [`Kernels::from_environment`] reports it.
    #[must_use]
    pub fn best() -> &'static Self {
        IN_USE.get_or_init(|| Self::from_environment().ok().flatten().unwrap_or_else(Self::fastest))
    }

    /// The kernels that `WHORL_ISA` names, if it is set.
    ///
    /// # Errors
    /// [`IsaError::Unknown`] or [`IsaError::Unavailable`] where it names what cannot be had.
    pub fn from_environment() -> Result<Option<&'static Self>, IsaError> {
        let Some(name) = std::env::var_os(Self::VARIABLE) else { return Ok(None) };
        Self::of(name.to_string_lossy().parse()?).map(Some)
    }

    /// Makes `isa` the set that [`Kernels::best`] answers with from now on.
    ///
    /// # Errors
    /// [`IsaError::Unavailable`] where the processor lacks it, [`IsaError::TooLate`] where another is in use already.
    pub fn choose(isa: Isa) -> Result<&'static Self, IsaError> {
        let chosen = Self::of(isa)?;
        let in_use = IN_USE.get_or_init(|| chosen);
        if in_use.isa == isa { Ok(chosen) } else { Err(IsaError::TooLate { asked: isa, in_use: in_use.isa }) }
    }

    /// The kernels of `isa`.
    ///
    /// # Errors
    /// [`IsaError::Unavailable`] where the processor lacks it.
    pub fn of(isa: Isa) -> Result<&'static Self, IsaError> {
        if !isa.is_available() {
            return Err(IsaError::Unavailable(isa));
        }
        Ok(match isa {
            Isa::Portable => &PORTABLE,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => &AVX2,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => &AVX512,
            #[cfg(not(target_arch = "x86_64"))]
            Isa::Avx2 | Isa::Avx512 => unreachable!("the set is not available on this architecture"),
        })
    }

    /// The kernels of every set that this processor has, slowest first.
    pub fn available() -> impl Iterator<Item = &'static Self> {
        Isa::ALL.into_iter().filter_map(|isa| Self::of(isa).ok())
    }

    fn fastest() -> &'static Self {
        Self::available().last().unwrap_or(&PORTABLE)
    }

    /// The instruction set of these kernels.
    #[must_use]
    pub fn isa(&self) -> Isa {
        self.isa
    }

    /// Does `work` compiled for this instruction set, as far as it is inlined: same operations, wider registers. Floating
    /// point keeps every rounding, because no set here fuses a multiplication with an addition.
    #[inline]
    pub fn run<W: Work>(&self, work: W) -> W::Answer {
        match self.isa {
            Isa::Portable => work.answer(),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => avx2::run(work),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => avx512::run(work),
            #[cfg(not(target_arch = "x86_64"))]
            Isa::Avx2 | Isa::Avx512 => work.answer(),
        }
    }

    /// For each lane of `octets` the nearest of `strings` by Hamming distance, as `distance << 6 | number`; the lowest number
    /// where several are equally near, and 65,535 where there are none.
    ///
    /// # Panics
    /// Over 64 strings, or with fewer places in `nearest` than octets.
    pub fn nearest_b256(&self, octets: &[Octet<4>], strings: &[[u64; 4]], nearest: &mut [[u16; 8]]) {
        assert!(strings.len() <= NEAREST_MAX_STRINGS, "a key tells {NEAREST_MAX_STRINGS} strings apart");
        assert!(nearest.len() >= octets.len(), "every octet needs a place for its keys");
        (self.nearest_b256)(octets, strings, nearest);
    }

    /// The Hamming distances of every lane of `octets` from every string: those of string `s` and octet `o` are at
    /// `distances[s * octets.len() + o]`.
    ///
    /// # Panics
    /// Unless `distances` has a place for each octet and string.
    pub fn distances_b256(&self, octets: &[Octet<4>], strings: &[[u64; 4]], distances: &mut [[u16; 8]]) {
        assert_eq!(distances.len(), octets.len() * strings.len(), "every octet and string needs a place");
        (self.distances_b256)(octets, strings, distances);
    }

    /// [`Kernels::distances_b256`] for strings of 512 bits.
    ///
    /// # Panics
    /// Unless `distances` has a place for each octet and string.
    pub fn distances_b512(&self, octets: &[Octet<8>], strings: &[[u64; 8]], distances: &mut [[u16; 8]]) {
        assert_eq!(distances.len(), octets.len() * strings.len(), "every octet and string needs a place");
        (self.distances_b512)(octets, strings, distances);
    }

    /// What `row` has in common with `string` from each of its first words on: overlap `shift` is that of the row's word `w`
    /// with the string's word `w + shift`.
    #[must_use]
    pub fn overlaps_b8192(&self, row: MaskedRow<'_>, string: Shifted<'_>) -> [Overlap; SHIFTS] {
        (self.overlaps_b8192)(row, string)
    }

    /// How far each lane of `octets` keeps within what `weights` allow: the nibbles that count in it and in a string, each at
    /// its weight, less the bits of these that differ, each at its weight; in the string's best pose. The margins of octet `o`
    /// and string `s` are at `margins[o * strings.len() + s]`.
    ///
    /// # Panics
    /// Unless `margins` has a place for each octet and string, or where a weight is negative or over its most.
    pub fn margins_b1024(&self, octets: &[MaskedOctet], strings: &[Poses], weights: Weights, margins: &mut [[i16; 8]]) {
        assert_eq!(margins.len(), octets.len() * strings.len(), "every octet and string needs a place");
        let allowed = (0..=Weights::MOST_COUNTED).contains(&weights.counted);
        assert!(allowed && (0..=Weights::MOST_UNLIKE).contains(&weights.unlike), "weights within their bounds");
        (self.margins_b1024)(octets, strings, weights, margins);
    }

    /// The dot product of `query` with each of `rows`, which lie one after the other and are as long as it.
    ///
    /// # Panics
    /// Where `query` is empty or has over 65,536 numbers (more could leave 32 bits), or `dots` has not a place for each row.
    pub fn dots_i8(&self, query: &[i8], rows: &[i8], dots: &mut [i32]) {
        assert!((1..=1 << 16).contains(&query.len()), "a query of 1 to 65,536 numbers");
        assert_eq!(rows.len(), dots.len() * query.len(), "every row needs a place");
        (self.dots_i8)(query, rows, dots);
    }

    /// The Hamming distances of every lane of `octets` from every string, and which are `within` or less: those of octet `o` and
    /// string `s` are at `distances[o * strings.len() + s]`, and bit `l` of `near` there is set where that of lane `l` is.
    ///
    /// # Panics
    /// Unless `near` and `distances` have a place for each octet and string.
    pub fn near_b512(
        &self,
        octets: &[StoredOctet],
        strings: &[[u64; StoredOctet::WORDS]],
        within: u16,
        near: &mut [u8],
        distances: &mut [[u16; StoredOctet::LANES]],
    ) {
        assert_eq!(near.len(), octets.len() * strings.len(), "every octet and string needs a place");
        assert_eq!(distances.len(), near.len(), "every octet and string needs a place");
        (self.near_b512)(octets, strings, within, near, distances);
    }

    /// The dot products of each of `factors` with each of `rows`, over the first `blocks` of both: those of row `r` and factors
    /// `f` are at `products[r * factors.len() + f]`.
    ///
    /// # Panics
    /// Unless `blocks` is 1 to [`Numbers::BLOCKS`], and `products` has a place for each row and factors.
    pub fn products_i8(&self, factors: &[&Factors], rows: &[Numbers], blocks: usize, products: &mut [i32]) {
        assert!((1..=Numbers::BLOCKS).contains(&blocks), "one block to all");
        assert_eq!(products.len(), factors.len() * rows.len(), "every row and factors need a place");
        (self.products_i8)(factors, rows, blocks, products);
    }

    /// The dot product of each of `rows` with itself, over its first `blocks`.
    ///
    /// # Panics
    /// Unless `blocks` is 1 to [`Numbers::BLOCKS`], and `squares` has a place for each row.
    pub fn squares_i8(&self, rows: &[Numbers], blocks: usize, squares: &mut [i32]) {
        assert!((1..=Numbers::BLOCKS).contains(&blocks), "one block to all");
        assert_eq!(squares.len(), rows.len(), "every row needs a place");
        (self.squares_i8)(rows, blocks, squares);
    }

    /// The dot products of each lane of `panels` with each of `rows`, over the first `blocks` of both, and those of the rows with
    /// themselves: the products of panel `p` and row `r` are at `products[p * rows.len() + r]`, the square of row `r` at
    /// `squares[r]`. The way to go for eight lanes and more; for fewer, [`Kernels::products_i8`] is.
    ///
    /// # Panics
    /// Unless `blocks` is 1 to [`Numbers::BLOCKS`], `products` has a place for each panel and row, and `squares` for each row.
    pub fn panel_products_i8(
        &self,
        panels: &[Panel],
        rows: &[Numbers],
        blocks: usize,
        products: &mut [[i32; Panel::LANES]],
        squares: &mut [i32],
    ) {
        assert!((1..=Numbers::BLOCKS).contains(&blocks), "one block to all");
        assert_eq!(products.len(), panels.len() * rows.len(), "every panel and row need a place");
        assert_eq!(squares.len(), rows.len(), "every row needs a place");
        if !rows.is_empty() {
            (self.panel_products_i8)(panels, rows, blocks, products, squares);
        }
    }

    /// What is made of some of the rows, anywhere in memory, each with some of the factors, over the first `blocks` of both.
    ///
    /// # Panics
    /// Unless `blocks` is 1 to [`Numbers::BLOCKS`], `products` has a place for each of `chosen`, and these are there.
    pub fn chosen_i8(
        &self,
        factors: &[&Factors],
        rows: &[Numbers],
        blocks: usize,
        chosen: &[Chosen],
        products: &mut [Products],
    ) {
        assert!((1..=Numbers::BLOCKS).contains(&blocks), "one block to all");
        assert_eq!(products.len(), chosen.len(), "every choice needs a place");
        (self.chosen_i8)(factors, rows, blocks, chosen, products);
    }

    /// How strongly the first `count` pairs agree on one turn and shift of the plane.
    ///
    /// Two pairs agree if their turns are alike within `slack`, and the voter's second point, seen from the root's and turned
    /// back by the root's turn, lies where its first point lies seen from the root's: once within `slack`, twice within half
    /// of it. The support of a root is the sum of the weights of those that agree with it, as often as they do. A second
    /// round of votes weighs each voter by a sixteenth of its support, so that many pairs that agree with one another count
    /// for more than as many that agree with one only. The answer is the most support in the second round.
    ///
    /// # Panics
    /// Where `count` is over [`MAX_PAIRS`].
    #[must_use]
    pub fn consensus_i16(&self, pairs: &Pairs, slack: &Slack, count: usize) -> u16 {
        assert!(count <= MAX_PAIRS, "at most {MAX_PAIRS} pairs are weighed at once");
        (self.consensus_i16)(pairs, slack, count)
    }
}

impl std::fmt::Debug for Kernels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kernels({})", self.isa)
    }
}
