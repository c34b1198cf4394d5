//! Many rows of 512 numbers against sixteen others at a time.

use std::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_loadu_si256, _mm256_madd_epi16, _mm256_set1_epi32, _mm256_setzero_si256,
    _mm256_storeu_si256,
};

use super::rows::squares_i8;
use super::widened;
use crate::{BLOCK_NUMBERS, Numbers, Panel};

/// Rows whose sums stay in registers.
const TILE: usize = 4;

/// Vectors that hold a number of 32 bits of each lane.
const HALVES: usize = 2;

pub(crate) fn panel_products_i8(
    panels: &[Panel],
    rows: &[Numbers],
    blocks: usize,
    products: &mut [[i32; Panel::LANES]],
    squares: &mut [i32],
) {
    squares_i8(rows, blocks, squares);
    // SAFETY: the table with this function is handed out only where `Isa::Avx2` is available.
    unsafe { featured(panels, rows, blocks, products) }
}

#[target_feature(enable = "avx2")]
fn featured(panels: &[Panel], rows: &[Numbers], blocks: usize, products: &mut [[i32; Panel::LANES]]) {
    for (number, tile) in rows.chunks(TILE).enumerate() {
        // Rows that are not there are zeros.
        let mut wide = [[[0; BLOCK_NUMBERS]; Numbers::BLOCKS]; TILE];
        for (wide, row) in wide.iter_mut().zip(tile) {
            for (wide, numbers) in wide.iter_mut().zip(&row.0[..blocks]) {
                widen(numbers, wide);
            }
        }
        for (panel, out) in panels.iter().zip(products.chunks_exact_mut(rows.len())) {
            let products = tile_products(panel, &wide, blocks);
            for (products, out) in products.into_iter().zip(&mut out[number * TILE..]) {
                for (half, out) in products.into_iter().zip(out.as_chunks_mut::<8>().0) {
                    // SAFETY: eight numbers of 32 bits are 32 bytes, and the store asks for no alignment.
                    unsafe { _mm256_storeu_si256(std::ptr::from_mut(out).cast(), half) }
                }
            }
        }
    }
}

/// The products of all lanes of a panel with some rows.
#[inline]
#[target_feature(enable = "avx2")]
fn tile_products(
    panel: &Panel,
    rows: &[[[i16; BLOCK_NUMBERS]; Numbers::BLOCKS]; TILE],
    blocks: usize,
) -> [[__m256i; HALVES]; TILE] {
    let mut products = [[_mm256_setzero_si256(); HALVES]; TILE];
    for at in 0..blocks {
        for (pair, lanes) in panel.wide[at].iter().enumerate() {
            let (halves, _) = lanes.as_chunks::<8>();
            let halves = [load(&halves[0]), load(&halves[1])];
            for (row, products) in rows.iter().zip(&mut products) {
                let numbers = spread(row[at].as_chunks().0[pair]);
                for (product, half) in products.iter_mut().zip(halves) {
                    *product = _mm256_add_epi32(*product, _mm256_madd_epi16(half, numbers));
                }
            }
        }
    }
    products
}

#[inline]
#[target_feature(enable = "avx2")]
fn widen(numbers: &[i8; BLOCK_NUMBERS], wide: &mut [i16; BLOCK_NUMBERS]) {
    for (numbers, wide) in numbers.as_chunks().0.iter().zip(wide.as_chunks_mut::<16>().0) {
        // SAFETY: sixteen numbers of 16 bits are 32 bytes, and the store asks for no alignment.
        unsafe { _mm256_storeu_si256(std::ptr::from_mut(wide).cast(), widened(numbers)) }
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(lanes: &[[i16; 2]; 8]) -> __m256i {
    // SAFETY: 32 bytes, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(std::ptr::from_ref(lanes).cast()) }
}

/// A pair of numbers in every lane.
#[inline]
#[target_feature(enable = "avx2")]
fn spread([first, second]: [i16; 2]) -> __m256i {
    _mm256_set1_epi32(i32::from(first as u16) | i32::from(second) << 16)
}
