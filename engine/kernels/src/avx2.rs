//! AVX2: four words a vector, their bits counted by looking up nibbles (Mula, Kurz, Lemire, "Faster population counts using
//! AVX2 instructions", The Computer Journal 61(1), 2018).
#![allow(unsafe_code, reason = "calls into code compiled for an instruction set that the dispatch table has checked")]

mod panel;
mod rows;

use std::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm256_abs_epi16, _mm256_add_epi8, _mm256_add_epi16, _mm256_add_epi32, _mm256_add_epi64,
    _mm256_and_si256, _mm256_andnot_si256, _mm256_cmpeq_epi8, _mm256_cmpeq_epi16, _mm256_cvtepi8_epi16,
    _mm256_loadu_si256, _mm256_madd_epi16, _mm256_max_epi32, _mm256_max_epu16, _mm256_min_epu16, _mm256_mulhrs_epi16,
    _mm256_mullo_epi16, _mm256_or_si256, _mm256_sad_epu8, _mm256_set1_epi8, _mm256_set1_epi16, _mm256_set1_epi32,
    _mm256_set1_epi64x, _mm256_setr_epi8, _mm256_setr_epi64x, _mm256_setzero_si256, _mm256_shuffle_epi8,
    _mm256_slli_epi64, _mm256_srli_epi16, _mm256_storeu_si256, _mm256_sub_epi16, _mm256_xor_si256,
};

use crate::masked::spread_bytes;
use crate::portable::{SECOND_ROUND_SHIFT, dot_product, strongest};
use crate::{
    MAX_PAIRS, MaskedOctet, MaskedRow, NEAREST_INDEX_BITS, NEAREST_MAX_STRINGS, Octet, Overlap, POSES, Pairs,
    PairsLane, Poses, ROW_WORDS, SHIFTED_WORDS, SHIFTS, Shifted, Slack, Weights, Work,
};
pub(crate) use panel::panel_products_i8;
pub(crate) use rows::{chosen_i8, near_b512, products_i8, squares_i8};

pub(crate) fn run<W: Work>(work: W) -> W::Answer {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { featured(work) }
}

#[target_feature(enable = "avx2,popcnt")]
fn featured<W: Work>(work: W) -> W::Answer {
    work.answer()
}

pub(crate) fn nearest_b256(octets: &[Octet<4>], strings: &[[u64; 4]], nearest: &mut [[u16; 8]]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { nearest_featured(octets, strings, nearest) }
}

pub(crate) fn distances_b256(octets: &[Octet<4>], strings: &[[u64; 4]], distances: &mut [[u16; 8]]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { distances_featured(octets, strings, distances) }
}

pub(crate) fn distances_b512(octets: &[Octet<8>], strings: &[[u64; 8]], distances: &mut [[u16; 8]]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { distances_featured(octets, strings, distances) }
}

pub(crate) fn overlaps_b8192(row: MaskedRow<'_>, string: Shifted<'_>) -> [Overlap; SHIFTS] {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { overlaps_featured(row, string) }
}

pub(crate) fn margins_b1024(octets: &[MaskedOctet], strings: &[Poses], weights: Weights, margins: &mut [[i16; 8]]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { margins_featured(octets, strings, weights, margins) }
}

pub(crate) fn dots_i8(query: &[i8], rows: &[i8], dots: &mut [i32]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { dots_featured(query, rows, dots) }
}

pub(crate) fn consensus_i16(pairs: &Pairs, slack: &Slack, count: usize) -> u16 {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { consensus_featured(pairs, slack, count) }
}

/// The low and the high nibbles of some words, each in a byte of its own.
#[derive(Clone, Copy)]
struct Nibbles {
    low: __m256i,
    high: __m256i,
}

#[target_feature(enable = "avx2")]
fn nearest_featured(octets: &[Octet<4>], strings: &[[u64; 4]], nearest: &mut [[u16; 8]]) {
    let mut split = [SplitString { low: [0; 4], high: [0; 4] }; NEAREST_MAX_STRINGS];
    for (split, string) in split.iter_mut().zip(strings) {
        *split = split_string(string);
    }
    for (octet, best) in octets.iter().zip(nearest) {
        let halves = [words_of(&octet.0, 0), words_of(&octet.0, 4)];
        let mut keys = [_mm256_set1_epi64x(i64::from(u16::MAX)); 2];
        for (number, string) in split[..strings.len()].iter().enumerate() {
            let number = _mm256_set1_epi64x(number as i64);
            let distances = half_distances(&halves, string);
            for (key, distance) in keys.iter_mut().zip(distances) {
                let candidate = _mm256_add_epi64(_mm256_slli_epi64::<{ NEAREST_INDEX_BITS as i32 }>(distance), number);
                // Keys have 16 bits and the rest of each lane is zero, so that a comparison of 16-bit parts is enough.
                *key = _mm256_min_epu16(*key, candidate);
            }
        }
        *best = narrowed(keys);
    }
}

#[target_feature(enable = "avx2")]
fn distances_featured<const W: usize>(octets: &[Octet<W>], strings: &[[u64; W]], distances: &mut [[u16; 8]]) {
    if octets.is_empty() {
        return;
    }
    for (string, row) in strings.iter().zip(distances.chunks_exact_mut(octets.len())) {
        let string = split_string(string);
        for (octet, out) in octets.iter().zip(row) {
            *out = narrowed(half_distances(&[words_of(&octet.0, 0), words_of(&octet.0, 4)], &string));
        }
    }
}

/// The low and the high nibbles of the bytes of a string.
#[derive(Clone, Copy)]
struct SplitString<const W: usize> {
    low: [u64; W],
    high: [u64; W],
}

fn split_string<const W: usize>(string: &[u64; W]) -> SplitString<W> {
    const LOW: u64 = 0x0f0f_0f0f_0f0f_0f0f;
    SplitString { low: string.map(|word| word & LOW), high: string.map(|word| (word >> 4) & LOW) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn half_distances<const W: usize>(halves: &[[Nibbles; W]; 2], string: &SplitString<W>) -> [__m256i; 2] {
    let mut counts = [_mm256_setzero_si256(); 2];
    for word in 0..W {
        let low = _mm256_set1_epi64x(string.low[word] as i64);
        let high = _mm256_set1_epi64x(string.high[word] as i64);
        for (count, half) in counts.iter_mut().zip(halves) {
            let low = count_nibbles(_mm256_xor_si256(half[word].low, low));
            let high = count_nibbles(_mm256_xor_si256(half[word].high, high));
            // At most 8 words of 8 bits a byte: no byte overflows.
            *count = _mm256_add_epi8(*count, _mm256_add_epi8(low, high));
        }
    }
    counts.map(|count| _mm256_sad_epu8(count, _mm256_setzero_si256()))
}

#[inline]
#[target_feature(enable = "avx2")]
fn count_nibbles(nibbles: __m256i) -> __m256i {
    let table = _mm256_setr_epi8(
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
    );
    _mm256_shuffle_epi8(table, nibbles)
}

#[inline]
#[target_feature(enable = "avx2")]
fn split(words: __m256i) -> Nibbles {
    let mask = _mm256_set1_epi8(0x0f);
    Nibbles { low: _mm256_and_si256(words, mask), high: _mm256_and_si256(_mm256_srli_epi16::<4>(words), mask) }
}

/// Lanes `first..first + 4` of each word.
#[inline]
#[target_feature(enable = "avx2")]
fn words_of<const W: usize>(words: &[[u64; 8]; W], first: usize) -> [Nibbles; W] {
    words.each_ref().map(|lanes| split(four(&lanes.as_chunks().0[first / 4])))
}

/// The low 16 bits of each lane.
#[inline]
#[target_feature(enable = "avx2")]
fn narrowed(halves: [__m256i; 2]) -> [u16; 8] {
    let wide = halves.map(|half| lanes(half));
    std::array::from_fn(|lane| wide[lane / 4][lane % 4] as u16)
}

#[inline]
#[target_feature(enable = "avx2")]
fn lanes(vector: __m256i) -> [u64; 4] {
    let mut lanes = [0; 4];
    // SAFETY: `lanes` is 32 bytes, and the store asks for no alignment.
    unsafe { _mm256_storeu_si256(std::ptr::from_mut(&mut lanes).cast(), vector) }
    lanes
}

#[target_feature(enable = "avx2,popcnt")]
fn overlaps_featured(row: MaskedRow<'_>, string: Shifted<'_>) -> [Overlap; SHIFTS] {
    let (mut counts, mut other_counts) = ([0; ROW_WORDS], [0; SHIFTED_WORDS]);
    spread_all(row.counted, &mut counts);
    spread_all(string.counted, &mut other_counts);
    let mut overlaps = [Overlap::default(); SHIFTS];
    for (shift, overlap) in overlaps.iter_mut().enumerate() {
        let other = string.from(shift);
        let words = row.words.as_chunks().0.iter().zip(other.words.as_chunks().0);
        let both = counts.as_chunks().0.iter().zip(other_counts[shift..].as_chunks().0);
        let mut sum = _mm256_setzero_si256();
        let mut unlike = [_mm256_setzero_si256(); 2];
        for (number, ((one, other), (counts, other_counts))) in words.zip(both).enumerate() {
            let both = _mm256_and_si256(four(counts), four(other_counts));
            let differ = _mm256_and_si256(_mm256_xor_si256(four(one), four(other)), both);
            // Half of 32 vectors of 8 bits a byte: no byte overflows.
            unlike[number % 2] = _mm256_add_epi8(unlike[number % 2], count_bits(differ));
        }
        for unlike in unlike {
            sum = _mm256_add_epi64(sum, _mm256_sad_epu8(unlike, _mm256_setzero_si256()));
        }
        let counted = row.counted.iter().zip(other.counted).map(|(one, other)| (one & other).count_ones());
        *overlap = Overlap { counted: counted.sum::<u32>() as u16, unlike: lanes(sum).into_iter().sum::<u64>() as u16 };
    }
    overlaps
}

/// Each bit as a byte of its kind.
#[inline]
#[target_feature(enable = "avx2")]
fn spread_all(counted: &[u8], counts: &mut [u64]) {
    for (counts, &counted) in counts.iter_mut().zip(counted) {
        *counts = spread_bytes(counted);
    }
}

#[target_feature(enable = "avx2")]
fn margins_featured(octets: &[MaskedOctet], strings: &[Poses], weights: Weights, margins: &mut [[i16; 8]]) {
    let mut margins = margins.iter_mut();
    for octet in octets {
        let halves = [Half::of(octet, 0), Half::of(octet, 1)];
        for (string, out) in strings.iter().zip(&mut margins) {
            let [low, high] = &halves;
            *out = narrowed([low.margins(string, weights), high.margins(string, weights)]).map(u16::cast_signed);
        }
    }
}

/// Four of the eight strings of an octet.
struct Half {
    words: [__m256i; MaskedOctet::WORDS],
    /// Ones in the nibbles that count.
    counts: [__m256i; MaskedOctet::WORDS],
    counted: [__m256i; MaskedOctet::COUNTED_WORDS],
}

impl Half {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn of(octet: &MaskedOctet, which: usize) -> Self {
        let zero = _mm256_setzero_si256();
        let (mut words, mut counts, mut counted) = ([zero; 16], [zero; 16], [zero; 4]);
        for (counted, lanes) in counted.iter_mut().zip(&octet.counted) {
            *counted = four(&lanes.as_chunks().0[which]);
        }
        for (word, lanes) in octet.words.iter().enumerate() {
            words[word] = four(&lanes.as_chunks().0[which]);
            counts[word] = spread(counted[word / 4], word % 4);
        }
        Self { words, counts, counted }
    }

    /// In each lane the margin at the best pose.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn margins(&self, string: &Poses, weights: Weights) -> __m256i {
        let weights = _mm256_set1_epi64x(i64::from(weights.counted) << 16 | i64::from((-weights.unlike) as u16));
        let mut best = _mm256_set1_epi32(i32::MIN);
        for pose in 0..POSES {
            // Two numbers of 16 bits in each lane, multiplied and added up by one instruction.
            let numbers = _mm256_or_si256(_mm256_slli_epi64::<16>(self.both(string, pose)), self.unlike(string, pose));
            best = _mm256_max_epi32(best, _mm256_madd_epi16(numbers, weights));
        }
        best
    }

    /// In each lane the bits that differ from a pose where both count.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn unlike(&self, string: &Poses, pose: usize) -> __m256i {
        let mut unlike = _mm256_setzero_si256();
        for ((&words, &counts), poses) in self.words.iter().zip(&self.counts).zip(&string.words) {
            let [other, other_counts] = poses[pose];
            let differ = _mm256_and_si256(_mm256_xor_si256(words, _mm256_set1_epi64x(other as i64)), counts);
            // At most 16 words of 8 bits a byte: no byte overflows.
            let counted = count_bits(_mm256_and_si256(differ, _mm256_set1_epi64x(other_counts as i64)));
            unlike = _mm256_add_epi8(unlike, counted);
        }
        _mm256_sad_epu8(unlike, _mm256_setzero_si256())
    }

    /// In each lane how many nibbles count in both.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn both(&self, string: &Poses, pose: usize) -> __m256i {
        let mut both = _mm256_setzero_si256();
        for (&counted, &other) in self.counted.iter().zip(&string.counted[pose]) {
            let counted = _mm256_and_si256(counted, _mm256_set1_epi64x(other as i64));
            both = _mm256_add_epi8(both, count_bits(counted));
        }
        _mm256_sad_epu8(both, _mm256_setzero_si256())
    }
}

/// Ones in the nibbles that count of one word in four.
#[inline]
#[target_feature(enable = "avx2")]
fn spread(counted: __m256i, word: usize) -> __m256i {
    // Each byte of a word looks at one of the two bytes that tell of the word, and at two bits of that.
    let first =
        _mm256_setr_epi64x(0x0101_0101_0000_0000, 0x0909_0909_0808_0808, 0x0101_0101_0000_0000, 0x0909_0909_0808_0808);
    let told = _mm256_shuffle_epi8(counted, _mm256_add_epi8(first, _mm256_set1_epi8(2 * word as i8)));
    let (low, high) = (_mm256_set1_epi32(0x4010_0401), _mm256_set1_epi32(0x8020_0802_u32 as i32));
    let low = _mm256_cmpeq_epi8(_mm256_and_si256(told, low), low);
    let high = _mm256_cmpeq_epi8(_mm256_and_si256(told, high), high);
    let low_nibbles = _mm256_set1_epi8(0x0f);
    _mm256_or_si256(_mm256_and_si256(low, low_nibbles), _mm256_andnot_si256(low_nibbles, high))
}

/// The bits that are set in each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn count_bits(bits: __m256i) -> __m256i {
    let Nibbles { low, high } = split(bits);
    _mm256_add_epi8(count_nibbles(low), count_nibbles(high))
}

#[inline]
#[target_feature(enable = "avx2")]
fn four(words: &[u64; 4]) -> __m256i {
    // SAFETY: four `u64` are 32 bytes, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(std::ptr::from_ref(words).cast()) }
}

#[target_feature(enable = "avx2")]
fn consensus_featured(pairs: &Pairs, slack: &Slack, count: usize) -> u16 {
    let mut agreement = [[_mm256_setzero_si256(); MAX_PAIRS]; 2];
    for (half, agreement) in agreement.iter_mut().enumerate() {
        agree(pairs, slack, half * MAX_PAIRS / 2, &mut agreement[..count]);
    }
    let first = agreement.each_ref().map(|half| votes(&half[..count], &pairs.weight));
    let halved = first.map(|support| _mm256_srli_epi16::<{ SECOND_ROUND_SHIFT as i32 }>(support));
    let weight = numbers(halved);
    let second = agreement.each_ref().map(|half| votes(&half[..count], &weight));
    strongest(&numbers(second), count)
}

/// How often each voter agrees with the sixteen roots from `first` on, counted downwards: 0, -1 or -2.
#[inline]
#[target_feature(enable = "avx2")]
fn agree(pairs: &Pairs, slack: &Slack, first: usize, agreement: &mut [__m256i]) {
    let (cos, sin, turn) = (lane(&pairs.cos, first), lane(&pairs.sin, first), lane(&pairs.turn, first));
    let (to_x, to_y) = (lane(&pairs.to_x, first), lane(&pairs.to_y, first));
    let own_x = shift_x(to_x, to_y, cos, sin, lane(&pairs.from_x, first));
    let own_y = shift_y(to_x, to_y, cos, sin, lane(&pairs.from_y, first));
    let turn_slack = _mm256_set1_epi16(slack.turn as i16);
    for (voter, agreement) in agreement.iter_mut().enumerate() {
        let (to_x, to_y) = (_mm256_set1_epi16(pairs.to_x[voter]), _mm256_set1_epi16(pairs.to_y[voter]));
        let x = shift_x(to_x, to_y, cos, sin, _mm256_set1_epi16(pairs.from_x[voter]));
        let y = shift_y(to_x, to_y, cos, sin, _mm256_set1_epi16(pairs.from_y[voter]));
        let off_x = _mm256_abs_epi16(_mm256_sub_epi16(x, own_x));
        let off_y = _mm256_abs_epi16(_mm256_sub_epi16(y, own_y));
        let off_turn = _mm256_abs_epi16(_mm256_sub_epi16(_mm256_set1_epi16(pairs.turn[voter]), turn));
        let (off, most) = (_mm256_max_epu16(off_x, off_y), lane(&slack.shift[voter], first));
        let near = _mm256_add_epi16(at_most(off, most), at_most(off, _mm256_srli_epi16::<1>(most)));
        *agreement = _mm256_and_si256(near, at_most(off_turn, turn_slack));
    }
}

/// For each root the weights of its voters, as often as each agrees.
#[inline]
#[target_feature(enable = "avx2")]
fn votes(agreement: &[__m256i], weight: &PairsLane) -> __m256i {
    let mut support = _mm256_setzero_si256();
    for (&agreement, &weight) in agreement.iter().zip(weight) {
        support = _mm256_sub_epi16(support, _mm256_mullo_epi16(agreement, _mm256_set1_epi16(weight)));
    }
    support
}

/// All ones where the unsigned `a` is at most `b`.
#[inline]
#[target_feature(enable = "avx2")]
fn at_most(a: __m256i, b: __m256i) -> __m256i {
    _mm256_cmpeq_epi16(_mm256_min_epu16(a, b), a)
}

#[inline]
#[target_feature(enable = "avx2")]
fn shift_x(to_x: __m256i, to_y: __m256i, cos: __m256i, sin: __m256i, from_x: __m256i) -> __m256i {
    let turned = _mm256_sub_epi16(_mm256_mulhrs_epi16(to_x, cos), _mm256_mulhrs_epi16(to_y, sin));
    _mm256_sub_epi16(turned, from_x)
}

#[inline]
#[target_feature(enable = "avx2")]
fn shift_y(to_x: __m256i, to_y: __m256i, cos: __m256i, sin: __m256i, from_y: __m256i) -> __m256i {
    let turned = _mm256_add_epi16(_mm256_mulhrs_epi16(to_x, sin), _mm256_mulhrs_epi16(to_y, cos));
    _mm256_sub_epi16(turned, from_y)
}

/// Sixteen numbers from `first` on.
#[inline]
#[target_feature(enable = "avx2")]
fn lane(numbers: &PairsLane, first: usize) -> __m256i {
    let half = &numbers[first..first + MAX_PAIRS / 2];
    // SAFETY: 16 numbers of 16 bits are 32 bytes, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(half.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn numbers(halves: [__m256i; 2]) -> PairsLane {
    let mut numbers = [0; MAX_PAIRS];
    for (out, half) in numbers.chunks_exact_mut(MAX_PAIRS / 2).zip(halves) {
        // SAFETY: 16 numbers of 16 bits are 32 bytes, and the store asks for no alignment.
        unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), half) }
    }
    numbers
}

#[target_feature(enable = "avx2")]
fn dots_featured(query: &[i8], rows: &[i8], dots: &mut [i32]) {
    let whole = query.len() - query.len() % 16;
    for (row, dot) in rows.chunks_exact(query.len()).zip(dots) {
        *dot = dot_of_whole(&query[..whole], &row[..whole]) + dot_product(&query[whole..], &row[whole..]);
    }
}

/// The dot product of numbers that fill vectors of sixteen bits each.
#[inline]
#[target_feature(enable = "avx2")]
fn dot_of_whole(query: &[i8], row: &[i8]) -> i32 {
    let mut sum = _mm256_setzero_si256();
    for (query, row) in query.as_chunks().0.iter().zip(row.as_chunks().0) {
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(widened(query), widened(row)));
    }
    let mut lanes = [0_i32; 8];
    // SAFETY: `lanes` is 32 bytes, and the store asks for no alignment.
    unsafe { _mm256_storeu_si256(std::ptr::from_mut(&mut lanes).cast(), sum) }
    lanes.iter().sum::<i32>()
}

#[inline]
#[target_feature(enable = "avx2")]
fn widened(numbers: &[i8; 16]) -> __m256i {
    // SAFETY: 16 numbers of 8 bits are 16 bytes, and the load asks for no alignment.
    _mm256_cvtepi8_epi16(unsafe { _mm_loadu_si128(std::ptr::from_ref(numbers).cast()) })
}
