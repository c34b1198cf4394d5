//! Plain loops that define every answer, written so that the compiler vectorises them.

use crate::masked::{quarter, spread_bytes, spread_nibbles};
use crate::{
    MAX_PAIRS, MaskedOctet, MaskedRow, Octet, Overlap, POSES, Pairs, PairsLane, Poses, SHIFTS, Shifted, Slack, Weights,
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
    let mut distances = [0; 8];
    for (lanes, &word) in octet.0.iter().zip(string) {
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
