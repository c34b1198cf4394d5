//! Many rows of 512 bits or 512 numbers against several others.

use std::arch::x86_64::{
    __m256i, _MM_HINT_T0, _mm_add_epi32, _mm_prefetch, _mm_storeu_si128, _mm256_add_epi32, _mm256_castsi256_si128,
    _mm256_extracti128_si256, _mm256_hadd_epi32, _mm256_loadu_si256, _mm256_madd_epi16, _mm256_setzero_si256,
};

use super::{Nibbles, SplitString, dot_of_whole, half_distances, narrowed, split_string, widened, words_of};
use crate::{Chosen, Factors, NEAREST_MAX_STRINGS, Numbers, Products, StoredOctet};

/// Products whose sums stay in registers and are added up across together.
const TOGETHER: usize = 4;

/// Choices between asking for a row and reading it.
const AHEAD: usize = 8;

pub(crate) fn near_b512(
    octets: &[StoredOctet],
    strings: &[[u64; 8]],
    within: u16,
    near: &mut [u8],
    distances: &mut [[u16; 8]],
) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { near_featured(octets, strings, within, near, distances) }
}

pub(crate) fn products_i8(factors: &[&Factors], rows: &[Numbers], blocks: usize, products: &mut [i32]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { products_featured(factors, rows, blocks, products) }
}

pub(crate) fn squares_i8(rows: &[Numbers], blocks: usize, squares: &mut [i32]) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { squares_featured(rows, blocks, squares) }
}

pub(crate) fn chosen_i8(
    factors: &[&Factors],
    rows: &[Numbers],
    blocks: usize,
    chosen: &[Chosen],
    products: &mut [Products],
) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { chosen_featured(factors, rows, blocks, chosen, products) }
}

/// Asks for a row some choices before its turn, as memory answers late.
#[inline]
fn prefetch(row: &Numbers, blocks: usize) {
    for block in &row.0[..blocks] {
        // SAFETY: a prefetch reads nothing, and every processor with AVX2 has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(block.as_ptr()) }
    }
}

#[target_feature(enable = "avx2")]
fn near_featured(
    octets: &[StoredOctet],
    strings: &[[u64; 8]],
    within: u16,
    near: &mut [u8],
    distances: &mut [[u16; 8]],
) {
    let mut parted = [SplitString { low: [0; 8], high: [0; 8] }; NEAREST_MAX_STRINGS];
    for (number, some) in strings.chunks(NEAREST_MAX_STRINGS).enumerate() {
        for (parted, string) in parted.iter_mut().zip(some) {
            *parted = split_string(string);
        }
        for (octet, first) in octets.iter().zip((number * NEAREST_MAX_STRINGS..).step_by(strings.len())) {
            let halves: [[Nibbles; 8]; 2] = [words_of(&octet.words, 0), words_of(&octet.words, 4)];
            let places = near[first..].iter_mut().zip(&mut distances[first..]);
            for (string, (near, out)) in parted[..some.len()].iter().zip(places) {
                *out = narrowed(half_distances(&halves, string));
                *near = out.iter().rev().fold(0, |near, &distance| near << 1 | u8::from(distance <= within));
            }
        }
    }
}

#[target_feature(enable = "avx2")]
fn products_featured(factors: &[&Factors], rows: &[Numbers], blocks: usize, products: &mut [i32]) {
    if factors.is_empty() {
        return;
    }
    let (fours, rest) = factors.as_chunks::<TOGETHER>();
    for (row, out) in rows.iter().zip(products.chunks_exact_mut(factors.len())) {
        let (outs, out_rest) = out.as_chunks_mut::<TOGETHER>();
        for (factors, out) in fours.iter().zip(outs) {
            *out = added_up(sums(row, *factors, blocks));
        }
        for (factors, out) in rest.iter().zip(out_rest) {
            let [sum] = sums(row, [factors], blocks);
            let nothing = _mm256_setzero_si256();
            [*out, ..] = added_up([sum, nothing, nothing, nothing]);
        }
    }
}

/// Partial sums of the products of a row with each of the factors.
#[inline]
#[target_feature(enable = "avx2")]
fn sums<const FACTORS: usize>(row: &Numbers, factors: [&Factors; FACTORS], blocks: usize) -> [__m256i; FACTORS] {
    let mut sums = [_mm256_setzero_si256(); FACTORS];
    let row = row.0[..blocks].as_flattened().as_chunks().0;
    let factors = factors.map(|factors| factors.wide[..blocks].as_flattened().as_chunks().0);
    for (at, numbers) in row.iter().enumerate() {
        let numbers = widened(numbers);
        for (factors, sum) in factors.iter().zip(&mut sums) {
            *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(numbers, sixteen(&factors[at])));
        }
    }
    sums
}

/// The sum of the lanes of each vector.
#[inline]
#[target_feature(enable = "avx2")]
fn added_up(sums: [__m256i; TOGETHER]) -> [i32; TOGETHER] {
    let [a, b, c, d] = sums;
    let all = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    let all = _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256::<1>(all));
    let mut lanes = [0; TOGETHER];
    // SAFETY: four numbers of 32 bits are 16 bytes, and the store asks for no alignment.
    unsafe { _mm_storeu_si128(std::ptr::from_mut(&mut lanes).cast(), all) }
    lanes
}

#[target_feature(enable = "avx2")]
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
        let row = rows[one.row as usize].0[..blocks].as_flattened().as_chunks().0;
        let factors = factors[one.factors as usize].wide[..blocks].as_flattened().as_chunks().0;
        let (mut dot, mut square) = (_mm256_setzero_si256(), _mm256_setzero_si256());
        for (numbers, factors) in row.iter().zip(factors) {
            let numbers = widened(numbers);
            dot = _mm256_add_epi32(dot, _mm256_madd_epi16(numbers, sixteen(factors)));
            square = _mm256_add_epi32(square, _mm256_madd_epi16(numbers, numbers));
        }
        let [dot, square, ..] = added_up([dot, square, dot, square]);
        *products = Products { dot, square };
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn sixteen(numbers: &[i16; 16]) -> __m256i {
    // SAFETY: 16 numbers of 16 bits are 32 bytes, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(std::ptr::from_ref(numbers).cast()) }
}

#[target_feature(enable = "avx2")]
fn squares_featured(rows: &[Numbers], blocks: usize, squares: &mut [i32]) {
    for (row, square) in rows.iter().zip(squares) {
        let numbers = row.0[..blocks].as_flattened();
        *square = dot_of_whole(numbers, numbers);
    }
}
