//! Keys under which records of one person meet.

use super::date::Birth;
use super::particulars::Sex;
use super::phonetic::{self, Code};
use super::prepared::Prepared;

/// The most keys of a record.
pub const MAX_KEYS: usize = 40;

/// Words of a name that make keys; of four words, there are six pairs.
const MAX_KEY_WORDS: usize = 4;

/// A short text that records share: a letter for its kind, then what they agree on. It can be told from it what somebody is called or
/// when they were born, so that a store keeps only a keyed hash of it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockKey(String);

impl BlockKey {
    /// The text, of 40 bytes at most.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which kind of key it is: `p` telephone, `m` e-mail, `t` birth date and post code, `b` birth date and the first letter of a name,
    /// `y` two names and the year, `d` two names and the day, `a` two names and the post code, `n` two names and the sex, which finds records
    /// without a birth date, `w` a name, the year and the post code. Statistics may say it.
    #[must_use]
    pub fn kind(&self) -> char {
        self.0.chars().next().unwrap_or('?')
    }

    /// What records have in common that share a key of a [`kind`](Self::kind), as a word for programs.
    #[must_use]
    pub fn shared(kind: char) -> &'static str {
        match kind {
            'p' => "phone",
            'm' => "email",
            't' => "birth_date_and_post_code",
            'b' => "birth_date_and_initial",
            'y' => "names_and_birth_year",
            'd' => "names_and_birthday",
            'a' => "names_and_post_code",
            'n' => "names_and_gender",
            'w' => "name_birth_year_and_post_code",
            _ => "other",
        }
    }
}

impl std::fmt::Debug for BlockKey {
    /// Only its kind: the rest is personal data.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "BlockKey({})", self.kind())
    }
}

/// The keys of a record, those first whose blocks are smallest; at most [`MAX_KEYS`], each once.
#[must_use]
pub fn block_keys(prepared: &Prepared) -> Vec<BlockKey> {
    let mut keys = Vec::with_capacity(16);
    let birth = prepared.birth;
    if prepared.phone != 0 {
        keys.push(format!("p{}", prepared.phone));
    }
    if prepared.email != 0 {
        keys.push(format!("m{:016x}", prepared.email));
    }
    if birth.is_whole() && prepared.post_code != 0 {
        keys.push(format!("t{}{:08x}", date(birth), prepared.post_code));
    }
    let codes = codes(prepared);
    for pair in pairs(&codes) {
        name_keys(prepared, &pair, &mut keys);
    }
    if birth.is_whole() {
        keys.extend(initials(prepared).map(|initial| format!("b{}{initial}", date(birth))));
    }
    if birth.year != 0 && prepared.post_code != 0 {
        keys.extend(codes.iter().map(|code| format!("w{}{}{:08x}", text(*code), birth.year, prepared.post_code)));
    }
    order(keys)
}

fn name_keys(prepared: &Prepared, pair: &str, keys: &mut Vec<String>) {
    let birth = prepared.birth;
    if birth.year != 0 {
        keys.push(format!("y{pair}{}", birth.year));
    }
    if birth.is_whole() {
        keys.push(format!("d{pair}{}", day(birth)));
    }
    if prepared.post_code != 0 {
        keys.push(format!("a{pair}{:08x}", prepared.post_code));
    }
    let sex = match prepared.sex {
        Some(Sex::Female) => 'f',
        Some(Sex::Male) => 'm',
        None => 'x',
    };
    keys.push(format!("n{pair}{sex}"));
}

/// Each key once, in the order of how large blocks of its kind are: whoever may look at only so many candidates begins with the best.
fn order(keys: Vec<String>) -> Vec<BlockKey> {
    const KINDS: &str = "pmtaydbwn";
    let rank = |key: &String| KINDS.find(&key[..1]).unwrap_or(KINDS.len());
    let mut keys = keys;
    keys.sort_by(|one, other| rank(one).cmp(&rank(other)).then_with(|| one.cmp(other)));
    keys.dedup();
    keys.truncate(MAX_KEYS);
    keys.into_iter().map(BlockKey).collect()
}

/// The codes of the first words, sorted, each once.
fn codes(prepared: &Prepared) -> Vec<Code> {
    let mut codes: Vec<Code> =
        prepared.tokens.iter().filter(|token| token.word.len() > 1).map(|token| token.code).collect();
    codes.truncate(MAX_KEY_WORDS);
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Two words at a time, so that a word that is misspelt or left out spoils only the pairs it is in; one alone where there is no other.
fn pairs(codes: &[Code]) -> Vec<String> {
    if let [only] = codes {
        return vec![text(*only)];
    }
    let mut pairs = Vec::new();
    for (at, one) in codes.iter().enumerate() {
        pairs.extend(codes[at + 1..].iter().map(|other| format!("{}.{}", text(*one), text(*other))));
    }
    pairs
}

fn text(code: Code) -> String {
    phonetic::letters(code).collect()
}

/// The year and [`day`].
fn date(birth: Birth) -> String {
    format!("{}{}", birth.year, day(birth))
}

/// Day and month, the smaller first: exchanged, they are the same.
fn day(birth: Birth) -> String {
    format!("{:02}{:02}", birth.month.min(birth.day), birth.month.max(birth.day))
}

/// First letters of the words, each once.
fn initials(prepared: &Prepared) -> impl Iterator<Item = char> {
    let mut initials: Vec<char> = prepared.tokens.iter().filter_map(|token| token.word.chars().next()).collect();
    initials.sort_unstable();
    initials.dedup();
    initials.truncate(MAX_KEY_WORDS);
    initials.into_iter()
}
