//! Texts of claims as they are compared. Unlike in the search for duplicates, letters are not written in another script here: two names
//! that are alike in Latin letters only are two names.

use any_ascii::any_ascii;
use rphonetic::{DoubleMetaphone, Encoder};
use unicode_normalization::UnicodeNormalization;

/// The words of a text under NFKC (Unicode Standard Annex 15), in small letters; what is no letter, mark or digit divides them, except
/// apostrophes and full stops, which vanish.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded =
        text.nfkc().flat_map(char::to_lowercase).filter(|letter| !matches!(letter, '\'' | '\u{2019}' | '.' | '`'));
    let folded = folded.collect::<String>();
    let is_mark = unicode_normalization::char::is_combining_mark;
    let words = folded.split(|letter: char| !letter.is_alphanumeric() && !is_mark(letter));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What words sound like: Double Metaphone (Philips, "The Double Metaphone Search Algorithm", C/C++ Users Journal, June 2000) of their
/// Latin letters; a word without any sound, a number say, is itself.
pub(super) fn sounds(words: &[String]) -> Vec<String> {
    let sound = |word: &String| {
        let code = DoubleMetaphone::default().encode(&any_ascii(word));
        if code.is_empty() { word.clone() } else { code }
    };
    words.iter().map(sound).collect()
}

/// The share of words that two texts have in common, in percent of the longer, each word counted as often as it is in both. So that
/// neither a part of a name nor a list of guesses is all of it.
pub(super) fn share_percent(one: &[String], other: &[String]) -> u8 {
    let mut left = other.to_vec();
    let mut common = 0;
    for word in one {
        if let Some(at) = left.iter().position(|other| other == word) {
            left.swap_remove(at);
            common += 1;
        }
    }
    (100 * common / one.len().max(other.len()).max(1)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_as_people_mean_them() {
        assert_eq!(words("  O\u{2019}Brien-Smith, J.R. "), ["obrien", "smith", "jr"]);
        assert_eq!(words("Ｆｕｌｌ Straße"), ["full", "straße"]);
        assert_eq!(words("राम कुमार"), ["राम", "कुमार"]);
        assert_eq!(sounds(&words("Catherine 12")), sounds(&words("Kathryn 12")));
        let share = |one, other| share_percent(&words(one), &words(other));
        assert_eq!(share("Ada King", "king ADA"), 100);
        assert_eq!(share("Ada", "Ada King"), 50);
        assert_eq!(share("Ada Ada", "Ada King"), 50);
        assert_eq!(share("Ada Bea Cleo Dora King", "Ada King"), 40);
        assert_eq!(share("", ""), 0);
    }
}
