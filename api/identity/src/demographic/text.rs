//! Texts as they are compared: lower-case Latin letters and digits, one blank between words.
//!
//! Transliteration is `any_ascii`'s: beside `deunicode` it doubles no vowel of Devanagari (राम is "ram", not "raam") and keeps those of
//! Ethiopic (አበበ is "abebe", not "ababa"); on Arabic and Cyrillic the two agree.

use any_ascii::any_ascii_char;
use unicode_normalization::UnicodeNormalization;

/// The most letters of a text that are looked at: longer than any name or line of an address, and it bounds what edit distances cost.
pub(super) const MAX_LETTERS: usize = 256;

/// `text` under NFKC (Unicode Standard Annex 15), in lower case, transliterated; what is no letter or digit divides words, except the
/// apostrophe and the full stop, which vanish.
pub(super) fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.nfkc().take(MAX_LETTERS).flat_map(char::to_lowercase) {
        if letter.is_ascii() {
            push(&mut out, letter);
            continue;
        }
        // Every sign of a Chinese name is a word.
        let ideograph = matches!(letter, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{20000}'..='\u{3FFFF}');
        for letter in any_ascii_char(letter).chars() {
            push(&mut out, letter.to_ascii_lowercase());
        }
        if ideograph {
            push(&mut out, ' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn push(out: &mut String, letter: char) {
    match letter {
        'a'..='z' | '0'..='9' => out.push(letter),
        '\'' | '.' | '`' => {}
        _ if out.is_empty() || out.ends_with(' ') => {}
        _ => out.push(' '),
    }
}
