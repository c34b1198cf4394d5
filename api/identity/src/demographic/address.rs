//! Addresses as sets of words.

use super::level::Level;
use super::prepared::Prepared;
use super::text;

/// The most words of an address that are compared.
pub(super) const MAX_WORDS: usize = 24;

/// From this share of the words of the shorter address on, the two are the same: a word of five may be mistyped.
const SAME: f32 = 0.75;
/// And from this one on, they have a part in common: the town and the kind of a street, say.
const PART: f32 = 0.45;

/// Hashes of the words of `lines`, in order, each once.
pub(super) fn words(lines: &[String]) -> Vec<u32> {
    let mut hashes: Vec<u32> = Vec::new();
    for line in lines.iter().take(MAX_WORDS) {
        let line = text::normalise(line);
        hashes.extend(line.split(' ').filter(|word| !word.is_empty()).map(|word| short_hash(word.as_bytes())));
    }
    hashes.truncate(MAX_WORDS);
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// A hash of the post code without blanks; 0 for none.
pub(super) fn post_code(text: &str) -> u32 {
    let code = text::normalise(text).replace(' ', "");
    if code.is_empty() { 0 } else { short_hash(code.as_bytes()).max(1) }
}

/// The overlap coefficient of the two sets in levels, and the post code where they have little in common. The two are one field: who
/// moves changes both.
pub(super) fn compare(one: &Prepared, other: &Prepared) -> Level {
    let codes = one.post_code != 0 && other.post_code != 0;
    let same_code = codes && one.post_code == other.post_code;
    if one.address.is_empty() || other.address.is_empty() {
        return match (codes, same_code) {
            (false, _) => Level::Missing,
            (true, true) => Level::Area,
            (true, false) => Level::Apart,
        };
    }
    let common = one.address.iter().filter(|word| other.address.binary_search(word).is_ok()).count();
    match common as f32 / one.address.len().min(other.address.len()) as f32 {
        share if share >= SAME => Level::Same,
        share if share >= PART => Level::Part,
        _ if same_code => Level::Area,
        _ => Level::Apart,
    }
}

/// FNV-1a (Fowler, Noll & Vo) of 64 bits: the same on every machine, as what is stored must be. It hides nothing.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3))
}

fn short_hash(bytes: &[u8]) -> u32 {
    let hash = hash(bytes);
    (hash ^ (hash >> 32)) as u32
}
