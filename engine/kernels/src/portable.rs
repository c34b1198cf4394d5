//! Plain loops that define every answer, written so that the compiler vectorises them.

use crate::masked::{quarter, spread_bytes, spread_nibbles};
use crate::{
    Chosen, Factors, MAX_PAIRS, MaskedOctet, MaskedRow, Numbers, Octet, Overlap, POSES, Pairs, PairsLane, Panel, Poses,
    Products, SHIFTS, Shifted, Slack, StoredOctet, Weights,
};

/// Bits of a nearest string's key that hold its number.
pub const NEAREST_INDEX_BITS: u32 = 6;

/// The most strings that [`crate::Kernels::nearest_b256`] tells apart.
pub const NEAREST_MAX_STRINGS: usize = 1 << NEAREST_INDEX_BITS;

pub(crate) fn nearest_b256(octets: &[Octet<4>], strings: &[[u64; 4]], nearest: &mut [[u16; 8]]) {
    for (octet, best) in octets.iter().zip(nearest) {
        let mut keys = [u64::from(u16::MAX); 8];
        for (number, string) in strings.iter().enumerate() {
            let distances = octet_distances(octet, string);
            for (key, distance) in keys.iter_mut().zip(distances) {
                *key = (*key).min((distance << NEAREST_INDEX_BITS) + number as u64);
            }
        }
        *best = keys.map(|key| key as u16);
    }
}

pub(crate) fn distances_b256(octets: &[Octet<4>], strings: &[[u64; 4]], distances: &mut [[u16; 8]]) {
    distances_of(octets, strings, distances);
}

pub(crate) fn distances_b512(octets: &[Octet<8>], strings: &[[u64; 8]], distances: &mut [[u16; 8]]) {
    distances_of(octets, strings, distances);
}

fn distances_of<const W: usize>(octets: &[Octet<W>], strings: &[[u64; W]], distances: &mut [[u16; 8]]) {
    if octets.is_empty() {
        return;
    }
    for (string, row) in strings.iter().zip(distances.chunks_exact_mut(octets.len())) {
        for (octet, out) in octets.iter().zip(row) {
            *out = octet_distances(octet, string).map(|distance| distance as u16);
        }
    }
}

#[inline]
fn octet_distances<const W: usize>(octet: &Octet<W>, string: &[u64; W]) -> [u64; 8] {
    lane_distances(&octet.0, string)
}

#[inline]
fn lane_distances<const W: usize>(octet: &[[u64; 8]; W], string: &[u64; W]) -> [u64; 8] {
    let mut distances = [0; 8];
    for (lanes, &word) in octet.iter().zip(string) {
        for (distance, lane) in distances.iter_mut().zip(lanes) {
            *distance += u64::from((lane ^ word).count_ones());
        }
    }
    distances
}

pub(crate) fn overlaps_b8192(row: MaskedRow<'_>, string: Shifted<'_>) -> [Overlap; SHIFTS] {
    std::array::from_fn(|shift| {
        let (other, mut overlap) = (string.from(shift), Overlap::default());
        for (word, (one, other)) in row.words.iter().zip(other.words).enumerate() {
            let both = row.counted[word] & string.counted[word + shift];
            overlap.counted += both.count_ones() as u16;
            overlap.unlike += ((one ^ other) & spread_bytes(both)).count_ones() as u16;
        }
        overlap
    })
}

pub(crate) fn margins_b1024(octets: &[MaskedOctet], strings: &[Poses], weights: Weights, margins: &mut [[i16; 8]]) {
    let pairs = octets.iter().flat_map(|octet| strings.iter().map(move |string| (octet, string)));
    for ((octet, string), margins) in pairs.zip(margins) {
        *margins = std::array::from_fn(|lane| {
            let words = octet.words.map(|word| word[lane]);
            let counted = octet.counted.map(|word| word[lane]);
            (0..POSES).map(|pose| margin(&words, &counted, (string, pose), weights)).max().unwrap_or_default()
        });
    }
}

fn margin(
    words: &[u64; MaskedOctet::WORDS],
    counted: &[u64; MaskedOctet::COUNTED_WORDS],
    (string, pose): (&Poses, usize),
    weights: Weights,
) -> i16 {
    let unlike = words.iter().enumerate().map(|(word, bits)| {
        let [other, counts] = string.words[word][pose];
        ((bits ^ other) & counts & spread_nibbles(quarter(counted, word))).count_ones() as i32
    });
    let both = counted.iter().zip(&string.counted[pose]).map(|(one, other)| (one & other).count_ones() as i32);
    (both.sum::<i32>() * i32::from(weights.counted) - unlike.sum::<i32>() * i32::from(weights.unlike)) as i16
}

pub(crate) fn near_b512(
    octets: &[StoredOctet],
    strings: &[[u64; 8]],
    within: u16,
    near: &mut [u8],
    distances: &mut [[u16; 8]],
) {
    let pairs = octets.iter().flat_map(|octet| strings.iter().map(move |string| (octet, string)));
    for (((octet, string), near), out) in pairs.zip(near).zip(distances) {
        *out = lane_distances(&octet.words, string).map(|distance| distance as u16);
        *near = out.iter().rev().fold(0, |near, &distance| near << 1 | u8::from(distance <= within));
    }
}

pub(crate) fn products_i8(factors: &[&Factors], rows: &[Numbers], blocks: usize, products: &mut [i32]) {
    let pairs = rows.iter().flat_map(|row| factors.iter().map(move |factors| (row, factors)));
    for ((row, factors), product) in pairs.zip(products) {
        *product = dot_of_blocks(&factors.wide[..blocks], &row.0[..blocks]);
    }
}

pub(crate) fn panel_products_i8(
    panels: &[Panel],
    rows: &[Numbers],
    blocks: usize,
    products: &mut [[i32; Panel::LANES]],
    squares: &mut [i32],
) {
    squares_i8(rows, blocks, squares);
    for (panel, out) in panels.iter().zip(products.chunks_exact_mut(rows.len())) {
        for (row, out) in rows.iter().zip(out) {
            *out = [0; Panel::LANES];
            let pairs = row.0[..blocks].as_flattened().as_chunks().0.iter().zip(panel.wide.as_flattened());
            for (numbers, lanes) in pairs {
                let [first, second] = numbers.map(i32::from);
                for (sum, lane) in out.iter_mut().zip(lanes) {
                    *sum += first * i32::from(lane[0]) + second * i32::from(lane[1]);
                }
            }
        }
    }
}

pub(crate) fn squares_i8(rows: &[Numbers], blocks: usize, squares: &mut [i32]) {
    for (row, square) in rows.iter().zip(squares) {
        let numbers = row.0[..blocks].as_flattened();
        *square = dot_product(numbers, numbers);
    }
}

pub(crate) fn chosen_i8(
    factors: &[&Factors],
    rows: &[Numbers],
    blocks: usize,
    chosen: &[Chosen],
    products: &mut [Products],
) {
    for (chosen, products) in chosen.iter().zip(products) {
        let row = &rows[chosen.row as usize].0[..blocks];
        let dot = dot_of_blocks(&factors[chosen.factors as usize].wide[..blocks], row);
        *products = Products { dot, square: dot_product(row.as_flattened(), row.as_flattened()) };
    }
}

#[inline]
fn dot_of_blocks<const N: usize>(one: &[[i16; N]], other: &[[i8; N]]) -> i32 {
    let (one, other) = (one.as_flattened(), other.as_flattened());
    one.iter().zip(other).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

pub(crate) fn dots_i8(query: &[i8], rows: &[i8], dots: &mut [i32]) {
    for (row, dot) in rows.chunks_exact(query.len()).zip(dots) {
        *dot = dot_product(query, row);
    }
}

#[inline]
pub(crate) fn dot_product(one: &[i8], other: &[i8]) -> i32 {
    one.iter().zip(other).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

/// What the first round of votes is divided by, as a power of two, so that the second stays within 16 bits.
pub(crate) const SECOND_ROUND_SHIFT: u32 = 4;

pub(crate) fn consensus_i16(pairs: &Pairs, slack: &Slack, count: usize) -> u16 {
    let own = std::array::from_fn::<_, MAX_PAIRS, _>(|root| shift(pairs, root, root));
    let mut agreement = [[0_i16; MAX_PAIRS]; MAX_PAIRS];
    for (voter, agreement) in agreement.iter_mut().enumerate().take(count) {
        for (root, agreement) in agreement.iter_mut().enumerate() {
            let ((x, y), (own_x, own_y)) = (shift(pairs, voter, root), own[root]);
            let off = x.wrapping_sub(own_x).unsigned_abs().max(y.wrapping_sub(own_y).unsigned_abs());
            let most = slack.shift[voter][root] as u16;
            let alike = pairs.turn[voter].wrapping_sub(pairs.turn[root]).unsigned_abs() <= slack.turn;
            *agreement = i16::from(alike) * (i16::from(off <= most) + i16::from(off <= most >> 1));
        }
    }
    let first = votes(&agreement, &pairs.weight);
    let second = votes(&agreement, &first.map(|support| support >> SECOND_ROUND_SHIFT));
    strongest(&second, count)
}

/// For each root the weights of its voters, as often as each agrees.
fn votes(agreement: &[PairsLane; MAX_PAIRS], weight: &PairsLane) -> PairsLane {
    let mut support = [0_i16; MAX_PAIRS];
    for (agreement, weight) in agreement.iter().zip(weight) {
        for (support, times) in support.iter_mut().zip(agreement) {
            *support = support.wrapping_add(times.wrapping_mul(*weight));
        }
    }
    support
}

/// The most support of the first `count` roots.
#[inline]
pub(crate) fn strongest(support: &PairsLane, count: usize) -> u16 {
    support.iter().take(count).fold(0, |most, &support| most.max(support as u16))
}

/// The voter's second point turned back by the root's turn, less the voter's first point.
#[inline]
fn shift(pairs: &Pairs, voter: usize, root: usize) -> (i16, i16) {
    let (cos, sin) = (pairs.cos[root], pairs.sin[root]);
    let (to_x, to_y) = (pairs.to_x[voter], pairs.to_y[voter]);
    let x = scaled(to_x, cos).wrapping_sub(scaled(to_y, sin));
    let y = scaled(to_x, sin).wrapping_add(scaled(to_y, cos));
    (x.wrapping_sub(pairs.from_x[voter]), y.wrapping_sub(pairs.from_y[voter]))
}

/// `value` times `fraction` 32,768ths, rounded half up: what `pmulhrsw` computes.
#[inline]
fn scaled(value: i16, fraction: i16) -> i16 {
    ((i32::from(value) * i32::from(fraction) + (1 << 14)) >> 15) as i16
}
