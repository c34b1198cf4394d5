//! A record as it is compared.

use super::date::Birth;
use super::particulars::{Particulars, Sex};
use super::phonetic::{self, Code};
use super::{address, reach, text};

/// The most words of a name that are compared; more are left out, the last first.
pub const MAX_TOKENS: usize = 8;

/// The most letters of one word of a name.
const MAX_WORD: usize = 40;

/// A word of a name.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) word: Box<str>,
    pub(super) code: Code,
    pub(super) part: Part,
}

/// Which name a word belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Given,
    Family,
    Unknown,
}

/// What is compared of a record: a few dozen bytes as [`Prepared::to_bytes`] writes them. It holds personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Prepared {
    pub(super) tokens: Vec<Token>,
    pub(super) birth: Birth,
    pub(super) sex: Option<Sex>,
    /// Hashes of the words of the address, in order, each once.
    pub(super) address: Vec<u32>,
    /// A hash, 0 where not known; so are the next two.
    pub(super) post_code: u32,
    /// The last digits of it, not a hash.
    pub(super) phone: u64,
    pub(super) email: u64,
}

impl std::fmt::Debug for Prepared {
    /// Only that it is there: it is personal data, which belongs in no log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Prepared").finish_non_exhaustive()
    }
}

impl Prepared {
    /// The words of the names, as a table of how frequent each is has to count them.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(|token| &*token.word)
    }

    /// Whether there is a name or a birth date: without both, nothing can be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.birth.year == 0
    }
}

/// What of a name does not name anybody.
pub(super) struct Words<'a> {
    pub(super) titles: &'a [String],
    pub(super) particles: &'a [String],
}

pub(super) fn prepare(particulars: &Particulars, words: &Words<'_>, first_of_january_is_unknown: bool) -> Prepared {
    let mut tokens = Vec::new();
    if particulars.given.trim().is_empty() && particulars.family.trim().is_empty() {
        split(&particulars.full_name, Part::Unknown, words, &mut tokens);
    } else {
        split(&particulars.given, Part::Given, words, &mut tokens);
        split(&particulars.family, Part::Family, words, &mut tokens);
    }
    tokens.truncate(MAX_TOKENS);
    Prepared {
        tokens,
        birth: Birth::read(&particulars.birth, first_of_january_is_unknown),
        sex: Sex::read(&particulars.sex),
        address: address::words(&particulars.address),
        post_code: address::post_code(&particulars.post_code),
        phone: reach::phone(&particulars.phone),
        email: reach::email(&particulars.email),
    }
}

/// Adds the words of `name`; titles and particles are left out unless nothing else is left.
fn split(name: &str, part: Part, words: &Words<'_>, tokens: &mut Vec<Token>) {
    let name = text::normalise(name);
    let is_empty = |word: &&str| words.titles.iter().chain(words.particles).any(|empty| empty == word);
    let named: Vec<&str> = name.split(' ').filter(|word| !word.is_empty() && !is_empty(word)).collect();
    let kept = if named.is_empty() { name.split(' ').filter(|word| !word.is_empty()).collect() } else { named };
    tokens.extend(kept.into_iter().take(MAX_TOKENS).map(|word| {
        let word = &word[..word.len().min(MAX_WORD)];
        Token { word: word.into(), code: phonetic::code(word), part }
    }));
}
