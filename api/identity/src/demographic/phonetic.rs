//! What names sound like.

use rphonetic::{DoubleMetaphone, Encoder};

/// A Double Metaphone code (Philips, "The Double Metaphone Search Algorithm", C/C++ Users Journal, June 2000) of at most four letters,
/// padded with zeros. It is chosen over Beider-Morse, whose rules have to guess a language, are made for surnames of Europe and give
/// dozens of codes a name, and over Soundex, which keeps the first letter whatever it sounds like.
pub(super) type Code = [u8; 4];

/// The code of a normalised word; a word without any sound, a number say, is coded by its first letters.
pub(super) fn code(word: &str) -> Code {
    let sound = DoubleMetaphone::default().encode(word);
    let sound = if sound.is_empty() { word } else { sound.as_str() };
    let mut code = [0; 4];
    for (to, from) in code.iter_mut().zip(sound.bytes()) {
        *to = from;
    }
    code
}

/// The code as text, for a key.
pub(super) fn letters(code: Code) -> impl Iterator<Item = char> {
    code.into_iter().take_while(|byte| *byte != 0).map(char::from)
}
