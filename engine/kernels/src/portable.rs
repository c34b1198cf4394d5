//! Plain loops that define every answer, written so that the compiler vectorises them.

use crate::{MAX_PAIRS, Octet, Pairs, Slack};

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

pub(crate) fn support_i16(pairs: &Pairs, slack: &Slack, count: usize) -> [i16; MAX_PAIRS] {
    let (own_x, own_y) = own_shifts(pairs);
    let mut support = [0_i16; MAX_PAIRS];
    for voter in 0..count {
        for root in 0..MAX_PAIRS {
            let (x, y) = shift(pairs, voter, root);
            let off_x = x.wrapping_sub(own_x[root]).unsigned_abs();
            let off_y = y.wrapping_sub(own_y[root]).unsigned_abs();
            let off_turn = pairs.turn[voter].wrapping_sub(pairs.turn[root]).unsigned_abs();
            let near = off_x.max(off_y) <= slack.shift[voter][root] as u16;
            let alike = off_turn <= slack.turn;
            let vote = if near && alike { pairs.weight[voter] } else { 0 };
            support[root] = support[root].wrapping_add(vote);
        }
    }
    support
}

/// Where each root's own second point lands beyond its first, by its own turn.
pub(crate) fn own_shifts(pairs: &Pairs) -> ([i16; MAX_PAIRS], [i16; MAX_PAIRS]) {
    let (mut x, mut y) = ([0; MAX_PAIRS], [0; MAX_PAIRS]);
    for root in 0..MAX_PAIRS {
        (x[root], y[root]) = shift(pairs, root, root);
    }
    (x, y)
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
