//! AVX-512 with VPOPCNTDQ, BITALG and VNNI: eight words a vector, their bits counted in one instruction.
#![allow(unsafe_code, reason = "calls into code compiled for an instruction set that the dispatch table has checked")]

mod panel;
mod rows;

use std::arch::x86_64::{
    __m512i, __mmask32, _mm_set_epi64x, _mm_storeu_si128, _mm256_loadu_si256, _mm512_abs_epi16, _mm512_add_epi8,
    _mm512_add_epi16, _mm512_add_epi32, _mm512_add_epi64, _mm512_and_si512, _mm512_broadcast_i32x4,
    _mm512_cmple_epu16_mask, _mm512_cvtepi8_epi16, _mm512_cvtepi64_epi16, _mm512_loadu_si512, _mm512_madd_epi16,
    _mm512_mask_add_epi16, _mm512_mask_cmple_epu16_mask, _mm512_maskz_popcnt_epi8, _mm512_maskz_set1_epi8,
    _mm512_max_epi32, _mm512_max_epu16, _mm512_min_epu64, _mm512_mulhrs_epi16, _mm512_or_si512, _mm512_popcnt_epi8,
    _mm512_popcnt_epi64, _mm512_reduce_add_epi32, _mm512_reduce_add_epi64, _mm512_sad_epu8, _mm512_set1_epi8,
    _mm512_set1_epi16, _mm512_set1_epi32, _mm512_set1_epi64, _mm512_setzero_si512, _mm512_shuffle_epi8,
    _mm512_slli_epi64, _mm512_srli_epi16, _mm512_storeu_si512, _mm512_sub_epi16, _mm512_test_epi8_mask,
    _mm512_xor_si512,
};

use crate::portable::{SECOND_ROUND_SHIFT, dot_product, strongest};
use crate::{
    MAX_PAIRS, MaskedOctet, MaskedRow, NEAREST_INDEX_BITS, Octet, Overlap, POSES, Pairs, PairsLane, Poses, ROW_WORDS,
    SHIFTS, Shifted, Slack, Weights, Work,
};
pub(crate) use panel::panel_products_i8;
pub(crate) use rows::{chosen_i8, near_b512, products_i8, squares_i8};

/// Poses whose counts stay in registers together; a divisor of [`POSES`].
const POSES_AT_ONCE: usize = 7;
const _: () = assert!(POSES.is_multiple_of(POSES_AT_ONCE), "no pose is left out");

pub(crate) fn run<W: Work>(work: W) -> W::Answer {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { featured(work) }
}

#[target_feature(enable = "avx2,popcnt,avx512f,avx512bw,avx512vl,avx512vpopcntdq,avx512bitalg,avx512vnni")]
fn featured<W: Work>(work: W) -> W::Answer {
    work.answer()
}

pub(crate) fn nearest_b256(octets: &[Octet<4>], strings: &[[u64; 4]], nearest: &mut [[u16; 8]]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { nearest_featured(octets, strings, nearest) }
}

pub(crate) fn distances_b256(octets: &[Octet<4>], strings: &[[u64; 4]], distances: &mut [[u16; 8]]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { distances_featured(octets, strings, distances) }
}

pub(crate) fn distances_b512(octets: &[Octet<8>], strings: &[[u64; 8]], distances: &mut [[u16; 8]]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { distances_featured(octets, strings, distances) }
}

pub(crate) fn overlaps_b8192(row: MaskedRow<'_>, string: Shifted<'_>) -> [Overlap; SHIFTS] {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { overlaps_featured(row, string) }
}

pub(crate) fn margins_b1024(octets: &[MaskedOctet], strings: &[Poses], weights: Weights, margins: &mut [[i16; 8]]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { margins_featured(octets, strings, weights, margins) }
}

pub(crate) fn dots_i8(query: &[i8], rows: &[i8], dots: &mut [i32]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { dots_featured(query, rows, dots) }
}

pub(crate) fn consensus_i16(pairs: &Pairs, slack: &Slack, count: usize) -> u16 {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { consensus_featured(pairs, slack, count) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vpopcntdq")]
fn nearest_featured(octets: &[Octet<4>], strings: &[[u64; 4]], nearest: &mut [[u16; 8]]) {
    for (octet, best) in octets.iter().zip(nearest) {
        let lanes = lanes_of(&octet.0);
        let mut keys = _mm512_set1_epi64(i64::from(u16::MAX));
        for (number, string) in strings.iter().enumerate() {
            let distances = _mm512_slli_epi64::<NEAREST_INDEX_BITS>(lane_distances(&lanes, string));
            keys = _mm512_min_epu64(keys, _mm512_add_epi64(distances, _mm512_set1_epi64(number as i64)));
        }
        *best = narrowed(keys);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vpopcntdq")]
fn distances_featured<const W: usize>(octets: &[Octet<W>], strings: &[[u64; W]], distances: &mut [[u16; 8]]) {
    for (number, octet) in octets.iter().enumerate() {
        let lanes = lanes_of(&octet.0);
        let column = distances.iter_mut().skip(number).step_by(octets.len());
        for (string, out) in strings.iter().zip(column) {
            *out = narrowed(lane_distances(&lanes, string));
        }
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn lane_distances<const W: usize>(lanes: &[__m512i; W], string: &[u64; W]) -> __m512i {
    let mut sum = _mm512_setzero_si512();
    for (&lane, &word) in lanes.iter().zip(string) {
        let unlike = _mm512_xor_si512(lane, _mm512_set1_epi64(word as i64));
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(unlike));
    }
    sum
}

#[inline]
#[target_feature(enable = "avx512f")]
fn lanes_of<const W: usize>(words: &[[u64; 8]; W]) -> [__m512i; W] {
    words.each_ref().map(|lanes| eight(lanes))
}

/// The low 16 bits of each lane.
#[inline]
#[target_feature(enable = "avx512f")]
fn narrowed(lanes: __m512i) -> [u16; 8] {
    let mut narrow = [0; 8];
    // SAFETY: `narrow` is 16 bytes, and the store asks for no alignment.
    unsafe { _mm_storeu_si128(std::ptr::from_mut(&mut narrow).cast(), _mm512_cvtepi64_epi16(lanes)) }
    narrow
}

#[target_feature(enable = "avx512f,avx512bw,avx512vpopcntdq,avx512bitalg")]
fn overlaps_featured(row: MaskedRow<'_>, string: Shifted<'_>) -> [Overlap; SHIFTS] {
    let both = counted_in_both(row.counted, string);
    let mut overlaps = [Overlap::default(); SHIFTS];
    for (shift, (overlap, both)) in overlaps.iter_mut().zip(&both).enumerate() {
        let mut unlike = _mm512_setzero_si512();
        let words = row.words.as_chunks().0.iter().zip(string.from(shift).words.as_chunks().0);
        for ((one, other), &both) in words.zip(both.as_flattened()) {
            let differ = _mm512_xor_si512(eight(one), eight(other));
            // At most 16 vectors of 8 bits a byte: no byte overflows.
            unlike = _mm512_add_epi8(unlike, _mm512_maskz_popcnt_epi8(both, differ));
        }
        let unlike = _mm512_sad_epu8(unlike, _mm512_setzero_si512());
        let counted = both.each_ref().map(|half| _mm512_popcnt_epi64(eight(half)));
        // Both sums in one number of 64 bits.
        let counted = _mm512_slli_epi64::<32>(_mm512_add_epi64(counted[0], counted[1]));
        let sums = _mm512_reduce_add_epi64(_mm512_or_si512(counted, unlike));
        *overlap = Overlap { counted: (sums >> 32) as u16, unlike: sums as u16 };
    }
    overlaps
}

/// For each shift and eight words of the row which of their bytes count in both. All of it first: masks come out of memory
/// several times as fast as out of other registers, which the compiler would prefer were they just computed.
#[inline]
#[target_feature(enable = "avx512f")]
fn counted_in_both(one: &[u8; ROW_WORDS], string: Shifted<'_>) -> [[[u64; 8]; 2]; SHIFTS] {
    let mut both = [[[0; 8]; 2]; SHIFTS];
    for (shift, both) in both.iter_mut().enumerate() {
        let halves = one.as_chunks().0.iter().zip(string.from(shift).counted.as_chunks().0);
        for (both, (one, other)) in both.iter_mut().zip(halves) {
            let counted = _mm512_and_si512(bytes(one), bytes(other));
            // SAFETY: eight `u64` are 64 bytes, and the store asks for no alignment.
            unsafe { _mm512_storeu_si512(std::ptr::from_mut(both).cast(), counted) }
        }
    }
    both
}

#[inline]
#[target_feature(enable = "avx512f")]
fn bytes(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: 64 bytes, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(std::ptr::from_ref(bytes).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn eight(words: &[u64; 8]) -> __m512i {
    // SAFETY: eight `u64` are 64 bytes, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(std::ptr::from_ref(words).cast()) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vpopcntdq,avx512bitalg")]
fn margins_featured(octets: &[MaskedOctet], strings: &[Poses], weights: Weights, margins: &mut [[i16; 8]]) {
    let weights = _mm512_set1_epi64(i64::from(weights.counted) << 16 | i64::from((-weights.unlike) as u16));
    let mut margins = margins.iter_mut();
    for octet in octets {
        let counted = octet.counted.each_ref().map(|words| eight(words));
        let mut counts = [_mm512_setzero_si512(); MaskedOctet::WORDS];
        for (word, counts) in counts.iter_mut().enumerate() {
            *counts = spread(counted[word / 4], word % 4);
        }
        for (string, out) in strings.iter().zip(&mut margins) {
            let mut best = _mm512_set1_epi32(i32::MIN);
            for (group, others) in string.counted.as_chunks().0.iter().enumerate() {
                let mut unlike = [_mm512_setzero_si512(); POSES_AT_ONCE];
                count_unlike(octet, &counts, (string, group), &mut unlike);
                for (&unlike, other) in unlike.iter().zip::<&[_; POSES_AT_ONCE]>(others) {
                    let unlike = _mm512_sad_epu8(unlike, _mm512_setzero_si512());
                    // Two numbers of 16 bits in each lane, multiplied and added up by one instruction.
                    let numbers = _mm512_or_si512(_mm512_slli_epi64::<16>(both(&counted, other)), unlike);
                    best = _mm512_max_epi32(best, _mm512_madd_epi16(numbers, weights));
                }
            }
            *out = narrowed(best).map(u16::cast_signed);
        }
    }
}

/// For each pose of a group and byte the bits that differ where both count.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512bitalg")]
fn count_unlike(
    octet: &MaskedOctet,
    counts: &[__m512i; MaskedOctet::WORDS],
    (string, group): (&Poses, usize),
    unlike: &mut [__m512i; POSES_AT_ONCE],
) {
    for ((words, &counts), poses) in octet.words.iter().zip(counts).zip(&string.words) {
        let words = eight(words);
        for (unlike, &[other, other_counts]) in unlike.iter_mut().zip(&poses.as_chunks::<POSES_AT_ONCE>().0[group]) {
            let differ = _mm512_and_si512(_mm512_xor_si512(words, _mm512_set1_epi64(other as i64)), counts);
            let differ = _mm512_and_si512(differ, _mm512_set1_epi64(other_counts as i64));
            // At most 16 words of 8 bits a byte: no byte overflows.
            *unlike = _mm512_add_epi8(*unlike, _mm512_popcnt_epi8(differ));
        }
    }
}

/// In each lane how many bits are set in both.
#[inline]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn both(counted: &[__m512i; MaskedOctet::COUNTED_WORDS], other: &[u64; MaskedOctet::COUNTED_WORDS]) -> __m512i {
    let mut sum = _mm512_setzero_si512();
    for (&counted, &other) in counted.iter().zip(other) {
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_and_si512(counted, _mm512_set1_epi64(other as i64))));
    }
    sum
}

/// Ones in the nibbles that count of one word in four.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn spread(counted: __m512i, word: usize) -> __m512i {
    // Each byte of a word looks at one of the two bytes that tell of the word, and at two bits of that.
    let first = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0909_0909_0808_0808, 0x0101_0101_0000_0000));
    let told = _mm512_shuffle_epi8(counted, _mm512_add_epi8(first, _mm512_set1_epi8(2 * word as i8)));
    let low = _mm512_test_epi8_mask(told, _mm512_set1_epi32(0x4010_0401));
    let high = _mm512_test_epi8_mask(told, _mm512_set1_epi32(0x8020_0802_u32 as i32));
    _mm512_or_si512(_mm512_maskz_set1_epi8(low, 0x0f), _mm512_maskz_set1_epi8(high, 0xf0_u8 as i8))
}

#[target_feature(enable = "avx512f,avx512bw")]
fn consensus_featured(pairs: &Pairs, slack: &Slack, count: usize) -> u16 {
    let (cos, sin, turn) = (lane(&pairs.cos), lane(&pairs.sin), lane(&pairs.turn));
    let own_x = shift_x(lane(&pairs.to_x), lane(&pairs.to_y), cos, sin, lane(&pairs.from_x));
    let own_y = shift_y(lane(&pairs.to_x), lane(&pairs.to_y), cos, sin, lane(&pairs.from_y));
    let turn_slack = _mm512_set1_epi16(slack.turn as i16);
    let mut agreement = [(0, 0); MAX_PAIRS];
    for (voter, agreement) in agreement.iter_mut().enumerate().take(count) {
        let (to_x, to_y) = (_mm512_set1_epi16(pairs.to_x[voter]), _mm512_set1_epi16(pairs.to_y[voter]));
        let x = shift_x(to_x, to_y, cos, sin, _mm512_set1_epi16(pairs.from_x[voter]));
        let y = shift_y(to_x, to_y, cos, sin, _mm512_set1_epi16(pairs.from_y[voter]));
        let off_x = _mm512_abs_epi16(_mm512_sub_epi16(x, own_x));
        let off_y = _mm512_abs_epi16(_mm512_sub_epi16(y, own_y));
        let off_turn = _mm512_abs_epi16(_mm512_sub_epi16(_mm512_set1_epi16(pairs.turn[voter]), turn));
        let alike = _mm512_cmple_epu16_mask(off_turn, turn_slack);
        let (off, most) = (_mm512_max_epu16(off_x, off_y), lane(&slack.shift[voter]));
        let near = _mm512_mask_cmple_epu16_mask(alike, off, most);
        *agreement = (near, _mm512_mask_cmple_epu16_mask(near, off, _mm512_srli_epi16::<1>(most)));
    }
    let first = votes(&agreement[..count], &pairs.weight);
    let second = votes(&agreement[..count], &numbers(_mm512_srli_epi16::<SECOND_ROUND_SHIFT>(first)));
    strongest(&numbers(second), count)
}

/// For each root the weights of its voters: once for the first bit of an agreement, once more for the second.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn votes(agreement: &[(__mmask32, __mmask32)], weight: &PairsLane) -> __m512i {
    let mut support = [_mm512_setzero_si512(); 2];
    for (&(near, nearer), &weight) in agreement.iter().zip(weight) {
        let weight = _mm512_set1_epi16(weight);
        support[0] = _mm512_mask_add_epi16(support[0], near, support[0], weight);
        support[1] = _mm512_mask_add_epi16(support[1], nearer, support[1], weight);
    }
    _mm512_add_epi16(support[0], support[1])
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn shift_x(to_x: __m512i, to_y: __m512i, cos: __m512i, sin: __m512i, from_x: __m512i) -> __m512i {
    let turned = _mm512_sub_epi16(_mm512_mulhrs_epi16(to_x, cos), _mm512_mulhrs_epi16(to_y, sin));
    _mm512_sub_epi16(turned, from_x)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn shift_y(to_x: __m512i, to_y: __m512i, cos: __m512i, sin: __m512i, from_y: __m512i) -> __m512i {
    let turned = _mm512_add_epi16(_mm512_mulhrs_epi16(to_x, sin), _mm512_mulhrs_epi16(to_y, cos));
    _mm512_sub_epi16(turned, from_y)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn lane(numbers: &PairsLane) -> __m512i {
    // SAFETY: 32 numbers of 16 bits are 64 bytes, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(std::ptr::from_ref(numbers).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn numbers(lane: __m512i) -> PairsLane {
    let mut numbers = [0; MAX_PAIRS];
    // SAFETY: 32 numbers of 16 bits are 64 bytes, and the store asks for no alignment.
    unsafe { _mm512_storeu_si512(std::ptr::from_mut(&mut numbers).cast(), lane) }
    numbers
}

#[target_feature(enable = "avx512f,avx512bw")]
fn dots_featured(query: &[i8], rows: &[i8], dots: &mut [i32]) {
    let whole = query.len() - query.len() % 32;
    for (row, dot) in rows.chunks_exact(query.len()).zip(dots) {
        *dot = dot_of_whole(&query[..whole], &row[..whole]) + dot_product(&query[whole..], &row[whole..]);
    }
}

/// The dot product of numbers that fill vectors of sixteen bits each.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn dot_of_whole(query: &[i8], row: &[i8]) -> i32 {
    let mut sum = _mm512_setzero_si512();
    for (query, row) in query.as_chunks().0.iter().zip(row.as_chunks().0) {
        sum = _mm512_add_epi32(sum, _mm512_madd_epi16(widened(query), widened(row)));
    }
    _mm512_reduce_add_epi32(sum)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn widened(numbers: &[i8; 32]) -> __m512i {
    // SAFETY: 32 numbers of 8 bits are 32 bytes, and the load asks for no alignment.
    _mm512_cvtepi8_epi16(unsafe { _mm256_loadu_si256(std::ptr::from_ref(numbers).cast()) })
}
