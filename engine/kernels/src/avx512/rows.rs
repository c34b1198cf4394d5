//! Many rows of 512 bits or 512 numbers against several others.

use std::arch::x86_64::{
    __m128i, __m512i, _MM_HINT_T0, _mm_add_epi32, _mm_prefetch, _mm_storeu_si128, _mm256_add_epi32,
    _mm256_castsi256_si128, _mm256_extracti128_si256, _mm512_add_epi32, _mm512_castsi512_si256,
    _mm512_cmple_epu64_mask, _mm512_dpbusd_epi32, _mm512_extracti64x4_epi64, _mm512_load_si512,
    _mm512_reduce_add_epi32, _mm512_set1_epi8, _mm512_set1_epi64, _mm512_setzero_si512, _mm512_slli_epi32,
    _mm512_sub_epi32, _mm512_unpackhi_epi32, _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
    _mm512_xor_si512,
};

use super::{lane_distances, lanes_of, narrowed};
use crate::{BLOCK_NUMBERS, Chosen, Factors, Numbers, Products, StoredOctet};

/// Products whose sums stay in registers and are added up across together.
pub(super) const TOGETHER: usize = 4;

/// Choices between asking for a row and reading it.
const AHEAD: usize = 8;

pub(crate) fn near_b512(
    octets: &[StoredOctet],
    strings: &[[u64; 8]],
    within: u16,
    near: &mut [u8],
    distances: &mut [[u16; 8]],
) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { near_featured(octets, strings, within, near, distances) }
}

pub(crate) fn products_i8(factors: &[&Factors], rows: &[Numbers], blocks: usize, products: &mut [i32]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe {
        match factors {
            [] => {}
            [one] => products_of_one(one, rows, blocks, products),
            several => products_of_several(several, rows, blocks, products),
        }
    }
}

pub(crate) fn squares_i8(rows: &[Numbers], blocks: usize, squares: &mut [i32]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { squares_featured(rows, blocks, squares) }
}

pub(crate) fn chosen_i8(
    factors: &[&Factors],
    rows: &[Numbers],
    blocks: usize,
    chosen: &[Chosen],
    products: &mut [Products],
) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { chosen_featured(factors, rows, blocks, chosen, products) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vpopcntdq")]
fn near_featured(
    octets: &[StoredOctet],
    strings: &[[u64; 8]],
    within: u16,
    near: &mut [u8],
    distances: &mut [[u16; 8]],
) {
    let within = _mm512_set1_epi64(i64::from(within));
    let mut places = near.iter_mut().zip(distances);
    for octet in octets {
        let lanes = lanes_of(&octet.words);
        for (string, (near, out)) in strings.iter().zip(&mut places) {
            let distances = lane_distances(&lanes, string);
            *near = _mm512_cmple_epu64_mask(distances, within);
            *out = narrowed(distances);
        }
    }
}

/// Four rows at a time.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn products_of_one(factors: &Factors, rows: &[Numbers], blocks: usize, products: &mut [i32]) {
    let (fours, rest) = rows.as_chunks::<TOGETHER>();
    let (outs, out_rest) = products.as_chunks_mut::<TOGETHER>();
    for (rows, out) in fours.iter().zip(outs) {
        let sums = sums(rows.each_ref(), [factors], blocks).map(|[sum]| sum);
        *out = added_up(sums).map(|product| product - factors.excess[blocks - 1]);
    }
    for (row, out) in rest.iter().zip(out_rest) {
        *out = product(row, factors, blocks);
    }
}

/// A row at a time with four factors.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn products_of_several(factors: &[&Factors], rows: &[Numbers], blocks: usize, products: &mut [i32]) {
    let (fours, rest) = factors.as_chunks::<TOGETHER>();
    for (row, out) in rows.iter().zip(products.chunks_exact_mut(factors.len())) {
        let (outs, out_rest) = out.as_chunks_mut::<TOGETHER>();
        for (factors, out) in fours.iter().zip(outs) {
            let [sums] = sums([row], *factors, blocks);
            *out = added_up(sums);
            for (product, factors) in out.iter_mut().zip(factors) {
                *product -= factors.excess[blocks - 1];
            }
        }
        for (factors, out) in rest.iter().zip(out_rest) {
            *out = product(row, factors, blocks);
        }
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn product(row: &Numbers, factors: &Factors, blocks: usize) -> i32 {
    let [[sum]] = sums([row], [factors], blocks);
    _mm512_reduce_add_epi32(sum) - factors.excess[blocks - 1]
}

/// Partial sums of the products of each row, 128 added to its numbers, with each of the factors.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn sums<const ROWS: usize, const FACTORS: usize>(
    rows: [&Numbers; ROWS],
    factors: [&Factors; FACTORS],
    blocks: usize,
) -> [[__m512i; FACTORS]; ROWS] {
    let mut sums = [[_mm512_setzero_si512(); FACTORS]; ROWS];
    for at in 0..blocks {
        for (row, sums) in rows.iter().zip(&mut sums) {
            // The instruction multiplies unsigned numbers with signed ones: 128 more than a signed number is unsigned.
            let row = _mm512_xor_si512(block(&row.0[at]), _mm512_set1_epi8(i8::MIN));
            for (factors, sum) in factors.iter().zip(sums) {
                *sum = _mm512_dpbusd_epi32(*sum, row, block(&factors.narrow.0[at]));
            }
        }
    }
    sums
}

/// The sum of the lanes of each vector.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn added_up(sums: [__m512i; TOGETHER]) -> [i32; TOGETHER] {
    let [a, b, c, d] = sums;
    let ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    let cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    let all = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
    let half = _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64::<1>(all));
    four(_mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256::<1>(half)))
}

#[inline]
fn four(vector: __m128i) -> [i32; 4] {
    let mut lanes = [0; 4];
    // SAFETY: four numbers of 32 bits are 16 bytes, and the store asks for no alignment.
    unsafe { _mm_storeu_si128(std::ptr::from_mut(&mut lanes).cast(), vector) }
    lanes
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn block(numbers: &[i8; BLOCK_NUMBERS]) -> __m512i {
    // SAFETY: 64 bytes, and `Numbers`, of which all blocks here are, begins each at a multiple of so many.
    unsafe { _mm512_load_si512(std::ptr::from_ref(numbers).cast()) }
}

/// Asks for a row some choices before its turn, as memory answers late.
#[inline]
fn prefetch(row: &Numbers, blocks: usize) {
    for block in &row.0[..blocks] {
        // SAFETY: a prefetch reads nothing, and every processor with AVX-512 has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(block.as_ptr()) }
    }
}

/// Partial sums of the product of a row with itself.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn squared(row: &Numbers, blocks: usize) -> __m512i {
    let (mut excessive, mut sum) = (_mm512_setzero_si512(), _mm512_setzero_si512());
    for numbers in &row.0[..blocks] {
        let numbers = block(numbers);
        excessive = _mm512_dpbusd_epi32(excessive, _mm512_xor_si512(numbers, _mm512_set1_epi8(i8::MIN)), numbers);
        sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8(1), numbers);
    }
    // 128 too much of every number.
    _mm512_sub_epi32(excessive, _mm512_slli_epi32::<7>(sum))
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn squares_featured(rows: &[Numbers], blocks: usize, squares: &mut [i32]) {
    let (fours, rest) = rows.as_chunks::<TOGETHER>();
    let (outs, out_rest) = squares.as_chunks_mut::<TOGETHER>();
    for (rows, out) in fours.iter().zip(outs) {
        *out = added_up(rows.each_ref().map(|row| squared(row, blocks)));
    }
    for (row, out) in rest.iter().zip(out_rest) {
        *out = _mm512_reduce_add_epi32(squared(row, blocks));
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn chosen_featured(
    factors: &[&Factors],
    rows: &[Numbers],
    blocks: usize,
    chosen: &[Chosen],
    products: &mut [Products],
) {
    for (at, (one, products)) in chosen.iter().zip(products).enumerate() {
        if let Some(later) = chosen.get(at + AHEAD) {
            prefetch(&rows[later.row as usize], blocks);
        }
        let (row, factors) = (&rows[one.row as usize], factors[one.factors as usize]);
        let [[dot]] = sums([row], [factors], blocks);
        let square = squared(row, blocks);
        let [dot, square, ..] = added_up([dot, square, dot, square]);
        *products = Products { dot: dot - factors.excess[blocks - 1], square };
    }
}
