//! Thinning to lines one pixel wide, 64 pixels at a time.
//!
//! The rule is that of Guo and Hall, "Parallel thinning with two-subiteration algorithms", Communications of the ACM 32
//! (1989), algorithm A1, written as Boolean arithmetic on whole words.

use super::bits::Bits;

/// More rounds than half the widest ridge needs.
const MAX_ROUNDS: usize = 24;

/// The 8 neighbours of 64 pixels, clockwise from north.
struct Ring([u64; 8]);

/// Thins every blob of `bits` to its skeleton.
pub(super) fn thin(mut bits: Bits) -> Bits {
    for _ in 0..MAX_ROUNDS {
        let first = sweep(&mut bits, false);
        let second = sweep(&mut bits, true);
        if !first && !second {
            break;
        }
    }
    bits
}

/// One sub-iteration over the whole picture, every pixel judged by the state before it; whether anything went.
fn sweep(bits: &mut Bits, second: bool) -> bool {
    let stride = bits.stride;
    let mut above = vec![0; stride];
    let mut here = bits.words[..stride].to_vec();
    let nothing = vec![0; stride];
    let mut changed = 0;
    for y in 0..bits.height {
        let (done, rest) = bits.words.split_at_mut((y + 1) * stride);
        let below = rest.get(..stride).unwrap_or(&nothing);
        let out = &mut done[y * stride..];
        for word in 0..stride {
            if here[word] != 0 {
                let doomed = here[word] & removable(&ring(&above, &here, below, word), second);
                changed |= doomed;
                out[word] = here[word] & !doomed;
            }
        }
        std::mem::swap(&mut above, &mut here);
        here.copy_from_slice(below);
    }
    changed != 0
}

fn ring(above: &[u64], here: &[u64], below: &[u64], word: usize) -> Ring {
    // Bit 0 is leftmost: the pixel to the west comes from a shift up.
    let west = |row: &[u64]| row[word] << 1 | if word > 0 { row[word - 1] >> 63 } else { 0 };
    let east = |row: &[u64]| row[word] >> 1 | row.get(word + 1).map_or(0, |next| next << 63);
    Ring([above[word], east(above), east(here), east(below), below[word], west(below), west(here), west(above)])
}

fn removable(Ring([n, ne, e, se, s, sw, w, nw]): &Ring, second: bool) -> u64 {
    let one_run = exactly_one([!n & (ne | e), !e & (se | s), !s & (sw | w), !w & (nw | n)]);
    let pairs = [nw | n, ne | e, se | s, sw | w];
    let other_pairs = [n | ne, e | se, s | sw, w | nw];
    let thick_enough = two_or_more(pairs) & two_or_more(other_pairs);
    let inside = all(pairs) & all(other_pairs);
    let kept_by_phase = if second { (n | ne | !se) & e } else { (s | sw | !nw) & w };
    one_run & thick_enough & !inside & !kept_by_phase
}

fn two_or_more([a, b, c, d]: [u64; 4]) -> u64 {
    (a & b) | (c & d) | ((a | b) & (c | d))
}

fn exactly_one([a, b, c, d]: [u64; 4]) -> u64 {
    (a | b | c | d) & !two_or_more([a, b, c, d])
}

fn all([a, b, c, d]: [u64; 4]) -> u64 {
    a & b & c & d
}
