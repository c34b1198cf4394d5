//! Names in the letters that they were not registered with.

use super::Culture;

/// Of each sound in Latin letters its letter in Cyrillic, longest first.
const CYRILLIC: [(&str, &str); 33] = [
    ("sch", "щ"),
    ("sh", "ш"),
    ("ch", "ч"),
    ("kh", "х"),
    ("ya", "я"),
    ("ye", "е"),
    ("yu", "ю"),
    ("zh", "ж"),
    ("ts", "ц"),
    ("a", "а"),
    ("b", "б"),
    ("v", "в"),
    ("w", "в"),
    ("g", "г"),
    ("d", "д"),
    ("e", "е"),
    ("z", "з"),
    ("i", "и"),
    ("y", "й"),
    ("j", "дж"),
    ("k", "к"),
    ("c", "к"),
    ("q", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("f", "ф"),
];

/// Arabic writes no short vowels.
const ARABIC: [(&str, &str); 31] = [
    ("ou", "و"),
    ("ee", "ي"),
    ("sh", "ش"),
    ("kh", "خ"),
    ("th", "ث"),
    ("dh", "ذ"),
    ("b", "ب"),
    ("p", "ب"),
    ("t", "ت"),
    ("j", "ج"),
    ("h", "ه"),
    ("d", "د"),
    ("r", "ر"),
    ("z", "ز"),
    ("s", "س"),
    ("f", "ف"),
    ("q", "ق"),
    ("k", "ك"),
    ("c", "ك"),
    ("l", "ل"),
    ("m", "م"),
    ("n", "ن"),
    ("w", "و"),
    ("v", "ف"),
    ("y", "ي"),
    ("g", "غ"),
    ("x", "كس"),
    ("a", ""),
    ("e", ""),
    ("i", ""),
    ("u", ""),
];

/// Devanagari: (sound, its sign after a consonant, its letter elsewhere).
const VOWELS: [(&str, &str, &str); 8] = [
    ("aa", "ा", "आ"),
    ("ee", "ी", "ई"),
    ("ou", "ू", "ऊ"),
    ("a", "ा", "अ"),
    ("i", "ि", "इ"),
    ("u", "ु", "उ"),
    ("e", "े", "ए"),
    ("o", "ो", "ओ"),
];
const CONSONANTS: [(&str, &str); 26] = [
    ("bh", "भ"),
    ("ch", "च"),
    ("dh", "ध"),
    ("sh", "श"),
    ("th", "थ"),
    ("kh", "ख"),
    ("k", "क"),
    ("c", "क"),
    ("q", "क"),
    ("g", "ग"),
    ("j", "ज"),
    ("t", "त"),
    ("d", "द"),
    ("n", "न"),
    ("p", "प"),
    ("b", "ब"),
    ("m", "म"),
    ("y", "य"),
    ("r", "र"),
    ("l", "ल"),
    ("v", "व"),
    ("w", "व"),
    ("s", "स"),
    ("z", "ज"),
    ("h", "ह"),
    ("f", "फ"),
];

/// `text` in the letters of its culture; none where the culture writes Latin letters, or uses signs that do not spell.
pub(super) fn write(text: &str, culture: Culture) -> Option<String> {
    let text = text.to_lowercase();
    match culture {
        Culture::Slavic => Some(spell(&text, &CYRILLIC)),
        Culture::Arabic => Some(spell(&text, &ARABIC)),
        Culture::Indic => Some(devanagari(&text)),
        Culture::Western | Culture::Bantu | Culture::Sinic | Culture::Iberian => None,
    }
}

fn spell(text: &str, letters: &[(&str, &str)]) -> String {
    let (mut rest, mut out) = (text, String::new());
    while let Some(first) = rest.chars().next() {
        let found = letters.iter().find_map(|(from, to)| rest.strip_prefix(from).map(|left| (left, *to)));
        // A vowel at the beginning is written with the letter that carries vowels.
        if letters[0].1 == "و" && matches!(first, 'a' | 'e' | 'i' | 'o' | 'u') && (out.is_empty() || out.ends_with(' '))
        {
            out.push('ا');
        }
        if let Some((left, to)) = found {
            out.push_str(to);
            rest = left;
        } else {
            if first == ' ' {
                out.push(' ');
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn devanagari(text: &str) -> String {
    let (mut rest, mut out, mut consonant) = (text, String::new(), false);
    while let Some(first) = rest.chars().next() {
        if let Some((left, sign, letter)) =
            VOWELS.iter().find_map(|(from, sign, letter)| rest.strip_prefix(from).map(|left| (left, sign, letter)))
        {
            out.push_str(if consonant { sign } else { letter });
            (rest, consonant) = (left, false);
        } else if let Some((left, letter)) =
            CONSONANTS.iter().find_map(|(from, letter)| rest.strip_prefix(from).map(|left| (left, letter)))
        {
            if consonant {
                out.push('्');
            }
            out.push_str(letter);
            (rest, consonant) = (left, true);
        } else {
            if first == ' ' {
                out.push(' ');
            }
            (rest, consonant) = (&rest[first.len_utf8()..], false);
        }
    }
    out
}
