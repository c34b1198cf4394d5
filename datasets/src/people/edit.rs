//! Small damage to texts.

use super::random::Random;

/// Letters that lie beside each other on a keyboard.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// What a reader of print or handwriting takes for something else.
const LOOKS: [(&str, &str); 14] = [
    ("rn", "m"),
    ("m", "rn"),
    ("l", "1"),
    ("i", "l"),
    ("o", "0"),
    ("cl", "d"),
    ("h", "b"),
    ("u", "v"),
    ("v", "u"),
    ("e", "c"),
    ("c", "e"),
    ("a", "o"),
    ("n", "r"),
    ("g", "q"),
];

/// What sounds alike and is spelt one way or the other.
const SOUNDS: [(&str, &str); 26] = [
    ("ph", "f"),
    ("f", "ph"),
    ("ck", "k"),
    ("k", "c"),
    ("c", "k"),
    ("ou", "u"),
    ("u", "ou"),
    ("ee", "i"),
    ("i", "ee"),
    ("i", "y"),
    ("y", "i"),
    ("sh", "ch"),
    ("kh", "h"),
    ("v", "w"),
    ("w", "v"),
    ("z", "s"),
    ("s", "z"),
    ("th", "t"),
    ("t", "th"),
    ("dh", "d"),
    ("e", "i"),
    ("o", "u"),
    ("q", "k"),
    ("x", "ks"),
    ("a", "e"),
    ("j", "dj"),
];

/// One letter inserted, left out, replaced by a neighbour on the keyboard, or exchanged with the next.
pub(super) fn typo(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 2 {
        return text.to_owned();
    }
    // The first letter is mistyped less often than others: people look at it.
    let at = if random.chance(0.1) { 0 } else { 1 + random.index(letters.len() - 1) };
    match random.below(4) {
        0 => letters.insert(at, beside(letters[at], random)),
        1 => drop(letters.remove(at)),
        2 => letters[at] = beside(letters[at], random),
        _ => letters.swap(at.max(1) - 1, at.max(1)),
    }
    letters.into_iter().collect()
}

fn beside(letter: char, random: &mut Random) -> char {
    if letter.is_ascii_digit() {
        return char::from(b'0' + random.below(10) as u8);
    }
    for row in ROWS {
        if let Some(at) = row.find(letter.to_ascii_lowercase()) {
            let to = if at == 0 || (at + 1 < row.len() && random.chance(0.5)) { at + 1 } else { at - 1 };
            return char::from(row.as_bytes()[to]);
        }
    }
    'e'
}

/// Something that looks alike in place of one letter or two.
pub(super) fn misread(text: &str, random: &mut Random) -> String {
    exchange(text, &LOOKS, random)
}

/// Another spelling of the same sound.
pub(super) fn respell(text: &str, random: &mut Random) -> String {
    exchange(text, &SOUNDS, random)
}

fn exchange(text: &str, pairs: &[(&str, &str)], random: &mut Random) -> String {
    let lower = text.to_lowercase();
    let begin = random.index(pairs.len());
    for step in 0..pairs.len() {
        let (from, to) = pairs[(begin + step) % pairs.len()];
        let places: Vec<usize> = lower.match_indices(from).map(|(at, _)| at).collect();
        if !places.is_empty() && text.is_ascii() {
            let at = places[random.index(places.len())];
            return format!("{}{to}{}", &lower[..at], &lower[at + from.len()..]);
        }
    }
    text.to_owned()
}

/// The short form that friends use: the first syllables, often with an ending.
pub(super) fn nickname(text: &str, random: &mut Random) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let short: String = first.chars().take(if first.len() > 5 { 4 } else { 3 }).collect();
    let ending = ["", "i", "o", "y"][random.index(4)];
    format!("{}{ending}", short.trim_end_matches(['a', 'e', 'i', 'o', 'u']))
}

/// A digit other than it was.
pub(super) fn misdial(digits: &str, random: &mut Random) -> String {
    let at = random.index(digits.len().max(1));
    let digit = |(place, old): (usize, char)| match old.to_digit(10) {
        Some(old) if place == at => char::from(b'0' + ((old + 1 + random.below(9)) % 10) as u8),
        _ => old,
    };
    digits.chars().enumerate().map(digit).collect()
}
