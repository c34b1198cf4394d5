//! Many rows of 512 numbers against sixteen others at a time.

use std::arch::x86_64::{
    __m512i, _MM_HINT_T0, _mm_prefetch, _mm512_dpbusd_epi32, _mm512_reduce_add_epi32, _mm512_set1_epi8,
    _mm512_set1_epi32, _mm512_setzero_si512, _mm512_slli_epi32, _mm512_storeu_si512, _mm512_sub_epi32,
    _mm512_xor_si512,
};

use super::rows::{TOGETHER, added_up, block};
use crate::panel::{BLOCK_GROUPS, GROUP};
use crate::{Numbers, Panel};

/// Rows whose sums stay in registers: enough that no instruction waits for the one before it.
const TILE: usize = 16;

pub(crate) fn panel_products_i8(
    panels: &[Panel],
    rows: &[Numbers],
    blocks: usize,
    products: &mut [[i32; Panel::LANES]],
    squares: &mut [i32],
) {
    // SAFETY: the table with this function is handed out only where `Isa::Avx512` is available.
    unsafe { featured(panels, rows, blocks, products, squares) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn featured(
    panels: &[Panel],
    rows: &[Numbers],
    blocks: usize,
    products: &mut [[i32; Panel::LANES]],
    squares: &mut [i32],
) {
    let (tiles, rest) = rows.as_chunks::<TILE>();
    for (number, tile) in tiles.iter().enumerate() {
        let first = number * TILE;
        let sums = measured(tile, blocks, &mut squares[first..]);
        for (panel, out) in panels.iter().zip(products.chunks_exact_mut(rows.len())) {
            tile_products(panel, (tile, &sums), blocks, &mut out[first..]);
        }
    }
    let first = tiles.len() * TILE;
    for (offset, row) in rest.iter().enumerate() {
        let place = first + offset;
        let sums = measured(std::slice::from_ref(row), blocks, &mut squares[place..]);
        for (panel, out) in panels.iter().zip(products.chunks_exact_mut(rows.len())) {
            tile_products(panel, (std::array::from_ref(row), &[sums[0]]), blocks, &mut out[place..]);
        }
    }
}

/// The products of all lanes of a panel with some rows, whose numbers have these sums.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn tile_products<const ROWS: usize>(
    panel: &Panel,
    (rows, sums): (&[Numbers; ROWS], &[i32; ROWS]),
    blocks: usize,
    products: &mut [[i32; Panel::LANES]],
) {
    // All lanes' numbers have 128 more than they should.
    let mut products_of = sums.map(|sum| _mm512_set1_epi32(-128 * sum));
    for at in 0..blocks {
        for (group, lanes) in panel.lifted[at].iter().enumerate() {
            let lanes = load(lanes);
            prefetch_after(rows, group, at);
            for (row, sum) in rows.iter().zip(&mut products_of) {
                *sum = _mm512_dpbusd_epi32(*sum, lanes, spread(row.0[at].as_chunks().0[group]));
            }
        }
    }
    for (sum, out) in products_of.into_iter().zip(products) {
        // SAFETY: sixteen numbers of 32 bits are 64 bytes, and the store asks for no alignment.
        unsafe { _mm512_storeu_si512(std::ptr::from_mut(out).cast(), sum) }
    }
}

/// Asks for a block of one of the rows that follow these, a little at a time while these are multiplied.
#[inline]
fn prefetch_after<const ROWS: usize>(rows: &[Numbers; ROWS], row: usize, block: usize) {
    if ROWS == TILE {
        let next = rows.as_ptr().wrapping_add(ROWS + row).cast::<i8>().wrapping_add(64 * block);
        // SAFETY: a prefetch reads nothing, whatever the address, and every processor with AVX-512 has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(next) }
    }
}
const _: () =
    assert!(TILE == BLOCK_GROUPS, "a block of each of the next rows is asked for while one of each is multiplied");

#[inline]
#[target_feature(enable = "avx512f")]
fn load(lanes: &[[u8; GROUP]; Panel::LANES]) -> __m512i {
    // SAFETY: 64 bytes, and a panel, of which all lanes here are, has each group at a multiple of so many.
    unsafe { std::arch::x86_64::_mm512_load_si512(std::ptr::from_ref(lanes).cast()) }
}

/// Four numbers in every lane.
#[inline]
#[target_feature(enable = "avx512f")]
fn spread(numbers: [i8; GROUP]) -> __m512i {
    _mm512_set1_epi32(i32::from_le_bytes(numbers.map(i8::cast_unsigned)))
}

/// The sum of each row's numbers; that of their squares goes to `squares`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn measured(rows: &[Numbers], blocks: usize, squares: &mut [i32]) -> [i32; TILE] {
    let mut sums = [0; TILE];
    let (fours, rest) = rows.as_chunks::<TOGETHER>();
    let outs = sums.as_chunks_mut::<TOGETHER>().0.iter_mut().zip(squares.as_chunks_mut::<TOGETHER>().0);
    for (rows, (sums, squares)) in fours.iter().zip(outs) {
        let measured = rows.each_ref().map(|row| measure(row, blocks));
        *sums = added_up(measured.map(|(sum, _)| sum));
        *squares = added_up(measured.map(|(_, square)| square));
    }
    let done = fours.len() * TOGETHER;
    for (row, (sum, square)) in rest.iter().zip(sums[done..].iter_mut().zip(&mut squares[done..])) {
        let (sums, squares) = measure(row, blocks);
        (*sum, *square) = (_mm512_reduce_add_epi32(sums), _mm512_reduce_add_epi32(squares));
    }
    sums
}

/// Partial sums of a row's numbers, and of their squares.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn measure(row: &Numbers, blocks: usize) -> (__m512i, __m512i) {
    let (mut sum, mut excessive) = (_mm512_setzero_si512(), _mm512_setzero_si512());
    for numbers in &row.0[..blocks] {
        let numbers = block(numbers);
        sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8(1), numbers);
        excessive = _mm512_dpbusd_epi32(excessive, _mm512_xor_si512(numbers, _mm512_set1_epi8(i8::MIN)), numbers);
    }
    // 128 times the sum too much.
    (sum, _mm512_sub_epi32(excessive, _mm512_slli_epi32::<7>(sum)))
}
