//! Names as bags of words: order, left-out words and initials are part of the comparison.

use super::level::Level;
use super::prepared::{MAX_TOKENS, Part, Prepared, Token};

/// From this Jaro-Winkler similarity on (Winkler 1990), two words are one, misspelt.
const NEAR: f64 = 0.92;
/// And from this one on, they may be.
const FAR: f64 = 0.86;
/// One edit makes another name of a shorter word.
const MIN_EDITED: usize = 4;
/// Two edits in a word that is shorter than this leave too little of it.
const MIN_TWICE_EDITED: usize = 7;
/// Letters by which a short form, a nickname say, begins like the whole name.
const MIN_BEGINNING: usize = 3;
/// A longer word is a name itself, not the beginning of another.
const MAX_BEGINNING: usize = 5;
/// Consonants that make words alike whose vowels nobody wrote, as in Arabic and Hebrew.
const MIN_CONSONANTS: usize = 3;

/// And that are enough where one of the words has no vowels.
const MIN_BARE: usize = 2;

/// How alike two words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    None,
    Far,
    Beginning,
    Near,
    Exact,
}

/// What comparing two names gives.
pub(super) struct NameAgreement<'a> {
    pub(super) level: Level,
    /// Words of the first name that the other has too, or nearly.
    pub(super) shared: Vec<&'a str>,
}

/// Compares all names of two records.
pub(super) fn compare<'a>(one: &'a Prepared, other: &'a Prepared) -> NameAgreement<'a> {
    let (one, other) = (&one.tokens, &other.tokens);
    if one.is_empty() || other.is_empty() {
        return NameAgreement { level: Level::Missing, shared: Vec::new() };
    }
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() < long.len() && letters(short).eq(letters(long)) {
        return NameAgreement { level: Level::Same, shared: long.iter().map(|token| &*token.word).collect() };
    }
    let pairs = assign(short, long);
    let shared = pairs.iter().filter(|pair| pair.likeness >= Likeness::Near).map(|pair| &*pair.short.word).collect();
    NameAgreement { level: level(short, long, &pairs), shared }
}

fn letters(tokens: &[Token]) -> impl Iterator<Item = u8> + '_ {
    tokens.iter().flat_map(|token| token.word.bytes())
}

struct Pair<'a> {
    short: &'a Token,
    long: &'a Token,
    likeness: Likeness,
}

/// Gives each word of the shorter name its own of the longer, the most alike first.
fn assign<'a>(short: &'a [Token], long: &'a [Token]) -> Vec<Pair<'a>> {
    let mut alike = [[Likeness::None; MAX_TOKENS]; MAX_TOKENS];
    for (at, token) in short.iter().enumerate() {
        for (against, other) in long.iter().enumerate() {
            alike[at][against] = likeness(token, other);
        }
    }
    let (mut taken, mut placed) = ([false; MAX_TOKENS], [false; MAX_TOKENS]);
    let mut pairs = Vec::with_capacity(short.len());
    for wanted in [Likeness::Exact, Likeness::Near, Likeness::Beginning, Likeness::Far] {
        for (at, token) in short.iter().enumerate() {
            let free = |against: &usize| !placed[at] && !taken[*against] && alike[at][*against] == wanted;
            let Some(against) = (0..long.len()).find(free) else { continue };
            (placed[at], taken[against]) = (true, true);
            pairs.push(Pair { short: token, long: &long[against], likeness: wanted });
        }
    }
    pairs
}

fn level(short: &[Token], long: &[Token], pairs: &[Pair<'_>]) -> Level {
    let least = pairs.iter().map(|pair| pair.likeness).min().unwrap_or(Likeness::None);
    let most = pairs.iter().map(|pair| pair.likeness).max().unwrap_or(Likeness::None);
    // One word of several says as little as an initial.
    let one_of_several = short.len() == 1 && long.len() > 1;
    match least {
        _ if most < Likeness::Near && most != Likeness::Far => Level::Apart,
        _ if pairs.len() < short.len() => differing(short, long, pairs),
        Likeness::Exact if short.len() == long.len() => Level::Same,
        Likeness::Exact if !one_of_several => Level::Part,
        Likeness::Near if !one_of_several => Level::Near,
        Likeness::Exact | Likeness::Near | Likeness::Beginning => Level::Initial,
        Likeness::Far => Level::Far,
        Likeness::None => Level::Apart,
    }
}

/// Of names of which a word has none like it: which of the two names that is.
fn differing(short: &[Token], long: &[Token], pairs: &[Pair<'_>]) -> Level {
    if pairs.iter().all(|pair| pair.likeness < Likeness::Near) {
        return Level::Apart;
    }
    if short.iter().chain(long).any(|token| token.part == Part::Unknown) {
        return Level::WordDiffers;
    }
    let agrees = |part: Part| {
        pairs.iter().any(|pair| pair.short.part == part && pair.long.part == part && pair.likeness > Likeness::Far)
    };
    match (agrees(Part::Given), agrees(Part::Family)) {
        (true, false) => Level::FamilyDiffers,
        (false, true) => Level::GivenDiffers,
        _ => Level::WordDiffers,
    }
}

fn likeness(one: &Token, other: &Token) -> Likeness {
    let (short, long) =
        if one.word.len() <= other.word.len() { (&*one.word, &*other.word) } else { (&*other.word, &*one.word) };
    if short == long {
        return Likeness::Exact;
    }
    if short.len() == 1 {
        return if long.starts_with(short) { Likeness::Beginning } else { Likeness::None };
    }
    // A code of one sound says nothing.
    if (one.code == other.code && one.code[1] != 0) || same_consonants(short, long) {
        return Likeness::Near;
    }
    let winkler = strsim::jaro_winkler(short, long);
    let edits = if winkler < 0.6 { usize::MAX } else { strsim::osa_distance(short, long) };
    if winkler >= NEAR || (edits == 1 && short.len() >= MIN_EDITED) {
        return Likeness::Near;
    }
    if begins(short, long) {
        return Likeness::Beginning;
    }
    if winkler >= FAR || (edits == 2 && short.len() >= MIN_TWICE_EDITED) || (edits == 1 && short.len() > 1) {
        return Likeness::Far;
    }
    Likeness::None
}

/// Whether the first letters are the same, the shorter word perhaps with another ending.
fn begins(short: &str, long: &str) -> bool {
    // Of three letters of a short form, the last is often an ending.
    let same = MIN_BEGINNING.min(short.len() - 1);
    short.len() <= MAX_BEGINNING
        && short.len() < long.len()
        && same >= 2
        && short.as_bytes()[..same] == long.as_bytes()[..same]
}

/// Whether two words differ in vowels only. Two consonants are enough where one of the words has no vowels, as in letters that do not
/// write them.
fn same_consonants(one: &str, other: &str) -> bool {
    let count = consonants(one).count();
    let bare = |word: &str| !word.bytes().skip(1).any(|letter| matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u'));
    let enough = count >= MIN_CONSONANTS || (count >= MIN_BARE && (bare(one) || bare(other)));
    enough && consonants(one).eq(consonants(other))
}

/// The consonants of a word, those that scripts exchange as one, and none twice in a row.
fn consonants(word: &str) -> impl Iterator<Item = u8> + '_ {
    let sound = |letter: u8| match letter {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'w' | b'h' => None,
        b'c' | b'q' => Some(b'k'),
        b'v' => Some(b'f'),
        b'z' => Some(b's'),
        b'p' => Some(b'b'),
        letter => Some(letter),
    };
    let mut last = 0;
    word.bytes().filter_map(sound).filter(move |letter| std::mem::replace(&mut last, *letter) != *letter)
}
